"""The ring and the seconds in it agree with the exercise's own pace."""

from dataclasses import replace

import pytest

from kiosk.coaching.snapshot import RepPhase, Snapshot, Stage
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.ui.screen.gallery.scenes import samples
from kiosk.ui.screen.widgets.tempo_ring import ring_of

STROKE = exercise_by_id("hip_hinge").appearance.stroke
START = Snapshot(time_s=0.0, stage=Stage.SET, exercise="hip_hinge")


@pytest.mark.parametrize(
    ("phase", "phase_s", "share", "seconds"),
    [
        (RepPhase.ECCENTRIC, STROKE.down_s / 2, 0.5, STROKE.down_s / 2),
        (RepPhase.ECCENTRIC, STROKE.down_s * 3, 1.0, STROKE.down_s * 3),
        (RepPhase.BOTTOM, 0.2, 1.0, 0.2),
        (RepPhase.CONCENTRIC, STROKE.up_s / 2, 0.5, STROKE.up_s / 2),
        (RepPhase.CONCENTRIC, 200.0, 0.0, 9.9),
        (RepPhase.TOP, 5.0, 0.0, 0.0),  # no rep before this one
    ],
)
def test_the_ring_fills_on_the_way_down_and_empties_on_the_way_up(
    phase: RepPhase, phase_s: float, share: float, seconds: float
) -> None:
    assert ring_of(replace(START, phase=phase, phase_s=phase_s), STROKE) == (share, seconds)


def test_between_reps_the_ring_tells_the_last_way_down() -> None:
    snapshot = samples()["set-down"].snapshot
    assert snapshot is not None
    assert snapshot.last is not None
    resting = replace(snapshot, phase=RepPhase.TOP)
    assert ring_of(resting, STROKE) == (0.0, snapshot.last.tempo.eccentric_s)
