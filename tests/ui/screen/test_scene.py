from dataclasses import FrozenInstanceError

import pytest

from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.ui.screen.scene import Page, Scene

SNAPSHOT = Snapshot(time_s=0.0, stage=Stage.WAITING, exercise="hip_hinge")


def test_a_scene_without_a_snapshot_has_nothing_judged() -> None:
    assert Scene(now_s=0.0, snapshot=SNAPSHOT).judged is SNAPSHOT
    with pytest.raises(AssertionError):
        _ = Scene(now_s=0.0).judged


def test_a_scene_follows_the_coach_until_told_otherwise_and_never_changes() -> None:
    scene = Scene(now_s=0.0)
    assert (scene.page, scene.subpage, scene.vision_fault, scene.notices) == (
        Page.COACH,
        0,
        None,
        (),
    )
    with pytest.raises(FrozenInstanceError):
        scene.subpage = 1  # type: ignore[misc]  # that is the point
