"""No frame of a real set, which runs in a process of its own, reaches a disk or a socket.

An audit hook records what Python opens, sends and starts. What C libraries write, it does not see:
that is found in the folders afterwards, and by tests/platform/privacy_strace.sh.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from ui.sound.fake_engine import FakeEngine

from kiosk.system.first_frames import FRAME, JUDGED
from kiosk.system.mirror_state import FILE_NAME as STATE_FILE
from kiosk.vision.models.selection import FILE_NAME
from large_values import large_values
from paths import ROOT

PROGRAM = Path(__file__).with_name("watched_set.py")
FIRST_REP_S = 12.5  # the film's first rep ends at 11.3 s
ALONE: Mapping[str, str] = {}
TOLD = (STATE_FILE, FRAME, JUDGED)
LARGEST_FILE = 200_000  # a picture of the film takes 920 kB, and 320 kB as PNG


def watch(
    folder: Path, seconds: float, *leaks: str, told: Mapping[str, str] = ALONE
) -> tuple[list[str], int]:
    """Runs a set below a folder that is all it may write to.

    Returns:
        What is not as it should be, and how many reps were stored.
    """
    engine = FakeEngine(folder / "engine")
    for name in ("home", "tmp", "work"):
        (folder / name).mkdir()
    engines_own = set(folder.rglob("*"))
    environment = {
        "PATH": f"{engine.folder}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "SDL_VIDEODRIVER": "dummy",
        "SDL_AUDIODRIVER": "dummy",
    }
    environment |= told
    command = [sys.executable, PROGRAM, folder, str(seconds), *leaks]
    done = subprocess.run(
        command,
        cwd=folder / "work",
        env=environment,
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    cache = folder / "home/.cache/gym-mirror"
    history, speech, times = folder / "history", cache / "speech", cache / FILE_NAME
    wrong = [f"network: {call}" for call in found["network"]]
    wrong += [f"started: {name}" for name in found["started"] if name != str(engine.program)]
    for name in found["written"]:
        if name == ":memory:":  # SQLite's name of a database that has no file
            continue
        path = Path(folder / "work", name.removeprefix("file:").partition("?")[0])
        timed = path.parent == cache and path.name.endswith(FILE_NAME)
        state = path.parent == folder / "run" and path.name.endswith(TOLD)
        if not timed and not state and not any(map(path.is_relative_to, (history, speech))):
            wrong.append(f"opened to be written: {path}")
    for path in sorted(set(folder.rglob("*")) - engines_own):
        if path.is_dir() or path.is_relative_to(engine.folder):
            continue
        voice = path.parent == speech and path.suffix == ".wav"
        state = path.parent == folder / "run" and path.name in TOLD
        if not voice and not state and path.parent != history and path != times:
            wrong.append(f"left behind: {path}")
        if path.parent == history and not path.name.startswith("history.sqlite3"):
            wrong.append(f"left beside the history: {path.name}")
        if path.stat().st_size > LARGEST_FILE:
            wrong.append(f"as large as a picture: {path.name}")
    wrong += large_values(history / "history.sqlite3")
    return wrong, found["reps"]


@pytest.mark.parametrize("outgoing", [False, True], ids=["alone", "with other units"])
def test_a_set_writes_its_history_and_its_voice_and_sends_nothing(
    tmp_path: Path, outgoing: bool
) -> None:
    run = tmp_path / "run"
    run.mkdir()
    told = {"RUNTIME_DIRECTORY": str(run)} if outgoing else ALONE
    wrong, reps = watch(tmp_path, FIRST_REP_S, told=told)
    assert wrong == []
    assert reps == 1
    assert (tmp_path / "history/history.sqlite3").is_file()
    assert list((tmp_path / "home/.cache/gym-mirror/speech").glob("*.wav"))


@pytest.mark.parametrize(
    ("leak", "noticed"),
    [
        ("by_file", "opened to be written: {folder}/work/frame.raw"),
        ("by_library", "left behind: {folder}/work/frame.png"),
        ("beside_history", "left beside the history: frame.npy"),
        ("into_history", "a picture in the history: frames.frame, 1228800"),
        ("by_network", "network: socket.sendto (('127.0.0.1', 9),)"),
        ("by_program", "started: b'true'"),
    ],
)
def test_a_frame_that_gets_out_is_noticed(
    leaking: tuple[list[str], Path], leak: str, noticed: str
) -> None:
    wrong, folder = leaking
    assert noticed.format(folder=folder) in wrong


@pytest.fixture(scope="module")
def leaking(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Path]:
    """What is said of a set with every leak at once."""
    folder = tmp_path_factory.mktemp("leaking")
    every = ("by_file", "by_library", "beside_history", "into_history", "by_network", "by_program")
    wrong, _ = watch(folder, 0.3, *every)
    return wrong, folder
