"""Whoever copies the sets elsewhere learns which have changed, and that some have gone."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from history.records import MORNING, closed, record, rep

from kiosk.history.backup import backup, restore
from kiosk.history.recover import recover
from kiosk.history.store import Store
from kiosk.training.facts import Facts


def mark(folder: Path, name: str = "history.sqlite3") -> tuple[bytes, int, bytes | None]:
    """The file's id, its newest version and its last removal."""
    with closing(sqlite3.connect(folder / name)) as connection:
        found: tuple[bytes, int, bytes | None] = connection.execute(
            "SELECT file, newest, removal FROM changes"
        ).fetchone()
        return found


def versions(folder: Path) -> dict[int, int]:
    with closing(sqlite3.connect(folder / "history.sqlite3")) as connection:
        return dict(connection.execute("SELECT serial, version FROM sets ORDER BY serial"))


def filled(folder: Path, sets: int = 3) -> Store:
    store = Store(folder)
    for serial in range(1, sets + 1):
        store.save(closed(record(serial, rep(1))), MORNING, Facts(lifter=serial % 2))
    return store


def test_each_save_raises_the_version_of_its_set_above_all_others(tmp_path: Path) -> None:
    with closing(filled(tmp_path)) as store:
        before = versions(tmp_path)
        assert sorted(before.values()) == list(before.values())
        store.save(closed(record(1, rep(1))), MORNING, Facts(load_kg=40.0))
        after = versions(tmp_path)
        assert after[1] > max(before.values())
        assert (after[2], after[3]) == (before[2], before[3])
        assert mark(tmp_path)[1] == max(after.values())


def test_a_set_that_an_earlier_run_left_open_changes_when_it_is_ended(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(record(1, rep(1)), MORNING)
    store.close()
    before = versions(tmp_path)
    Store(tmp_path).close()
    assert versions(tmp_path)[1] > before[1]


def test_a_version_is_never_used_twice_not_even_that_of_a_removed_set(tmp_path: Path) -> None:
    with closing(filled(tmp_path)) as store:
        newest = mark(tmp_path)[1]
        store.delete(3)
        store.save(closed(record(4, rep(1))), MORNING)
        assert min(versions(tmp_path)[4], mark(tmp_path)[1]) > newest


def test_every_way_to_remove_a_set_is_noted_and_says_nothing_of_it(tmp_path: Path) -> None:
    seen: set[bytes | None] = set()

    def noted(folder: Path) -> None:
        removal = mark(folder)[2]
        assert removal is not None
        assert removal not in seen
        seen.add(removal)

    with closing(filled(tmp_path)) as store:
        assert mark(tmp_path)[2] is None
        store.delete(3)
        noted(tmp_path)
        store.erase_lifter(1)
        noted(tmp_path)
        store.erase_lifter_aside(0, MORNING)
        noted(tmp_path)
        store.erase_aside(MORNING)
        noted(tmp_path)
        file = mark(tmp_path)[0]
        store.erase()
        noted(tmp_path)
        assert mark(tmp_path)[0] != file
        assert mark(tmp_path)[1] == 0


def test_an_erasure_is_noted_also_if_the_power_fails_in_the_middle_of_it(tmp_path: Path) -> None:
    store = filled(tmp_path)
    store.close()
    (tmp_path / "history.erased-20261123-101500").mkdir()
    (tmp_path / "history.sqlite3").rename(
        tmp_path / "history.erased-20261123-101500" / "history.sqlite3"
    )
    Store(tmp_path).close()
    removal = mark(tmp_path)[2]
    assert removal is not None
    Store(tmp_path).close()
    assert mark(tmp_path)[2] == removal


def test_what_is_brought_back_has_changed(tmp_path: Path) -> None:
    with closing(filled(tmp_path)) as store:
        file, newest, _ = mark(tmp_path)
        store.erase_lifter_aside(1, MORNING)
        assert store.undo_erase()
        back = versions(tmp_path)
        assert min(back[1], back[3]) > newest
        store.erase_aside(MORNING)
        erased = mark(tmp_path)
        store.save(closed(record(9, rep(1))), MORNING)
        assert store.undo_erase()
        assert mark(tmp_path)[0] == file
        assert erased[0] != file
        assert versions(tmp_path)[9] > max(back.values())


def test_a_restored_history_is_another_file(tmp_path: Path) -> None:
    filled(tmp_path).close()
    before = mark(tmp_path)
    backup(tmp_path / "history.sqlite3", tmp_path / "copy.sqlite3")
    assert mark(tmp_path, "copy.sqlite3") == before
    restore(tmp_path / "copy.sqlite3", tmp_path / "history.sqlite3")
    after = mark(tmp_path)
    assert after[0] != before[0]
    assert after[2] is not None  # sets that the backup lacks have gone


def test_a_recovered_history_is_another_file_and_what_damage_took_was_not_removed(
    tmp_path: Path,
) -> None:
    with closing(filled(tmp_path)) as store:
        store.delete(2)
    before = mark(tmp_path)
    found = recover(tmp_path / "history.sqlite3")
    assert found.draft is not None
    after = mark(tmp_path, found.draft.name)
    assert found.sets == 2
    assert (after[0] != before[0], after[2] == before[2]) == (True, True)
    never = tmp_path / "never"
    filled(never).close()
    found = recover(never / "history.sqlite3")
    assert found.draft is not None
    assert mark(never, found.draft.name)[2] is None


def test_a_file_of_before_has_all_its_sets_in_their_order(tmp_path: Path) -> None:
    shutil.copy(
        Path(__file__).parents[1] / "fixtures/history/versions/v5.sqlite3",
        tmp_path / "history.sqlite3",
    )
    Store(tmp_path).close()
    assert versions(tmp_path) == {1: 1, 2: 2, 3: 3}
    assert mark(tmp_path)[1:] == (3, None)


def test_a_set_that_moves_to_another_exercise_has_changed(tmp_path: Path) -> None:
    with closing(filled(tmp_path, 1)) as store:
        before = versions(tmp_path)[1]
        moved = replace(closed(record(1, rep(1))), exercise="squat")
        store.save(moved, MORNING)
        assert versions(tmp_path)[1] > before
