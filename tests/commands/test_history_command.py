"""The history as a command: printed in three forms, and erased for whoever means it."""

import contextlib
import io
import json
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from history.records import MORNING, closed, record, rep

from kiosk.commands.cli import main
from kiosk.commands.history_command import LISTED
from kiosk.exercises.exercise import PlanRule
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.training.facts import Facts
from paths import HISTORIES

Said = Callable[[list[str]], str]

pytestmark = pytest.mark.usefixtures("bare")


def test_history_as_table_json_and_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "state" / "gym-mirror"
    assert main(["history"]) == 0
    assert capsys.readouterr().out == "no sets yet\n"
    assert not folder.exists()
    store = Store(folder)
    for serial in (1, 2, 3):
        store.save(closed(record(serial, rep(1), rep(2), rep(2, counted=False))), MORNING)
    store.close()
    assert main(["history"]) == 0
    table = capsys.readouterr().out
    assert len(table.splitlines()) == 4
    assert "idle" in table
    assert main(["history", "--folder", str(folder), "--json", "--limit", "2"]) == 0
    output = json.loads(capsys.readouterr().out)
    assert [len(one["reps"]) for one in output] == [3, 3]
    assert main(["history", "--csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + 3 * 3
    assert len(Reader(folder).recent(9)) == 3


class Typing(io.StringIO):
    """A terminal at which somebody has typed ahead."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def three_sets(tmp_path: Path) -> Reader:
    store = Store(tmp_path / "state" / "gym-mirror")
    for serial in (1, 2, 3):
        store.save(closed(record(serial, rep(1))), MORNING)
    store.close()
    return Reader(store.path.parent)


@pytest.mark.parametrize(
    ("typed", "code", "left", "output"),
    [
        ("erase\n", 0, 0, "every set is erased"),
        ("yes\n", 1, 3, "nothing is erased"),
        ("\n", 1, 3, "nothing is erased"),
        ("", 1, 3, "nothing is erased"),
    ],
)
def test_history_is_erased_for_whoever_types_the_word(
    three_sets: Reader,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    code: int,
    left: int,
    output: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", Typing(typed))
    assert main(["history", "--erase"]) == code
    out, err = capsys.readouterr()
    assert str(three_sets.path) in out.partition(" for good")[0]
    assert out.rstrip().endswith(output)
    assert err == ""
    assert len(three_sets.recent(9)) == left


def test_without_a_terminal_history_is_erased_only_with_yes(
    three_sets: Reader,
    monkeypatch: pytest.MonkeyPatch,
    refused: Said,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("erase\n"))
    assert "add --yes" in refused(["history", "--erase"])
    assert "--erase" in refused(["history", "--yes"])
    assert len(three_sets.recent(9)) == 3
    assert main(["history", "--erase", "--yes"]) == 0
    assert capfd.readouterr().out == f"{three_sets.path}: every set is erased\n"
    assert three_sets.recent(9) == []


def test_a_history_that_cannot_be_erased_says_why(
    three_sets: Reader, monkeypatch: pytest.MonkeyPatch, refused: Said
) -> None:
    monkeypatch.setattr("kiosk.history.connection.BUSY_S", 0.0)
    with contextlib.closing(sqlite3.connect(three_sets.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "close that program" in refused(["history", "--erase", "--yes"])
    assert len(three_sets.recent(9)) == 3


def test_where_nobody_has_trained_nothing_is_asked_and_nothing_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", "--erase"]) == 0
    assert capsys.readouterr().out == "no sets yet\n"
    assert not (tmp_path / "state").exists()


def test_a_history_that_is_damaged_is_refused(tmp_path: Path, refused: Said) -> None:
    (tmp_path / "history.sqlite3").write_bytes(b"what is this " * 500)
    assert "damaged" in refused(["history", "--folder", str(tmp_path)])


@pytest.mark.parametrize("form", ["--json", "--csv", None])
@pytest.mark.parametrize("damaged", sorted(HISTORIES.glob("*.sqlite3")), ids=lambda path: path.stem)
def test_a_command_on_a_damaged_file_ends_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], damaged: Path, form: str | None
) -> None:
    shutil.copy(damaged, tmp_path / "history.sqlite3")
    code = main(["history", "--folder", str(tmp_path), *([form] if form else [])])
    out, err = capsys.readouterr()
    if code == 0:  # the list of sets can be whole where their reps are not
        assert form is None
        return
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "Traceback" not in err


def test_a_backup_is_one_file_with_every_set_and_is_restored(
    three_sets: Reader, tmp_path: Path, refused: Said, capfd: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.sqlite3"
    before = three_sets.recent(9)
    assert main(["history", "--backup", str(copy)]) == 0
    assert capfd.readouterr().out == f"{copy}: 3 sets backed up\n"
    assert not list(tmp_path.glob("copy.sqlite3-*"))
    assert "is there already" in refused(["history", "--backup", str(copy)])
    assert main(["history", "--erase", "--yes"]) == 0
    capfd.readouterr()
    assert main(["history", "--restore", str(copy)]) == 0
    assert capfd.readouterr().out == f"{three_sets.path}: 3 sets restored from {copy}\n"
    assert three_sets.recent(9) == before


@pytest.mark.parametrize("damaged", sorted(HISTORIES.glob("*.sqlite3")), ids=lambda path: path.stem)
def test_a_damaged_backup_is_refused_and_changes_nothing(
    three_sets: Reader, refused: Said, damaged: Path
) -> None:
    before = three_sets.recent(9)
    told = refused(["history", "--restore", str(damaged)])
    assert "nothing is restored" in told
    assert three_sets.recent(9) == before


def test_a_backup_that_is_not_there_is_refused(tmp_path: Path, refused: Said) -> None:
    assert "no such file" in refused(["history", "--restore", str(tmp_path / "none")])
    assert "no such folder" in refused(["history", "--backup", str(tmp_path / "none" / "file")])


@pytest.fixture
def two_places(tmp_path: Path) -> Reader:
    store = Store(tmp_path / "state" / "gym-mirror")
    for serial, facts in enumerate(
        (Facts(), Facts(lifter=2, load_kg=40.0, corrected=2), Facts(lifter=2)), start=1
    ):
        store.save(closed(record(serial, rep(1))), MORNING, facts)
    store.set_plan(2, "squat", PlanRule(reps=5, sets=3, rest_s=120.0))
    store.close()
    return Reader(store.path.parent)


@pytest.mark.parametrize(("lifter", "ids"), [(None, [3, 2, 1]), ("2", [3, 2]), ("0", [1])])
def test_every_form_tells_of_one_place_or_of_all(
    two_places: Reader, capsys: pytest.CaptureFixture[str], lifter: str | None, ids: list[int]
) -> None:
    def said(*form: str) -> list[str]:
        assert main(["history", *form, *(["--lifter", lifter] if lifter else [])]) == 0
        return capsys.readouterr().out.splitlines()

    assert [int(line.split()[0]) for line in said()[1:]] == ids
    assert [one["id"] for one in json.loads("\n".join(said("--json")))] == ids
    assert [int(line.split(",")[0]) for line in said("--csv")[1:]] == ids
    assert len(said("--strong")) == 1 + len(ids)
    assert said("--accuracy")[0] == f"sets                {len(ids)}, with {len(ids)} counted reps"
    corrected = 0 if lifter == "0" else 1
    assert said("--accuracy")[1] == f"corrected by hand   {corrected}"


def test_one_place_is_erased_alone(
    two_places: Reader, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Typing("no\n"))
    assert main(["history", "--erase", "--lifter", "2"]) == 1
    assert "every set, plan and tag of place 2" in capsys.readouterr().out
    assert len(two_places.recent(9)) == 3
    assert main(["history", "--erase", "--lifter", "2", "--yes"]) == 0
    out = capsys.readouterr().out
    assert out == f"{two_places.path}: every set, plan and tag of place 2 is erased\n"
    assert [one.id for one in two_places.recent(9)] == [1]
    assert two_places.plans() == {}


@pytest.mark.parametrize("lifter", ["9", "-1", "", "1.5", "two", "٣", "01"])
def test_what_is_no_place_is_refused(two_places: Reader, refused: Said, lifter: str) -> None:
    assert "is no place; give 1 to 8, or 0" in refused(["history", f"--lifter={lifter}"])
    assert "is no place" in refused(["history", f"--lifter={lifter}", "--erase", "--yes"])
    assert len(two_places.recent(9)) == 3


def test_a_backup_of_one_place_is_refused(
    two_places: Reader, tmp_path: Path, refused: Said
) -> None:
    for form in ("--backup", "--restore"):
        told = refused(["history", form, str(tmp_path / "copy"), "--lifter", "2"])
        assert "holds every place" in told
    assert not (tmp_path / "copy").exists()
    assert len(two_places.recent(9)) == 3


def test_without_sets_there_is_nothing_to_be_accurate_about(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["history", "--accuracy"]) == 0
    assert capsys.readouterr().out == "no sets yet\n"
    assert main(["history", "--strong"]) == 0
    assert capsys.readouterr().out.startswith("Date;Workout Name;")


def test_strong_gets_every_set_and_the_table_the_newest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with contextlib.closing(Store(tmp_path)) as store:
        for serial in range(1, LISTED + 3):
            store.save(closed(record(serial, rep(1))), MORNING)
    for form, rows in (("--strong", LISTED + 2), ("", LISTED)):
        assert main(["history", "--folder", str(tmp_path), *filter(None, [form])]) == 0
        assert len(capsys.readouterr().out.splitlines()) == 1 + rows
    assert main(["history", "--folder", str(tmp_path), "--strong", "--limit", "3"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 3
