"""Pictures that show nobody: why is said, with what to do, and nothing is counted by them."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from doubles import ScriptedEstimator
from kiosk.body.pose import Pose
from kiosk.coaching.snapshot import Stage
from kiosk.vision.camera.frame import Frame
from kiosk.vision.camera.turned import turned
from mirror_harness import (
    FPS,
    WORDS,
    MirrorHarness,
    counted,
    in_stage,
    over,
    reading,
    turns,
    warned,
)
from people import changed, figure

RANDOM = np.random.default_rng(0)
SCENE = RANDOM.integers(60, 200, (48, 64, 4), np.uint8)
SCENE[0, 0] = 255


def noisy(scene: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What a camera gives of a scene: never the same twice."""
    return (scene * 0.9 + RANDOM.integers(0, 8, scene.shape)).astype(np.uint8)


def film(
    harness: MirrorHarness, spoil: Callable[[NDArray[np.uint8]], NDArray[np.uint8]]
) -> list[Frame]:
    """A lit room for eight seconds, in which a rep is done; then it is spoilt for good."""
    return [
        replace(frame, rgbx=noisy(SCENE) if frame.time_s < 8.0 else spoil(SCENE))
        for frame in harness.film()
    ]


SPOILT: dict[str, tuple[str, Callable[[NDArray[np.uint8]], NDArray[np.uint8]], float]] = {
    "no light": ("dark", lambda scene: noisy(scene // 20), 0.45),
    "a cap": ("dark", np.zeros_like, 0.05),
    "a hand": ("covered", lambda scene: noisy(np.full_like(scene, 90)), 0.1),
    "the sun": ("bright", lambda scene: np.full_like(scene, 255), 0.3),
    "a driver that repeats itself": ("frozen", lambda scene: scene, 0.8),
}


@pytest.mark.parametrize("how", SPOILT)
def test_why_nobody_is_seen_is_a_page_and_the_set_so_far_is_kept(
    harness: MirrorHarness, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    key, spoil, score = SPOILT[how]
    script = [
        pose if pose.time_s < 8.0 else changed(pose, np.s_[:, 2], score) for pose in harness.poses
    ]
    harness.see(script)
    with harness.mirror(lambda: harness.camera(film(harness, spoil))) as mirror:
        turns(mirror, counted(1))
        turns(mirror, lambda scene: scene.vision_fault == key)
        turns(mirror, in_stage(Stage.SUMMARY))
        assert WORDS(f"notice.{key}") in reading(mirror)
        mirror.pipeline.finish()  # as a press of Done does
        turns(mirror, lambda scene: scene.judged.stage is not Stage.SUMMARY)
        assert WORDS(f"fault.{key}.line") in reading(mirror)
        turns(mirror, over(mirror))
    (stored,) = harness.stored()
    assert 1 <= stored[1] < 4  # it takes three seconds to be sure
    assert len(warned(caplog)) == 1


@pytest.mark.parametrize(
    ("degrees", "key"), [(180, "upside_down"), (90, "sideways"), (270, "sideways")]
)
def test_a_camera_that_hangs_turned_is_said_instead_of_asking_for_another_distance(
    harness: MirrorHarness, degrees: int, key: str
) -> None:
    class Turned(ScriptedEstimator):
        def estimate(self, frame: Frame) -> Pose:
            return figure(frame.time_s, lean_deg=160, score=0.35)

        def estimate_without(self, frame: Frame, hidden: tuple[float, float]) -> Pose:
            right = frame.rgbx.shape[:2] == (48, 64) and frame.rgbx[0, 0, 0] > 225
            return figure(frame.time_s) if right else super().estimate_without(frame, hidden)

    harness.load(lambda *_: (Turned([]), "turned"))
    frames = [replace(f, rgbx=turned(noisy(SCENE), degrees)) for f in harness.film()]
    with harness.mirror(lambda: harness.camera(frames)) as mirror:
        turns(mirror, in_stage(Stage.FRAMING))
        turns(mirror, lambda scene: scene.vision_fault == key)
        assert WORDS(f"fault.{key}.title") in reading(mirror)
        assert WORDS("framing.distance.tell") not in reading(mirror)
        turns(mirror, over(mirror))
    assert harness.stored() == []


def test_too_few_pictures_a_second_are_said_and_count_nothing(harness: MirrorHarness) -> None:
    frames = [frame for n, frame in enumerate(harness.film()) if n % FPS == 0]
    with harness.mirror(lambda: harness.camera(frames)) as mirror:
        turns(mirror, lambda scene: scene.vision_fault == "slow")
        assert WORDS("notice.slow") not in reading(mirror)  # it is the page itself
        assert WORDS("fault.slow.title") in reading(mirror)
        turns(mirror, over(mirror))
    assert harness.stored() == []


def test_a_dark_room_at_night_does_not_keep_the_screen_bright(harness: MirrorHarness) -> None:
    harness.seconds = 110.0
    harness.see([])
    with harness.mirror() as mirror:
        scene = turns(mirror, lambda scene: scene.idle_s > 95.0)
        assert scene.vision_fault == "dark"
