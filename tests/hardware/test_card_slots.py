"""The slots of the card image: an update is tried, kept when it proves itself, and else left."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from image_recipe import RECIPE, shared_places
from paths import ROOT

OVERLAY = RECIPE / "layer/gym-mirror.d/customize.overlay"
SLOT = OVERLAY / "usr/lib/gym-mirror-image/slot"
FIRST = "[all]\ntryboot_a_b=1\nboot_partition=2\n[tryboot]\nboot_partition=3\n"
SECOND = "[all]\ntryboot_a_b=1\nboot_partition=3\n[tryboot]\nboot_partition=2\n"

# Time passes in `sleep`, after which EVENTS runs, as in the trial of a release. RUNS is the slot in
# use, UNSHARED a place that is not mounted as it should be.
STAND_INS = """
report() { echo "report: $*"; }
sync() { :; }
is_root() { [[ $ROOT_USER == yes ]]; }
findmnt() {
    case ${!#} in
        /var) [[ -z $RUNS ]] || echo "/slots/$RUNS/var" ;;
        "$UNSHARED") ;;
        *) echo "/shared${!#}" ;;
    esac
}
rpi-slot-tryboot() {
    if [[ $RUNS == system_b ]]; then printf '%s' "$SECOND"; else printf '%s' "$FIRST"; fi
}
systemctl() {
    case "$*" in
        *NRestarts*) echo "$starts" ;;
        *is-failed*) false ;;
        *) echo "systemctl: $*" ;;
    esac
}
reboot() { echo "reboot: $*"; }
simg2img() { cp -- "$1" "$2"; }
blockdev() { if [[ $1 == --getsize64 ]]; then stat --format %s "$2"; fi; }
sleep() {
    SECONDS=$((SECONDS + $1))
    if ((SECONDS > 600)); then echo "goes on"; exit; fi
    events
}
events() { :; }
starts=0
"""


class Card:
    """A card with two slots and what they share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("image", "state", "run", "work", "by-slot/other"):
            (folder / name).mkdir(parents=True)
        for part in ("boot", "system"):
            (folder / "by-slot/other" / part).write_bytes(b"old " * 1024)
        self.autoboot = folder / "autoboot.txt"
        self.autoboot.write_text(FIRST)
        self.is_ = {"RUNS": "system_a", "UNSHARED": "", "ROOT_USER": "yes", "RELEASE": str(ROOT)}
        self.is_ |= {"FIRST": FIRST, "SECOND": SECOND, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}

    def do(self, commands: str, code: int = 0) -> list[str]:
        at = self.folder
        places = f"HOME_DIR={at}/image STATE_DIR={at}/state RUN_DIR={at}/run WORK_DIR={at}/work\n"
        places += f"AUTOBOOT={self.autoboot} BY_SLOT={at}/by-slot\n"
        conf = OVERLAY / "etc/rpi-image-gen/slot-shared.d/gym-mirror.conf"
        script = f"source {SLOT}\nSHARED={conf}\n{places}{STAND_INS}{commands}"
        ask = ["bash", "-c", script]
        done = subprocess.run(ask, env=self.is_, capture_output=True, check=False, text=True)
        assert (done.returncode, done.stderr) == (code, "")
        return done.stdout.splitlines()

    def has(self, name: str) -> str | None:
        file = self.folder / "image" / name
        return file.read_text().strip() if file.exists() else None

    def try_other(self) -> None:
        """The system_b that an update has written runs, for the one time that it is given."""
        (self.folder / "image/trial-began").touch()
        (self.folder / "image/trial").write_text("system_b 0\n")
        self.is_["RUNS"] = "system_b"

    def pack(self, *, parts: tuple[str, ...] = ("boot", "system"), size: int = 2048) -> Path:
        """An update as the generator packs it."""
        inside = self.folder / "inside"
        inside.mkdir()
        for part in parts:
            (inside / part).write_bytes(f"new {part} ".encode().ljust(size, b"."))
        file = self.folder / "gym-mirror.update.tar.zst"
        ask = ["tar", "--zstd", "-cf", str(file), "-C", str(inside), *parts]
        subprocess.run(ask, check=True)
        return file


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return Card(tmp_path)


packed = pytest.mark.skipif(shutil.which("zstd") is None, reason="zstd is not installed")


def test_a_system_whose_mirror_judges_frames_is_kept(card: Card) -> None:
    card.try_other()
    said = card.do('events() { touch "$RUN_DIR/frame" "$RUN_DIR/judged"; }; SECONDS=0; judge')
    assert said[-1] == "report: the new release system_b works"
    assert not any("reboot" in line for line in said)
    assert card.autoboot.read_text() == SECOND
    assert (card.has("trial"), card.has("trial-began")) == (None, None)


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ('touch "$RUN_DIR/frame"', "judged no frame"),
        ("starts=$((starts + 1))", "failed to start"),
    ],
)
def test_a_system_whose_mirror_does_not_come_up_is_left(card: Card, events: str, why: str) -> None:
    card.try_other()
    said = card.do(f"events() {{ {events}; }}; SECONDS=0; judge")
    assert said[-1] == "systemctl: reboot"
    assert card.autoboot.read_text() == FIRST  # which starts the slot before
    assert card.has("rolled-back").startswith(f"system_b {why}")


@pytest.mark.parametrize("place", shared_places())
def test_a_system_that_does_not_share_the_history_is_left_at_once(card: Card, place: str) -> None:
    card.try_other()
    card.is_["UNSHARED"] = place
    (card.folder / "run/judged").touch()
    assert card.do("SECONDS=0; judge")[-1] == "systemctl: reboot"
    assert card.has("rolled-back") == f"system_b has no {place} on the data partition"
    assert card.autoboot.read_text() == FIRST


def test_a_choice_that_the_generator_does_not_make_is_not_written(card: Card) -> None:
    card.try_other()
    said = card.do(
        "rpi-slot-tryboot() { echo oops; }\n"
        'events() { touch "$RUN_DIR/frame" "$RUN_DIR/judged"; }; SECONDS=0; judge'
    )
    assert said[-1] == "goes on"
    assert card.autoboot.read_text() == FIRST
    assert card.has("trial") == "system_b 0"


def test_the_choice_is_written_over_the_old_one(card: Card) -> None:
    # a file that is made anew may be missing after a power cut, and the Pi would start nothing
    before = card.autoboot.stat().st_ino
    card.try_other()
    card.do("keep")
    assert (card.autoboot.stat().st_ino, card.autoboot.read_text()) == (before, SECOND)


def test_a_choice_that_cannot_be_written_leaves_the_old_one(card: Card) -> None:
    card.try_other()
    card.do("trap '' XFSZ; ulimit -f 0; keep 2>/dev/null", code=1)
    assert card.autoboot.read_text() == FIRST
    assert card.has("trial") == "system_b 0"


def test_nothing_of_a_longer_choice_is_left(card: Card) -> None:
    card.autoboot.write_text(f"{FIRST}# which slot the firmware starts\n")
    card.try_other()
    card.do("keep")
    assert card.autoboot.read_text().rstrip("\n") == SECOND.rstrip("\n")


def test_after_a_system_that_did_not_come_up_the_history_is_as_before(card: Card) -> None:
    state = card.folder / "state"
    card.try_other()
    (state / "history.sqlite3").write_text("migrated")
    copy = state / "history.before-v9.sqlite3"
    copy.write_text("as it was")
    os.utime(copy, (2e9, 2e9))
    card.is_["RUNS"] = "system_a"
    card.do("back")
    assert (state / "history.sqlite3").read_text() == "as it was"
    (kept,) = state.glob("history.before-rollback-*")
    assert kept.read_text() == "migrated"
    assert card.has("rolled-back") == "system_b did not come up"
    assert card.has("trial") is None
    # nothing is on trial any more: the next start changes nothing
    (state / "history.sqlite3").write_text("newer sets")
    assert card.do("back; judge") == []
    assert (state / "history.sqlite3").read_text() == "newer sets"


def test_while_the_new_system_runs_nothing_is_brought_back(card: Card) -> None:
    card.try_other()
    assert card.do("back") == []
    assert card.has("trial") == "system_b 0"


def test_the_reason_that_the_new_system_gave_is_kept(card: Card) -> None:
    card.try_other()
    (card.folder / "image/rolled-back").write_text("system_b judged no frame\n")
    card.is_["RUNS"] = "system_a"
    card.do("back")
    assert card.has("rolled-back") == "system_b judged no frame"


@packed
def test_an_update_is_written_to_the_other_slot_and_tried_once(card: Card) -> None:
    said = card.do(f"update {card.pack()}")
    assert said[-1] == "reboot: 0 tryboot"
    for part in ("boot", "system"):
        written = (card.folder / "by-slot/other" / part).read_bytes()
        assert written[:2048] == f"new {part} ".encode().ljust(2048, b".")
        assert len(written) == 4096
    assert card.has("trial") == "system_b 0"
    assert card.autoboot.read_text() == FIRST
    assert not list((card.folder / "work").iterdir())


@packed
@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("user", "run it with sudo"),
        ("slots", "has no slots"),
        ("trial", "is on trial"),
        ("missing", "name the file"),
        ("members", "is no update"),
        ("damaged", "is no update"),
        ("large", "is larger than"),
        ("card", "replace the card"),
    ],
)
def test_an_update_that_cannot_be_is_refused_in_one_line(card: Card, what: str, why: str) -> None:
    parts = ("boot",) if what == "members" else ("boot", "system")
    file = card.pack(parts=parts, size=8192 if what == "large" else 2048)
    commands = f"update {file}"
    if what == "user":
        card.is_["ROOT_USER"] = "no"
    elif what == "slots":
        card.is_["RUNS"] = ""
    elif what == "trial":
        (card.folder / "image/trial").write_text("system_b 0\n")
    elif what == "missing":
        file.unlink()
    elif what == "damaged":
        file.write_bytes(file.read_bytes()[:100])
    elif what == "card":  # which keeps what it had
        commands = f"dd() {{ :; }}; {commands}"
    before = card.has("trial")
    said = card.do(commands, code=2)
    assert why in said[-1]
    assert len([line for line in said if "writing" not in line]) == 1
    assert not any("reboot" in line for line in said)
    assert card.has("trial") == before
    assert card.autoboot.read_text() == FIRST
    assert not list((card.folder / "work").iterdir())
