"""The trial of a new release, with stand-ins for systemd and for the passing of time."""

import subprocess
from pathlib import Path

import pytest

from paths import ROOT

OLD, NEW = "0123456789ab", "fedcba987654"

# Time passes in `sleep`, after which EVENTS runs: what happens to the mirror, by $SECONDS.
STAND_INS = """
report() { echo "report: $*"; }
sync() { :; }
systemctl() {
    case "$*" in
        *NRestarts*) echo "$starts" ;;
        *is-failed*) [[ -e $AT/failed ]] ;;
        *) echo "systemctl: $*" ;;
    esac
}
sleep() {
    SECONDS=$((SECONDS + $1))
    if ((SECONDS > 600)); then echo "goes on"; exit; fi
    events
}
frame() { touch "$RUN_DIR/frame"; }
judged() { touch "$RUN_DIR/judged"; }
restart() { starts=$((starts + 1)); rm -f "$RUN_DIR"/*; }
starts=0
"""


class Trial:
    """Two releases, the newer of which is in use, and a mirror that may or may not come up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home, self.state, run = (folder / name for name in ("home", "state", "run"))
        for name in (OLD, NEW):
            (self.home / name / ".venv/bin").mkdir(parents=True)
            (self.home / name / ".venv/bin/python").touch(mode=0o755)
            (self.home / name / "app.py").write_text(name)
        self.state.mkdir()
        run.mkdir()
        self.do(f"seal $HOME_DIR/{OLD}; seal $HOME_DIR/{NEW}")
        (self.home / "current").symlink_to(NEW)
        (self.home / "previous").symlink_to(OLD)
        (self.home / "trial-began").touch()
        (self.home / "trial").write_text(f"{NEW} 0\n")

    def do(self, commands: str) -> list[str]:
        at = self.folder
        script = f"source {ROOT}/systemd/trial\nHOME_DIR={self.home} STATE_DIR={self.state}\n"
        script += f"UNIT_DIR={at}/units RULES={at}/rules.d/90-gym-mirror.rules\n"
        script += f"RUN_DIR={at}/run AT={at}\n{STAND_INS}{commands}"
        ask = ["bash", "-c", script]
        done = subprocess.run(ask, capture_output=True, check=True, text=True)
        assert done.stderr == ""
        return done.stdout.splitlines()

    def watch(self, events: str) -> list[str]:
        """Watches a mirror that does this; what was said and called."""
        return self.do(f"events() {{ {events}; }}; SECONDS=0; watch")

    @property
    def in_use(self) -> str:
        return str((self.home / "current").readlink())

    @property
    def over(self) -> bool:
        return not (self.home / "trial").exists()


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    return Trial(tmp_path)


def test_a_release_that_judges_frames_stays(trial: Trial) -> None:
    said = trial.watch("if ((SECONDS > 20)); then frame; judged; fi")
    assert said[-1] == f"report: the new release {NEW} works"
    assert (trial.in_use, trial.over) == (NEW, True)
    assert (trial.home / "previous").readlink() == Path(OLD)


def test_a_release_that_judges_no_frame_of_a_working_camera_goes_back(trial: Trial) -> None:
    said = trial.watch("frame; if ((SECONDS > 130)); then exit; fi")
    assert (trial.in_use, trial.over) == (OLD, True)
    assert f"report: the new release {NEW} judged no frame in 120 s" in "\n".join(said)
    assert said[-2:] == [
        "systemctl: --no-block start gym-mirror.service",
        "systemctl: --no-block restart gym-mirror-outbox.service",
    ]
    # its units are other ones
    assert said.index("systemctl: daemon-reload") > said.index(
        "systemctl: stop gym-mirror-gave-up.service gym-mirror.service"
    )
    told = (trial.home / "rolled-back").read_text()
    assert told == f"{NEW} judged no frame in 120 s with a working camera\n"
    assert not (trial.home / "previous").is_symlink()


def test_it_has_its_two_minutes(trial: Trial) -> None:
    trial.watch("frame; if ((SECONDS > 100)); then judged; fi")
    assert trial.in_use == NEW


def test_without_a_camera_nothing_is_judged_and_the_trial_goes_on(trial: Trial) -> None:
    assert trial.watch(":")[-1] == "goes on"
    assert (trial.in_use, trial.over) == (NEW, False)


@pytest.mark.parametrize(
    "before_it_fails", [":", "frame", "frame; judged"], ids=["blind", "seeing", "judging"]
)
def test_three_failed_starts_in_a_row_go_back(trial: Trial, before_it_fails: str) -> None:
    trial.watch(f"if ((SECONDS % 20 < 2)); then restart; else {before_it_fails}; fi")
    assert (trial.in_use, trial.over) == (OLD, True)
    assert "failed to start 3 times" in (trial.home / "rolled-back").read_text()


def test_two_failed_starts_are_forgiven(trial: Trial) -> None:
    trial.watch("if ((SECONDS == 10 || SECONDS == 20)); then restart; else frame; judged; fi")
    assert trial.in_use == NEW


def test_failed_starts_are_remembered_over_a_power_cut(trial: Trial) -> None:
    trial.watch("restart; if ((starts == 3)); then exit; fi")
    assert (trial.home / "trial").read_text() == f"{NEW} 2\n"
    trial.watch("restart")
    assert trial.in_use == OLD


def test_a_mirror_that_systemd_gave_up_goes_back(trial: Trial) -> None:
    trial.watch("touch $AT/failed")
    assert trial.in_use == OLD


@pytest.mark.parametrize("damage", ["no previous release", "an emptied one"])
def test_nothing_is_switched_to_a_release_that_is_not_whole(trial: Trial, damage: str) -> None:
    if damage == "an emptied one":
        (trial.home / OLD / "app.py").write_text("")
    else:
        (trial.home / "previous").unlink()
    said = trial.watch("restart")
    assert said[-1].endswith("there is no release to go back to")
    assert (trial.in_use, trial.over) == (NEW, True)


def test_a_trial_of_another_release_is_over(trial: Trial) -> None:
    (trial.home / "trial").write_text(f"{OLD} 2\n")
    assert trial.watch("restart") == []
    assert (trial.in_use, trial.over) == (NEW, True)


def test_a_history_that_the_new_release_changed_is_brought_back_and_nothing_lost(
    trial: Trial,
) -> None:
    for name, text in {
        "history.sqlite3": "newer",
        "history.sqlite3-wal": "newer log",
        "history.before-v5.sqlite3": "as it was",
    }.items():
        (trial.state / name).write_text(text)
    (trial.home / "trial-began").touch()
    trial.do("touch -d tomorrow $STATE_DIR/history.before-v5.sqlite3")
    trial.watch("restart")
    found = {path.name: path.read_text() for path in trial.state.iterdir()}
    assert found.pop("history.sqlite3") == "as it was"
    # an erase finds it by this name
    assert all(name.startswith("history.before-") for name in found)
    assert sorted(found.values()) == ["newer", "newer log"]


def test_a_history_that_was_not_changed_stays(trial: Trial) -> None:
    (trial.state / "history.sqlite3").write_text("sets")
    (trial.state / "history.before-v4.sqlite3").write_text("of last year")
    trial.do("touch -d 2025-01-01 $STATE_DIR/history.before-v4.sqlite3")
    trial.watch("restart")
    assert (trial.state / "history.sqlite3").read_text() == "sets"
    assert (trial.state / "history.before-v4.sqlite3").exists()


def test_the_release_before_comes_back_with_its_units_before_those_of_a_package(
    trial: Trial,
) -> None:
    units, home = trial.folder / "units", trial.home
    units.mkdir()
    changed = units / "gym-mirror-outbox.service"
    changed.write_text("the owner's own")
    masked = units / "gym-mirror-stick.service"
    masked.symlink_to("/dev/null")
    trial.watch("restart")
    assert trial.in_use == OLD
    assert (units / "gym-mirror.service").readlink() == home / "current/systemd/gym-mirror.service"
    assert (trial.folder / "rules.d/90-gym-mirror.rules").is_symlink()
    assert changed.read_text() == "the owner's own"
    assert masked.readlink() == Path("/dev/null")
    trial.do("untie_units")
    assert set(units.iterdir()) == {changed, masked}
