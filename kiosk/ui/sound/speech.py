"""Synthesises speech once by espeak-ng and keeps it as WAV files."""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import wave
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from kiosk.errors import KioskError
from kiosk.system.files import cache_folder, write_whole
from kiosk.ui.sound.tones import Samples, normalise, to_int16
from kiosk.ui.words.words import Words

ENGINE = "espeak-ng"

_WORDS_PER_MINUTE = 155
"""Slower than the engine's 175: a gym is loud and the listener busy."""
SPOKEN = ("cue.", "praise.", "spoken.")
_HINT = "hint.spoken"
TIMEOUT_S = 3.0
"""A sentence takes a Raspberry Pi a tenth of a second; an engine that takes longer hangs."""
_ASK_S = 0.1  # how soon a stop is noticed
_RENDERING = 1  # goes up whenever the same text would be rendered differently
_QUIET = 0.01  # of the peak; below it is the engine's own noise floor
_MARGIN_S = 0.01


class SpeechError(KioskError, OSError):
    """An engine that fails."""


def speech_folder() -> Path | None:
    """Returns the folder of the speech files; None for a user without a home."""
    cache = cache_folder()
    return None if cache is None else cache / "speech"


def cue_texts(words: Words) -> dict[str, str]:
    """Returns every text that is spoken during a set, by its key.

    A hint is spoken in fewer words than the screen has, and all alike: a rep may begin meanwhile.
    """
    keys = sorted(words.keys)
    hints = [key for key in keys if key.startswith("hint.") and key != _HINT]
    return {
        **{key: words(key) for key in keys if key.startswith(SPOKEN)},
        **{key: words(_HINT) for key in hints},
    }


def load_speech(
    words: Words, folder: Path | None, stopping: Callable[[], bool] = lambda: False
) -> tuple[dict[str, Path], str | None]:
    """Returns the speech file of each key, and why some are missing.

    Synthesises those that are missing, unless `stopping`: not for a thread that has to draw.
    """
    if folder is None:
        return {}, (
            "there is no home folder to keep speech in; set XDG_CACHE_HOME to a writable folder"
        )
    texts = cue_texts(words)
    fault = prepare_speech(texts.values(), folder, voice=words.language, stopping=stopping)
    files = {key: find_speech(text, folder, voice=words.language) for key, text in texts.items()}
    found = {key: file for key, file in files.items() if file is not None}
    return found, fault if len(found) < len(files) else None


def prepare_speech(
    texts: Iterable[str],
    folder: Path,
    *,
    voice: str = "en",
    stopping: Callable[[], bool] = lambda: False,
) -> str | None:
    """Synthesises every text of which the folder has no file by the engine's present version.

    Creates the folder where it is missing. Where a text fails, the files that are there stay.

    Args:
        texts: what will be spoken; duplicates are synthesised once.
        folder: of the WAV files.
        voice: the engine's name of it; a language such as "en" is one.
        stopping: asked again and again; True ends it.

    Returns:
        Why some texts could not be synthesised; None where all are there.
    """
    engine = shutil.which(ENGINE)
    if engine is None:
        return (
            f"{ENGINE} is not installed, so cues are tones; 'apt install espeak-ng' gives a voice"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        version = _digest(_run([engine, "--version"], folder, stopping=stopping))
        for text in sorted(set(texts)):
            file = folder / f"{_key(text, voice)}-{version}.wav"
            if file.exists():
                continue
            _synthesise(engine, text, voice, file, stopping)
            for old in folder.glob(f"{_key(text, voice)}-*.wav"):
                if old != file:
                    old.unlink()
    except SpeechError as error:
        return str(error)
    except OSError as error:
        return f"{folder}: speech cannot be kept ({error.strerror}); make the folder writable"
    return None


def find_speech(text: str, folder: Path, *, voice: str = "en") -> Path | None:
    """Returns the WAV file of a text, by whichever version of the engine; None without one."""
    return min(folder.glob(f"{_key(text, voice)}-*.wav"), default=None)


def trim(samples: Samples, rate_hz: int) -> Samples:
    """Cuts the silence before and after speech, and fades it in and out; [N] → [M]."""
    loud = np.flatnonzero(np.abs(samples) > _QUIET * np.max(np.abs(samples), initial=0.0))
    if not len(loud):
        return samples[:0]
    margin = round(_MARGIN_S * rate_hz)
    kept = samples[max(loud[0] - margin, 0) : loud[-1] + 1 + margin].copy()
    fade = np.linspace(0.0, 1.0, min(margin, len(kept)))
    kept[: len(fade)] *= fade
    kept[len(kept) - len(fade) :] *= fade[::-1]
    return kept


def _run(command: list[str], folder: Path, text: str = "", *, stopping: Callable[[], bool]) -> str:
    """Runs the engine, and ends it with all that it has started if it takes too long.

    What goes in and comes out passes through nameless files in the folder.
    """
    # files and no pipes: a pipe stays open for as long as any of its children lives
    with (
        tempfile.TemporaryFile(dir=folder) as given,
        tempfile.TemporaryFile(dir=folder) as made,
    ):
        given.write(text.encode())
        given.seek(0)
        try:
            # No shell, and the text goes in by stdin: nothing in it can be taken for an option.
            engine = subprocess.Popen(  # noqa: S603
                command, stdin=given, stdout=made, stderr=made, start_new_session=True
            )
        except OSError as error:
            raise _failure(str(error)) from error
        give_up_s = time.monotonic() + TIMEOUT_S
        while engine.poll() is None:
            if stopping() or time.monotonic() >= give_up_s:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(engine.pid, signal.SIGKILL)
                engine.wait()
                raise _failure(f"it gave nothing for {TIMEOUT_S:g} s")
            with contextlib.suppress(subprocess.TimeoutExpired):
                engine.wait(_ASK_S)
        made.seek(0)
        output = made.read().decode("utf-8", "replace")
    if engine.returncode != 0:
        lines = output.strip().splitlines() or [f"exit code {engine.returncode}"]
        raise _failure(lines[-1])
    return output


def _failure(reason: str) -> SpeechError:
    return SpeechError(f"{ENGINE} failed ({reason}); cues are tones until it works")


def _synthesise(
    engine: str, text: str, voice: str, file: Path, stopping: Callable[[], bool]
) -> None:
    with tempfile.TemporaryDirectory(prefix=".speaking-", dir=file.parent) as folder:
        raw = Path(folder, "raw.wav")
        pace = ["-s", str(_WORDS_PER_MINUTE)]
        command = [engine, "-v", voice, *pace, "--stdin", "-w", str(raw)]
        _run(command, file.parent, text, stopping=stopping)
        samples, rate_hz = _read(raw, text)
        # whole or not at all, even if the power is cut
        with write_whole(file) as kept, wave.open(kept, "wb") as sound:
            sound.setparams((1, 2, rate_hz, 0, "NONE", ""))
            spoken = normalise(trim(samples, rate_hz), rate_hz)
            sound.writeframes(to_int16(spoken).astype("<i2").tobytes())


def _read(file: Path, text: str) -> tuple[Samples, int]:
    frames, rate_hz = b"", 0
    try:
        with wave.open(str(file)) as sound:
            form = sound.getnchannels(), sound.getsampwidth()
            rate_hz = sound.getframerate()
            frames = sound.readframes(sound.getnframes()) if form == (1, 2) else b""
    except (OSError, EOFError, wave.Error):
        pass  # reported below, like any other sound that cannot be used
    samples = np.frombuffer(frames, "<i2") / 32768
    if not np.any(samples):
        raise SpeechError(f"{ENGINE} gave no sound for {text!r}; cues are tones until it does")
    return samples, rate_hz


def _key(text: str, voice: str) -> str:
    return _digest(f"{_RENDERING}\0{_WORDS_PER_MINUTE}\0{voice}\0{text}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
