"""What the screen has to say of a stick, from the file of the unit that copies."""

from pathlib import Path

from kiosk.system.stick_state import EVERY_S, PULLED_S, StickWatch, tell_stick


def seen(watch: StickWatch, now_s: float) -> str | None:
    watch.update(now_s)
    return watch.newest


def test_a_stick_is_copied_to_is_to_be_removed_and_is_gone(tmp_path: Path) -> None:
    watch = StickWatch(enabled=True, folder=tmp_path)
    assert seen(watch, 0.0) is None
    for now_s, state in enumerate(("copying", "copied", "remove", "full"), start=1):
        tell_stick(state, tmp_path)
        assert seen(watch, float(now_s)) == state
    (tmp_path / "state").unlink()
    assert seen(watch, 9.0) is None


def test_one_that_is_pulled_out_too_early_is_told_of_for_a_while(tmp_path: Path) -> None:
    watch = StickWatch(enabled=True, folder=tmp_path)
    tell_stick("copied", tmp_path)
    seen(watch, 0.0)
    (tmp_path / "state").unlink()
    assert seen(watch, 1.0) == "pulled"
    assert seen(watch, PULLED_S) == "pulled"
    assert seen(watch, PULLED_S + 2) is None
    tell_stick("copying", tmp_path)  # plugged in again
    assert seen(watch, PULLED_S + 3) == "copying"


def test_one_that_is_plugged_in_again_at_once_is_no_longer_pulled(tmp_path: Path) -> None:
    watch = StickWatch(enabled=True, folder=tmp_path)
    tell_stick("copying", tmp_path)
    seen(watch, 0.0)
    (tmp_path / "state").unlink()
    assert seen(watch, 1.0) == "pulled"
    tell_stick("remove", tmp_path)
    assert seen(watch, 2.0) == "remove"


def test_the_file_is_read_no_more_often_than_needed_and_not_where_it_is_off(tmp_path: Path) -> None:
    watch = StickWatch(enabled=True, folder=tmp_path)
    seen(watch, 0.0)
    tell_stick("copying", tmp_path)
    assert seen(watch, EVERY_S / 2) is None
    assert seen(watch, EVERY_S) == "copying"
    assert seen(StickWatch(enabled=False, folder=tmp_path), 0.0) is None
