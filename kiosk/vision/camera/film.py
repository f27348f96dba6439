"""Reads a video file as a source of frames."""

import contextlib
import os
import stat
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from kiosk.errors import SourceError
from kiosk.vision.camera.frame import Frame, to_rgbx

TEXT_DEMUXER = "tty"
"""FFmpeg draws any .txt file as a terminal's screen, and would play it."""


class Film:
    """A video file, frame by frame, each at the time the file gives it.

    Times start at 0 with the first frame and strictly increase; frames without a time, or whose
    time does not advance, are dropped. Pictures come upright and with square pixels, all in the
    size of the first. A damaged packet costs its frames, no more.

    Attributes:
        duration_s: length in seconds as the container gives it; None where it does not.

    Raises:
        SourceError: no such file, not a video, or a video without a single frame.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        path = Path(path)
        self.name = str(path)
        self._lock = threading.Lock()
        self._container = _open(path)
        stream = _video_stream(self._container, path)
        # Frame threads decode ahead on the core that inference leaves free: with two of them
        # frames cost a third of the waiting and no more work; slice threads gain nothing.
        stream.thread_type = "FRAME"
        stream.codec_context.thread_count = 2
        self.duration_s = stated_duration_s(self._container, stream)
        self._frames = _frames(self._container, stream)
        self._waiting = next(self._frames, None)
        if self._waiting is None:
            raise SourceError(
                f"{path}: no frame of this video can be decoded; copy it again from where "
                "it came, or convert it to MP4 with ffmpeg"
            )

    def read(self) -> Frame | None:
        """Reads the next frame; None at the end and once closed."""
        with self._lock:
            frame, self._waiting = self._waiting, None
            return frame or next(self._frames, None)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._waiting = None
            self._frames.close()
            self._container.close()


def _frames(container: InputContainer, stream: VideoStream) -> Generator[Frame, None, None]:
    first_pts = last_pts = None
    for picture in _pictures(container, stream):
        pts, base = picture.pts, picture.time_base
        if pts is None or not base or (last_pts is not None and pts <= last_pts):
            continue
        if first_pts is None:
            first_pts = pts
            size, matrix = _geometry(picture, stream)
        last_pts = pts
        rgbx = to_rgbx(picture, size)
        time_s = (pts - first_pts) * (base.numerator / base.denominator)
        yield Frame(turn_upright(rgbx, matrix) if matrix else rgbx, time_s)


def _pictures(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    with contextlib.suppress(av.FFmpegError):
        for packet in container.demux(stream):
            with contextlib.suppress(av.FFmpegError):
                yield from packet.decode()


def _geometry(picture: VideoFrame, stream: VideoStream) -> tuple[tuple[int, int], bytes | None]:
    """Reads width and height with square pixels, and the display matrix."""
    shape = stream.sample_aspect_ratio
    stretch = float(shape) if shape else 1.0
    if not 0.25 <= stretch <= 4:
        stretch = 1.0
    # the stubs know of one kind of side data only
    matrix = cast("Any", picture.side_data).get("DISPLAYMATRIX")
    return (round(picture.width * stretch), picture.height), bytes(matrix) if matrix else None


def turn_upright(rgbx: NDArray[np.uint8], matrix: bytes) -> NDArray[np.uint8]:
    """Turns a picture by its display matrix, as a player would show it.

    Args:
        rgbx: [height, width, 4] uint8; rows may be padded.
        matrix: a display matrix as FFmpeg keeps it, nine native int32 (a b u c d v x y w), which
            sends the stored point (p, q) to (a p + c q, b p + d q). See libavutil/display.h.
            Turns by quarters and mirrorings are followed; anything else is rounded to them.

    Returns:
        The same array where nothing is to be turned, else a new one without padding.
    """
    a, b, _, c, d = np.frombuffer(matrix, np.int32, count=5).tolist()
    quarter = abs(b) + abs(c) > abs(a) + abs(d)
    flip_x, flip_y = (c < 0, b < 0) if quarter else (a < 0, d < 0)
    if not (quarter or flip_x or flip_y):
        return rgbx
    # a pixel is moved as one element, not byte by byte
    pixels = rgbx.view(np.uint32)[..., 0]
    if quarter:
        pixels = pixels.T
    turned = np.ascontiguousarray(pixels[:: -1 if flip_y else 1, :: -1 if flip_x else 1])
    return turned.view(np.uint8).reshape(*turned.shape, 4)


def _open(path: Path) -> InputContainer:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{path}: {reason}; give the path of a video file") from error
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "not a file"
        raise SourceError(f"{path}: this is {what}; give the path of a video file")
    # "file:" keeps a colon in the name from naming a protocol, and the list keeps a playlist from
    # reaching for the network
    name, options = f"file:{path}", {"protocol_whitelist": "file"}
    try:
        try:
            container = av.open(name, options=options)
        except UnicodeDecodeError:
            # PyAV before 19 stumbles over a title that is no UTF-8; from 19 on it does not, and
            # has no such argument
            lenient: Any = {"metadata_errors": "replace"}
            container = av.open(name, options=options, **lenient)
    except av.FFmpegError as error:
        raise SourceError(
            f"{path}: not a video, or a damaged one ({error.strerror}); copy it again from where "
            "it came, or convert it to MP4 with ffmpeg"
        ) from error
    if container.format.name == TEXT_DEMUXER:
        raise SourceError(f"{path}: this is a text, not a video; give the path of a video file")
    return container


def _video_stream(container: InputContainer, path: Path) -> VideoStream:
    stream = next(iter(container.streams.video), None)
    if stream is None:
        raise SourceError(f"{path}: there is no video in this file; give one that has pictures")
    if stream.codec_context is None:
        raise SourceError(f"{path}: its video codec is unknown; convert it to MP4 with ffmpeg")
    return stream


def stated_duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    """Reads the length in seconds that the container gives; None where it gives none."""
    if stream.duration is not None and stream.time_base:
        return float(stream.duration * stream.time_base)
    return None if container.duration is None else container.duration / av.time_base
