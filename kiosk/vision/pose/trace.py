"""Writes the poses of a film to a file and reads them back, to be judged without the film.

A trace is an .npz of three arrays: `t` [T] seconds, `keypoints` [T, 17, 3] (x px, y px, score in
COCO's order), `size` (width, height) px.
"""

import math
import os
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from kiosk.body.pose import Keypoint, Pose
from kiosk.errors import BadInputError, SourceError, os_errors_as
from kiosk.system.files import write_whole

REMEDY = "record it again with `kiosk replay FILM --save-trace`"

MOST_FRAMES = 3 * 3600 * 30
"""Three hours at 30 frames a second, in 130 MB: nobody trains for longer, and a file of 200 kB may
promise any number of them."""
MOST_SIDE_PX = 16384
"""Longest side of a frame: twice that of 8K film."""
FAR_SIDES = 4.0
"""A keypoint is at most so many sides of the frame outside of it. Models put the limbs that they
cannot see outside by a fraction of one; farther off are only the marks of a damaged file."""
MOST_S = 1e10
"""Latest time: that of a clock which counts from 1970, three centuries on."""
_SCORES = -0.5, 1.5  # models give scores a little outside 0 to 1, and clipping mends those alone
_AXES = {"t": 1, "keypoints": 3, "size": 1}


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
    try:
        file = path.open("rb")
    except OSError as error:
        reason = error.strerror or error
        raise SourceError(f"{path}: {reason}; give the path of a pose trace") from error
    # numpy warns of a header that Python 2 wrote, in three lines
    with file, warnings.catch_warnings(action="error"):
        try:
            return _read(path, file)
        except SourceError:
            raise
        # a damaged file makes zipfile, zlib and numpy's parser of headers raise what they like
        except Exception as error:
            raise _refusal(path, "not a pose trace, or a damaged one") from error


def _read(path: Path, file: BinaryIO) -> Trace:
    """Reads the arrays one by one, the small ones first, and each only if it makes sense so far."""
    with zipfile.ZipFile(file) as archive:
        shapes = {name: _shape(path, archive, name) for name in _AXES}
        count = shapes["t"][0] if len(shapes["t"]) == 1 else -1
        expected = (count, len(Keypoint), 3)
        if count < 0:
            raise _refusal(path, f"t has shape {shapes['t']} and should be [T]")
        if count == 0:
            raise _refusal(path, "t holds no frame")
        if count > MOST_FRAMES:
            raise _refusal(path, f"t holds {count:,} frames; no set has more than {MOST_FRAMES:,}")
        if shapes["keypoints"] != expected:
            what = f"keypoints has shape {shapes['keypoints']} and should be {expected}"
            raise _refusal(path, what)
        if shapes["size"] != (2,):
            what = f"size has shape {shapes['size']} and should be width and height in pixels"
            raise _refusal(path, what)
        size = _array(archive, "size")
        if not all(side.is_integer() and 1 <= side <= MOST_SIDE_PX for side in size.tolist()):
            what = f"size is {size.tolist()} and should be width and height in pixels"
            raise _refusal(path, what)
        times = _array(archive, "t")
        _check_times(path, times)
        keypoints = _array(archive, "keypoints")
    _check_keypoints(path, keypoints, size)
    keypoints[:, :, 2] = keypoints[:, :, 2].clip(0, 1)
    width, height = size.astype(int).tolist()
    return Trace(times=times, keypoints=keypoints, size=(width, height))


def _shape(path: Path, archive: zipfile.ZipFile, name: str) -> tuple[int, ...]:
    """Reads an array's shape from its header; nothing is unpacked behind it."""
    if f"{name}.npy" not in archive.namelist():
        raise _refusal(path, f"array {name} is missing")
    member = archive.getinfo(f"{name}.npy")
    with archive.open(member) as file:
        # later versions are for headers of megabytes, and would be read into memory whole
        if npy.read_magic(file) != (1, 0):
            raise _refusal(path, f"array {name} is of another version of numpy's format")
        shape, _, dtype = npy.read_array_header_1_0(file)
        if dtype.hasobject:
            raise _refusal(path, f"array {name} is damaged or holds Python objects")
        if dtype.kind not in "fiu" or dtype.itemsize > 8:
            raise _refusal(path, f"{name} holds {dtype} and should hold numbers")
        if file.tell() + math.prod(shape) * dtype.itemsize != member.file_size:
            raise _refusal(path, f"array {name} is damaged: its header promises another length")
    return shape


def _array(archive: zipfile.ZipFile, name: str) -> NDArray[np.float64]:
    with archive.open(f"{name}.npy") as file:
        array = npy.read_array(file, allow_pickle=False)
    # what no float64 holds becomes infinity, which is refused by its name
    with np.errstate(over="ignore"):
        return np.asarray(array, np.float64)


def _check_times(path: Path, times: NDArray[np.float64]) -> None:
    sane = np.isfinite(times)
    if not sane.all():
        raise _refusal(path, f"t holds NaN or infinity at frame {int(np.argmin(sane))}")
    near = np.abs(times) <= MOST_S
    if not near.all():
        raise _refusal(path, f"t makes no sense at frame {int(np.argmin(near))}")
    onward = times[1:] > times[:-1]
    if not onward.all():
        frame = int(np.argmin(onward)) + 1
        raise _refusal(
            path, f"t stands still or runs backwards at frame {frame} ({times[frame]:g} s)"
        )


def _check_keypoints(path: Path, keypoints: NDArray[np.float64], size: NDArray[np.float64]) -> None:
    far, (low, high) = FAR_SIDES * size, _SCORES
    places, scores = keypoints[..., :2], keypoints[..., 2]
    for what, sane in (
        ("NaN or infinity", np.isfinite(keypoints)),
        ("a point far outside the frame", (places >= -far) & (places <= size + far)),
        ("a score beyond 0 to 1", (scores >= low) & (scores <= high)),
    ):
        good = sane.reshape(len(sane), -1).all(axis=1)
        if not good.all():
            raise _refusal(path, f"keypoints holds {what} at frame {int(np.argmin(good))}")


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


def _refusal(path: Path, what: str) -> SourceError:
    return SourceError(f"{path}: {what}; {REMEDY}")
