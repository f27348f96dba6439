"""A video file as a source of frames."""

import os
import stat
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from kiosk.errors import SourceError
from kiosk.vision.camera.frame import Frame
from kiosk.vision.camera.pixels import pixels
from kiosk.vision.camera.upright import upright

SHORTFALL_S = 1.0
"""A film this much shorter than its container says was cut off; sound that outlasts it is not."""

TEXT_DEMUXER = "tty"
"""FFmpeg draws any .txt file as a terminal's screen, and would play it."""


class Film:
    """A video file, frame by frame, each at the time the file gives it.

    Times start at 0 with the first frame and strictly increase; frames without a time, or whose
    time does not advance, are dropped. Pictures come upright and with square pixels, all in the
    size of the first. A damaged packet costs its frames, no more.

    Args:
        path: the video file.

    Raises:
        SourceError: no such file, not a video, or a video without a single frame.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._lock = threading.Lock()
        self._container = _open(self._path)
        self._stream = _video_stream(self._container, self._path)
        # Frame threads decode ahead on the core that inference leaves free: with two of them
        # frames cost a third of the waiting and no more work; slice threads gain nothing.
        self._stream.thread_type = "FRAME"
        self._stream.codec_context.thread_count = 2
        self._duration_s = _duration_s(self._container, self._stream)
        self._pictures = self._decode()
        self._damaged = False
        self._cut_off = False
        self._first_pts: int | None = None
        self._last_pts: int | None = None
        self._last_end_s = 0.0
        self._size: tuple[int, int] | None = None
        self._matrix: bytes | None = None
        self._waiting = self._advance()
        if self._waiting is None:
            raise SourceError(
                f"{self._path}: no frame of this video can be decoded; copy it again from where "
                "it came, or convert it to MP4 with ffmpeg"
            )

    @property
    def name(self) -> str:
        """The path as it was given."""
        return str(self._path)

    @property
    def duration_s(self) -> float | None:
        """What the container says, in seconds; None where it does not."""
        return self._duration_s

    @property
    def ended_early(self) -> bool:
        """Whether damage was met so far, or the film ended before its stated length."""
        return self._damaged or self._cut_off

    def read(self) -> Frame | None:
        """The next frame; None at the end and once closed."""
        with self._lock:
            frame, self._waiting = self._waiting, None
            return frame or self._advance()

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._waiting = None
            self._pictures.close()
            self._container.close()

    def _advance(self) -> Frame | None:
        for picture in self._pictures:
            pts, base = picture.pts, picture.time_base
            if pts is None or not base or (self._last_pts is not None and pts <= self._last_pts):
                continue
            if self._first_pts is None:
                self._first_pts = pts
                self._learn_geometry(picture)
            self._last_pts = pts
            tick_s = base.numerator / base.denominator
            time_s = (pts - self._first_pts) * tick_s
            self._last_end_s = time_s + picture.duration * tick_s
            return Frame(rgbx=self._pixels(picture), time_s=time_s)
        return None

    def _decode(self) -> Generator[VideoFrame, None, None]:
        try:
            for packet in self._container.demux(self._stream):
                try:
                    yield from packet.decode()
                except av.FFmpegError:
                    self._damaged = True
        except av.FFmpegError:
            self._damaged = True
        if self._duration_s is not None:
            self._cut_off = self._last_end_s + SHORTFALL_S < self._duration_s

    def _learn_geometry(self, picture: VideoFrame) -> None:
        shape = self._stream.sample_aspect_ratio
        stretch = float(shape) if shape else 1.0
        if not 0.25 <= stretch <= 4:
            stretch = 1.0
        self._size = round(picture.width * stretch), picture.height
        # the stubs know of one kind of side data only
        matrix = cast("Any", picture.side_data).get("DISPLAYMATRIX")
        self._matrix = bytes(matrix) if matrix else None

    def _pixels(self, picture: VideoFrame) -> NDArray[np.uint8]:
        assert self._size
        rgbx = pixels(picture, self._size)
        return upright(rgbx, self._matrix) if self._matrix else rgbx


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


def _duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    if stream.duration is not None and stream.time_base:
        return float(stream.duration * stream.time_base)
    return None if container.duration is None else container.duration / av.time_base
