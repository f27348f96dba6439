"""Speech, synthesised once by espeak-ng and kept as WAV files."""

import hashlib
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from kiosk.errors import KioskError
from kiosk.system.folders import cache_folder
from kiosk.ui.sound.loudness import Samples, levelled, to_int16

ENGINE = "espeak-ng"

_WORDS_PER_MINUTE = 155
"""Slower than the engine's 175: a gym is loud and the listener busy."""
_TIMEOUT_S = 20.0
_RECIPE = 1  # goes up whenever the same text would be rendered differently
_QUIET = 0.01  # of the peak; below it is the engine's own noise floor
_MARGIN_S = 0.01


class SpeechError(KioskError, OSError):
    """An engine that is absent or fails, or a folder that cannot keep what it said."""


def speech_folder() -> Path | None:
    """Where speech is kept; None for a user without a home."""
    cache = cache_folder()
    return None if cache is None else cache / "speech"


def prepare(
    texts: Iterable[str], folder: Path, say: Callable[[str], None], *, voice: str = "en"
) -> int:
    """Has every text spoken that the folder does not hold as today's engine says it.

    Where that fails it says so once and leaves what there was.

    Args:
        texts: what is to be said; twice the same is spoken once.
        folder: of the WAV files; made where it is missing.
        say: takes the one line that tells what went wrong.
        voice: the engine's name of it; a language such as "en" is one.

    Returns:
        How many texts have been spoken anew.
    """
    spoken = 0
    try:
        engine = _path()
        version = _digest(_run([engine, "--version"]))
        folder.mkdir(parents=True, exist_ok=True)
        for text in sorted(set(texts)):
            file = folder / f"{_key(text, voice)}-{version}.wav"
            if file.exists():
                continue
            _speak(engine, text, voice, file)
            spoken += 1
            for old in folder.glob(f"{_key(text, voice)}-*.wav"):
                if old != file:
                    old.unlink()
    except SpeechError as error:
        say(str(error))
    except OSError as error:
        say(f"{folder}: speech cannot be kept ({error.strerror}); make the folder writable")
    return spoken


def spoken(text: str, folder: Path, *, voice: str = "en") -> Path | None:
    """The WAV file of a text, by whichever version of the engine; None where there is none."""
    return next(iter(sorted(folder.glob(f"{_key(text, voice)}-*.wav"))), None)


def _path() -> str:
    path = shutil.which(ENGINE)
    if path is None:
        raise SpeechError(
            f"{ENGINE} is not installed, so cues are tones; 'apt install espeak-ng' gives a voice"
        )
    return path


def _run(command: list[str], text: str = "") -> str:
    try:
        # No shell, and the text goes in by stdin: nothing in it can be taken for an option.
        done = subprocess.run(  # noqa: S603
            command,
            input=text,
            check=False,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_TIMEOUT_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SpeechError(f"{ENGINE} failed ({error}); cues are tones until it works") from error
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise SpeechError(f"{ENGINE} failed ({said[-1]}); cues are tones until it works")
    return done.stdout


def _speak(engine: str, text: str, voice: str, file: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=".speaking-", dir=file.parent) as folder:
        raw, done = Path(folder, "raw.wav"), Path(folder, "done.wav")
        pace = ["-s", str(_WORDS_PER_MINUTE)]
        _run([engine, "-v", voice, *pace, "--stdin", "-w", str(raw)], text)
        samples, rate_hz = _read(raw, text)
        _write(done, levelled(trimmed(samples, rate_hz), rate_hz), rate_hz)
        done.replace(file)  # whole or not at all, whenever the power goes


def trimmed(samples: Samples, rate_hz: int) -> Samples:
    """Speech without the silence before and after it, faded in and out; [N] → [M]."""
    heard = np.flatnonzero(np.abs(samples) > _QUIET * np.max(np.abs(samples), initial=0.0))
    if not len(heard):
        return samples[:0]
    margin = round(_MARGIN_S * rate_hz)
    kept = samples[max(heard[0] - margin, 0) : heard[-1] + 1 + margin].copy()
    fade = np.linspace(0.0, 1.0, min(margin, len(kept)))
    kept[: len(fade)] *= fade
    kept[len(kept) - len(fade) :] *= fade[::-1]
    return kept


def _read(file: Path, text: str) -> tuple[Samples, int]:
    frames, rate_hz = b"", 0
    try:
        with wave.open(str(file)) as sound:
            form = sound.getnchannels(), sound.getsampwidth()
            rate_hz = sound.getframerate()
            frames = sound.readframes(sound.getnframes()) if form == (1, 2) else b""
    except (OSError, EOFError, wave.Error):
        pass  # said below, like any other sound that cannot be used
    samples = np.frombuffer(frames, "<i2") / 32768
    if not np.any(samples):
        raise SpeechError(f"{ENGINE} gave no sound for {text!r}; cues are tones until it does")
    return samples, rate_hz


def _write(file: Path, samples: Samples, rate_hz: int) -> None:
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate_hz)
        sound.writeframes(to_int16(samples).astype("<i2").tobytes())


def _key(text: str, voice: str) -> str:
    return _digest(f"{_RECIPE}\0{_WORDS_PER_MINUTE}\0{voice}\0{text}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
