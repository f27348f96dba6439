"""Tells the poses of one person from those of somebody who passes before or behind them.

The model finds one person in a picture, and whoever crosses it takes the pose over for a second or
two. The person who trains stands on their feet all the while, at one size.
"""

import math

from kiosk.body.feet import NO_FEET, Feet, drifted, feet_apart, feet_in, feet_of_standing
from kiosk.body.geometry import Point, middle
from kiosk.body.observer import PRESENT
from kiosk.body.outline import HAND_SEEN
from kiosk.body.pose import Keypoint, Pose, near_side_score
from kiosk.body.running_mean import newest_share
from kiosk.body.state import Standing

JUMP, SPEED = 0.08, 2.5
"""Hips and shoulders move by at most the first, in standing heights, and the second times the
seconds that went by. In 13,626 steps from frame to frame of people who lift, at 10 to 30 a second,
one went farther than even .06 and 2 times the seconds, before a camera that moved. There is room
for swings that are too fast to count: hidden in part, two of them would look like a slow one."""
TALLER = 1.2
"""Shoulders this many times as high above the ankles as when standing are another person's."""
STAYS, OVER, BENT = 0.22, 0.07, 0.8
"""Hips stay within the first of where they stood, in standing heights, and the last times the drop
of the shoulders: in a deep hinge they go back by .25. Of somebody who is back they are within the
second, as in 98 of 100 frames of sets. Who walks past is there for a fifth of a second."""
BACK_S = 0.4
"""After a jump, poses are believed again that have been of this person's place for so long."""
RESTS, STEPPED_S = 0.04, 1.0
"""Whoever went aside without a jump and rests within the first, in standing heights, for the second
has stepped to another place. People who pass do not stop."""
PLANTED = 0.15
"""Whose feet are farther than this from where the person's stood, in standing heights, stands
elsewhere. Of 8,077 recorded and rendered frames of sets three were; of those in which somebody who
passed had been taken for the person, half."""
FOOT_JUMP, FOOT_SPEED = 0.08, 1.5
"""A foot that has left that place and gone farther at once than the first, in standing heights, and
the second times the seconds that went by, is another one's: in 976 frames of lunges no foot went
farther than .02 and once the seconds."""
LANDED = 0.06
"""Feet that both stay within this, in standing heights, for `STEPPED_S` have been put down."""
PASSES = 0.1
"""Hips and shoulders that both go the same way by more than this within `BACK_S`, in standing
heights, walk past: in a lift they go against each other, or neither goes far."""
SAME_SIZE = 0.07
"""Whoever stands elsewhere is the person if they are as tall to within this part."""
FLICKER_S = 0.3
"""Feet that are misread for at most this long are a slip of the model."""
DRIFT_S = 2.0
"""Time constant with which the place of the feet follows them: people shift, and cameras turn."""
PLACE_S = 10.0
"""Time constant with which the place of the hips follows a person who stands: they are picked up
again where they stand now. Slower than a set's rests, in which two bodies may be mixed up."""
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
ASIDE = 0.3
"""So far the middle of the square is moved away from somebody else, in standing heights: the person
still fits in. With somebody close behind, the model then found them in 107 of 127 pictures in which
it had found the other, and with the other painted over in 12."""
MOVED_S = 4.0
"""Somebody who has been seen elsewhere for this long is the person to follow now. Who comes, stands
in front of the person for three seconds and goes hides them for less."""

K = Keypoint
_Spots = tuple[Point, Point, float]


class Follower:
    """Follows one person from pose to pose.

    Attributes:
        covered: the last pose was somebody else's.
        regained: poses before the last one that turned out to be the person's, in order.
    """

    def __init__(self) -> None:
        self.covered = False
        self.regained: list[Pose] = []
        self._perhaps: list[tuple[Pose, _Spots]] = []
        self._last: _Spots | None = None
        self._reach: tuple[float, float] = (0.0, 0.0)
        self._last_s = 0.0
        self._since_s = 0.0
        self._jumped = False
        self._rest: tuple[float, float] = (0.0, 0.0)
        self._landed: tuple[Feet, float] | None = None
        self._standing: Standing | None = None
        self._home_x = 0.0
        self._home_feet: Feet = NO_FEET
        self._last_feet: Feet = NO_FEET

    def accepts(self, pose: Pose, standing: Standing | None) -> bool:
        """Whether the pose is this person's; one of nobody is, too.

        Without a standing baseline there is nothing to tell people apart by.
        """
        self.regained = []
        spots, time_s = _spots(pose), pose.time_s
        if near_side_score(pose) < PRESENT:
            self.covered = False
            return True
        if standing is not self._standing:
            self._standing = standing
            self._home_x = standing.outline.hips[0] if standing else 0.0
            self._home_feet = feet_of_standing(standing)
        if standing is None:
            self._accept(pose, spots)
            return True
        height = self._height_px
        if self.covered:
            back = self._comes_back(pose, spots, height)
        else:
            follows = self._follows(spots, time_s, height)
            back = follows and self._fits(spots, height, STAYS) and self._stands_on(pose, height)
            if not back:
                self.covered, self._jumped, self._since_s = True, not follows, time_s
                self._rest, self._landed = (spots[0][0], time_s), None
                self._perhaps = []
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
        planted = self._planted(pose, height) if self.covered else self._stands_on(pose, height)
        return reached and self._fits(spots, height, within) and planted

    @property
    def square(self) -> tuple[Point, float] | None:
        """Middle and half the side of the square in which the person trains, in pixels."""
        if self._standing is None:
            return None
        feet_y, height = max(y for _, y in self._standing.outline.ankles), self._height_px
        return (self._home_x, feet_y - MIDDLE * height), HALF * height

    def square_aside(self, pose: Pose) -> tuple[Point, float] | None:
        """Middle and half the side of a square in which somebody else stands near the border.

        None where they stand right in front of this person or behind.
        """
        if self.square is None:
            return None
        (x, y), half = self.square
        left, right = _reach(pose)
        beside = (left + right) / 2 - x
        if abs(beside) < APART * self._height_px:
            return None
        return (x - math.copysign(ASIDE * self._height_px, beside), y), half

    def jumped_to(self, pose: Pose) -> bool:
        """Whether the model went over to somebody else, and the person did not go there."""
        if self.covered:
            return self._jumped
        return not self._follows(_spots(pose), pose.time_s, self._height_px)

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

    def _comes_back(self, pose: Pose, spots: _Spots, height: float) -> bool:
        """Whether the person is seen again, at their place or where they have stepped to."""
        time_s, planted = pose.time_s, self._planted(pose, height)
        if planted and self._flickered(spots, time_s, height):
            return True
        if planted and self._fits(spots, height, OVER):
            if self._perhaps:
                before, then = self._perhaps[-1]
                if not _one_body(then, spots, time_s - before.time_s, height):
                    self._perhaps = []
            self._perhaps = [
                (earlier, then)
                for earlier, then in self._perhaps
                if _shift(then, spots) <= PASSES * height
            ]
            if self._perhaps and time_s - self._perhaps[0][0].time_s >= BACK_S:
                self.regained = [earlier for earlier, _ in self._perhaps]
                return True
            self._perhaps.append((pose, spots))
        else:
            self._perhaps = []
        return not self._jumped and self._has_stepped(pose, spots, height)

    def _flickered(self, spots: _Spots, time_s: float, height: float) -> bool:
        """Whether only the feet were misread, and for a moment."""
        brief = not self._jumped and time_s - self._last_s <= FLICKER_S
        return brief and self._follows(spots, time_s, height) and self._fits(spots, height, STAYS)

    def _has_stepped(self, pose: Pose, spots: _Spots, height: float) -> bool:
        """Whether the person rests upright at another place, or has both feet down elsewhere."""
        feet, time_s = feet_in(pose), pose.time_s
        if abs(spots[0][0] - self._rest[0]) > RESTS * height or not self._upright(spots, height):
            self._rest = spots[0][0], time_s
        fits = self._fits(spots, height, STAYS)
        if not fits or self._landed is None or feet_apart(feet, self._landed[0]) > LANDED * height:
            self._landed = feet, time_s
        rests = time_s - self._rest[1] >= STEPPED_S
        lands = time_s - self._landed[1] >= STEPPED_S
        if rests:
            self._home_x = spots[0][0]
        if rests or lands:
            self._home_feet = feet
        return rests or lands

    def _upright(self, spots: _Spots, height: float) -> bool:
        """Whether somebody of this person's size stands there."""
        _, shoulders, ankle_y = spots
        return abs((ankle_y - shoulders[1]) / height - 1) <= SAME_SIZE

    def _stands_on(self, pose: Pose, height: float) -> bool:
        """Whether the person's feet are planted, or went where they are by themselves."""
        if self._planted(pose, height):
            return True
        stride = FOOT_JUMP + FOOT_SPEED * (pose.time_s - self._last_s)
        return feet_apart(feet_in(pose), self._last_feet) <= stride * height

    def _planted(self, pose: Pose, height: float) -> bool:
        """Whether the feet that are seen stand where the person's do."""
        return feet_apart(feet_in(pose), self._home_feet) <= PLANTED * height

    def _fits(self, spots: _Spots, height: float, within: float) -> bool:
        """Whether somebody at this place and of this size could be the person, bent this far."""
        hips, shoulders, ankle_y = spots
        tall = (ankle_y - shoulders[1]) / height
        beside = abs(hips[0] - self._home_x) / height
        return tall <= TALLER and beside <= within + BENT * max(0.0, 1 - tall)

    def moved_on(self, time_s: float) -> bool:
        """Whether somebody else has been seen for so long that they are to be followed now."""
        return self.covered and not self._perhaps and time_s - self._since_s > MOVED_S

    @property
    def _height_px(self) -> float:
        """The person's standing height."""
        return 1.0 if self._standing is None else max(self._standing.outline.height_px, 1.0)

    def _accept(self, pose: Pose, spots: _Spots) -> None:
        self._last_feet = feet_in(pose)
        self._drift(spots, pose.time_s - self._last_s)
        self.covered, self._last, self._last_s = False, spots, pose.time_s
        self._reach = _reach(pose)

    def _drift(self, spots: _Spots, seconds: float) -> None:
        """Moves the person's place a little to where they stand.

        Somebody who is beside it may have taken the pose over unnoticed, and does not move it.
        """
        height = self._height_px
        if self._standing is None or not self._fits(spots, height, OVER):
            return
        self._home_feet = drifted(self._home_feet, self._last_feet, newest_share(seconds, DRIFT_S))
        if self._upright(spots, height):
            self._home_x += newest_share(seconds, PLACE_S) * (spots[0][0] - self._home_x)

    def _follows(self, spots: _Spots, time_s: float, height: float) -> bool:
        """Whether hips and shoulders could have come here since the last pose of this person."""
        return self._last is None or _one_body(self._last, spots, time_s - self._last_s, height)


def _one_body(then: _Spots, now: _Spots, seconds: float, height: float) -> bool:
    """Whether hips and shoulders could have gone from there to here in so many seconds."""
    reach = (JUMP + SPEED * seconds) * height
    return all(math.dist(a, b) <= reach for a, b in zip(then[:2], now[:2], strict=True))


def _reach(pose: Pose) -> tuple[float, float]:
    """From where to where the keypoints that are seen reach, in pixels of x."""
    xs = [x for x, _, score in pose.marks if score >= HAND_SEEN]
    return (min(xs), max(xs)) if xs else (0.0, 0.0)


def _shift(then: _Spots, now: _Spots) -> float:
    """How far hips and shoulders have both gone the same way sideways."""
    hips, shoulders = now[0][0] - then[0][0], now[1][0] - then[1][0]
    return min(abs(hips), abs(shoulders)) if hips * shoulders > 0 else 0.0


def _spots(pose: Pose) -> _Spots:
    """Middle of the hips, middle of the shoulders, and y of the lower ankle, in pixels."""
    marks = pose.marks
    hips = middle(marks[K.LEFT_HIP][:2], marks[K.RIGHT_HIP][:2])
    shoulders = middle(marks[K.LEFT_SHOULDER][:2], marks[K.RIGHT_SHOULDER][:2])
    return hips, shoulders, max(marks[K.LEFT_ANKLE][1], marks[K.RIGHT_ANKLE][1])
