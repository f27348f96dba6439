"""What the kiosk relies on in picamera2: asked of the fake in every commit, and of the real one in
tests/platform/real_picamera2.sh.

Each check takes a bench that opens the camera and can wedge it. Nothing here knows of pytest.
"""

import threading
from concurrent.futures import CancelledError
from typing import Any, Protocol

import numpy as np

PERIOD_US = 33333
SHORT_S = 0.2
PATIENCE_S = 10.0


class Bench(Protocol):
    def open(self) -> Any:
        """A Picamera2."""

    def wedge(self, camera: Any, *, wedged: bool) -> None:
        """No frames, and no error; or frames again."""


def started(bench: Bench, size: tuple[int, int] = (320, 240)) -> Any:
    camera = bench.open()
    camera.configure(
        camera.create_video_configuration(
            main={"size": size, "format": "XBGR8888"},
            raw={},
            buffer_count=4,
            queue=False,
            controls={"FrameDurationLimits": (PERIOD_US, PERIOD_US)},
        )
    )
    camera.start()
    return camera


def raised(call: Any, *of: Any) -> type[BaseException] | None:
    try:
        call(*of)
    except Exception as error:  # noqa: BLE001 - which one it is, is what is asked
        return type(error)
    return None


def check_an_array_is_the_picture_without_padding(bench: Bench) -> None:
    camera = started(bench)
    config = camera.stream_configuration("main")
    assert (config["format"], config["size"]) == ("XBGR8888", (320, 240))
    assert config["stride"] >= 4 * 320
    request = camera.capture_request(wait=PATIENCE_S)
    array = request.make_array("main")
    assert (array.shape, array.dtype) == ((240, 320, 4), np.uint8)
    request.release()
    camera.close()


def check_an_odd_size_becomes_even(bench: Bench) -> None:
    camera = bench.open()
    config = camera.create_video_configuration(
        main={"size": (321, 241), "format": "XBGR8888"},
        raw={},
        buffer_count=4,
        queue=False,
        controls={"FrameDurationLimits": (PERIOD_US, PERIOD_US)},
    )
    assert config["main"]["size"] == (320, 240)
    camera.close()


def check_each_frame_is_given_once_with_a_later_time(bench: Bench) -> None:
    camera = started(bench)
    times = []
    for _ in range(8):
        request = camera.capture_request(wait=PATIENCE_S)
        times.append(request.get_metadata()["SensorTimestamp"])
        request.release()
    assert times == sorted(set(times))
    camera.close()


def check_a_copy_stays_when_its_request_was_given_back(bench: Bench) -> None:
    camera = started(bench)
    request = camera.capture_request(wait=PATIENCE_S)
    array = request.make_array("main")
    seen = array.copy()
    request.release()
    for _ in range(8):
        camera.capture_request(wait=PATIENCE_S).release()
    assert np.array_equal(array, seen)
    camera.close()


def check_a_request_given_back_twice_is_refused(bench: Bench) -> None:
    camera = started(bench)
    request = camera.capture_request(wait=PATIENCE_S)
    request.release()
    assert raised(request.release) is RuntimeError
    camera.close()


def check_a_wedged_camera_times_out_and_works_again(bench: Bench) -> None:
    camera = started(bench)
    camera.capture_request(wait=PATIENCE_S).release()
    bench.wedge(camera, wedged=True)
    assert raised(camera.capture_request, SHORT_S) is TimeoutError
    camera.cancel_all_and_flush()
    bench.wedge(camera, wedged=False)
    camera.capture_request(wait=PATIENCE_S).release()
    camera.close()


def check_a_waiting_reader_is_woken(bench: Bench) -> None:
    camera = started(bench)
    bench.wedge(camera, wedged=True)
    found: list[type[BaseException] | None] = []
    reader = threading.Thread(
        target=lambda: found.append(raised(camera.capture_request, PATIENCE_S)), daemon=True
    )
    reader.start()
    while not found:
        camera.cancel_all_and_flush()
        reader.join(SHORT_S)
    assert found == [CancelledError]
    camera.close()


def check_one_that_was_not_started_gives_nothing(bench: Bench) -> None:
    camera = bench.open()
    assert raised(camera.capture_request, SHORT_S) is TimeoutError
    camera.cancel_all_and_flush()
    camera.close()


CHECKS = (
    check_an_array_is_the_picture_without_padding,
    check_an_odd_size_becomes_even,
    check_each_frame_is_given_once_with_a_later_time,
    check_a_copy_stays_when_its_request_was_given_back,
    check_a_request_given_back_twice_is_refused,
    check_a_wedged_camera_times_out_and_works_again,
    check_a_waiting_reader_is_woken,
    check_one_that_was_not_started_gives_nothing,
)
