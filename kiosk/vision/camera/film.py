"""Reads a video file as a source of frames."""

import math
import os
import stat
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from kiosk.errors import SourceError
from kiosk.vision.camera.frame import Frame, to_rgbx

TEXT_DEMUXER = "tty"
"""FFmpeg draws any .txt file as a terminal's screen, and would play it."""
USUAL_RATE = 25.0
"""Pictures a second of a stream that does not say, as FFmpeg assumes for raw streams."""
AGAIN_S = 0.5
"""Times that go back by this much start again; by less, one picture is out of order."""
PAUSE_S = 3600.0
"""Longer than this no film shows one picture: the times have started at another figure."""
MOST_PIXELS = 8192 * 8192
"""Of a picture. Film of 8K has half of it; a damaged head may ask for gigabytes."""
CUT_SHARE, CUT_S = 0.9, 2.0
"""A film that ends before this part of its length, and so many seconds before it, has been cut off.
Sound may go on a little longer than the pictures do."""
_NO_TIMES = 0x80  # AVFMT_NOTIMESTAMPS of libavformat/avformat.h
_NO_FILM = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
_MOST_TOLD = 3
_LEAST_SHARE = 0.25  # of the best one's rate and pixels: a stream with less is a preview


class Film:
    """A video file, frame by frame, each at the time the file gives it.

    Times start at 0 with the first frame and strictly increase. Frames without a time are numbered
    at the stream's rate, and times that start again in the middle go on. Pictures come upright and
    with square pixels, all in the size of the first. A damaged packet costs its frames, no more.
    What was guessed or left out is told by `notes`.

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
        stream, self._unused = _choose_stream(self._container, path)
        # Frame threads decode ahead on the core that inference leaves free: with two of them
        # frames cost a third of the waiting and no more work; slice threads gain nothing.
        stream.thread_type = "FRAME"
        stream.codec_context.thread_count = 2
        self.duration_s = stated_duration_s(self._container, stream)
        untimed = bool(self._container.format.flags & _NO_TIMES)
        # a raw stream may say its rate where the container would, and FFmpeg gives its own figure
        own = stream.codec_context.framerate if untimed else None
        self._times = FilmTimes(float(own) if own and 1 <= own <= 240 else _rate(stream), untimed)
        self._damages = 0
        self._is_over = False
        self._frames = self._read_frames(stream)
        self._waiting = next(self._frames, None)
        if self._waiting is None:
            raise SourceError(
                f"{path}: no frame of this video can be decoded; copy it again from where "
                "it came, or convert it to MP4 with ffmpeg"
            )

    @property
    def notes(self) -> tuple[str, ...]:
        """What was guessed and what was left out so far, a line each; whole at the film's end."""
        notes = [*self._times.notes] if self._unused is None else [self._unused, *self._times.notes]
        if self._damages:
            notes.append(f"it is damaged; {self._damages} pictures or packets cannot be read")
        end_s = self._times.last_s
        whole = self._is_over and not self._times.starts_s  # else the length is of a part
        if whole and self.duration_s and end_s + CUT_S < CUT_SHARE * self.duration_s:
            notes.append(
                f"it ends at {end_s:.1f} s, and says that it lasts {self.duration_s:.1f} s"
            )
        return tuple(notes)

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

    def _read_frames(self, stream: VideoStream) -> Generator[Frame, None, None]:
        geometry = None
        for picture in self._pictures(stream):
            tick = picture.time_base  # a Fraction, from PyAV 19 on a type of its own
            time_s = self._times.place(picture.pts, float(tick) if tick else None)
            if time_s is None:
                continue
            size, matrix = geometry or _geometry(picture, stream)
            if math.prod(size) > MOST_PIXELS:
                raise SourceError(
                    f"{self.name}: pictures of {size[0]} x {size[1]} pixels are too large; convert "
                    "it to a smaller size with ffmpeg"
                )
            try:
                rgbx = to_rgbx(picture, size)
            except (av.FFmpegError, ValueError):  # of a kind or a size that nothing converts
                self._damages += 1
                continue
            geometry = size, matrix
            yield Frame(turn_upright(rgbx, matrix) if matrix else rgbx, time_s)

    def _pictures(self, stream: VideoStream) -> Iterator[VideoFrame]:
        packets = self._container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    self._is_over = True
                    return
            except IndexError:  # PyAV's, over a packet of a stream that the film did not begin with
                packets = self._container.demux(stream)
                continue
            except av.FFmpegError:
                self._damages += 1
                return
            try:
                yield from packet.decode()
            except av.FFmpegError:
                self._damages += 1


class FilmTimes:
    """Gives each picture of a film its seconds from the first one, whatever the file says.

    Args:
        rate: pictures a second where there are no times.
        untimed: the file has no times of its own; what FFmpeg gives out is counted, not read.

    Attributes:
        starts_s: where the file's times started again.
    """

    def __init__(self, rate: float, untimed: bool = False) -> None:
        self.starts_s: list[float] = []
        self._untimed = untimed
        self._rate = rate
        self._step_s = 1 / rate
        self._last_s: float | None = None
        self._zero = 0  # the stream's tick at which the film began
        self._behind = 0  # pictures in a row before the last time
        self._timed = self._numbered = self._left_out = 0

    def place(self, pts: int | None, tick_s: float | None) -> float | None:
        """Returns the next picture's time; None for one whose time is taken by another.

        Args:
            pts: the picture's time in ticks; None where the file gives none.
            tick_s: the length of a tick; None where the file gives none.
        """
        if self._untimed or pts is None or tick_s is None:
            time_s = 0.0 if self._last_s is None else self._last_s + self._step_s
            self._numbered += 1
        else:
            if self._last_s is None:
                self._zero = pts
            elif not self._timed:  # only numbered ones so far
                self._zero = pts - self._ticks_on(tick_s)
            time_s = (pts - self._zero) * tick_s
            if self._last_s is not None and self._starts_again(time_s - self._last_s):
                self._zero = pts - self._ticks_on(tick_s)
                time_s = (pts - self._zero) * tick_s
                self.starts_s.append(time_s)
            self._timed += 1
        if self._last_s is not None:
            if time_s <= self._last_s:
                self._left_out += 1
                return None
            self._step_s = min(time_s - self._last_s, 1.0)
        self._last_s, self._behind = time_s, 0
        return time_s

    def _starts_again(self, ahead_s: float) -> bool:
        self._behind = self._behind + 1 if ahead_s < 0 else 0
        return ahead_s <= -AGAIN_S or ahead_s > PAUSE_S or self._behind > 1

    def _ticks_on(self, tick_s: float) -> int:
        """Ticks from the film's beginning to the picture after the last."""
        assert self._last_s is not None
        return math.floor(self._last_s / tick_s) + max(1, round(self._step_s / tick_s))

    @property
    def last_s(self) -> float:
        """The time of the last picture; 0 before the first."""
        return self._last_s or 0.0

    @property
    def notes(self) -> Iterator[str]:
        """What was guessed, a line each."""
        if self._numbered and not self._timed:
            yield (
                f"its pictures have no times and are numbered at {self._rate:g} a second, so times "
                "and tempo are a guess"
            )
        elif self._numbered:
            yield f"{self._numbered} pictures have no time; they were put one after the other"
        if self.starts_s:
            places = ", ".join(f"{start_s:.1f} s" for start_s in self.starts_s[:_MOST_TOLD])
            more = ", …" if len(self.starts_s) > _MOST_TOLD else ""
            yield f"its times start again and were continued, at {places}{more}"
        if self._left_out:
            yield f"{self._left_out} pictures were left out, for their time does not advance"


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


def _choose_stream(container: InputContainer, path: Path) -> tuple[VideoStream, str | None]:
    """Chooses the stream that shows the film; also returns what is said of the others."""
    films = [one for one in container.streams.video if not _NO_FILM & one.disposition]
    if not films:
        only = " but a still picture" if container.streams.video else ""
        raise SourceError(f"{path}: there is no video in this file{only}; give one with a film")
    known = [one for one in films if one.codec_context is not None]
    if not known:
        raise SourceError(f"{path}: its video codec is unknown; convert it to MP4 with ffmpeg")
    best = known
    for measure in (_rate, _pixels):
        most = max(map(measure, best))
        best = [one for one in best if measure(one) >= _LEAST_SHARE * most]
    favourite = container.streams.best("video")
    chosen = favourite if favourite in best else max(best, key=_pixels)
    others = [_describe(one) for one in container.streams.video if one is not chosen]
    told = f"only one of its video streams is read, without {', '.join(others)}"
    return chosen, told if others else None


def _rate(stream: VideoStream) -> float:
    """Returns the stream's pictures a second, if it says so and that can be."""
    rate = stream.average_rate or stream.guessed_rate
    return float(rate) if rate and 0.01 <= rate <= 1000 else USUAL_RATE


def _pixels(stream: VideoStream) -> int:
    return stream.width * stream.height


def _describe(stream: VideoStream) -> str:
    if _NO_FILM & stream.disposition:
        return f"a still picture (stream {stream.index})"
    if stream.codec_context is None:
        return f"one in an unknown codec (stream {stream.index})"
    size = f"{stream.width} x {stream.height}"
    return f"one of {size} at {_rate(stream):.3g} a second (stream {stream.index})"


def stated_duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    """Reads the length in seconds that the container gives; None where it gives none."""
    if stream.duration is not None and stream.time_base:
        return float(stream.duration * stream.time_base)
    return None if container.duration is None else container.duration / av.time_base
