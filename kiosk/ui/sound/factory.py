"""Opens the loudspeaker that the settings name, with the spoken cues of a language."""

from pathlib import Path

from kiosk.settings import SoundSettings
from kiosk.ui.sound.mixer import MixerSpeaker, SoundError
from kiosk.ui.sound.speaker import SilentSpeaker, Speaker
from kiosk.ui.sound.speech import find_speech, prepare_speech
from kiosk.ui.words.words import Words


def open_speaker(settings: SoundSettings, words: Words, folder: Path | None) -> Speaker:
    """Opens the speaker that the settings name; a silent one with the reason where that fails.

    Speech files that the folder, as `speech_folder` gives it, does not hold are made now.
    """
    if not settings.enabled:
        return SilentSpeaker(volume=settings.volume)
    speech, fault = _load_speech(words, folder) if settings.voice else ({}, None)
    try:
        return MixerSpeaker(settings.volume, speech, voice_fault=fault)
    except SoundError as error:
        return SilentSpeaker(str(error), settings.volume)


def cue_texts(words: Words) -> dict[str, str]:
    """Returns every text that is spoken during a set, by its key."""
    return {key: words(key) for key in sorted(words.keys) if key.startswith(("cue.", "praise."))}


def _load_speech(words: Words, folder: Path | None) -> tuple[dict[str, Path], str | None]:
    """Returns the speech file of each key, and why some are missing."""
    if folder is None:
        return {}, (
            "there is no home folder to keep speech in; set XDG_CACHE_HOME to a writable folder"
        )
    texts = cue_texts(words)
    fault = prepare_speech(texts.values(), folder, voice=words.language)
    files = {key: find_speech(text, folder, voice=words.language) for key, text in texts.items()}
    found = {key: file for key, file in files.items() if file is not None}
    return found, fault if len(found) < len(files) else None
