"""Synthesises speech once, by SVOX Pico or espeak-ng, and keeps it as WAV files."""

import contextlib
import hashlib
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kiosk.errors import KioskError
from kiosk.system.files import cache_folder
from kiosk.system.program import ProgramError, run_program
from kiosk.ui.sound.pack import HINT, load_pack
from kiosk.ui.sound.tones import Samples
from kiosk.ui.sound.wav import read_wav, write_speech
from kiosk.ui.words.words import Words

_WORDS_PER_MINUTE = 155
"""Slower than the engine's 175: a gym is loud and the listener busy."""
SPOKEN = ("cue.", "praise.", "spoken.")
TIMEOUT_S = 3.0
"""A sentence takes a Raspberry Pi a tenth of a second; an engine that takes longer hangs."""
_RENDERING = 1  # goes up whenever the same text would be rendered differently

_log = logging.getLogger(__name__)


class SpeechError(KioskError, OSError):
    """An engine that fails."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A program that speaks.

    Attributes:
        program: its name.
        voices: its name for the voice of each language; None where that is the language itself.
        options: of its command, between program and text, with {voice} and {file}; the text follows
            as an argument, or goes in by stdin.
        by_stdin: whether it does.
        version: options that print its version; empty if nothing does.
    """

    program: str
    voices: Mapping[str, str] | None
    options: tuple[str, ...]
    by_stdin: bool = False
    version: tuple[str, ...] = ()

    def voice(self, language: str) -> str | None:
        """Its name for the voice of a language; None if it has none."""
        return language if self.voices is None else self.voices.get(language)

    def find(self, text: str, folder: Path, language: str) -> Path | None:
        """The file of a text that any version of it has made; None without one."""
        voice = self.voice(language)
        if voice is None:
            return None
        return min(folder.glob(f"{_key(text, voice)}-*.wav"), default=None)


PICO = Engine(
    "pico2wave",
    {
        "de": "de-DE",
        "en": "en-GB",
        "es": "es-ES",
        "fr": "fr-FR",
        "it": "it-IT",
    },
    # after the two dashes, no text is taken for an option
    ("--lang={voice}", "--wave={file}", "--"),
)
ESPEAK = Engine(
    "espeak-ng",
    None,
    ("-v", "{voice}", "-s", str(_WORDS_PER_MINUTE), "--stdin", "-w", "{file}"),
    by_stdin=True,
    version=("--version",),
)
ENGINES = (PICO, ESPEAK)
"""The better voice first."""
NO_ENGINE = "espeak-ng is not installed, so cues are tones; 'apt install espeak-ng' gives a voice"


def installed_engines(language: str) -> tuple[str, ...]:
    """Lists the programs here that speak a language, the one that is asked first before."""
    return tuple(e.program for e in ENGINES if e.voice(language) and shutil.which(e.program))


def speech_folder() -> Path | None:
    """Returns the folder of the speech files; None for a user without a home."""
    cache = cache_folder()
    return None if cache is None else cache / "speech"


def cue_texts(words: Words) -> dict[str, str]:
    """Returns every text that is spoken during a set, by its key.

    A hint is spoken in fewer words than the screen has, and all alike: a rep may begin meanwhile.
    """
    keys = sorted(words.keys)
    hints = [key for key in keys if key.startswith("hint.") and key != HINT]
    return {
        **{key: words(key) for key in keys if key.startswith(SPOKEN)},
        **{key: words(HINT) for key in hints},
    }


def load_speech(
    words: Words,
    folder: Path | None,
    stopping: Callable[[], bool] = lambda: False,
    pack: Path | None = None,
) -> tuple[dict[str, Path], str | None]:
    """Returns the speech file of each key, and why some are missing.

    What a pack has is taken from there. Synthesises what is missing, unless `stopping`: not for a
    thread that has to draw.
    """
    if folder is None:
        return {}, (
            "there is no home folder to keep speech in; set XDG_CACHE_HOME to a writable folder"
        )
    texts = cue_texts(words)
    found: dict[str, Path] = {}
    if pack is not None:
        with contextlib.suppress(OSError):  # reported below, where cues are left
            folder.mkdir(parents=True, exist_ok=True)
        found = load_pack(pack, words.language, texts, folder)
    left = {key: text for key, text in texts.items() if key not in found}
    fault = prepare_speech(left.values(), folder, voice=words.language, stopping=stopping)
    files = {key: find_speech(text, folder, voice=words.language) for key, text in left.items()}
    return found | {key: file for key, file in files.items() if file is not None}, fault


def prepare_speech(
    texts: Iterable[str],
    folder: Path,
    *,
    voice: str = "en",
    stopping: Callable[[], bool] = lambda: False,
) -> str | None:
    """Synthesises every text of which the folder has no file by an engine's present version.

    Creates the folder where it is missing. An engine that fails is asked no more, and the next one
    goes on. Where a text fails, the files that are there stay.

    Args:
        texts: what will be spoken; duplicates are synthesised once.
        folder: of the WAV files.
        voice: the language.
        stopping: asked again and again; True ends it.

    Returns:
        Why some texts have no file; None where all are there.
    """
    left = sorted(set(texts))
    fault: str | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for engine in ENGINES:
            program = shutil.which(engine.program)
            name = engine.voice(voice)
            if program is not None and name is not None and left:
                if fault is not None:
                    if stopping():
                        break
                    _log.warning("%s; %s speaks instead", fault, engine.program)
                fault = _render(engine, program, left, folder, name, stopping)
            left = [text for text in left if engine.find(text, folder, voice) is None]
    except OSError as error:
        return f"{folder}: speech cannot be kept ({error.strerror}); make the folder writable"
    if not left:
        return None
    return NO_ENGINE if fault is None else f"{fault}; cues are tones until it works"


def find_speech(text: str, folder: Path, *, voice: str = "en") -> Path | None:
    """Returns the WAV file of a text, by the best engine that has made one; None without one."""
    found = (engine.find(text, folder, voice) for engine in ENGINES)
    return next(filter(None, found), None)


def _render(
    engine: Engine,
    program: str,
    texts: Iterable[str],
    folder: Path,
    voice: str,
    stopping: Callable[[], bool],
) -> str | None:
    """Synthesises texts until one fails; why it did."""
    try:
        if engine.version:
            command = [program, *engine.version]
            made_by = run_program(command, TIMEOUT_S, folder=folder, stopping=stopping)
        else:
            about = Path(program).stat()
            made_by = f"{about.st_size} {about.st_mtime_ns}"
        for text in texts:
            file = folder / f"{_key(text, voice)}-{_digest(made_by)}.wav"
            if file.exists():
                continue
            _synthesise(engine, program, text, voice, file, stopping)
            for old in folder.glob(f"{_key(text, voice)}-*.wav"):
                if old != file:
                    old.unlink()
    except (ProgramError, SpeechError) as error:
        return str(error)
    return None


def _synthesise(
    engine: Engine,
    program: str,
    text: str,
    voice: str,
    file: Path,
    stopping: Callable[[], bool],
) -> None:
    with tempfile.TemporaryDirectory(prefix=".speaking-", dir=file.parent) as folder:
        raw = Path(folder, "raw.wav")
        options = [option.format(voice=voice, file=raw) for option in engine.options]
        command, given = [program, *options], text
        if not engine.by_stdin:
            command, given = [*command, text], ""
        run_program(command, TIMEOUT_S, given=given, folder=file.parent, stopping=stopping)
        samples, rate_hz = _read(engine, raw, text)
        write_speech(file, samples, rate_hz)


def _read(engine: Engine, file: Path, text: str) -> tuple[Samples, int]:
    try:
        samples, rate_hz = read_wav(file)
        if np.any(samples) and rate_hz > 0:
            return samples, rate_hz
    except (OSError, ValueError):
        pass  # reported below, like any other sound that cannot be used
    raise SpeechError(f"{engine.program} gave no sound for {text!r}")


def _key(text: str, voice: str) -> str:
    return _digest(f"{_RENDERING}\0{_WORDS_PER_MINUTE}\0{voice}\0{text}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
