"""Writes the poses of a film to a file and reads them back, to be judged without the film.

A trace is an .npz of three arrays: `t` [T] seconds, `keypoints` [T, 17, 3] (x px, y px, score in
COCO's order), `size` (width, height) px.
"""

import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.body.pose import Keypoint, Pose
from kiosk.errors import BadInputError, SourceError, os_errors_as
from kiosk.system.files import write_whole

REMEDY = "record it again with `kiosk replay FILM --save-trace`"

_DAMAGE = (
    *(OSError, ValueError, EOFError, KeyError, MemoryError, NotImplementedError, RuntimeError),
    *(SyntaxError, zipfile.BadZipFile, zlib.error),
)
"""All that numpy and zipfile raise over a file that is not what it should be."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """The poses of one film; iterating gives them one by one.

    Attributes:
        times: [T] float64 seconds, strictly increasing.
        keypoints: [T, 17, 3] float64: x and y in pixels, score 0 to 1.
        size: width and height of the frames in pixels.
    """

    times: NDArray[np.float64]
    keypoints: NDArray[np.float64]
    size: tuple[int, int]

    def __iter__(self) -> Iterator[Pose]:
        for time_s, keypoints in zip(self.times.tolist(), self.keypoints, strict=True):
            yield Pose.of(time_s, keypoints, self.size)


def read_trace(path: str | os.PathLike[str]) -> Trace:
    """Reads a trace and checks it.

    Scores a little outside 0 to 1, as models give them, are clipped.

    Raises:
        SourceError: no such file, not a trace, or one that is damaged or makes no sense; the
            message names the array and the first frame (counted from 0) at fault.
    """
    path = Path(path)
    arrays = _load(path)
    times, keypoints, size = arrays["t"], arrays["keypoints"], arrays["size"]

    if times.ndim != 1:
        raise _refusal(path, f"t has shape {times.shape} and should be [T]")
    count = len(times)
    if count == 0:
        raise _refusal(path, "t holds no frame")
    if keypoints.shape != (count, len(Keypoint), 3):
        expected = f"({count}, {len(Keypoint)}, 3)"
        raise _refusal(path, f"keypoints has shape {keypoints.shape} and should be {expected}")
    if size.shape != (2,) or not all(side.is_integer() and side >= 1 for side in size.tolist()):
        raise _refusal(path, f"size is {size.tolist()} and should be width and height in pixels")

    for name, sane in (
        ("t", np.isfinite(times)),
        ("keypoints", np.isfinite(keypoints).all(axis=(1, 2))),
    ):
        if not sane.all():
            raise _refusal(path, f"{name} holds NaN or infinity at frame {int(np.argmin(sane))}")
    onward = times[1:] > times[:-1]
    if not onward.all():
        frame = int(np.argmin(onward)) + 1
        raise _refusal(
            path, f"t stands still or runs backwards at frame {frame} ({times[frame]:g} s)"
        )

    keypoints[:, :, 2] = keypoints[:, :, 2].clip(0, 1)
    width, height = size.astype(int).tolist()
    return Trace(times=times, keypoints=keypoints, size=(width, height))


def write_trace(path: str | os.PathLike[str], poses: Iterable[Pose]) -> None:
    """Writes a trace, whole or not at all.

    Args:
        path: where to; an older file gives way only once the new one is complete.
        poses: in the order of their times, all of frames of one size. Keypoints are kept as
            float32, which makes 25 MB of an hour at 30 frames a second.

    Raises:
        BadInputError: nowhere to write, or nothing to be written.
    """
    path = Path(path)
    poses = list(poses)
    sizes = {pose.size for pose in poses}
    if len(sizes) != 1:
        raise BadInputError(
            f"{path}: a trace needs poses of one size of frame, not of {len(sizes)}"
        )
    fault, remedy = "the trace cannot be written", "name a file in a folder that can be written"
    with os_errors_as(BadInputError, f"{path}: {fault}", remedy), write_whole(path) as file:
        np.savez(
            file,
            t=np.array([pose.time_s for pose in poses], np.float64),
            keypoints=np.stack([pose.keypoints.astype(np.float32) for pose in poses]),
            size=np.array(sizes.pop()),
        )


def _load(path: Path) -> dict[str, NDArray[np.float64]]:
    """Reads the three arrays as float64, whatever their shapes."""
    try:
        file = path.open("rb")  # opened here because numpy leaves a damaged file open
    except OSError as error:
        reason = error.strerror or error
        raise SourceError(f"{path}: {reason}; give the path of a pose trace") from error
    arrays: dict[str, NDArray[np.float64]] = {}
    with file:
        try:
            loaded = np.load(file, allow_pickle=False)
        except _DAMAGE as error:
            raise _refusal(path, "not a pose trace, or a damaged one") from error
        if not isinstance(loaded, np.lib.npyio.NpzFile):
            raise _refusal(path, "one array and not a pose trace")
        for name in ("t", "keypoints", "size"):
            if name not in loaded.files:
                raise _refusal(path, f"array {name} is missing")
            try:
                array: NDArray[Any] = loaded[name]
            except _DAMAGE as error:
                raise _refusal(path, f"array {name} is damaged or holds Python objects") from error
            if array.dtype.kind not in "fiu":
                raise _refusal(path, f"{name} holds {array.dtype} and should hold numbers")
            arrays[name] = array.astype(np.float64)
    return arrays


def _refusal(path: Path, what: str) -> SourceError:
    return SourceError(f"{path}: {what}; {REMEDY}")
