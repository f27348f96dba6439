"""Tones are short, without clicks and equally loud; loudness follows the standard's curve."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.ui.sound.tones import (
    LEVEL_DB,
    PEAK,
    RATE_HZ,
    SOFT_DB,
    Tone,
    loudness_db,
    normalise,
    synthesise,
    to_int16,
)

LONGEST_S = {
    Tone.TICK: 0.12,
    Tone.PARTIAL: 0.4,
    Tone.FAULT: 0.5,
    Tone.PRAISE: 0.5,
    Tone.TAP: 0.1,
    Tone.SET_END: 1.2,
    Tone.CLICK: 0.04,
    Tone.SWITCH: 0.4,
    Tone.LAST: 0.4,
    Tone.REST_OVER: 1.0,
}


def heard(tone: Tone) -> NDArray[np.float64]:
    return synthesise(tone) / 32767


def spectrum(samples: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    length = 1 << 17
    return np.fft.rfftfreq(length, 1 / RATE_HZ), np.abs(np.fft.rfft(samples, length)) ** 2


def pitch_hz(tone: Tone) -> float:
    frequency_hz, power = spectrum(heard(tone))
    return float(frequency_hz[np.argmax(power)])


@pytest.mark.parametrize("tone", Tone)
def test_a_tone_is_short_and_the_same_every_time(tone: Tone) -> None:
    samples = synthesise(tone)
    assert samples.dtype == np.int16
    assert samples.ndim == 1
    assert 0.01 < len(samples) / RATE_HZ <= LONGEST_S[tone]
    assert np.array_equal(samples, synthesise(tone))


@pytest.mark.parametrize("tone", Tone)
def test_a_tone_begins_and_ends_without_a_click(tone: Tone) -> None:
    samples = heard(tone)
    peak = np.max(np.abs(samples))
    assert samples[0] == samples[-1] == 0
    # a third of a millisecond in, and as long before the end, there is next to nothing yet
    edge = round(0.0003 * RATE_HZ)
    assert np.max(np.abs(samples[:edge])) < 0.1 * peak
    assert np.max(np.abs(samples[-edge:])) < 0.01 * peak
    assert abs(np.mean(samples)) < 1e-4
    frequency_hz, power = spectrum(samples)
    splatter = np.sum(power[frequency_hz > 12_000]) / np.sum(power)
    assert 10 * np.log10(splatter) < -60


def test_all_tones_are_equally_loud_but_those_that_are_meant_to_be_soft() -> None:
    for tone in Tone:
        level_db = SOFT_DB.get(tone, LEVEL_DB)
        assert loudness_db(heard(tone), RATE_HZ) == pytest.approx(level_db, abs=0.5)
        assert np.max(np.abs(heard(tone))) <= PEAK


def test_every_tone_has_a_pitch_of_its_own() -> None:
    for one, other in combinations(Tone, 2):
        semitones = 12 * abs(np.log2(pitch_hz(one) / pitch_hz(other)))
        assert semitones > 2.5, (one, other)
    assert pitch_hz(Tone.TICK) == pytest.approx(1760, rel=0.01)
    assert pitch_hz(Tone.PARTIAL) == pytest.approx(329.6, rel=0.02)


def blocks(tone: Tone) -> NDArray[np.float64]:
    """Its amplitude in each hundredth of a second."""
    samples = heard(tone)
    return np.sqrt(np.mean(samples[: len(samples) // 441 * 441].reshape(-1, 441) ** 2, axis=1))


@pytest.mark.parametrize("tone", [Tone.PARTIAL, Tone.REST_OVER])
def test_a_partial_rep_and_the_end_of_a_rest_sound_twice(tone: Tone) -> None:
    loud = np.concatenate([[False], blocks(tone) > 0.2 * np.max(blocks(tone))])
    assert np.count_nonzero(np.diff(loud.astype(int)) == 1) == 2


def test_the_end_of_a_rest_is_softer_and_lower_than_a_rep_and_rises_slowly() -> None:
    for rep in (Tone.TICK, Tone.LAST):
        softer_db = loudness_db(heard(rep), RATE_HZ) - loudness_db(heard(Tone.REST_OVER), RATE_HZ)
        assert softer_db >= 5.5
        assert pitch_hz(Tone.REST_OVER) < 0.3 * pitch_hz(rep)
        assert np.argmax(blocks(Tone.REST_OVER)) >= np.argmax(blocks(rep)[:9]) + 4  # 40 ms


def test_the_last_rep_is_a_tick_that_rises() -> None:
    frequency_hz, power = spectrum(heard(Tone.LAST)[: round(0.09 * RATE_HZ)])
    assert frequency_hz[np.argmax(power)] == pytest.approx(pitch_hz(Tone.TICK), rel=0.01)
    assert pitch_hz(Tone.LAST) == pytest.approx(2217.5, rel=0.01)
    # the end of a set falls an octave and more below, and takes three times as long
    assert pitch_hz(Tone.SET_END) < 0.5 * pitch_hz(Tone.LAST)
    assert len(heard(Tone.SET_END)) > 3 * len(heard(Tone.LAST))


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
