"""Reads, trims and writes the WAV files of speech."""

import struct
import wave
from pathlib import Path

import numpy as np

from kiosk.system.files import write_whole
from kiosk.ui.sound.tones import Samples, normalise, to_int16

_QUIET = 0.01  # of the peak; below it is the noise floor of an engine or a microphone
_MARGIN_S = 0.01


def read_wav(file: Path) -> tuple[Samples, int]:
    """Reads a WAV file's samples as one channel, [N], 1.0 being full scale, and its rate in Hz.

    Raises:
        ValueError: it is no WAV of whole numbers.
        OSError: it cannot be read.
    """
    try:
        with wave.open(str(file)) as sound:
            channels, width, rate_hz = sound.getparams()[:3]
            frames = sound.readframes(sound.getnframes())
    # what the module raises for a damaged header
    except (EOFError, wave.Error, RuntimeError, struct.error) as error:
        raise ValueError(str(error) or "it ends too soon") from error
    frames = frames[: len(frames) // (channels * width) * channels * width]
    if width == 1:
        values = np.frombuffer(frames, "u1") / 128 - 1
    else:
        # the value's bytes are the upper ones of four
        wide = np.zeros((len(frames) // width, 4), "u1")
        wide[:, 4 - width :] = np.frombuffer(frames, "u1").reshape(-1, width)
        values = wide.reshape(-1).view("<i4") / 2**31
    return values.reshape(-1, channels).mean(axis=1), rate_hz


def write_speech(file: Path, samples: Samples, rate_hz: int) -> None:
    """Writes samples, trimmed and as loud as the tones; whole or not at all."""
    with write_whole(file) as kept, wave.open(kept, "wb") as sound:
        sound.setparams((1, 2, rate_hz, 0, "NONE", ""))
        spoken = normalise(trim(samples, rate_hz), rate_hz)
        sound.writeframes(to_int16(spoken).astype("<i2").tobytes())


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
