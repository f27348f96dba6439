"""Finds in a stretch of samples where a movement begins, is deepest, and ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import msgspec

from kiosk.body.observer import remeasured
from kiosk.body.standing import turned_to
from kiosk.body.state import BodyState
from kiosk.body.view import yaw_of_bend
from kiosk.coaching.record import Tempo

DEEP_PART = 0.06
"""Frames within this part of the movement's size from its deepest bend are its bottom."""
FLOOR_REST_S = 1.0
"""Of a grip at the floor only its end belongs to the lift."""
RISE_DEG = 8.0
"""A bend this much above the lowest recent one is a descent; about four times the noise at rest."""
STILL_PART = 0.12
"""A stroke's steep middle lies between this part of its size and the same part from its end."""
STILL_TIME = 0.265
"""Part of its time in which a minimum-jerk movement makes the first STILL_PART of its way."""
RISE_PARTS = (0.2, 0.8)
"""The shoulders' speed is taken between these parts of their way up."""
BOTTOM_S = 0.17
"""Figures are medians of the frames this near to the lowest hip: five at 15 frames a second."""


class Sample(msgspec.Struct, frozen=True, gc=False):
    """The bend at one moment, and the body it was read from."""

    time_s: float
    bend_deg: float
    body: BodyState


@dataclass(frozen=True, slots=True, kw_only=True)
class Strokes:
    """The times of a rep, in seconds of the source."""

    start_s: float
    bottom_from_s: float
    bottom_to_s: float
    end_s: float

    @property
    def tempo(self) -> Tempo:
        """Seconds down, at the bottom, and up."""
        return Tempo(
            eccentric_s=self.bottom_from_s - self.start_s,
            pause_s=self.bottom_to_s - self.bottom_from_s,
            concentric_s=self.end_s - self.bottom_to_s,
        )


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement, from the top before it on.

    Attributes:
        samples: in order of time.
        start: index where the descent begins.
        deep: first and last index of the bottom.
        rest: index from which on the body is measured there: the first, or a second before the end
            of a long grip.
        peak_deg: the deepest bend.
        amplitude_deg: the deepest bend minus the lowest before it.
    """

    samples: tuple[Sample, ...]
    start: int
    deep: tuple[int, int]
    rest: int
    peak_deg: float
    amplitude_deg: float

    @classmethod
    def around(cls, samples: tuple[Sample, ...], *, from_floor: bool = False) -> "Movement":
        """The movement around the deepest bend of the samples, or the last ascent from the floor.

        Whoever grips a bar moves about before the lift, so there the deepest bend counts from which
        the body then rose without going down again.
        """
        bends = [s.bend_deg for s in samples]
        top = _last_rise(bends) if from_floor else bends.index(max(bends))
        peak_deg = bends[top]
        after = min(bends[top:])
        before = min(bends[: top + 1])
        first_seen_bent = from_floor and before > peak_deg / 2
        if first_seen_bent:
            before = after
        deep = peak_deg - DEEP_PART * (peak_deg - max(before, after))
        inside = [i for i, bend in enumerate(bends) if bend >= deep]
        first, last = inside[0], inside[-1]
        still = before + STILL_PART * (peak_deg - before)
        start = max((i for i in range(first + 1) if bends[i] <= still), default=0)
        rest = first
        if from_floor:
            rest_s = samples[last].time_s - FLOOR_REST_S
            rest = next(i for i in range(first, last + 1) if samples[i].time_s >= rest_s)
        return cls(samples, start, (first, last), rest, peak_deg, peak_deg - before)

    @property
    def begins_bent(self) -> bool:
        """Whether the person was bent to the floor already when they were first seen."""
        return self.samples[self.start].bend_deg > self.peak_deg / 2

    @property
    def reference(self) -> Sample:
        """The body to compare the bottom with: at the top before it, or else after it."""
        return self.samples[-1 if self.begins_bent else self.start]

    @property
    def vertex_deg(self) -> float:
        """The deepest bend between the frames: the top of the parabola through the three deepest.

        At 5 frames a second a swing turns round between two frames; at 30 this changes nothing.
        """
        deepest = [s.bend_deg for s in self.samples].index(self.peak_deg)
        if not 0 < deepest < len(self.samples) - 1:
            return self.peak_deg
        (t0, y0), (t1, y1), (t2, y2) = (
            (s.time_s, s.bend_deg) for s in self.samples[deepest - 1 : deepest + 2]
        )
        rise, fall = (y1 - y0) / (t1 - t0), (y1 - y2) / (t2 - t1)
        curve = (rise + fall) / (t2 - t0)
        if curve <= 0:
            return self.peak_deg
        slope = (rise * (t2 - t1) - fall * (t1 - t0)) / (t2 - t0)
        return y1 + slope * slope / (4 * curve)

    def reread(self) -> "Movement":
        """The same movement, read with the yaw that its bottom shows.

        The counter cannot wait for a bottom, and reads with the yaw that standing shows.
        """
        standing = self.samples[-1].body.standing
        if standing is None:
            return self
        bent = [body.outline for body in self.bottom]
        yaw_deg = yaw_of_bend(standing.yaw_deg, standing.outline.trunk_px, bent)
        better = turned_to(standing, yaw_deg, bent)
        samples = (
            msgspec.structs.replace(sample, body=remeasured(sample.body, better))
            for sample in self.samples
        )
        return replace(self, samples=tuple(samples))

    @property
    def frames_per_s(self) -> float:
        """Mean rate of the frames it was seen in."""
        span_s = self.samples[-1].time_s - self.samples[0].time_s
        return (len(self.samples) - 1) / span_s if span_s > 0 else 0.0

    @property
    def lasts_s(self) -> float:
        """From top to top, timed by half the way up: the same at any frame rate."""
        strokes, bottom = self.strokes, self.samples[self.deep[1] :]
        half_up_s = _crossing(bottom, self.peak_deg / 2, 1)
        if half_up_s is None:
            return strokes.end_s - strokes.start_s
        return 2 * half_up_s - bottom[0].time_s - strokes.start_s

    @property
    def bottom_s(self) -> float:
        """The middle of the bottom."""
        return (self.samples[self.rest].time_s + self.samples[self.deep[1]].time_s) / 2

    @property
    def strokes(self) -> Strokes:
        """When the movement began, reached its bottom, left it, and was over.

        Both turning points are flat, and a threshold finds them late or early by half a second.
        So each stroke is timed over its steep middle and drawn out to its whole length as a
        minimum-jerk movement (Flash and Hogan 1985), which is how people move between two rests.
        """
        first, last = self.deep
        middle_s = self.bottom_s
        down = _stroke(self.samples[first::-1])
        up = _stroke(self.samples[last:])
        start_s, from_s = (-t for t in down) if down else (self.samples[0].time_s, middle_s)
        end_s, to_s = up or (self.samples[-1].time_s, middle_s)
        return Strokes(
            start_s=max(start_s, self.samples[0].time_s),
            bottom_from_s=min(from_s, middle_s),
            bottom_to_s=max(to_s, middle_s),
            end_s=min(end_s, self.samples[-1].time_s),
        )

    @property
    def rise_per_s(self) -> float | None:
        """How fast the shoulders rose over the steep middle of the ascent, in standing heights.

        Both ends of an ascent are flat, and noise there would move its beginning and its end.
        """
        drops = [
            (s.time_s, s.body.shoulder_drop)
            for s in self.samples[self.deep[0] :]
            if s.body.shoulder_drop is not None
        ]
        lowest = max(range(len(drops)), key=lambda i: drops[i][1])
        ascent = drops[lowest:]
        low, top = ascent[0][1], min(drop for _, drop in ascent)
        leaves, arrives = (_falls_below(ascent, low - p * (low - top)) for p in RISE_PARTS)
        if leaves is None or arrives is None or arrives <= leaves:
            return None
        return (RISE_PARTS[1] - RISE_PARTS[0]) * (low - top) / (arrives - leaves)

    @property
    def bottom_samples(self) -> tuple[Sample, ...]:
        """The samples around the lowest hip among the deep frames.

        The lowest hip, not the largest lean: whoever comes up hips first leans most after the
        bottom, and would be measured there.
        """
        deep = self.samples[self.rest : self.deep[1] + 1]
        lowest = max(deep, key=lambda s: s.body.outline.hips[1])
        return tuple(s for s in self.samples if abs(s.time_s - lowest.time_s) <= BOTTOM_S)

    @property
    def bottom(self) -> tuple[BodyState, ...]:
        """The bodies of `bottom_samples`."""
        return tuple(s.body for s in self.bottom_samples)


def _last_rise(bends: list[float]) -> int:
    """Index from which the body rose to the end of the samples without going down again."""
    deepest = lowest = len(bends) - 1
    for i in range(len(bends) - 1, -1, -1):
        if bends[i] > bends[deepest]:
            deepest = lowest = i
        elif bends[i] < bends[lowest]:
            lowest = i
        if bends[deepest] - bends[lowest] > RISE_DEG and bends[deepest] > bends[-1] + RISE_DEG:
            break
    return deepest


def middle_of(values: Iterable[float | None]) -> float | None:
    """The median of what was measurable; None where nothing was."""
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _stroke(samples: tuple[Sample, ...]) -> tuple[float, float] | None:
    """Times of the shallow and the deep end of a stroke, from its deep end on.

    Read backwards in time, for a descent, the times come out negative. None where it is too short
    to have a middle.
    """
    sign = 1 if samples[-1].time_s >= samples[0].time_s else -1
    deep, low = samples[0].bend_deg, min(s.bend_deg for s in samples)
    part = STILL_PART * (deep - low)
    leaves = _crossing(samples, deep - part, sign)
    arrives = _crossing(samples, low + part, sign)
    if leaves is None or arrives is None or arrives <= leaves:
        return None
    flat = STILL_TIME * (arrives - leaves) / (1 - 2 * STILL_TIME)
    return arrives + flat, leaves - flat


def _crossing(samples: tuple[Sample, ...], level: float, sign: int) -> float | None:
    """When the bend first falls below a level, between two samples."""
    time_s = _falls_below([(s.time_s, s.bend_deg) for s in samples], level)
    return None if time_s is None else sign * time_s


def _falls_below(series: Sequence[tuple[float, float]], level: float) -> float | None:
    """When a value first falls below a level, between two of its (time, value) pairs."""
    for (t0, before), (t1, after) in pairwise(series):
        if after <= level < before:
            return t0 + (before - level) / (before - after) * (t1 - t0)
    return None
