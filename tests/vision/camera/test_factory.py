from pathlib import Path

import pytest
from contract import CHECKS
from filming import write_film

from doubles import FakeCamera, blank_frame
from kiosk.errors import SourceError
from kiosk.vision.camera import factory as opening
from kiosk.vision.camera.factory import check_source, is_live, open_source
from kiosk.vision.camera.frame import FrameSource


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
        ("/dev/video", "usb:0"),
        ("/dev/sda", "usb:0"),
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
    ("text", "words"), [("usb:front", "usb:0"), ("/dev/sda", "usb:0"), ("set.npz", "kiosk replay")]
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
    for text in ("pi", "usb:0", "/dev/video12", "set.mp4"):
        check_source(text)
    assert [(film.name, film.closed) for film in films] == [("set.mp4", True)]
