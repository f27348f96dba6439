"""Synthesises each tone from a few decaying sines, the same to the bit on every run."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from kiosk.ui.sound.loudness import LEVEL_DB, Samples, normalise, to_int16

RATE_HZ = 44_100
CLICK_DB = LEVEL_DB - 8
"""The finger feels a press already; its click only confirms."""


class Tone(Enum):
    """What each tone means."""

    TICK = "tick"  # a rep counted
    PARTIAL = "partial"  # a movement that did not count
    FAULT = "fault"  # before a cue
    PRAISE = "praise"  # before praise
    TAP = "tap"  # the target was reached
    SET_END = "set_end"
    CLICK = "click"  # a button
    SWITCH = "switch"  # another exercise


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
_E4, _A4, _CIS5, _E5, _FIS5, _A5, _CIS6, _E6, _A6, _E7 = (
    329.6, 440.0, 554.4, 659.3, 740.0, 880.0, 1108.7, 1318.5, 1760.0, 2637.0,
)  # fmt: skip

# all of one chord, so that no two are discordant; each has a different loudest note
NOTES: Mapping[Tone, tuple[Note, ...]] = {
    Tone.TICK: (Note(_A6, 0.09),),
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
    level_db = CLICK_DB if tone is Tone.CLICK else LEVEL_DB
    return to_int16(normalise(mixed, RATE_HZ, level_db))


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
