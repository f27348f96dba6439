from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filming import (
    BLUE,
    GREEN,
    GREY,
    RED,
    Stream,
    corners,
    cut,
    noise,
    quarters,
    scratch,
    set_display_matrix,
    write_film,
    write_sound,
    write_streams,
)

from kiosk.errors import SourceError
from kiosk.vision.camera import film as film_module
from kiosk.vision.camera.film import Film, FilmTimes
from kiosk.vision.camera.frame import Frame


def frames_of(film: Film) -> list[Frame]:
    frames = []
    while (frame := film.read()) is not None:
        frames.append(frame)
    return frames


def times_of(path: Path) -> list[float]:
    return [frame.time_s for frame in frames_of(Film(path))]


def test_variable_frame_rate_keeps_its_times(tmp_path: Path) -> None:
    path = write_film(tmp_path / "vfr.mkv", ticks=[0, 33, 66, 500, 510, 2000])
    assert times_of(path) == pytest.approx([0, 0.033, 0.066, 0.5, 0.51, 2.0], abs=1e-9)


def test_times_start_at_the_first_frame(tmp_path: Path) -> None:
    path = write_film(tmp_path / "late.ts", ticks=range(5000, 6000, 40))
    assert times_of(path)[:3] == pytest.approx([0, 0.04, 0.08], abs=1e-9)


def test_frames_whose_time_does_not_advance_are_dropped(tmp_path: Path) -> None:
    # Matroska counts in milliseconds: the second and the fourth frame fall on the one before
    ticks = [0, 2, 400, 403, 800]
    path = write_film(tmp_path / "twice.mkv", ticks=ticks, tick=Fraction(1, 10000))
    assert times_of(path) == pytest.approx([0, 0.04, 0.08], abs=1e-9)

    film = Film(path)
    frames_of(film)
    assert film.notes == ("2 pictures were left out, for their time does not advance",)


@pytest.mark.parametrize(
    ("codec", "ending", "rate"),
    [
        ("libx264", "h264", 25),
        ("libx264", "h264", 30),  # a stream that says its rate
        ("mjpeg", "mjpeg", 25),
    ],
)
def test_a_raw_stream_is_numbered_at_its_rate_and_says_so(
    tmp_path: Path, codec: str, ending: str, rate: int
) -> None:
    tick = Fraction(1, rate)
    film = Film(write_film(tmp_path / f"raw.{ending}", range(30), tick=tick, codec=codec))
    times = [frame.time_s for frame in frames_of(film)]
    assert times == pytest.approx([number / rate for number in range(30)])
    (note,) = film.notes
    assert f"numbered at {rate} a second" in note
    assert "guess" in note


@pytest.mark.parametrize("ending", ["ts", "mkv"])
@pytest.mark.parametrize("starts", [(0, 0), (5000, 0), (200_000, 1000)])
def test_times_that_start_again_go_on_and_nothing_is_dropped(
    tmp_path: Path, ending: str, starts: tuple[int, int]
) -> None:
    parts = [
        write_film(tmp_path / f"{number}.{ending}", range(start, start + 2000, 40))
        for number, start in enumerate(starts)
    ]
    whole = tmp_path / f"whole.{ending}"
    whole.write_bytes(b"".join(part.read_bytes() for part in parts))
    film = Film(whole)
    times = [frame.time_s for frame in frames_of(film)]
    assert times == pytest.approx([number / 25 for number in range(100)], abs=0.002)
    (note,) = film.notes
    assert "start again" in note
    assert "2.0 s" in note


def placed(pts: Sequence[int | None], rate: float = 10) -> tuple[list[float | None], list[str]]:
    timeline = FilmTimes(rate)
    return [timeline.place(one, 1 / 10) for one in pts], list(timeline.notes)


def test_a_picture_without_a_time_gets_one_behind_the_last() -> None:
    times, notes = placed([None, 7, None, 9])
    assert times == pytest.approx([0, 0.1, 0.2, 0.3])
    assert notes == ["2 pictures have no time; they were put one after the other"]


def test_one_picture_out_of_order_is_left_out_and_the_others_stay() -> None:
    times, notes = placed([0, 1, 3, 2, 4])
    assert times == pytest.approx([0, 0.1, 0.3, None, 0.4])
    assert notes == ["1 pictures were left out, for their time does not advance"]


def test_times_that_jump_by_days_go_on_and_a_pause_stays() -> None:
    times, notes = placed([0, 1, 301, 302, 9_000_000, 9_000_001])
    assert times == pytest.approx([0, 0.1, 30.1, 30.2, 30.3, 30.4])
    assert notes == ["its times start again and were continued, at 30.3 s"]


@pytest.mark.parametrize(
    "streams",
    [
        [Stream(1, 32, 24), Stream(25)],
        [Stream(25, 32, 24), Stream(25, 128, 96)],
        [Stream(1, 32, 24, default=True), Stream(25, default=False)],
        [Stream(1, cover=True), Stream(25)],
        [Stream(25), Stream(1, 512, 384)],
    ],
    ids=["slow", "small", "default", "cover", "large and slow"],
)
def test_the_film_is_read_and_never_a_preview_and_the_rest_is_told(
    tmp_path: Path, streams: list[Stream]
) -> None:
    form = "mp4" if any(one.cover for one in streams) else "mkv"  # who knows covers as such
    film = Film(write_streams(tmp_path / f"streams.{form}", streams))
    wanted = next(one for one in streams if one.rate == 25 and one.width >= 64)
    frames = frames_of(film)
    assert frames[0].size == (wanted.width, wanted.height)
    assert len(frames) == 50
    (note,) = film.notes
    other = next(one for one in streams if one is not wanted)
    assert ("a still picture" if other.cover else f"{other.width} x {other.height}") in note


def test_of_two_films_the_default_one_is_read(tmp_path: Path) -> None:
    streams = [Stream(25, default=False), Stream(25, 96, 72), Stream(25, 96, 72, default=False)]
    film = Film(write_streams(tmp_path / "streams.mkv", streams))
    assert film.read().size == (96, 72)
    (note,) = film.notes
    assert "(stream 0)" in note
    assert "(stream 2)" in note


def test_a_film_without_anything_odd_has_no_notes(tmp_path: Path) -> None:
    film = Film(write_film(tmp_path / "film.mp4"))
    frames_of(film)
    assert film.notes == ()


def test_pixels_are_red_green_blue(tmp_path: Path) -> None:
    film = Film(write_film(tmp_path / "film.mp4"))
    frame = film.read()
    assert frame.rgbx.shape == (48, 64, 4)
    assert corners(frame.rgbx) == [RED, GREEN, BLUE, GREY]
    assert np.abs(frame.rgbx[..., :3].astype(int) - quarters()).mean() < 8


@pytest.mark.parametrize(
    ("matrix", "seen"),
    [
        # a phone held upright: turned by a quarter clockwise when shown
        ((0, 1, -1, 0), [BLUE, RED, GREY, GREEN]),
        ((0, -1, 1, 0), [GREEN, GREY, RED, BLUE]),
        ((-1, 0, 0, -1), [GREY, BLUE, GREEN, RED]),
        ((-1, 0, 0, 1), [GREEN, RED, GREY, BLUE]),
        ((0, 1, 1, 0), [RED, BLUE, GREEN, GREY]),
    ],
)
def test_display_matrix_is_followed(
    tmp_path: Path, matrix: tuple[int, int, int, int], seen: list[str]
) -> None:
    path = set_display_matrix(write_film(tmp_path / "turned.mp4"), *matrix)
    frames = frames_of(Film(path))
    assert [corners(frame.rgbx) for frame in frames] == [seen] * len(frames)
    assert frames[0].rgbx.shape == ((64, 48, 4) if matrix[0] == 0 else (48, 64, 4))


def test_oblong_pixels_are_made_square(tmp_path: Path) -> None:
    path = write_film(tmp_path / "wide.mp4", shape=Fraction(3, 2))
    assert Film(path).read().rgbx.shape == (48, 96, 4)


def test_a_stream_that_begins_later_ends_no_film(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Container:
        """PyAV's, which stumbles over a packet of a stream that was not there at the beginning."""

        def __init__(self, real: Any) -> None:
            self._real, self._stumbled = real, False

        def __getattr__(self, name: str) -> object:
            return getattr(self._real, name)

        def demux(self, stream: object) -> Iterator[object]:
            for number, packet in enumerate(self._real.demux(stream)):
                if number == 4 and not self._stumbled:
                    self._stumbled = True
                    raise IndexError
                yield packet

    opened = film_module._open
    monkeypatch.setattr(film_module, "_open", lambda path: Container(opened(path)))
    film = Film(write_film(tmp_path / "film.mkv", range(0, 4000, 40)))
    assert len(frames_of(film)) >= 98


def test_a_whole_film(tmp_path: Path) -> None:
    film = Film(write_film(tmp_path / "film.mp4", ticks=range(0, 4000, 40)))
    assert film.name == str(tmp_path / "film.mp4")
    assert film.duration_s == pytest.approx(4.0, abs=0.05)
    assert len(frames_of(film)) == 100
    assert film.read() is None


def test_a_cut_film_gives_what_there_is(tmp_path: Path) -> None:
    ticks = range(0, 4000, 40)
    path = cut(write_film(tmp_path / "cut.mkv", ticks, pictures=noise(100)), 0.5)
    film = Film(path)
    assert 40 <= len(frames_of(film)) <= 60


def test_a_film_that_ends_too_early_says_so(tmp_path: Path) -> None:
    path = cut(write_film(tmp_path / "cut.mkv", range(0, 9000, 40), pictures=noise(225)), 0.5)
    film = Film(path)
    assert film.notes == ()
    frames_of(film)
    (note,) = film.notes
    assert "says that it lasts 9.0 s" in note


def test_a_scratched_film_goes_on_behind_the_damage(tmp_path: Path) -> None:
    ticks = range(0, 4000, 40)
    path = scratch(write_film(tmp_path / "scratched.mp4", ticks, pictures=noise(100)), 0.4, 0.5)
    film = Film(path)
    frames = frames_of(film)
    assert 80 <= len(frames) < 100
    assert frames[-1].time_s == pytest.approx(3.96)
    (note,) = film.notes
    assert note.startswith("it is damaged; ")


def test_a_scratched_film_is_the_same_each_time(tmp_path: Path) -> None:
    ticks = range(0, 4000, 40)
    path = scratch(write_film(tmp_path / "scratched.mp4", ticks, pictures=noise(100)), 0.4, 0.5)
    first, second = frames_of(Film(path)), frames_of(Film(path))
    assert [frame.rgbx.tobytes() for frame in first] == [frame.rgbx.tobytes() for frame in second]


def test_a_closed_film_is_over(tmp_path: Path) -> None:
    film = Film(write_film(tmp_path / "film.mp4"))
    film.read()
    film.close()
    assert film.read() is None


def no_such_file(folder: Path) -> Path:
    return folder / "missing.mp4"


def a_folder(folder: Path) -> Path:
    return folder


def not_a_file(folder: Path) -> Path:
    return Path("/dev/null")


def an_empty_file(folder: Path) -> Path:
    (folder / "empty.mp4").touch()
    return folder / "empty.mp4"


def a_text_named_mp4(folder: Path) -> Path:
    (folder / "notes.mp4").write_text("Three sets of five.\n" * 100)
    return folder / "notes.mp4"


def a_text(folder: Path) -> Path:
    (folder / "notes.txt").write_text("Three sets of five.\n" * 100)
    return folder / "notes.txt"


def sound_alone(folder: Path) -> Path:
    return write_sound(folder / "sound.mp4")


def no_frames(folder: Path) -> Path:
    return cut(write_film(folder / "head.mkv", pictures=noise(10)), 0.01)


def a_cover_alone(folder: Path) -> Path:
    return write_streams(folder / "song.mp4", [Stream(1, cover=True)])


def a_head_alone(folder: Path) -> Path:
    path = write_film(folder / "scratched.avi", pictures=noise(10))
    return scratch(path, 0.1, 1.0)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (no_such_file, "No such file"),
        (a_folder, "folder"),
        (not_a_file, "not a file"),
        (an_empty_file, "not a video"),
        (a_text_named_mp4, "not a video"),
        (a_text, "a text"),
        (sound_alone, "no video"),
        (no_frames, "video"),
        (a_head_alone, "no frame"),
        (a_cover_alone, "there is no video in this file"),
    ],
)
def test_what_is_no_film_is_refused_by_name(
    tmp_path: Path, make: Callable[[Path], Path], words: str
) -> None:
    path = make(tmp_path)
    with pytest.raises(SourceError) as refusal:
        Film(path)
    message = str(refusal.value)
    assert message.startswith(f"{path}: ")
    assert words in message
    assert "; " in message
    assert "\n" not in message


def test_a_playlist_cannot_reach_the_network(tmp_path: Path) -> None:
    path = tmp_path / "list.m3u8"
    path.write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/film.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(SourceError):
        Film(path)


def test_a_title_that_is_no_utf8_does_not_matter(tmp_path: Path) -> None:
    path = write_film(tmp_path / "titled.mkv", title="Kreuzheben")
    path.write_bytes(path.read_bytes().replace(b"Kreuzheben", b"Kreuz\xfc\xe4\xf6\xdf\xff"))
    assert Film(path).read().time_s == 0


def test_a_colon_in_a_name_is_no_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_film(tmp_path / "monday.mp4").rename("set:1.mp4")
    assert Film("set:1.mp4").read().time_s == 0
