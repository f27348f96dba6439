"""SDL's scaling by its C interface; what it makes of a picture is in test_resample."""

import threading

import numpy as np
import pytest

from kiosk.vision.pose import sdl_scale as module
from kiosk.vision.pose.sdl_scale import stretch


def random(height: int, width: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)


def test_the_same_size_is_the_same_picture() -> None:
    rgbx, into = random(48, 64), np.zeros((48, 64, 4), np.uint8)
    stretch(rgbx, into)
    np.testing.assert_array_equal(into[..., :3], rgbx[..., :3])


def test_a_part_of_a_picture_may_be_taken_and_written() -> None:
    rgbx, whole = random(48, 64), np.zeros((40, 50, 4), np.uint8)
    into = np.zeros((20, 20, 4), np.uint8)
    stretch(rgbx[3:43, 7:47].copy(), into)
    stretch(rgbx[3:43, 7:47], whole[5:25, 9:29])
    np.testing.assert_array_equal(whole[5:25, 9:29], into)
    assert whole.any(axis=-1).sum() <= into.shape[0] * into.shape[1]


def test_threads_do_not_disturb_each_other() -> None:
    sources = [random(120, 160, seed) for seed in range(4)]
    expected = [np.zeros((48, 48, 4), np.uint8) for _ in sources]
    for source, into in zip(sources, expected, strict=True):
        stretch(source, into)
    wrong = []

    def scale(number: int) -> None:
        into = np.zeros((48, 48, 4), np.uint8)
        for _ in range(200):
            into[:] = 0
            stretch(sources[number], into)
            if not np.array_equal(into, expected[number]):
                wrong.append(number)

    threads = [threading.Thread(target=scale, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_what_sdl_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    rgb24 = 0x17101803  # it scales pixels of four bytes alone
    monkeypatch.setattr(module, "_ORDER", rgb24)
    with pytest.raises(ValueError, match=r"\(8, 8, 4\) to \(4, 4, 4\): \w+"):
        stretch(random(8, 8), np.zeros((4, 4, 4), np.uint8))
