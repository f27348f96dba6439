"""What every source of frames promises, whatever is behind it.

Each check takes a factory that opens a fresh source of at least ten frames. Nothing here knows of
pytest, so the same checks can be run by hand on a real camera.
"""

import threading
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from kiosk.errors import CameraError
from kiosk.vision.camera.frame import Frame, FrameSource

Factory = Callable[[], FrameSource]
PATIENCE_S = 10.0


def read_some(source: FrameSource, count: int = 10) -> list[Frame]:
    frames = [source.read() for _ in range(count)]
    assert all(frames), "the source ended early"
    return [frame for frame in frames if frame]


def check_frames_are_pictures(factory: Factory) -> None:
    source = factory()
    frames = read_some(source)
    source.close()
    for frame in frames:
        height, width, bytes_ = frame.rgbx.shape
        assert (height > 0, width > 0, bytes_) == (True, True, 4)
        assert frame.rgbx.dtype == np.uint8
        assert frame.rgbx.strides[1:] == (4, 1), "only rows may be padded"
        assert frame.rgbx.shape == frames[0].rgbx.shape


def check_times_increase(factory: Factory) -> None:
    source = factory()
    times = [frame.time_s for frame in read_some(source)]
    source.close()
    assert all(isinstance(time_s, float) for time_s in times)
    assert all(before < after for before, after in pairwise(times))


def check_frames_stay_as_they_were(factory: Factory) -> None:
    source = factory()
    first = read_some(source, 1)[0]
    seen = first.rgbx.copy()
    read_some(source, 9)
    source.close()
    assert np.array_equal(first.rgbx, seen), "a later frame was written over an earlier one"


def check_closing_twice_ends_it(factory: Factory) -> None:
    source = factory()
    read_some(source, 1)
    source.close()
    source.close()
    assert is_over(source)


def check_any_thread_may_close(factory: Factory) -> None:
    source = factory()
    reading = threading.Event()

    def read_on() -> None:
        while not is_over(source):
            reading.set()

    reader = threading.Thread(target=read_on, daemon=True)
    reader.start()
    assert reading.wait(PATIENCE_S)
    source.close()
    reader.join(PATIENCE_S)
    assert not reader.is_alive(), "a reader was left waiting"


def check_it_has_a_name(factory: Factory) -> None:
    source = factory()
    assert source.name
    source.close()


def check_times_are_monotonic_seconds(factory: Factory) -> None:
    """For cameras: frames carry the clock that the rest of the kiosk reads."""
    source = factory()
    frame = read_some(source, 1)[0]
    source.close()
    assert abs(time.monotonic() - frame.time_s) < PATIENCE_S


def is_over(source: FrameSource) -> bool:
    try:
        return source.read() is None
    except CameraError:
        return True


CHECKS = (
    check_frames_are_pictures,
    check_times_increase,
    check_frames_stay_as_they_were,
    check_closing_twice_ends_it,
    check_any_thread_may_close,
    check_it_has_a_name,
)
CAMERA_CHECKS = (*CHECKS, check_times_are_monotonic_seconds)
