"""What is chosen with the buttons is written whole, comments stay, and a fault loses nothing."""

import errno
import os
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.app import chosen_file
from kiosk.app.chosen_file import HEAD, ChosenFile, UnsavedError, save
from kiosk.settings import Choices, load
from kiosk.system.retry import RETRY_S

BY_HAND = """\
# the mirror beside the door
[screen]   # turned by the fitter
language = "en"  # our members
rotate = 90

[sound]
volume = 0.3 # the neighbours
"""
CHOICES = {
    ("screen", "language"): st.sampled_from(["en", "de"]),
    ("screen", "rotate"): st.sampled_from([0, 90, 180, 270]),
    ("panel", "edge"): st.sampled_from(["bottom", "top", "left", "right"]),
    ("sound", "volume"): st.integers(0, 10).map(lambda tenths: tenths / 10),
    ("training", "unit"): st.sampled_from(["kg", "lb"]),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "gym-mirror" / "chosen.toml"


def by_hand(path: Path, text: str = BY_HAND) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@given(choices=st.fixed_dictionaries({}, optional=CHOICES), written=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_read_back_and_nothing_else_changes(
    path: Path, choices: Choices, written: bool
) -> None:
    path.unlink(missing_ok=True)
    before = tomllib.loads(by_hand(path).read_text("utf-8")) if written else {}
    save(path, choices)
    after = tomllib.loads(path.read_text("utf-8"))
    for (section, key), value in choices.items():
        assert after[section][key] == value
        before.setdefault(section, {})[key] = value
    assert after == before
    loaded = load(None)
    assert all(getattr(getattr(loaded, one), key) == value for (one, key), value in choices.items())


def test_comments_and_order_stay(path: Path) -> None:
    save(by_hand(path), {("screen", "language"): "de", ("sound", "volume"): 0.8})
    assert path.read_text("utf-8") == BY_HAND.replace('"en"', '"de"').replace("0.3", "0.8")


def test_choosing_nothing_leaves_the_file_as_it_is_and_makes_one_that_says_so(path: Path) -> None:
    save(path, {})
    assert path.read_text("utf-8") == HEAD
    stamp = by_hand(path).stat()
    save(path, {})
    assert path.stat() == stamp


def test_the_outbox_may_read_it_and_nobody_else(path: Path) -> None:
    save(path, {("training", "unit"): "lb"})
    assert path.stat().st_mode & 0o777 == 0o640


def fails(number: int) -> Callable[..., NoReturn]:
    def fail(*_: object, **__: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.EROFS, "read_only"),
        (errno.ENOSPC, "full"),
        (errno.EACCES, "denied"),
        (errno.EIO, "failed"),
    ],
)
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_takes_nothing_is_named_and_loses_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: str, call: str
) -> None:
    by_hand(path)
    if call == "replace":
        monkeypatch.setattr(Path, "replace", fails(number))
    else:
        monkeypatch.setattr(os, "fsync", fails(number))
    with pytest.raises(UnsavedError) as caught:
        save(path, {("training", "unit"): "lb"})
    assert caught.value.kind == kind
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_text("utf-8") == BY_HAND
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    "text", ["[screen\n", "screen = 3\n", "a = 99999999999999999999\n", "[screen]\nx = 1\nx = 2\n"]
)
def test_a_file_that_is_broken_is_left_to_whoever_wrote_it(path: Path, text: str) -> None:
    by_hand(path, text)
    with pytest.raises(UnsavedError) as caught:
        save(path, {("screen", "language"): "de"})
    assert caught.value.kind == "broken"
    assert path.read_text("utf-8") == text


def test_a_file_of_somebody_else_that_cannot_be_read_is_not_replaced(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand(path)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_text", fails(errno.EACCES))
        with pytest.raises(UnsavedError) as caught:
            save(path, {("training", "unit"): "lb"})
    assert caught.value.kind == "denied"
    assert path.read_text("utf-8") == BY_HAND


@pytest.fixture
def thread(path: Path) -> Iterator[ChosenFile]:
    thread = ChosenFile(path, wait=lambda _: False)
    yield thread
    thread.close()


def test_what_was_submitted_is_written_before_the_thread_ends(
    thread: ChosenFile, path: Path
) -> None:
    thread.submit({("training", "unit"): "lb"})
    thread.start()
    thread.close()
    assert load(None).training.unit == "lb"
    assert thread.fault is None


def test_a_full_disk_is_tried_again_and_logged_once(
    thread: ChosenFile, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[Choices] = []

    def save_at_last(path: Path, choices: Choices) -> None:
        tries.append(choices)
        if len(tries) < 4:
            raise UnsavedError("full", "full")
        thread.stop()

    monkeypatch.setattr(chosen_file, "save", save_at_last)
    thread.submit({("training", "unit"): "lb"})
    thread.run()
    assert len(tries) == 4
    assert thread.fault is None
    assert [line.getMessage() for line in caplog.records if line.levelname == "WARNING"] == ["full"]


def test_after_a_disk_that_took_it_the_next_fault_is_tried_again_soon(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits_s: list[float] = []
    thread = ChosenFile(path, wait=lambda wait_s: bool(waits_s.append(wait_s)))
    outcomes = iter(["failed", "failed", "written", "failed", "written"])

    def save_or_fail(path: Path, choices: Choices) -> None:
        outcome = next(outcomes)
        if outcome == "failed":
            raise UnsavedError("full", "full")
        if len(waits_s) == 3:
            thread.stop()
        else:
            thread.submit({("training", "unit"): "kg"})

    monkeypatch.setattr(chosen_file, "save", save_or_fail)
    thread.submit({("training", "unit"): "lb"})
    thread.run()
    assert waits_s == [RETRY_S[0], 2 * RETRY_S[0], RETRY_S[0]]
