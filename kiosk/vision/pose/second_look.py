"""Looks for the followed person again in a picture in which the model found somebody else.

The model finds one person in a picture. It goes over to somebody in front of the person, whom it
leaves once they are painted over, and to somebody close behind, whom it leaves where they stand
nearer to the border of the square that it is shown.
"""

from typing import Protocol

from kiosk.body.follower import Follower
from kiosk.body.pose import Pose
from kiosk.vision.camera.frame import Frame
from kiosk.vision.pose.crop import CropRegion, CropTracker

_NOTHING = (-1e6, -1e6)  # columns to paint over: none


class RegionEstimator(Protocol):
    """Finds a pose in a region of a frame; see `source.Estimator`."""

    crop: CropTracker

    def estimate_without(
        self, frame: Frame, hidden: tuple[float, float], region: CropRegion | None = None
    ) -> Pose:
        """Estimates the pose in a region, with some columns painted over."""


class SecondLook:
    """Shows the model the picture once more, and in the other way where that did not help."""

    def __init__(self) -> None:
        self._aside = False

    def find(self, person: Follower, estimator: RegionEstimator, frame: Frame, other: Pose) -> Pose:
        """Finds the person, where another one was found; that one where it cannot.

        The crop stays with the person as long as they have not gone themselves.
        """
        hidden, aside, square = person.beside(other), person.square_aside(other), person.square
        if hidden is None or (self._aside and aside is not None):
            hidden, square = _NOTHING, aside
        pose = None
        if square is not None:
            (x, y), half = square
            pose = estimator.estimate_without(frame, hidden, CropRegion.around(x, y, half))
        if pose is not None and person.is_surely(pose):
            estimator.crop.correct(pose)
            return pose
        self._aside = not self._aside
        if person.jumped_to(other):
            estimator.crop.undo()
        return other
