"""Tells the poses of one person from those of somebody who passes before or behind them.

The model finds one person in a picture, and whoever crosses it takes the pose over for a second or
two. The person who trains stands on their feet all the while, at one size.
"""

import math

from kiosk.body.geometry import Point, middle
from kiosk.body.observer import PRESENT
from kiosk.body.outline import HAND_SEEN
from kiosk.body.pose import Keypoint, Pose, near_side_score
from kiosk.body.state import Standing

JUMP, SPEED = 0.12, 2.5
"""Hips and shoulders move by at most the first, in standing heights, and the second times the
seconds that went by: those of a swing or a jump come to 1.9 heights a second."""
TALLER = 1.2
"""Shoulders this many times as high above the ankles as when standing are another person's."""
STAYS, OVER, BENT = 0.22, 0.12, 0.8
"""Hips stay within the first of where they stood, in standing heights, and the last times the drop
of the shoulders: in a deep hinge they go back by .25. Of somebody who is back they are within the
second. Who walks past is there for a fifth of a second."""
BACK_S = 0.4
"""After a jump, poses are believed again that have been of this person's place for so long."""
RESTS, STEPPED_S = 0.04, 1.0
"""Whoever went aside without a jump and rests within the first, in standing heights, for the second
has stepped to another place. People who pass do not stop."""
CLEAR = 0.45
"""Least score of a pose found behind somebody else, as for a verdict on form."""
APART = 0.1
"""Less of somebody else than this beside the person, in standing heights, hides nothing of them
when it is painted over."""
TOES = 0.05
"""Hair, toes and clothes reach this far beyond the keypoints, in standing heights."""
MIDDLE, HALF = 0.57, 0.72
"""Middle above the ankles and half the side of a square around somebody who trains, in standing
heights: as large as the one that is held for a set."""
MOVED_S = 3.0
"""Somebody who has been seen elsewhere for this long is the person to follow now."""

K = Keypoint
_Spots = tuple[Point, Point, float]


class Follower:
    """Follows one person from pose to pose.

    Attributes:
        covered: the last pose was somebody else's.
    """

    def __init__(self) -> None:
        self.covered = False
        self._last: _Spots | None = None
        self._reach: tuple[float, float] = (0.0, 0.0)
        self._last_s = 0.0
        self._since_s = 0.0
        self._jumped = False
        self._fits_s: float | None = None
        self._rest: tuple[float, float] = (0.0, 0.0)
        self._standing: Standing | None = None
        self._home_x = 0.0

    def accepts(self, pose: Pose, standing: Standing | None) -> bool:
        """Whether the pose is this person's; one of nobody is, too.

        Without a standing baseline there is nothing to tell people apart by.
        """
        spots, time_s = _spots(pose), pose.time_s
        if near_side_score(pose) < PRESENT:
            self.covered = False
            return True
        if standing is not self._standing:
            self._standing = standing
            self._home_x = standing.outline.hips[0] if standing else 0.0
        if standing is None:
            self._accept(pose, spots)
            return True
        height = self._height_px
        if self.covered:
            back = self._comes_back(spots, time_s, height)
        else:
            follows = self._follows(spots, time_s, height)
            back = follows and self._fits(spots, height, STAYS)
            if not back:
                self.covered, self._jumped, self._since_s = True, not follows, time_s
                self._fits_s, self._rest = None, (spots[0][0], time_s)
        if back:
            self._accept(pose, spots)
        return back

    def could_be(self, pose: Pose) -> bool:
        """Whether the pose of the next frame could be this person's; asking changes nothing."""
        if self._standing is None or near_side_score(pose) < PRESENT:
            return True
        return self._is_near(pose, OVER if self.covered else STAYS)

    def is_surely(self, pose: Pose) -> bool:
        """Whether the pose is this person's beyond doubt, where half of them may be painted over.

        It is seen well and right at their place: what is left of two bodies makes up a third one.
        """
        if near_side_score(pose) < CLEAR:
            return False
        return self._is_near(pose, OVER)

    def _is_near(self, pose: Pose, within: float) -> bool:
        """Whether the pose is at the person's place, and they could have come there meanwhile.

        What they did while they were covered was not seen.
        """
        spots, height = _spots(pose), self._height_px
        reached = self.covered or self._follows(spots, pose.time_s, height)
        return reached and self._fits(spots, height, within)

    @property
    def square(self) -> tuple[Point, float] | None:
        """Middle and half the side of the square in which the person trains, in pixels."""
        if self._standing is None:
            return None
        feet_y, height = max(y for _, y in self._standing.outline.ankles), self._height_px
        return (self._home_x, feet_y - MIDDLE * height), HALF * height

    def beside(self, pose: Pose) -> tuple[float, float] | None:
        """From where to where somebody else reaches beside this person, in pixels of x.

        None where they do not stand clear: to paint them over would hide this person as well.
        """
        (left, right), (first, last) = _reach(pose), self._reach
        margin, least = TOES * self._height_px, APART * self._height_px
        if left + right < first + last:
            clear = first - left > least
            return (left - margin, min(right + margin, first)) if clear else None
        return (max(left - margin, last), right + margin) if right - last > least else None

    def _comes_back(self, spots: _Spots, time_s: float, height: float) -> bool:
        """Whether the person is seen again, at their place or where they have stepped to."""
        if not self._fits(spots, height, OVER):
            self._fits_s = None
        elif self._fits_s is None:
            self._fits_s = time_s
        if abs(spots[0][0] - self._rest[0]) > RESTS * height:
            self._rest = spots[0][0], time_s
        if not self._jumped and time_s - self._rest[1] >= STEPPED_S:
            self._home_x = spots[0][0]
            return True
        return self._fits_s is not None and time_s - self._fits_s >= BACK_S

    def _fits(self, spots: _Spots, height: float, within: float) -> bool:
        """Whether somebody at this place and of this size could be the person, bent this far."""
        hips, shoulders, ankle_y = spots
        tall = (ankle_y - shoulders[1]) / height
        beside = abs(hips[0] - self._home_x) / height
        return tall <= TALLER and beside <= within + BENT * max(0.0, 1 - tall)

    def moved_on(self, time_s: float) -> bool:
        """Whether somebody else has been seen for so long that they are to be followed now."""
        return self.covered and time_s - self._since_s > MOVED_S

    @property
    def _height_px(self) -> float:
        """The person's standing height."""
        return 1.0 if self._standing is None else max(self._standing.outline.height_px, 1.0)

    def _accept(self, pose: Pose, spots: _Spots) -> None:
        self.covered, self._last, self._last_s = False, spots, pose.time_s
        self._reach = _reach(pose)

    def _follows(self, spots: _Spots, time_s: float, height: float) -> bool:
        """Whether hips and shoulders could have come here since the last pose of this person."""
        if self._last is None:
            return True
        reach = (JUMP + SPEED * (time_s - self._last_s)) * height
        return all(
            math.dist(now, then) <= reach
            for now, then in zip(spots[:2], self._last[:2], strict=True)
        )


def _reach(pose: Pose) -> tuple[float, float]:
    """From where to where the keypoints that are seen reach, in pixels of x."""
    xs = [x for x, _, score in pose.marks if score >= HAND_SEEN]
    return (min(xs), max(xs)) if xs else (0.0, 0.0)


def _spots(pose: Pose) -> _Spots:
    """Middle of the hips, middle of the shoulders, and y of the lower ankle, in pixels."""
    marks = pose.marks
    hips = middle(marks[K.LEFT_HIP][:2], marks[K.RIGHT_HIP][:2])
    shoulders = middle(marks[K.LEFT_SHOULDER][:2], marks[K.RIGHT_SHOULDER][:2])
    return hips, shoulders, max(marks[K.LEFT_ANKLE][1], marks[K.RIGHT_ANKLE][1])
