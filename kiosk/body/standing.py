"""Finds the standing baseline of one person: the tallest still glimpse, then two quiet seconds.

Every angle is judged minus the same person's standing value, since bodies, lenses and the model's
own habits shift it by several degrees. Only a body that holds still is a baseline: near lockout the
height hardly grows while the lean still sweeps 20 to 30 degrees, so a taller glimpse is no stiller
glimpse, and one taken in motion is off by 7 to 12 degrees. Until the person has held still, the
tallest glimpse in motion serves for counting.
"""

import math
from collections import deque
from collections.abc import Iterable
from statistics import median
from typing import Any

from msgspec.structs import replace

from kiosk.body.state import Limbs, Outline, Side, Standing
from kiosk.body.view import FRONTAL_DEG, angles_of, stretch

GLIMPSE_S = 0.3
"""Shortest stretch that counts as having stood: longer than one bad frame, shorter than the top of
a swing."""
QUIET_S = 2.0
"""A quiet stretch: what people are asked to stand still for."""
STILL_WITHIN_S = 6.0
"""Whoever has not held still for this long is measured by their tallest glimpse in motion from then
on. The reps before it are counted as soon as there is a baseline."""
TALLER, TALLER_THAN_QUIET = 1.01, 1.03
"""A new glimpse must be this much taller than the one before, or noise alone would raise the
baseline for ever; and taller by more to replace two quiet seconds."""
HOLDS_LEAN_DEG, HOLDS_HEIGHT = 4.0, 0.025
"""Most that lean and height may change in a still glimpse: a minimum-jerk ascent of 70 degrees in
1.2 s still makes 7 degrees in its last 0.3 s. From the front only the height shows it."""
SAME_TRUNK = 0.85
"""A baseline is renewed only by a trunk that is at least this part of the other's length: a shorter
or longer one is somebody else's, or a misread pose."""
UPRIGHT_DEG = 35.0
"""Trunk and legs closer to the vertical than this, shoulders two trunk lengths above the feet: the
loosest limits that every standing person on the recorded films met and no push-up did."""
UPRIGHT_TRUNKS = 2.0
STILL = 0.05
"""Most that hips, shoulders and feet may wander in a quiet stretch, in standing heights."""
UPRIGHT_BY_DEG, SAME_LEAN_DEG, SAME_HEIGHT = 8.0, 5.0, 0.95
"""A baseline is renewed only by one that leans at most this much farther from the vertical, or
whose lean is the first quiet one's, and that is as tall: people rest short of lockout as well."""
ELSEWHERE = 0.3
"""Feet farther than this from where they stood, in heights: the person has taken another place."""
FULL_SHOULDERS, FULL_HIPS = 0.72, 0.44
"""Width of shoulders and hips seen from the front, in trunk lengths as MoveNet draws them: medians
over recorded people who face the camera."""
GAZE = 0.04
"""Nose ahead of the ears by less than this, in trunk lengths, shows no direction."""


def upright(outline: Outline) -> bool:
    """Whether the outline could be somebody who stands."""
    return (
        abs(outline.lean_deg) < UPRIGHT_DEG
        and abs(outline.legs_deg) < UPRIGHT_DEG
        and outline.height_px > UPRIGHT_TRUNKS * outline.trunk_px > 0
    )


def feet_moved(now: Outline, then: Outline) -> float:
    """How far the farther-moved foot is from where it was, in heights of `then`.

    Left and right may have been swapped by the model, so the better pairing counts.
    """
    (left, right), (once_left, once_right) = now.ankles, then.ankles
    straight = max(math.dist(left, once_left), math.dist(right, once_right))
    crossed = max(math.dist(left, once_right), math.dist(right, once_left))
    return min(straight, crossed) / max(then.height_px, 1.0)


class StandingTracker:
    """Finds and renews the baseline of one person, who may be known already."""

    def __init__(self, standing: Standing | None = None) -> None:
        self._recent: deque[Outline] = deque()
        self._first_s: float | None = None
        self._tallest: Outline | None = None
        self._first_quiet: Outline | None = None
        self._anchor: Outline | None = None
        self._adopted: Outline | None = None
        self._elsewhere_since: float | None = None
        self._facing: int | None = None if standing is None else standing.facing
        self._replaced: tuple[float, Standing | None] = (-math.inf, None)
        self.standing = standing

    @property
    def stillness(self) -> float:
        """0 to 1: how much of a quiet stretch the newest outlines make up."""
        if self._anchor is None:
            return 0.0
        return min(1.0, (self._recent[-1].time_s - self._anchor.time_s) / QUIET_S)

    def update(self, outline: Outline) -> Standing | None:
        """Takes the next outline of the person; returns the baseline in force."""
        recent = self._recent
        if recent and outline.time_s - recent[-1].time_s > GLIMPSE_S:
            self._forget_recent()
        recent.append(outline)
        if self._first_s is None:
            self._first_s = outline.time_s
        while outline.time_s - recent[0].time_s > QUIET_S + 0.1:
            recent.popleft()
        stands = upright(outline)
        if not stands:
            self._anchor = None
        elif self._anchor is None or _wandered(self._anchor, outline) > STILL:
            self._anchor = outline
        self._check_feet(outline, stands=stands)
        self._check_lean(outline)
        glimpse = _since(recent, outline.time_s - GLIMPSE_S) if stands else []
        if glimpse and all(map(upright, glimpse)) and self._tall_enough(glimpse):
            seen = _typical(glimpse)
            still = holds_still(glimpse)
            if self.standing is None and not still:
                self._wait(seen)
            elif self._better(seen, still=still):
                self._adopt(seen, still=still, quiet=False)
        new = self.stillness >= 1.0 and self._anchor is not self._adopted
        if new and all(map(self._plain, recent)):
            self._adopted = self._anchor
            seen = _typical(list(recent))
            self._first_quiet = self._first_quiet or seen
            self._adopt(seen, still=True, quiet=True)
        return self.standing

    def interrupt(self, since_s: float) -> None:
        """Drops what somebody else may have had a part in, who has come between the outlines.

        That is a renewed baseline, if it was taken since that time, and every stretch in which the
        person would have held still until now.
        """
        self._forget_recent()
        renewed_s, before = self._replaced
        if renewed_s > since_s and before is not None:
            self.standing, self._facing = before, before.facing

    def _forget_recent(self) -> None:
        self._recent.clear()
        self._anchor = None

    def _wait(self, seen: Outline) -> None:
        """Takes a glimpse in motion, the tallest of which serves once the person was waited for."""
        if self._tallest is None or seen.height_px > self._tallest.height_px:
            self._tallest = seen
        if self._first_s is not None and seen.time_s - self._first_s > STILL_WITHIN_S:
            self._adopt(self._tallest, still=False, quiet=False)

    def _tall_enough(self, glimpse: list[Outline]) -> bool:
        """Whether a glimpse may be a better baseline; few are, and its other medians cost time."""
        if self.standing is None:
            return True
        seen_px = median(outline.height_px for outline in glimpse)
        least = SAME_HEIGHT
        if self.standing.still:
            least = TALLER_THAN_QUIET if self.standing.quiet else TALLER
        return seen_px / max(self.standing.outline.height_px, 1.0) >= least

    def _better(self, seen: Outline, *, still: bool) -> bool:
        """Whether a glimpse that is tall enough is a better baseline than the one in force."""
        if self.standing is None:
            return True
        base = self.standing.outline
        taller = seen.height_px / max(base.height_px, 1.0)
        if not self.standing.still:
            return taller > (SAME_HEIGHT if still else TALLER)
        if not still:
            return False
        same = SAME_TRUNK < seen.trunk_px / max(base.trunk_px, 1.0) < 1 / SAME_TRUNK
        leans = abs(seen.lean_deg) - abs(base.lean_deg)
        return same and feet_moved(seen, base) < ELSEWHERE and leans < UPRIGHT_BY_DEG

    def _plain(self, outline: Outline) -> bool:
        """Whether one moment of a quiet stretch is plain standing, not a rest short of lockout."""
        if self.standing is None or not self.standing.still:
            return True
        base, first = self.standing.outline, self._first_quiet
        if first is None:
            upright_still = abs(outline.lean_deg) - abs(base.lean_deg) < UPRIGHT_BY_DEG
        else:
            leans = abs(outline.lean_deg - first.lean_deg) * stretch(self.standing.yaw_deg)
            upright_still = leans < SAME_LEAN_DEG
        return upright_still and outline.height_px > SAME_HEIGHT * base.height_px

    def _adopt(self, outline: Outline, *, still: bool, quiet: bool) -> None:
        yaw = yaw_deg(outline)
        facing = self._facing
        if yaw >= FRONTAL_DEG:
            facing = self._facing = None
        elif abs(outline.gaze) > GAZE and (facing is None or quiet):
            facing = 1 if outline.gaze > 0 else -1
        self._replaced = self._recent[-1].time_s, self.standing
        self.standing = Standing(
            outline=outline,
            facing=facing,
            yaw_deg=yaw,
            angles=(angles_of(outline, Side.LEFT, yaw), angles_of(outline, Side.RIGHT, yaw)),
            still=still,
            quiet=quiet,
        )

    def _check_feet(self, outline: Outline, *, stands: bool) -> None:
        """Drops the baseline of a person who has stepped to another place and stands there."""
        if (
            self.standing is None
            or not stands
            or feet_moved(outline, self.standing.outline) < ELSEWHERE
        ):
            self._elsewhere_since = None
        elif self._elsewhere_since is None:
            self._elsewhere_since = outline.time_s
        elif outline.time_s - self._elsewhere_since > 1.0:
            self.standing, self._elsewhere_since, self._facing = None, None, None
            self._first_s, self._tallest, self._first_quiet = outline.time_s, None, None
            self._recent, self._anchor = deque([outline]), outline

    def _check_lean(self, outline: Outline) -> None:
        """A deep bend goes forward: it shows the facing when head and gaze are hidden."""
        standing = self.standing
        if standing is None or standing.yaw_deg >= FRONTAL_DEG or self._facing is not None:
            return
        lean = outline.lean_deg - standing.outline.lean_deg
        if UPRIGHT_DEG < abs(lean) < 120 and abs(outline.legs_deg) < UPRIGHT_DEG:
            self._facing = 1 if lean > 0 else -1
            self.standing = replace(standing, facing=self._facing)


def holds_still(glimpse: list[Outline]) -> bool:
    """Whether lean, height and hips stay the same over a glimpse.

    Feet are left out: whoever walks moves the hips as well, and plates
    hide the feet from the model.
    """
    first, height = glimpse[0], max(glimpse[-1].height_px, 1.0)
    leans = [outline.lean_deg for outline in glimpse]
    heights = [outline.height_px for outline in glimpse]
    return (
        max(leans) - min(leans) < HOLDS_LEAN_DEG
        and max(heights) - min(heights) < HOLDS_HEIGHT * height
        and all(math.dist(first.hips, outline.hips) < STILL * height for outline in glimpse)
    )


def yaw_deg(outline: Outline) -> float:
    """Turned away from side-on in degrees, from how wide a standing person looks.

    0 is side-on, 90 faces the camera or turns the back to it.
    """
    if outline.trunk_px <= 0:
        return 90.0
    width = outline.shoulders_px / FULL_SHOULDERS + outline.hips_px / FULL_HIPS
    return math.degrees(math.asin(min(1.0, width / 2 / outline.trunk_px)))


def turned_to(standing: Standing, yaw: float, bent: Iterable[Outline]) -> Standing:
    """The same baseline, of somebody who is turned this far.

    They face where they bend to, if nobody could tell while they stood.
    """
    outline, facing = standing.outline, standing.facing
    if yaw >= FRONTAL_DEG:
        facing = None
    elif facing is None:
        leans = median(each.lean_deg - outline.lean_deg for each in bent)
        facing = 1 if leans > 0 else -1
    angles = (angles_of(outline, Side.LEFT, yaw), angles_of(outline, Side.RIGHT, yaw))
    return replace(standing, facing=facing, yaw_deg=yaw, angles=angles)


def _wandered(a: Outline, b: Outline) -> float:
    height = max(b.height_px, 1.0)
    shoulders = abs(a.height_px - b.height_px) / height
    return max(math.dist(a.hips, b.hips) / height, shoulders, feet_moved(a, b))


def _since(recent: deque[Outline], time_s: float) -> list[Outline]:
    """The newest outlines back to `time_s`; empty while they do not reach back that far."""
    if recent[0].time_s > time_s + 1e-6:
        return []
    return [outline for outline in recent if outline.time_s >= time_s - 1e-6]


def _typical(glimpse: list[Outline]) -> Outline:
    """The outline made of the medians over a stretch; what has none is the newest one's."""
    columns = {
        name: _middle([getattr(outline, name) for outline in glimpse])
        for name in Outline.__struct_fields__
        if name not in _NEWEST
    }
    return replace(glimpse[-1], **columns)


_NEWEST = frozenset({"time_s", "whole_body", "picture_height_px", "scores"})


def _middle(values: list[Any]) -> Any:
    """The median of numbers, or of each part of tuples and limbs; None where none is known."""
    known = [value for value in values if value is not None]
    if known and isinstance(known[0], tuple):
        return tuple(_middle(list(part)) for part in zip(*known, strict=True))
    if known and isinstance(known[0], Limbs):
        names = Limbs.__struct_fields__
        return Limbs(**{name: _middle([getattr(limbs, name) for limbs in known]) for name in names})
    return median(known) if known else None
