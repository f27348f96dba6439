"""From settings to the speaker they ask for."""

from collections.abc import Callable
from pathlib import Path

from kiosk.settings import SoundSettings
from kiosk.ui.sound.mixer import MixerSpeaker, SoundError
from kiosk.ui.sound.speaker import SilentSpeaker, Speaker
from kiosk.ui.sound.speech import prepare, spoken
from kiosk.ui.words.words import Words


def open_speaker(settings: SoundSettings, words: Words, folder: Path | None) -> Speaker:
    """The speaker that the settings name; where it cannot be had, one that tells why.

    Args:
        settings: of the sound.
        words: what cues say.
        folder: where speech is kept; see `speech_folder`. What is missing there is spoken now.
    """
    if not settings.enabled:
        return SilentSpeaker(volume=settings.volume)
    faults: list[str] = []
    speech: dict[str, Path] = {}
    if settings.voice:
        speech = _speech(words, folder, faults.append)
    try:
        return MixerSpeaker(settings.volume, speech, voice_fault=next(iter(faults), None))
    except SoundError as error:
        return SilentSpeaker(str(error), settings.volume)


def prepare_cues(words: Words, folder: Path, say: Callable[[str], None]) -> int:
    """Has every cue of a language spoken; see `prepare`."""
    return prepare(cue_texts(words).values(), folder, say, voice=words.language)


def cue_texts(words: Words) -> dict[str, str]:
    """Every text that is said during a set, by its key."""
    return {key: words(key) for key in sorted(words.keys) if key.startswith(("cue.", "praise."))}


def _speech(words: Words, folder: Path | None, say: Callable[[str], None]) -> dict[str, Path]:
    if folder is None:
        say("there is no home folder to keep speech in; set XDG_CACHE_HOME to a writable folder")
        return {}
    said: list[str] = []
    prepare_cues(words, folder, said.append)
    texts = cue_texts(words)
    found = {key: spoken(text, folder, voice=words.language) for key, text in texts.items()}
    if None in found.values():
        for line in said:
            say(line)
    return {key: path for key, path in found.items() if path is not None}
