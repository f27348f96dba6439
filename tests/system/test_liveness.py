"""When the watchdog may be fed, case by case as `kiosk.system.liveness` lists them."""

from kiosk.system.liveness import ATTEMPT_S, FRAME_S, LOOK_S, Heartbeats, Liveness
from kiosk.vision.camera import usb
from kiosk.vision.camera.live import FRAME_S as LIVE_FRAME_S
from kiosk.vision.camera.live import RETRY_S
from kiosk.vision.camera.picam import CLOSE_TIMEOUT_S, FRAME_TIMEOUT_S

STEP_S = 0.1


class MirrorHarness:
    """A mirror's signs of life over time, and what its freshness says to them."""

    def __init__(self) -> None:
        self.freshness = Liveness()
        self.now_s = 100.0
        self.signs = Heartbeats(camera=1, gives_frames=True, looks=1)

    def lives(self, seconds: float, *, camera: float = 0.0, looks: float = 0.0) -> str | None:
        """Lets time pass with so many signs a second; the first staleness, if any."""
        said = self.freshness.stale(self.now_s, self.signs)
        begun_s, first = self.now_s, self.signs
        while said is None and self.now_s - begun_s < seconds:
            self.now_s += STEP_S
            passed_s = self.now_s - begun_s
            self.signs = Heartbeats(
                camera=first.camera + int(passed_s * camera),
                gives_frames=self.signs.gives_frames,
                looks=first.looks + int(passed_s * looks),
                over=self.signs.over,
            )
            said = self.freshness.stale(self.now_s, self.signs)
        return said


def test_a_mirror_that_sees_and_thinks_stays_fresh() -> None:
    assert MirrorHarness().lives(3600, camera=30, looks=15) is None


def test_a_hot_mirror_stays_fresh_at_a_pose_every_second() -> None:
    assert MirrorHarness().lives(600, camera=30, looks=1) is None


def test_a_camera_that_stops_without_an_error_goes_stale() -> None:
    mirror = MirrorHarness()
    mirror.lives(60, camera=30, looks=15)
    stopped_s = mirror.now_s
    # the looking thread gives up its wait for a frame once a second
    assert mirror.lives(60, looks=1) == "camera"
    assert FRAME_S < mirror.now_s - stopped_s < FRAME_S + 2 * STEP_S


def test_a_camera_that_is_looked_for_again_and_again_stays_fresh() -> None:
    mirror = MirrorHarness()
    mirror.signs = Heartbeats(camera=1, gives_frames=False, looks=1)
    assert mirror.lives(3600, camera=1 / RETRY_S[1], looks=1) is None


def test_an_attempt_that_never_comes_back_goes_stale() -> None:
    mirror = MirrorHarness()
    mirror.signs = Heartbeats(camera=1, gives_frames=False, looks=1)
    assert mirror.lives(60, looks=1) == "camera"
    assert ATTEMPT_S < mirror.now_s - 100.0 < ATTEMPT_S + 2 * STEP_S


def test_a_model_that_hangs_goes_stale_while_frames_come() -> None:
    mirror = MirrorHarness()
    assert mirror.lives(60, camera=30) == "pose"
    assert LOOK_S < mirror.now_s - 100.0 < LOOK_S + 2 * STEP_S


def test_a_lost_camera_hides_no_thread_that_hangs() -> None:
    mirror = MirrorHarness()
    mirror.signs = Heartbeats(camera=1, gives_frames=False, looks=1)
    assert mirror.lives(60, camera=1) == "pose"


def test_what_was_stale_is_fresh_again_with_the_next_frame() -> None:
    mirror = MirrorHarness()
    assert mirror.lives(60, looks=1) == "camera"
    mirror.signs = Heartbeats(camera=2, gives_frames=True, looks=mirror.signs.looks + 1)
    assert mirror.lives(60, camera=30, looks=15) is None


def test_a_film_that_is_over_keeps_fresh() -> None:
    mirror = MirrorHarness()
    mirror.signs = Heartbeats(camera=1, gives_frames=True, looks=1, over=True)
    assert mirror.lives(600) is None


def test_every_limit_leaves_a_camera_the_time_to_help_itself() -> None:
    assert FRAME_S > FRAME_TIMEOUT_S + CLOSE_TIMEOUT_S
    assert FRAME_S > 2 * usb.FRAME_TIMEOUT_S
    assert RETRY_S[1] < ATTEMPT_S
    assert ATTEMPT_S > usb.OPEN_TIMEOUT_S + usb.FRAME_TIMEOUT_S
    assert LOOK_S > LIVE_FRAME_S
