"""Measures how high the camera hangs, by somebody who stands at two distances. Pure.

What is as high as the camera stays where it is in the picture when it comes nearer or goes away;
what is lower moves up as it goes, and what is higher moves down. So where feet and shoulders are at
two distances tells the camera's height in parts of the height of the shoulders, whatever the lens.
With 12 rendered people before the real model it was within .08 of the truth with cameras up to
1.5 m high (tests/fixtures/golden/camera_heights.csv).
"""

from collections import deque
from dataclasses import dataclass
from statistics import median

from kiosk.body.outline import read_outline
from kiosk.body.pose import Pose
from kiosk.body.standing import upright
from kiosk.coaching.camera_check import END_SEEN, FEET, SHOULDERS, Finding, between

HIGH = 0.97
"""A camera from here on hangs too high, in heights of the shoulders above the ankles: of 12
rendered people none was told so of a camera at 0.7 to 1.1 m, one at 1.3 m, 11 at 1.5 m and all at
1.7 m."""
AWAY, BACK = 0.85, 0.94
"""Somebody this tall in the picture, in parts of how tall they were on the mark, has stepped away,
or is back. Steps of 0.6 to 1.0 m in all gave 0.71 to 0.87."""
STILL_S, STILL = 1.0, 0.05
"""Somebody stands whose height in the picture has varied by less for so long, in parts of it."""
WAIT_S = 15.0
"""Who does not step away for so long, or back, is asked no more: there may be no room. A camera
that was too high before stays so."""
HIGH_S = 12.0
"""That it hangs too high is said for so long, then all is looked at anew."""
_FEWEST = 4  # poses of somebody who stands


@dataclass(frozen=True, slots=True)
class Place:
    """Where ankles and shoulders of somebody who stands are, in pixels from the picture's top."""

    feet: float
    shoulders: float

    @property
    def height(self) -> float:
        """Pixels from ankles to shoulders."""
        return self.feet - self.shoulders


class HeightCheck:
    """Asks somebody to step away from the mark and back. Nothing else can be checked meanwhile."""

    def __init__(self) -> None:
        self._said: Finding | None = None
        self._since_s = 0.0
        self._high = False
        self._mark: Place | None = None
        self._recent: deque[tuple[float, Place]] = deque()

    @property
    def asking(self) -> bool:
        """Whether it has begun and is not over."""
        return self._said not in (None, Finding.GOOD)

    def update(self, now_s: float, pose: Pose | None) -> Finding:
        """Takes the newest pose of somebody who stood well on the mark when it began.

        Args:
            now_s: seconds, by any clock.
            pose: None while nobody is there.

        Returns:
            STEP_AWAY, HIGH or STEP_BACK; GOOD once the camera is known to hang low enough, or
            nobody does as asked.
        """
        if self._said is None:
            self._say(Finding.STEP_AWAY, now_s)
        said, lasts_s = self._said, now_s - self._since_s
        if said is Finding.HIGH:
            if lasts_s >= HIGH_S:
                self._said = self._mark = None
            return said
        if said is not Finding.GOOD and lasts_s >= WAIT_S:
            self._say(Finding.HIGH if self._high else Finding.GOOD, now_s)
        elif said is not Finding.GOOD and pose is not None:
            self._take(pose, now_s)
        return self._said or Finding.GOOD

    def _say(self, finding: Finding, now_s: float) -> None:
        self._said, self._since_s = finding, now_s

    def _take(self, pose: Pose, now_s: float) -> None:
        """Looks whether somebody stands, and where."""
        recent = self._recent
        if recent and pose.time_s <= recent[-1][0]:
            return
        outline = read_outline(pose)
        if (
            not upright(outline)
            or min(pose.marks[one][2] for one in (*FEET, *SHOULDERS)) < END_SEEN
        ):
            recent.clear()
            return
        recent.append((pose.time_s, Place(between(pose, FEET)[1], between(pose, SHOULDERS)[1])))
        while pose.time_s - recent[0][0] > STILL_S:
            recent.popleft()
        heights = [place.height for _, place in recent]
        long = pose.time_s - recent[0][0] >= 0.8 * STILL_S and len(recent) >= _FEWEST
        if long and max(heights) - min(heights) <= STILL * min(heights):
            self._compare(_middle([place for _, place in recent]), now_s)

    def _compare(self, place: Place, now_s: float) -> None:
        """Takes a place where somebody stands."""
        mark = self._mark
        if mark is None:
            self._mark = place
        elif self._said is Finding.STEP_AWAY and place.height <= AWAY * mark.height:
            self._high = camera_height(mark, place) >= HIGH
            self._say(Finding.HIGH if self._high else Finding.STEP_BACK, now_s)
        elif self._said is Finding.STEP_BACK and place.height >= BACK * mark.height:
            self._say(Finding.GOOD, now_s)


def camera_height(near: Place, far: Place) -> float:
    """Measures the camera's height above the ankles, in heights of the shoulders above them."""
    return (near.feet - far.feet) / (near.height - far.height)


def _middle(places: list[Place]) -> Place:
    return Place(median(one.feet for one in places), median(one.shoulders for one in places))
