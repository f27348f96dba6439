"""What can be said of a movement once it is over: its times and its figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from kiosk.body.state import BodyState
from kiosk.coaching.record import Measures, Tempo
from kiosk.exercises.exercise import RepRule

DEEP_PART = 0.12
"""Frames within this part of the movement's size from its deepest bend are its bottom."""
STILL_PART = 0.12
"""Frames within this part from the lowest bend before and after are its two tops."""
BOTTOM_S = 0.17
"""Figures are medians of the frames this near to the lowest hip: five at 15 frames a second."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The bend at one moment, and the body it was read from."""

    time_s: float
    bend_deg: float
    body: BodyState


@dataclass(frozen=True, slots=True)
class Window:
    """The samples of one movement, from the top before it on.

    Attributes:
        samples: in order of time.
        start: index where the descent begins.
        deep: first and last index of the bottom.
        peak_deg: the deepest bend.
        amplitude_deg: the deepest bend minus the lowest before it.
    """

    samples: tuple[Sample, ...]
    start: int
    deep: tuple[int, int]
    peak_deg: float
    amplitude_deg: float

    @classmethod
    def around(cls, samples: tuple[Sample, ...]) -> "Window":
        """The movement around the deepest bend of the samples."""
        bends = [s.bend_deg for s in samples]
        peak_deg = max(bends)
        top = bends.index(peak_deg)
        before = min(bends[: top + 1])
        after = min(bends[top:])
        deep = peak_deg - DEEP_PART * (peak_deg - max(before, after))
        inside = [i for i, bend in enumerate(bends) if bend >= deep]
        first, last = inside[0], inside[-1]
        still = before + STILL_PART * (peak_deg - before)
        start = max((i for i in range(first + 1) if bends[i] <= still), default=0)
        return cls(samples, start, (first, last), peak_deg, peak_deg - before)

    def bend_at(self, index: int) -> float:
        """Bend of one sample in degrees."""
        return self.samples[index].bend_deg

    @property
    def vertex_deg(self) -> float:
        """The deepest bend between the frames: the top of the parabola through the three deepest.

        At 5 frames a second a swing turns round between two frames; at 30 this changes nothing.
        """
        deepest = max(range(len(self.samples)), key=self.bend_at)
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

    @property
    def start_s(self) -> float:
        """When the descent began."""
        return self.samples[self.start].time_s

    @property
    def bottom_s(self) -> float:
        """The middle of the bottom."""
        first, last = self.deep
        return (self.samples[first].time_s + self.samples[last].time_s) / 2

    @property
    def end_s(self) -> float:
        """When the body was back at its top."""
        last = self.deep[1]
        tail = range(last, len(self.samples))
        low = min(self.bend_at(i) for i in tail)
        still = low + STILL_PART * (self.peak_deg - low)
        return next(self.samples[i].time_s for i in tail if self.bend_at(i) <= still)

    @property
    def bottom(self) -> tuple[BodyState, ...]:
        """The bodies around the lowest hip among the deep frames.

        The lowest hip, not the largest lean: whoever comes up hips first leans most after the
        bottom, and would be measured there.
        """
        first, last = self.deep
        deep = self.samples[first : last + 1]
        lowest = max(deep, key=lambda s: s.body.outline.hips[1])
        return tuple(s.body for s in self.samples if abs(s.time_s - lowest.time_s) <= BOTTOM_S)


def middle_of(values: Iterable[float | None]) -> float | None:
    """The median of what was measurable; None where nothing was."""
    known = [value for value in values if value is not None]
    return median(known) if known else None


def measures(window: Window, rule: RepRule) -> Measures:
    """Figures at the bottom, each the median of what was measurable there."""
    bottom = window.bottom
    return Measures(
        trunk_lean_deg=middle_of(b.trunk_lean_deg for b in bottom),
        hip_flexion_deg=middle_of(b.hip_flexion_deg for b in bottom),
        knee_flexion_deg=middle_of(b.knee_flexion_deg for b in bottom),
        shin_angle_deg=middle_of(b.shin_angle_deg for b in bottom),
        hip_travel_legs=middle_of(b.hip_travel_legs for b in bottom),
        knee_travel_legs=middle_of(b.knee_travel_legs for b in bottom),
        hip_share=middle_of(b.hip_share for b in bottom),
        depth=middle_of(depth_of(b, rule) for b in bottom),
    )


def depth_of(body: BodyState, rule: RepRule) -> float:
    """0 standing, 1 at full depth: by the lean or by the drop, whichever shows more."""
    lean = abs(body.trunk_lean_deg or 0.0) / rule.full_lean_deg
    return max(0.0, lean, (body.shoulder_drop or 0.0) / rule.full_drop)


def tempo(window: Window) -> Tempo:
    """Seconds down, at the bottom, and up."""
    first, last = (window.samples[i].time_s for i in window.deep)
    return Tempo(
        eccentric_s=first - window.start_s,
        pause_s=last - first,
        concentric_s=window.end_s - last,
    )
