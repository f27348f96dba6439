"""Chooses the worst and the best rep of a set, and keeps how each was seen, to be shown again."""

from bisect import bisect_right
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import median

from kiosk.body.geometry import Point
from kiosk.body.observer import PRESENT
from kiosk.body.outline import HAND_SEEN
from kiosk.body.pose import SIDES, Keypoint, Mark, Pose, near_side_score
from kiosk.body.smoothing import PoseSmoother
from kiosk.body.state import Side
from kiosk.coaching.checks import OUTGROWN
from kiosk.coaching.cues import verdict_of
from kiosk.coaching.record import CheckResult, Grade, Rep, SetRecord, Verdict
from kiosk.coaching.recording import Recording
from kiosk.coaching.set_summary import Summary
from kiosk.exercises.exercise import CheckId, Exercise, rules_by_priority

SEEN = HAND_SEEN
"""Least score of a keypoint that is shown again: as of one that is drawn live."""
MARGIN_S = 0.3
"""Shown before the start and after the end of a rep: how the person stands between two reps."""
SETTLES_S = 0.5
"""So much earlier the smoothing begins, which takes the first pose as it is."""
APART_S = 0.06
"""Poses that follow each other faster are left out: at half speed 16 a second are 8 a second, and
between two of them keypoints move evenly."""
GAP_S = 0.25
"""Between two poses farther apart nothing was seen: a loop at 8 frames a second gives one every
.125 s, and may lose one."""
AT_BOTTOM_S = 0.3
"""Around the bottom the trunk shows where the person faces."""
FACES = 0.05
"""Shoulders ahead of the hips by less than this at the bottom, in standing heights, show no
direction: those of a squat with the trunk 15 degrees forward are .1 ahead."""
POSES_AT_ONCE = 16
"""So many are read in one step, which costs .4 ms on a desktop processor: as many frames a second
as the loop takes, the pair comes a second after the set."""

K = Keypoint
_SHOULDERS, _HIPS = (K.LEFT_SHOULDER, K.RIGHT_SHOULDER), (K.LEFT_HIP, K.RIGHT_HIP)
_ANKLES = (K.LEFT_ANKLE, K.RIGHT_ANKLE)

Spots = tuple[Point | None, ...]
"""Where the keypoints are, to the picture's right of the ankles and above them, in standing
heights; None for those that were not seen."""


@dataclass(frozen=True, slots=True)
class SeenRep:
    """How one rep was seen.

    Attributes:
        number: of the rep among the counted ones.
        grade: what is known of it.
        near: the side that was seen better.
        times_s: when it was seen, in seconds from its bottom.
        spots: what was seen at each of these times.
    """

    number: int
    grade: Grade
    near: Side
    times_s: tuple[float, ...]
    spots: tuple[Spots, ...]

    def at(self, time_s: float) -> Spots | None:
        """What was seen at a time from the bottom; before the first and after the last, those.

        Between two poses a keypoint moves evenly if both show it. None where nothing was seen.
        """
        after = bisect_right(self.times_s, time_s)
        if after in (0, len(self.times_s)):
            return self.spots[min(after, len(self.spots) - 1)]
        from_s, to_s = self.times_s[after - 1], self.times_s[after]
        if to_s - from_s > GAP_S:
            return None
        share = (time_s - from_s) / (to_s - from_s)
        return tuple(
            None
            if a is None or b is None
            else (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
            for a, b in zip(self.spots[after - 1], self.spots[after], strict=True)
        )


@dataclass(frozen=True, slots=True)
class RepPair:
    """The worst rep of a set and the best one, both facing the same way.

    Attributes:
        check: whose fault the worst one shows.
        worst: the rep with the fault.
        best: one without any; None where every rep that was judged by this check has a fault.
        reach: how far the keypoints of both go to the picture's left and right of the ankles, below
            and above them, in standing heights: left and below are negative.
    """

    check: CheckId
    worst: SeenRep
    best: SeenRep | None
    reach: tuple[float, float, float, float]

    @property
    def reps(self) -> tuple[SeenRep, ...]:
        """Those there are."""
        return (self.worst,) if self.best is None else (self.worst, self.best)

    @property
    def from_s(self) -> float:
        """When the first of them begins, in seconds from the bottom: negative."""
        return min(rep.times_s[0] for rep in self.reps)

    @property
    def to_s(self) -> float:
        """When the last of them is over, in seconds from the bottom."""
        return max(rep.times_s[-1] for rep in self.reps)


def choose_reps(
    reps: Iterable[Rep], exercise: Exercise, check: CheckId | None = None
) -> tuple[CheckId, Rep, Rep | None] | None:
    """The check at fault, the worst rep and the best one; None where no rep has a fault.

    The check is the given one, which the summary advises to work on; otherwise the one whose
    faults cost most. The worst rep is the one of those with that fault whose faults cost most, or
    which lies farthest beyond the limit; the best has no fault and was judged by that check, if
    possible by every main one, and is near the worst in time. Without a fault there is no pair:
    of reps that are all clean none is worse.
    """
    counted = [rep for rep in reps if rep.counted]
    faulty = [rep for rep in counted if rep.grade is Grade.FAULTY]
    rules = rules_by_priority(exercise.checks)
    if check is None and rules:
        # of equals the first, whose priority is best
        costs = [rule.cost * sum(_is_fault(rep, rule.id) for rep in faulty) for rule in rules]
        check = rules[costs.index(max(costs))].id
    shown = [rep for rep in faulty if check is not None and _is_fault(rep, check)]
    if check is None or not shown:
        return None
    at_fault = check
    worst = max(
        shown,
        key=lambda rep: (
            sum(rule.cost for rule in rules if _is_fault(rep, rule.id)),
            _beyond(rep.checks[at_fault]),
        ),
    )
    good = [
        rep for rep in counted if rep.grade in (Grade.CLEAN, Grade.PARTLY) and check in rep.judged
    ]
    best = min(
        good,
        key=lambda rep: (rep.grade is not Grade.CLEAN, abs(rep.bottom_s - worst.bottom_s)),
        default=None,
    )
    return check, worst, best


def _is_fault(rep: Rep, check: str) -> bool:
    return verdict_of(rep, check) is Verdict.FAULT


def _beyond(fault: CheckResult) -> float:
    if fault.value is None or fault.limit is None:
        return 0.0
    return abs(fault.value - fault.limit)


class PairReader:
    """Reads the worst and the best rep of a set from a recording, a few poses at a time.

    What it needs of the recording is taken out at once.

    Args:
        record: the set.
        summary: of the set.
        exercise: whose smoothing the poses get.
        recording: of the person.

    Attributes:
        record: as given.
        pair: None until all poses were read, and where there is nothing to be shown.
    """

    def __init__(
        self, record: SetRecord, summary: Summary, exercise: Exercise, recording: Recording
    ) -> None:
        self.record = record
        self.pair: RepPair | None = None
        from_s = recording.from_s
        kept = [rep for rep in record.reps if rep.start_s >= from_s]
        advised = None if summary.one_thing is None else summary.one_thing.id
        chosen = choose_reps(kept, exercise, advised)
        self._steps: Iterator[None] = iter(())
        if chosen is not None:
            check, *reps = chosen
            tracks = [_Track(rep, exercise, recording) for rep in reps if rep is not None]
            self._steps = self._read(check, tracks, timed=chosen[1].checks[check].unit == "s")

    def step(self) -> None:
        """Reads the next poses; the pair is there after the last one."""
        next(self._steps, None)

    def _read(self, check: CheckId, tracks: Sequence["_Track"], *, timed: bool) -> Iterator[None]:
        """Reads all poses, then makes the pair. Alone no rep shows what takes too long."""
        for track in tracks:
            yield from track.read()
        worst, *others = (track if track.bottom_seen else None for track in tracks)
        best = others[0] if others else None
        if worst is None or (best is None and timed):
            return
        heights_px = [track.height_px for track in (worst, best) if track is not None]
        tall_px = max(heights_px)
        # one scale for both, unless the person has come nearer or gone away between them
        scales = [px if px * OUTGROWN < tall_px else tall_px for px in heights_px]
        first = yield from worst.around_ankles(scales[0], turned=False)
        second = None
        if best is not None:
            turned = worst.facing(scales[0]) * best.facing(scales[1]) < 0
            second = yield from best.around_ankles(scales[1], turned=turned)
        yield
        self.pair = RepPair(check, first, second, reach_of(first, second))


class _Track:
    """Gathers the poses of one rep."""

    def __init__(self, rep: Rep, exercise: Exercise, recording: Recording) -> None:
        self._rep = rep
        self._poses: list[Pose] = []
        self._from_s = rep.start_s - MARGIN_S
        self._coming = recording.poses(self._from_s - SETTLES_S, rep.end_s + MARGIN_S)
        self._smoother = PoseSmoother(exercise.smoothing)

    def read(self) -> Iterator[None]:
        """Takes all its poses, some in each step."""
        for number, pose in enumerate(self._coming, start=1):
            if near_side_score(pose) >= PRESENT:
                smooth = self._smoother.smooth(pose)
                last_s = self._poses[-1].time_s if self._poses else self._from_s - APART_S
                if smooth.time_s - last_s >= APART_S:
                    self._poses.append(smooth)
            if number % POSES_AT_ONCE == 0:
                yield

    @property
    def bottom_seen(self) -> bool:
        """Whether there is a pose on either side of the bottom, near it."""
        since_s = [pose.time_s - self._rep.bottom_s for pose in self._poses]
        return any(-GAP_S <= s <= 0 for s in since_s) and any(0 <= s <= GAP_S for s in since_s)

    @property
    def height_px(self) -> float:
        """From the ankles to the shoulders of the person standing: the tallest tenth begins so."""
        heights = sorted(_feet_y(pose) - _middle(pose, _SHOULDERS)[1] for pose in self._poses)
        return max(heights[len(heights) * 9 // 10], 1.0)

    def facing(self, height_px: float) -> int:
        """+1 for somebody who bends to the picture's right, -1 to its left, 0 where unknown."""
        ahead_px = median(
            _middle(pose, _SHOULDERS)[0] - _middle(pose, _HIPS)[0]
            for pose in self._poses
            if abs(pose.time_s - self._rep.bottom_s) <= AT_BOTTOM_S
        )
        return 0 if abs(ahead_px) < FACES * height_px else 1 if ahead_px > 0 else -1

    def around_ankles(self, height_px: float, *, turned: bool) -> Generator[None, None, SeenRep]:
        """The rep as it was seen, in heights of the person; turned to face the other way."""
        rep, poses = self._rep, self._poses
        x = median(_middle(pose, _ANKLES)[0] for pose in poses)
        y = median(map(_feet_y, poses))
        across = -height_px if turned else height_px

        def spot(mark: Mark) -> Point | None:
            return None if mark[2] < SEEN else ((mark[0] - x) / across, (y - mark[1]) / height_px)

        yield
        scores = [sum(pose.marks[k][2] for pose in poses for k in side) for side in SIDES]
        spots: list[Spots] = []
        for pose in poses:
            if len(spots) % POSES_AT_ONCE == 0:
                yield
            spots.append(tuple(map(spot, pose.marks)))
        return SeenRep(
            number=rep.number,
            grade=rep.grade or Grade.UNJUDGED,
            near=Side.RIGHT if scores[Side.RIGHT] > scores[Side.LEFT] else Side.LEFT,
            times_s=tuple(pose.time_s - rep.bottom_s for pose in poses),
            spots=tuple(spots),
        )


def reach_of(*reps: SeenRep | None) -> tuple[float, float, float, float]:
    """How far the keypoints of reps go to the left and right, and down and up."""
    spots = chain.from_iterable(chain.from_iterable(rep.spots for rep in reps if rep is not None))
    xs, ys = zip((0.0, 0.0), *(spot for spot in spots if spot is not None), strict=True)
    return min(xs), max(xs), min(ys), max(ys)


def _feet_y(pose: Pose) -> float:
    """The lower ankle's y."""
    return max(pose.marks[ankle][1] for ankle in _ANKLES)


def _middle(pose: Pose, joints: tuple[Keypoint, Keypoint]) -> Point:
    (x1, y1, _), (x2, y2, _) = (pose.marks[joint] for joint in joints)
    return (x1 + x2) / 2, (y1 + y2) / 2
