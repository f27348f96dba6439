"""The empty room, and what is not it."""

import numpy as np
import pytest
from drawn import SIZE, bent, body_of, four_bytes, mask_of, painted, trunk_of

from kiosk.vision.back.background import LEAST, MEMORY, BackgroundModel, Change
from kiosk.vision.pose.crop import CropRegion
from kiosk.vision.pose.resample import Resampler

REGION = CropRegion(270, 140, 256)


@pytest.fixture
def lifter() -> np.ndarray:
    pose = bent()
    return mask_of(trunk_of(pose, body_of(pose)), 0.0)


def learnt(frames: int = 4, person: np.ndarray | None = None, **how: float) -> BackgroundModel:
    room = BackgroundModel(Resampler(256))
    for seed in range(frames):
        room.update(painted(seed=seed, **how).rgbx, person)
    return room


def seen(
    room: BackgroundModel, rgbx: np.ndarray, person: np.ndarray | None = None
) -> Change | None:
    return room.compare(rgbx, Resampler(256)(rgbx, REGION), person)


def cut(mask: np.ndarray) -> np.ndarray:
    return shown(mask, REGION)


def shown(mask: np.ndarray, region: CropRegion) -> np.ndarray:
    """A mask of the frame as the segmenter's picture would show it."""
    grey = np.repeat((255 * mask)[..., np.newaxis], 3, axis=2)
    return Resampler(256)(four_bytes(grey), region).picture[..., 0] / 255


@pytest.mark.parametrize("light", [1.0, 0.7, 1.3])
def test_whoever_was_not_there_has_changed_in_any_light(lifter: np.ndarray, light: float) -> None:
    change = seen(learnt(), painted(lifter, light=light, seed=9).rgbx)
    wrong = (change.changed > 0.5) != (cut(lifter) > 0.5)
    assert wrong.mean() < 0.01


def test_a_room_not_seen_often_enough_says_nothing(lifter: np.ndarray) -> None:
    assert seen(BackgroundModel(Resampler(256)), painted(lifter).rgbx) is None
    assert seen(learnt(LEAST - 1), painted(lifter).rgbx) is None
    assert seen(learnt(LEAST), painted(lifter).rgbx) is not None


def test_another_light_altogether_is_another_room(lifter: np.ndarray) -> None:
    assert seen(learnt(), painted(lifter, light=0.3).rgbx) is None


def test_another_size_begins_anew(lifter: np.ndarray) -> None:
    room = learnt()
    small = painted(lifter).rgbx[::2, ::2]
    assert seen(room, small) is None
    room.update(small)
    assert seen(room, painted(lifter).rgbx) is None


def test_the_light_is_followed_while_nobody_is_there(lifter: np.ndarray) -> None:
    room = learnt(light=0.4)
    for seed in range(3 * MEMORY):
        room.update(painted(light=1.0, seed=seed).rgbx)
    assert seen(room, painted(lifter, seed=99).rgbx) is not None


def test_whom_the_segmenter_finds_is_not_learnt(lifter: np.ndarray) -> None:
    """A model learnt with the lifter in it would call them the room."""
    person = shown(lifter, CropRegion.whole(SIZE)).astype(np.float32)
    room = learnt()
    for seed in range(MEMORY):
        room.update(painted(lifter, seed=seed).rgbx, person)
    change = seen(room, painted(lifter, seed=77).rgbx)
    assert ((change.changed > 0.5) != (cut(lifter) > 0.5)).mean() < 0.01
    always = learnt(6, person)
    change = seen(always, painted(seed=78).rgbx)
    assert np.all(change.changed[cut(lifter) > 0.9] == 0.5)


def test_a_cast_shadow_is_told_from_a_shirt(lifter: np.ndarray) -> None:
    frame = painted(lifter, seed=5).rgbx.astype(float)
    frame[140:200, 270:330] *= 0.7
    change = seen(learnt(), frame.astype(np.uint8))
    assert change.shade[5:55, 5:25].mean() > 0.9
    assert change.shade[cut(lifter) > 0.9].mean() < 0.05
    assert change.shade[:, 30:][cut(lifter)[:, 30:] < 0.1].mean() < 0.1  # a lit wall is none


def test_the_frame_is_never_written_to(lifter: np.ndarray) -> None:
    frame = painted(lifter)
    frame.rgbx.flags.writeable = False
    room = learnt()
    room.update(frame.rgbx)
    seen(room, frame.rgbx)
