"""A load that leaves the floor or comes to it is seen; one that stays is not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from kiosk.body.load import LoadReading
from kiosk.body.observer import BodyObserver
from kiosk.body.pose import Pose
from kiosk.vision.camera.frame import Frame
from kiosk.vision.load.load_observer import LoadObserver
from people import STANDS_S, Beat, bending, cycles, film

BEAT = Beat(down=1.2, hold=0.8, up=1.2, top=1.0)
PLATE = (np.s_[380:440], np.s_[330:420])
"""Where a plate lies on the floor, rows and columns: the figure's hands reach down to it."""


@dataclass(frozen=True)
class Room:
    """A grey room with a plate on the floor at some times."""

    lies: tuple[tuple[float, float], ...]
    light: float = 0.0

    def frame(self, time_s: float) -> Frame:
        rgbx = np.full((480, 640, 4), 120 + int(self.light * time_s), np.uint8)
        if any(start <= time_s < end for start, end in self.lies):
            rgbx[PLATE[0], PLATE[1], :3] = 20
        return Frame(rgbx, time_s)


def visit(reps: int) -> list[Pose]:
    return film(
        STANDS_S + reps * BEAT.whole + 1.5,
        bending(cycles(reps, BEAT), lean_deg=75.0, knee_deg=60.0),
    )


def readings(poses: Iterable[Pose], room: Room) -> Iterator[LoadReading]:
    load, observer = LoadObserver(), BodyObserver()
    for pose in poses:
        found = load.update(room.frame(pose.time_s), pose, observer.observe(pose))
        if found is not None:
            yield found


LIFTED_S = STANDS_S + BEAT.down + BEAT.hold
ALWAYS = ((0.0, 99.0),)


def test_what_is_picked_up_is_gone_and_what_is_set_down_is_new() -> None:
    down_s = LIFTED_S + 2 * BEAT.whole
    room = Room(((0.0, LIFTED_S), (down_s, 99.0)))
    assert [r.changed for r in readings(visit(3), room)] == [True, False, True]


@pytest.mark.parametrize("lies", [ALWAYS, ()])
def test_what_stays_or_is_not_there_has_not_changed(lies: tuple[tuple[float, float], ...]) -> None:
    assert [r.changed for r in readings(visit(2), Room(lies))] == [False, False]


def test_light_that_changes_all_over_is_no_load() -> None:
    assert [r.changed for r in readings(visit(2), Room(ALWAYS, light=4.0))] == [False, False]


def test_each_bend_is_read_once_and_holds_its_bottom() -> None:
    found = list(readings(visit(3), Room(ALWAYS)))
    for number, reading in enumerate(found):
        bottom_s = STANDS_S + number * BEAT.whole + BEAT.down + BEAT.hold / 2
        assert reading.from_s < bottom_s < reading.time_s
        assert reading.rest_s >= BEAT.hold - 0.1


def test_nothing_is_read_without_a_body() -> None:
    load = LoadObserver()
    assert load.update(Room(ALWAYS).frame(0.0), visit(1)[0], None) is None
