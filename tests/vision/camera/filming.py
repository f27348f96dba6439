"""Makes small video files, sound and broken ones among them."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.stream import Disposition
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

RED, GREEN, BLUE, GREY = "red", "green", "blue", "grey"
COLOURS = {RED: (220, 0, 0), GREEN: (0, 220, 0), BLUE: (0, 0, 220), GREY: (90, 90, 90)}


def quarters(width: int = 64, height: int = 48) -> Picture:
    """Red and green above, blue and grey below."""
    picture = np.empty((height, width, 3), np.uint8)
    top, left = slice(0, height // 2), slice(0, width // 2)
    bottom, right = slice(height // 2, None), slice(width // 2, None)
    picture[top, left], picture[top, right] = COLOURS[RED], COLOURS[GREEN]
    picture[bottom, left], picture[bottom, right] = COLOURS[BLUE], COLOURS[GREY]
    return picture


def corners(seen: Picture) -> list[str]:
    """The colours near the four corners: top left, top right, bottom left, bottom right."""
    rgb = seen[..., :3]
    points = [rgb[4, 4], rgb[4, -5], rgb[-5, 4], rgb[-5, -5]]
    return [
        min(COLOURS, key=lambda name: np.abs(np.subtract(COLOURS[name], point, dtype=int)).sum())
        for point in points
    ]


def noise(count: int, width: int = 64, height: int = 48) -> list[Picture]:
    """Pictures that do not compress, so that every packet is large."""
    rng = np.random.default_rng(1)
    return [rng.integers(0, 255, (height, width, 3), np.uint8) for _ in range(count)]


def write_film(
    path: Path,
    ticks: Sequence[int] = range(0, 400, 40),
    *,
    tick: Fraction = Fraction(1, 1000),
    pictures: list[Picture] | None = None,
    codec: str = "mpeg4",
    shape: Fraction | None = None,
    form: str | None = None,
    title: str = "A set",
) -> Path:
    """A film whose frames stand at `ticks`; `shape` is the pixels' width by height."""
    pictures = pictures or [quarters()] * len(ticks)
    height, width, _ = pictures[0].shape
    with av.open(str(path), "w", format=form) as container:
        container.metadata["title"] = title
        stream = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        if codec == "mjpeg":
            stream.pix_fmt = "yuvj420p"
        stream.time_base = stream.codec_context.time_base = tick
        stream.codec_context.gop_size = 5
        stream.bit_rate = 4_000_000
        if shape:
            stream.codec_context.sample_aspect_ratio = shape
        for pts, picture in zip(ticks, pictures, strict=True):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = pts, tick
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@dataclass(frozen=True)
class Stream:
    """Two seconds of pictures, or one picture that is a cover."""

    rate: int
    width: int = 64
    height: int = 48
    cover: bool = False
    default: bool = True


def write_streams(path: Path, streams: Sequence[Stream]) -> Path:
    with av.open(str(path), "w") as container:
        written = []
        for one in streams:
            stream = container.add_stream("mjpeg" if one.cover else "mpeg4", rate=one.rate)
            stream.width, stream.height = one.width, one.height
            stream.pix_fmt = "yuvj420p" if one.cover else "yuv420p"
            stream.disposition = (
                Disposition.attached_pic if one.cover else Disposition(int(one.default))
            )
            written.append((one, stream))
        for one, stream in written:
            frame = av.VideoFrame.from_ndarray(quarters(one.width, one.height), "rgb24")
            for pts in range(1 if one.cover else 2 * one.rate):
                frame.pts, frame.time_base = pts, Fraction(1, one.rate)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return path


def write_sound(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", layout="mono")
        frame.sample_rate, frame.pts = 44100, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def set_display_matrix(path: Path, a: int, b: int, c: int, d: int) -> Path:
    """Writes the matrix into an MP4's track header (ISO/IEC 14496-12, tkhd version 0)."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    one = 1 << 16
    data[at : at + 36] = struct.pack(">9i", a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path


def cut(path: Path, share: float) -> Path:
    """Leaves the first part of a file."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def scratch(path: Path, start: float, end: float) -> Path:
    """Overwrites a part of a file."""
    data = bytearray(path.read_bytes())
    first, last = int(len(data) * start), int(len(data) * end)
    data[first:last] = b"\xff" * (last - first)
    path.write_bytes(data)
    return path
