"""Loudness follows the standard's curve, and sounds are brought to one level without clipping."""

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.ui.sound.loudness import LEVEL_DB, PEAK, loudness_db, normalise, to_int16

RATE_HZ = 44_100


def sine(frequency_hz: float, amplitude: float, length_s: float) -> NDArray[np.float64]:
    time_s = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    return amplitude * np.sin(2 * np.pi * frequency_hz * time_s)


@pytest.mark.parametrize(
    ("frequency_hz", "weight_db"), [(100, -19.1), (1000, 0.0), (2500, 1.3), (10_000, -2.5)]
)
def test_loudness_follows_the_published_a_curve(frequency_hz: float, weight_db: float) -> None:
    # a sine of full scale has half of its power
    expected_db = 10 * np.log10(0.5) + weight_db
    assert loudness_db(sine(frequency_hz, 1.0, 0.5), RATE_HZ) == pytest.approx(expected_db, abs=0.3)


def test_a_short_sound_is_less_loud() -> None:
    long_db, short_db = (loudness_db(sine(1000, 0.5, s), RATE_HZ) for s in (0.5, 0.0125))
    assert long_db - short_db == pytest.approx(10, abs=0.5)


def test_normalising_never_clips_and_leaves_silence_alone() -> None:
    needle = np.zeros(4410)
    needle[2000] = 1.0
    assert np.max(np.abs(normalise(needle, RATE_HZ, 0.0))) == pytest.approx(PEAK)
    assert not np.any(normalise(np.zeros(100), RATE_HZ))
    assert loudness_db(np.zeros(100), RATE_HZ) == -np.inf


@pytest.mark.parametrize("rate_hz", [22_050, 44_100])
@pytest.mark.parametrize("amplitude", [0.01, 0.3])
def test_normalised_sounds_are_equally_loud(rate_hz: int, amplitude: float) -> None:
    noise = amplitude * np.random.default_rng(1).standard_normal(rate_hz // 2)
    assert loudness_db(normalise(noise, rate_hz), rate_hz) == pytest.approx(LEVEL_DB, abs=0.01)
    assert loudness_db(normalise(noise, rate_hz, -40.0), rate_hz) == pytest.approx(-40.0, abs=0.01)


def test_full_scale_fills_the_sound_cards_integers() -> None:
    samples = to_int16(np.array([-1.0, 0.0, 0.25, 1.0]))
    assert samples.dtype == np.int16
    assert samples.tolist() == [-32767, 0, 8192, 32767]
