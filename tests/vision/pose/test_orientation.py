"""A picture on its head or side is found out by a person who stands the other way."""

from collections.abc import Iterable

import numpy as np
import pytest

from kiosk.body.pose import Pose
from kiosk.vision.camera.frame import Frame
from kiosk.vision.camera.turned import turned
from kiosk.vision.pose.orientation import (
    EVERY_S,
    STANDS_S,
    TRUST_S,
    VOTES,
    WAIT_S,
    OrientationCheck,
)
from people import figure, nobody

FPS = 10
UPRIGHT = np.zeros((48, 64, 4), np.uint8)
UPRIGHT[0] = 255  # the head's end


class Finder:
    """Finds a person only in a picture that is upright, and whatever `others` says in others."""

    def __init__(self, lying: bool = False) -> None:
        self.asked = 0
        self._lying = lying

    def estimate_without(self, frame: Frame, hidden: tuple[float, float]) -> Pose:
        self.asked += 1
        assert max(hidden) < -1e5  # no column is painted over
        right = frame.rgbx.shape == UPRIGHT.shape and (frame.rgbx[0, :, 0] == 255).all()
        return figure(frame.time_s) if right and not self._lying else nobody(frame.time_s)


def checked(poses: Iterable[Pose], degrees: int, finder: Finder | None = None) -> list[str | None]:
    """What is found in each frame of a camera that hangs turned by so much, clockwise."""
    finder = finder or Finder()
    check, picture = OrientationCheck(), turned(UPRIGHT, degrees)
    return [check.update(Frame(picture, pose.time_s), pose, finder) for pose in poses]


def times(seconds: float, start_s: float = 0.0) -> list[float]:
    return [start_s + n / FPS for n in range(round(seconds * FPS))]


def badly(time_s: float) -> Pose:
    """What the model makes of a person on their head."""
    return figure(time_s, score=0.35)


@pytest.mark.parametrize(
    ("degrees", "key"), [(180, "upside_down"), (90, "sideways"), (270, "sideways")]
)
def test_a_turned_picture_is_found_out(degrees: int, key: str) -> None:
    found = checked(map(badly, times(12.0)), degrees)
    assert set(found[: round((WAIT_S + VOTES * EVERY_S - EVERY_S) * FPS) - 1]) == {None}
    assert found[-1] == key
    assert set(found) == {None, key}


def test_an_upright_picture_of_nobody_is_well() -> None:
    assert set(checked(map(nobody, times(60.0)), 0)) == {None}


def test_whoever_stands_shows_that_it_is_well_and_the_model_is_asked_no_more() -> None:
    finder = Finder()
    poses = [*map(figure, times(2.0)), *map(badly, times(60.0, 2.0))]
    assert set(checked(poses, 180, finder)) == {None}
    assert finder.asked == 0
    late = [*poses, *map(badly, times(10.0, TRUST_S + 2.0))]
    assert checked(late, 180, finder)[-1] == "upside_down"


def test_a_single_upright_frame_shows_nothing() -> None:
    poses = [figure(t) if n % 8 == 0 else badly(t) for n, t in enumerate(times(40.0))]
    assert checked(poses, 180)[-1] == "upside_down"


def test_it_is_well_again_once_somebody_stands_upright() -> None:
    poses = [*map(badly, times(10.0)), *map(figure, times(2 * STANDS_S, 10.0))]
    found = checked(poses, 180)
    assert (found[10 * FPS - 1], found[-1]) == ("upside_down", None)


def test_somebody_who_is_not_upright_in_any_turn_is_no_fault() -> None:
    assert set(checked(map(badly, times(30.0)), 180, Finder(lying=True))) == {None}


def test_the_model_is_asked_at_most_twice_a_second() -> None:
    finder = Finder()
    checked(map(nobody, times(30.0)), 0, finder)
    assert 10 < finder.asked <= 30 / EVERY_S
