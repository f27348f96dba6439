"""Measures how loud a sound is to a listener, and makes sounds equally loud."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

LEVEL_DB = -22.0
"""Every sound is brought to this loudness: with it speech peaks at under half of full scale,
and a tick on top of it does not clip."""
PEAK = 0.7
"""No sound exceeds this part of full scale."""
_WINDOW_S = 0.125


def loudness_db(samples: Samples, rate_hz: int) -> float:
    """Measures the A-weighted level of the loudest eighth of a second, in dB of full scale.

    The curve is IEC 61672-1's; the window is its time weighting F, here a plain mean. The samples
    are [N], 1.0 being full scale; silence has minus infinity.
    """
    window = round(_WINDOW_S * rate_hz)
    length = len(samples) + 2 * window
    spectrum = np.fft.rfft(samples, length)
    spectrum *= _a_weights(np.fft.rfftfreq(length, 1 / rate_hz))
    # the filter is circular: the padding at the end takes what it rings after and before the sound
    energy = np.cumsum(np.fft.irfft(spectrum, length) ** 2)
    loudest = float(np.max(energy[window:] - energy[:-window])) / window
    return float(10 * np.log10(loudest)) if loudest > 0 else -np.inf


def normalise(samples: Samples, rate_hz: int, level_db: float = LEVEL_DB) -> Samples:
    """Scales samples, [N], to a level as `loudness_db` measures it, or as near as `PEAK` allows.

    Silence stays silence.
    """
    peak = float(np.max(np.abs(samples), initial=0.0))
    if peak == 0:
        return samples
    gain = 10 ** ((level_db - loudness_db(samples, rate_hz)) / 20)
    return np.asarray(samples * min(gain, PEAK / peak))


def to_int16(samples: Samples) -> NDArray[np.int16]:
    """Converts samples to the sound card's integers; [N], 1.0 being full scale."""
    return np.round(samples * np.iinfo(np.int16).max).astype(np.int16)


def _a_weights(frequency_hz: NDArray[np.floating[Any]]) -> Samples:
    f2 = frequency_hz**2
    poles = (f2 + 20.6**2) * np.sqrt((f2 + 107.7**2) * (f2 + 737.9**2)) * (f2 + 12194**2)
    return np.asarray(10 ** (2.0 / 20) * 12194**2 * f2**2 / poles)
