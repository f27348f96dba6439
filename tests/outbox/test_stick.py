"""What a USB stick receives, and what is said of one that cannot receive it."""

import csv
import errno
import io
import json
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from history.records import MORNING, closed, record, rep

from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.outbox.stick import CopyError, copy_day, folder_name
from kiosk.training.facts import Facts

DAY = datetime.fromtimestamp(MORNING, UTC).astimezone().date()


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Two sets of the day, and one of the day before."""
    folder = tmp_path / "history"
    store_set(folder, 1, 6, MORNING - 86_400)
    store_set(folder, 2, 5, MORNING)
    store_set(folder, 3, 4, MORNING + 300)
    return folder


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is mounted as long as it is there."""
    folder = tmp_path / "stick"
    folder.mkdir()
    monkeypatch.setattr(Path, "is_mount", lambda self: self == folder and self.is_dir())
    return folder


def store_set(folder: Path, serial: int, reps: int, at: float) -> None:
    store = Store(folder, run="test")
    store.save(closed(record(serial, *(rep(n) for n in range(reps)))), at, Facts(load_kg=60.0))
    store.close()


def copy(stick: Path, history: Path, day: date = DAY, mirror: str = "Rack 3") -> list[Path]:
    return copy_day(stick, Reader(history), day, mirror, str.upper)


def fail(patch: pytest.MonkeyPatch, call: str, error: OSError) -> None:
    """Makes a call fail; one that each file makes, from the second one on."""
    owner = os if call == "fsync" else Path
    works, calls = getattr(owner, call), []

    def failing(*what: object, **how: object) -> object:
        calls.append(what)
        if call == "mkdir" or len(calls) > 1:
            raise error
        return works(*what, **how)

    patch.setattr(owner, call, failing)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_stick_receives_the_day_in_three_forms(stick: Path, history: Path) -> None:
    files = copy(stick, history)
    assert [path.name for path in files] == [
        f"{DAY} sets.csv",
        f"{DAY} Strong and Hevy.csv",
        f"{DAY} sets.json",
    ]
    assert {path.parent for path in files} == {stick / "Rack 3"}
    assert set(stick.rglob("*")) == {stick / "Rack 3", *files}  # and no draft
    ours, strong, tree = (path.read_text("utf-8") for path in files)
    assert len(list(csv.DictReader(io.StringIO(ours)))) == 9
    rows = list(csv.DictReader(io.StringIO(strong), delimiter=";"))
    assert [(row["Exercise Name"], row["Weight"], row["Reps"]) for row in rows] == [
        ("HIP_HINGE", "60", "5"),
        ("HIP_HINGE", "60", "4"),
    ]
    assert [len(one["reps"]) for one in json.loads(tree)] == [4, 5]


def test_a_day_without_sets_is_told_so(stick: Path, history: Path) -> None:
    ours, strong, tree = copy(stick, history, date(2020, 1, 1))
    assert len(ours.read_text().splitlines()) == 1
    assert len(strong.read_text().splitlines()) == 1
    assert json.loads(tree.read_text()) == []


def test_the_same_day_again_has_what_was_done_since_and_other_days_stay(
    stick: Path, history: Path
) -> None:
    other = stick / "Rack 3" / "2026-01-01 sets.csv"
    copy(stick, history)
    other.write_text("mine")
    before = contents(stick)
    copy(stick, history)
    assert contents(stick) == before
    store_set(history, 4, 8, MORNING + 900)
    copy(stick, history)
    after = contents(stick)
    assert set(after) == set(before)
    assert other.read_text() == "mine"
    assert len(json.loads(after[f"Rack 3/{DAY} sets.json"])) == 3


@pytest.mark.parametrize(
    ("number", "stick_is", "line"),
    [
        (errno.ENOSPC, "full", "is full; free some space"),
        (errno.EROFS, "read_only", "cannot be written; unlock the switch"),
        (errno.EIO, "pulled", "was pulled out before all was copied"),
        (errno.ENODEV, "pulled", "was pulled out"),
        (errno.EINVAL, "unwritable", "cannot be written (Invalid argument)"),
    ],
)
@pytest.mark.parametrize("call", ["mkdir", "open", "fsync", "replace"])
def test_whatever_fails_when_it_is_one_line_and_loses_nothing(
    stick: Path,
    history: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    stick_is: str,
    line: str,
    call: str,
) -> None:
    if call != "mkdir":
        copy(stick, history)
    store_set(history, 4, 8, MORNING + 900)
    before, stored = contents(stick), Reader(history).count()
    with monkeypatch.context() as patch:
        fail(patch, call, OSError(number, "Invalid argument"))
        with pytest.raises(CopyError) as refused:
            copy(stick, history)
    assert refused.value.stick == stick_is
    assert line in str(refused.value)
    assert "\n" not in str(refused.value)
    assert Reader(history).count() == stored
    after = contents(stick)
    assert set(after) == set(before)  # no draft stays
    for name, content in after.items():
        if name.endswith("json"):
            json.loads(content)
    copy(stick, history)
    assert len(json.loads(contents(stick)[f"Rack 3/{DAY} sets.json"])) == 3


def test_a_stick_that_is_pulled_in_mid_copy_is_said_to_be(
    stick: Path, history: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def pulled(draft: Path, target: Path) -> Path:
        found = replace(draft, target)
        shutil.rmtree(stick)
        return found

    monkeypatch.setattr(Path, "replace", pulled)
    with pytest.raises(CopyError, match="was pulled out") as refused:
        copy(stick, history)
    assert refused.value.stick == "pulled"
    assert Reader(history).count() == 3


def test_a_draft_of_a_stick_that_was_pulled_goes_with_the_next_copy(
    stick: Path, history: Path
) -> None:
    copy(stick, history)
    before = contents(stick)
    (stick / "Rack 3" / f".99.{DAY} sets.csv").write_text("half")
    copy(stick, history)
    assert contents(stick) == before


def test_a_place_where_nothing_is_mounted_is_a_foreign_stick(tmp_path: Path, history: Path) -> None:
    (tmp_path / "empty").mkdir()
    for place in (tmp_path / "empty", tmp_path / "away"):
        with pytest.raises(CopyError, match="FAT32 or exFAT") as refused:
            copy(place, history)
        assert refused.value.stick == "foreign"
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_folder_that_leads_elsewhere_is_not_written_to(
    stick: Path, history: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (stick / "Rack 3").symlink_to(elsewhere)
    with pytest.raises(CopyError, match="its folder is a link"):
        copy(stick, history)
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("mirror", "folder"),
    [
        ("Rack 3", "Rack 3"),
        ("Kraftraum Süd", "Kraftraum Sud"),
        ("a/../../b", "a_.._.._b"),
        ("..", "gym-mirror-9608161c"),
        ("", "gym-mirror-00000000"),
        ('<"A:B|C?*\\>', "__A_B_C____"),
        ("CON", "gym-mirror-CON"),
        ("nul.txt", "gym-mirror-nul.txt"),
        (" .Rack. ", "Rack"),
        ("tab\tnul\0", "tab_nul_"),
        ("x" * 300, "x" * 60),
        ("鏡", "gym-mirror-44b825c7"),
    ],
)
def test_every_name_becomes_one_folder_of_the_stick(
    mirror: str, folder: str, stick: Path, history: Path
) -> None:
    assert folder_name(mirror) == folder
    for path in copy(stick, history, mirror=mirror):
        assert path.parent.parent == stick
        assert path.is_file()
