"""Synthesises each tone from a few decaying sines, and brings every sound to one loudness."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

RATE_HZ = 44_100
LEVEL_DB = -22.0
"""Every sound is brought to this loudness: with it speech peaks at under half of full scale,
and a tick on top of it does not clip."""
PEAK = 0.7
"""No sound exceeds this part of full scale."""
_WINDOW_S = 0.125


class Tone(Enum):
    """What each tone means."""

    TICK = "tick"  # a rep counted
    LAST = "last"  # the rep counted that reaches the target, in place of its tick
    PARTIAL = "partial"  # a movement that did not count
    FAULT = "fault"  # before a cue
    PRAISE = "praise"  # before praise
    TAP = "tap"  # the target was reached
    SET_END = "set_end"
    CLICK = "click"  # a button
    SWITCH = "switch"  # another exercise
    REST_OVER = "rest_over"


SOFT_DB: Mapping[Tone, float] = {
    # the finger feels a press already; its click only confirms
    Tone.CLICK: LEVEL_DB - 8,
    # a reminder to whoever rests, and no business of anybody else's
    Tone.REST_OVER: LEVEL_DB - 6,
}
"""Loudness of the tones that are softer than `LEVEL_DB`."""


@dataclass(frozen=True, slots=True)
class Note:
    """One decaying note.

    Attributes:
        frequency_hz: of the fundamental.
        length_s: from the first sample to the last; it has decayed by then.
        start_s: after the tone's beginning.
        attack_s: until it is loudest; a long one sounds soft.
        gain: against the tone's other notes.
    """

    frequency_hz: float
    length_s: float
    start_s: float = 0.0
    attack_s: float = 0.004
    gain: float = 1.0


# small loudspeakers are weak below 300 Hz, and hearing declines early above 4 kHz
_E4, _A4, _CIS5, _E5, _FIS5, _A5, _CIS6, _E6, _A6, _CIS7, _E7 = (
    329.6, 440.0, 554.4, 659.3, 740.0, 880.0, 1108.7, 1318.5, 1760.0, 2217.5, 2637.0,
)  # fmt: skip

# all of one chord, so that no two are discordant; each has a different loudest note
NOTES: Mapping[Tone, tuple[Note, ...]] = {
    Tone.TICK: (Note(_A6, 0.09),),
    # it begins as a tick does, for it is one, and rises
    Tone.LAST: (Note(_A6, 0.09, gain=0.6), Note(_CIS7, 0.24, start_s=0.09)),
    Tone.PARTIAL: (Note(_E4, 0.13, attack_s=0.01), Note(_E4, 0.15, start_s=0.15, attack_s=0.01)),
    Tone.FAULT: (
        Note(_FIS5, 0.20, attack_s=0.03, gain=0.6),
        Note(_CIS5, 0.34, start_s=0.14, attack_s=0.03),
    ),
    Tone.PRAISE: (
        Note(_A5, 0.16, gain=0.5),
        Note(_CIS6, 0.16, start_s=0.09, gain=0.5),
        Note(_E6, 0.30, start_s=0.18),
    ),
    Tone.TAP: (Note(_CIS6, 0.06, attack_s=0.002),),
    Tone.SET_END: (
        Note(_A4, 0.30, attack_s=0.01, gain=0.6),
        Note(_CIS5, 0.30, start_s=0.14, attack_s=0.01, gain=0.6),
        Note(_E5, 0.40, start_s=0.28, attack_s=0.01, gain=0.6),
        Note(_A5, 0.60, start_s=0.42, attack_s=0.01),
    ),
    Tone.CLICK: (Note(_E7, 0.025, attack_s=0.002),),
    Tone.SWITCH: (Note(_A4, 0.10, gain=0.6), Note(_E5, 0.20, start_s=0.09)),
    Tone.REST_OVER: (
        Note(_A4, 0.45, attack_s=0.06),
        Note(_A4, 0.55, start_s=0.40, attack_s=0.06, gain=0.7),
    ),
}

_PARTIALS = ((1, 1.0), (2, 0.25), (3, 0.08))
"""Multiples of the fundamental and their amplitudes: rounder than a sine, softer than a bell."""
_DECAY_DB = 40.0
_RELEASE = 0.3
"""The last part of a note, which fades out what the decay has left."""


def synthesise(tone: Tone) -> NDArray[np.int16]:
    """Synthesises a tone at `RATE_HZ`, [N], of its level; first and last sample are zero."""
    notes = NOTES[tone]
    mixed = np.zeros(max(_samples(note.start_s) + _samples(note.length_s) for note in notes))
    for note in notes:
        start = _samples(note.start_s)
        mixed[start : start + _samples(note.length_s)] += _synthesise_note(note)
    return to_int16(normalise(mixed, RATE_HZ, SOFT_DB.get(tone, LEVEL_DB)))


def _samples(seconds: float) -> int:
    return round(seconds * RATE_HZ)


def _synthesise_note(note: Note) -> Samples:
    part = np.linspace(0.0, 1.0, _samples(note.length_s))
    time_s = part * note.length_s
    # raised cosines have no corners, and a corner is heard as a click
    attack = _rising(time_s / note.attack_s)
    release = _rising((1 - part) / _RELEASE)
    envelope = attack * release * 10 ** (-_DECAY_DB / 20 * part)
    phase = 2 * np.pi * note.frequency_hz * time_s
    wave = sum((a * np.sin(n * phase) for n, a in _PARTIALS), start=np.zeros(len(part)))
    return np.asarray(note.gain * envelope * wave)


def _rising(part: Samples) -> Samples:
    """Rises from 0 at 0 to 1 at 1 and stays there, without corners."""
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip(part, 0.0, 1.0)))


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
