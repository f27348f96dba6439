from pathlib import Path

import pytest
from contract import CHECKS
from filming import write_film

from doubles import FakeCamera, blank_frame
from kiosk.errors import SourceError
from kiosk.vision.camera import factory as opening
from kiosk.vision.camera import present
from kiosk.vision.camera.factory import check_source, is_live, open_source
from kiosk.vision.camera.frame import FrameSource

LINK = "/dev/v4l/by-id/usb-046d_C920_0-video-index0"


@pytest.mark.parametrize("check", CHECKS)
def test_a_turned_film_keeps_the_contract(tmp_path: Path, check: object) -> None:
    path = write_film(tmp_path / "film.mp4")
    assert callable(check)
    check(lambda: open_source(str(path), rotate=90))


@pytest.mark.parametrize(("degrees", "corner"), [(0, 0), (90, 1), (180, 2), (270, 3)])
def test_a_source_of_any_kind_is_turned_clockwise(
    opened: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch, degrees: int, corner: int
) -> None:
    frame = blank_frame(0.0, (6, 4))
    frame.rgbx[0, 0] = 255
    for kind in ("PiCamera", "UsbCamera", "Film"):
        monkeypatch.setattr(opening, kind, lambda *_, **__: FakeCamera([frame]))
    for text in ("pi", "usb:0", "film.mp4"):
        turned = open_source(text, rotate=degrees).read()
        assert turned is not None
        assert turned.size == ((6, 4) if degrees % 180 == 0 else (4, 6))
        corners = [turned.rgbx[y, x, 0] for y, x in ((0, 0), (0, -1), (-1, -1), (-1, 0))]
        assert corners == [255 if number == corner else 0 for number in range(4)]


@pytest.mark.parametrize("text", ["webcam", "usb:front", "films/none.mp4"])
def test_an_unknown_source_is_answered_with_the_cameras_that_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (tmp_path / "v4l/by-id").mkdir(parents=True)
    (tmp_path / "video10").touch()
    (tmp_path / "video2").touch()
    (tmp_path / "v4l/by-id/usb-C920").symlink_to("../../video2")
    monkeypatch.setattr(present, "DEV", tmp_path)
    with pytest.raises(SourceError) as refused:
        open_source(text)
    line = str(refused.value)
    assert line.endswith(f"cameras here: {tmp_path}/v4l/by-id/usb-C920, usb:2, usb:10")
    assert "\n" not in line


@pytest.mark.parametrize("check", CHECKS)
def test_a_film_keeps_the_contract(tmp_path: Path, check: object) -> None:
    path = write_film(tmp_path / "film.mp4")
    assert callable(check)
    check(lambda: open_source(str(path)))


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("live", [True, False])
def test_the_double_keeps_the_contract(check: object, live: bool) -> None:
    assert callable(check)
    check(lambda: FakeCamera([blank_frame(number / 30) for number in range(10)], live=live))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What would have been opened, without opening it."""
    calls: list[tuple[object, ...]] = []

    def note(kind: str) -> object:
        def note_call(*args: object, **options: object) -> FrameSource:
            calls.append((kind, *args, options))
            return FakeCamera([])

        return note_call

    for name in ("PiCamera", "UsbCamera", "Film"):
        monkeypatch.setattr(opening, name, note(name))
    return calls


@pytest.mark.parametrize(
    ("text", "call", "live"),
    [
        ("pi", ("PiCamera", {"size": (320, 240), "fps": 15}), True),
        ("usb:0", ("UsbCamera", "/dev/video0", {"size": (320, 240), "fps": 15}), True),
        ("/dev/video12", ("UsbCamera", "/dev/video12", {"size": (320, 240), "fps": 15}), True),
        ("pi:0", ("PiCamera", {"size": (320, 240), "fps": 15}), True),
        ("pi:1", ("PiCamera", {"size": (320, 240), "fps": 15, "number": 1}), True),
        (f"usb:{LINK}", ("UsbCamera", LINK, {"size": (320, 240), "fps": 15}), True),
        (LINK, ("UsbCamera", LINK, {"size": (320, 240), "fps": 15}), True),
        ("set.mp4", ("Film", "set.mp4", {}), False),
        ("./pi", ("Film", "./pi", {}), False),
    ],
)
def test_what_each_text_opens(
    opened: list[tuple[object, ...]], text: str, call: tuple[object, ...], live: bool
) -> None:
    open_source(text, size=(320, 240), fps=15)
    assert opened == [call]
    assert is_live(text) is live


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("usb:", "usb:0"),
        ("usb:front", "usb:0"),
        ("usb:0\n", "usb:0"),
        ("/dev/", "below /dev"),
        ("usb:/dev/../etc/passwd", "below /dev"),
        ("usb:/home/camera", "below /dev"),
        ("/dev/video0\n", "below /dev"),
        ("pi:", "below /dev"),
        ("pi:front", "below /dev"),
        ("set.npz", "kiosk replay"),
    ],
)
def test_what_cannot_be_opened_says_what_can(
    opened: list[tuple[object, ...]], text: str, words: str
) -> None:
    with pytest.raises(SourceError, match=words):
        open_source(text)
    assert opened == []


@pytest.mark.parametrize(
    ("text", "words"), [("usb:front", "usb:0"), ("pi:x", "usb:0"), ("set.npz", "kiosk replay")]
)
def test_a_source_that_no_waiting_mends_is_refused_before_anything_starts(
    text: str, words: str
) -> None:
    with pytest.raises(SourceError, match=words):
        check_source(text)


def test_checking_plays_a_film_and_leaves_cameras_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    films: list[FakeCamera] = []

    def film(path: str) -> FakeCamera:
        films.append(FakeCamera([], name=path))
        return films[-1]

    monkeypatch.setattr(opening, "Film", film)
    for name in ("PiCamera", "UsbCamera"):
        monkeypatch.setattr(opening, name, lambda *_, **__: pytest.fail("a camera was opened"))
    for text in ("pi", "pi:1", "usb:0", "/dev/video12", f"usb:{LINK}", "set.mp4"):
        check_source(text)
    assert [(film.name, film.closed) for film in films] == [("set.mp4", True)]
