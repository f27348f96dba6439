"""A camera read by its own thread: newest frame, losses, ends. Every wait is an event's."""

import itertools
import logging
import threading
from collections.abc import Callable, Iterator

import pytest
from contract import CHECKS

from doubles import FakeCamera, blank_frame
from kiosk.errors import CameraError, SourceError
from kiosk.system import worker
from kiosk.system.worker import Mailbox
from kiosk.vision.camera import live
from kiosk.vision.camera.frame import Frame, FrameSource
from kiosk.vision.camera.live import LiveSource

PATIENCE_S = 30.0
LOST = CameraError("USB camera /dev/video0: it stopped; plug it in")


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No frame is late merely because this machine is slow."""
    monkeypatch.setattr(live, "FRAME_S", PATIENCE_S)


@pytest.fixture(autouse=True)
def _nothing_is_left_running() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


class Waits:
    """Stands in for the wait between two attempts: notes how long, and lets a test observe."""

    def __init__(self, most: int) -> None:
        self.waited_s: list[float] = []
        self.reached = threading.Event()
        self._most = most

    def __call__(self, seconds: float) -> bool:
        self.waited_s.append(seconds)
        if len(self.waited_s) < self._most:
            return False
        self.reached.set()
        return True


class Blocked:
    """A camera that gives nothing until it is closed, or never, if it is `wedged`."""

    name = "blocked camera"

    def __init__(self, *, wedged: bool = False) -> None:
        self._wedged = wedged
        self.reading = threading.Event()
        self.let_go = threading.Event()
        self.closed = False
        self.woken = False

    def read(self) -> Frame | None:
        self.reading.set()
        self.woken = self.let_go.wait(PATIENCE_S)
        return None

    def close(self) -> None:
        self.closed = True
        if not self._wedged:
            self.let_go.set()


def reading_threads() -> list[threading.Thread]:
    """The threads of `LiveSource` that run."""
    return [thread for thread in threading.enumerate() if thread.name == "camera"]


def wait_until_it_ends() -> None:
    for thread in reading_threads():
        thread.join(PATIENCE_S)
    assert reading_threads() == []


def frames(*times: float) -> list[Frame]:
    return [blank_frame(time_s) for time_s in times]


def opened(*sources: FrameSource | Exception) -> Callable[[], FrameSource]:
    """Opens one source after the other."""
    steps = iter(sources)

    def opener() -> FrameSource:
        step = next(steps)
        if isinstance(step, Exception):
            raise step
        return step

    return opener


def times_to_the_end(source: LiveSource) -> list[float]:
    return [frame.time_s for frame in iter(source.read, None)]


@pytest.mark.parametrize("check", CHECKS)
def test_contract(check: Callable[[object], None]) -> None:
    def factory() -> FrameSource:
        endless = (blank_frame(number / 30) for number in itertools.count())
        return LiveSource(lambda: FakeCamera(endless, live=True)).start()

    check(factory)


def test_the_newest_frame_wins_and_a_film_ends() -> None:
    film = FakeCamera(frames(0.0, 0.1, 0.2), name="film.mp4")
    source = LiveSource(lambda: film).start()
    wait_until_it_ends()
    assert source.name == "film.mp4"
    assert times_to_the_end(source) == [0.2]
    assert source.read() is None
    assert film.closed
    source.close()


def test_the_last_frame_is_read_even_when_it_comes_at_the_last_moment() -> None:
    class Late(Mailbox[Frame]):
        """Gives nothing at first, for frame and end come while somebody waits."""

        waited = False

        def take(self, timeout_s: float) -> Frame | None:
            if self.waited:
                return super().take(timeout_s)
            self.waited = True
            source.start()
            wait_until_it_ends()
            return None

    source = LiveSource(lambda: FakeCamera(frames(7.0)), frames=Late())
    assert times_to_the_end(source) == [7.0]


def test_a_camera_that_gives_nothing_is_an_error_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "FRAME_S", 0.001)
    camera = Blocked()
    source = LiveSource(lambda: camera).start()
    assert camera.reading.wait(PATIENCE_S)
    with pytest.raises(CameraError, match="blocked camera: no frame for"):
        source.read()
    monkeypatch.setattr(live, "FRAME_S", PATIENCE_S)
    source.close()


def test_a_lost_camera_is_sought_ever_more_slowly_and_told_of_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    waits = Waits(most=8)
    source = LiveSource(opened(FakeCamera([*frames(0.0), LOST]), *[LOST] * 7), waits).start()
    wait_until_it_ends()
    assert waits.waited_s == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0]
    assert caplog.messages == [str(LOST)]
    assert source.fault == str(LOST)
    source.close()


def test_a_camera_that_opens_and_fails_again_is_still_the_same_episode(
    caplog: pytest.LogCaptureFixture,
) -> None:
    waits = Waits(most=4)
    cameras = [FakeCamera([LOST]) for _ in range(4)]
    source = LiveSource(opened(*cameras), waits).start()
    wait_until_it_ends()
    assert waits.waited_s == [0.5, 1.0, 2.0, 4.0]
    assert caplog.messages == [str(LOST)]
    assert all(camera.closed for camera in cameras)
    source.close()


def test_frames_end_the_fault_and_the_next_loss_is_another_episode(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    waits, seen = Waits(most=99), []

    def faults(*steps: Frame | CameraError) -> Iterator[Frame | CameraError]:
        for step in steps:
            seen.append(source.fault)
            yield step

    source = LiveSource(
        opened(
            FakeCamera(faults(*frames(0.0), LOST)),
            LOST,
            FakeCamera(faults(*frames(1.0, 1.1), LOST), name="same camera"),
            FakeCamera(faults(*frames(2.0, 2.1)), name="same camera"),
        ),
        waits,
    )
    source.start()
    wait_until_it_ends()
    # before each step: while lost until one frame has come
    lost = str(LOST)
    assert seen == [None, None, lost, None, None, lost, None]
    assert waits.waited_s == [0.5, 1.0, 0.5]
    assert caplog.messages == [lost, "same camera gives frames again"] * 2
    assert source.fault is None
    assert times_to_the_end(source) == [2.1]
    source.close()


def test_while_the_camera_is_lost_a_read_says_why() -> None:
    waits = Waits(most=1)
    source = LiveSource(opened(LOST), waits).start()
    assert waits.reached.wait(PATIENCE_S)
    with pytest.raises(CameraError, match="it stopped"):
        source.read()
    source.close()


@pytest.mark.parametrize(
    "error", [SourceError("no Pi camera here; use usb:0"), ZeroDivisionError()]
)
def test_what_no_waiting_mends_is_raised_where_frames_are_read(error: Exception) -> None:
    waits = Waits(most=1)
    source = LiveSource(opened(error), waits).start()
    with pytest.raises(type(error)) as caught:
        source.read()
    assert caught.value is error
    assert waits.waited_s == []
    source.close()


def test_frames_before_a_crash_are_read_first() -> None:
    def script() -> Iterator[Frame]:
        yield blank_frame(0.0)
        raise ZeroDivisionError

    camera = FakeCamera(script())
    source = LiveSource(lambda: camera).start()
    wait_until_it_ends()
    frame = source.read()
    assert frame is not None
    with pytest.raises(ZeroDivisionError):
        source.read()
    assert camera.closed
    source.close()


def test_closing_ends_the_thread_and_wakes_a_camera_that_waits(
    caplog: pytest.LogCaptureFixture,
) -> None:
    camera = Blocked()
    source = LiveSource(lambda: camera).start()
    assert camera.reading.wait(PATIENCE_S)
    source.close()
    source.close()
    assert reading_threads() == []
    assert (camera.closed, camera.woken) == (True, True)
    with pytest.raises(CameraError, match="was closed"):
        source.read()
    assert (source.fault, caplog.messages) == (None, [])


def test_closing_does_not_wait_for_a_wedged_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    camera = Blocked(wedged=True)
    source = LiveSource(lambda: camera).start()
    assert camera.reading.wait(PATIENCE_S)
    monkeypatch.setattr(worker, "END_S", 0.001)
    source.close()
    assert reading_threads() != []
    camera.let_go.set()
    wait_until_it_ends()


def test_closing_wakes_a_reader_and_cuts_the_back_off_short() -> None:
    source = LiveSource(opened(LOST)).start()
    called = threading.Event()
    errors: list[CameraError] = []

    def read() -> None:
        called.set()
        try:
            source.read()
        except CameraError as error:
            errors.append(error)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    assert called.wait(PATIENCE_S)
    source.close()
    reader.join(PATIENCE_S / 2)
    assert [str(error) for error in errors] == ["camera was closed"]
    assert reading_threads() == []


def test_a_camera_lost_because_it_was_closed_is_no_loss(caplog: pytest.LogCaptureFixture) -> None:
    class Closing(Blocked):
        def read(self) -> Frame | None:
            closer.start()
            super().read()
            raise CameraError("USB camera was closed")

    source = LiveSource(Closing)
    closer = threading.Thread(target=source.close)
    source.start()
    wait_until_it_ends()
    closer.join(PATIENCE_S)
    assert (source.fault, caplog.messages) == (None, [])
    source.close()


def test_a_source_that_never_started_can_be_closed() -> None:
    source = LiveSource(opened())
    source.close()
    with pytest.raises(CameraError):
        source.read()


def test_every_frame_is_prepared_in_the_cameras_thread_before_it_is_handed_out() -> None:
    called: list[tuple[str, float]] = []

    def prepare(frame: Frame) -> None:
        called.append((threading.current_thread().name, frame.time_s))

    source = LiveSource(opened(FakeCamera(frames(0.0))), prepare=prepare).start()
    assert source.read() is not None
    assert called == [("camera", 0.0)]
    source.close()
