import os
import select
import signal
import threading
from pathlib import Path

import pytest

from kiosk.system import program
from kiosk.system.program import ProgramError, run_program


def test_a_program_gets_its_arguments_as_they_are_and_what_it_reads() -> None:
    script = 'printf "%s|" "$@"; cat'
    command = ["/bin/sh", "-c", script, "sh", "a b", "$HOME", "; exit 3"]
    assert run_program(command, 30.0, given="read") == "a b|$HOME|; exit 3|read"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (["/bin/sh", "-c", "echo first; echo no such monitor >&2; exit 1"], "no such monitor"),
        (["/bin/sh", "-c", "exit 7"], "exit code 7"),
        (["/bin/sh", "-c", "kill -9 $$"], f"exit code {-signal.SIGKILL}"),
    ],
)
def test_one_that_fails_is_quoted_by_its_last_line(command: list[str], why: str) -> None:
    with pytest.raises(ProgramError) as caught:
        run_program(command, 30.0)
    assert str(caught.value) == f"sh failed ({why})"


@pytest.mark.parametrize(
    ("word", "why"), [("no-such-program", "No such file"), ("a\0b", "null byte")]
)
def test_one_that_cannot_be_started_is_named(word: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match=why):
        run_program([str(tmp_path / word)], 30.0)


def test_one_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    living = tmp_path / "living"
    os.mkfifo(living)
    ear = os.open(living, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(ProgramError, match=r"sh failed \(it gave nothing for 0\.5 s\)"):
        run_program(["/bin/sh", "-c", f"exec 9>{living}; sleep 600 & sleep 600"], 0.5)
    heard = select.poll()
    heard.register(ear)
    assert heard.poll(10_000) == [(ear, select.POLLHUP)]  # nobody has the other end open any more
    os.close(ear)


def test_a_stop_ends_it() -> None:
    stop = threading.Event()

    def stopping() -> bool:
        asked, _ = stop.is_set(), stop.set()
        return asked

    with pytest.raises(ProgramError):
        run_program(["/bin/sleep", "600"], 600.0, stopping=stopping)


@pytest.mark.filterwarnings("ignore:subprocess .* still running:ResourceWarning")
def test_one_that_cannot_even_be_killed_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[int] = []
    monkeypatch.setattr(program.os, "killpg", lambda pid, _: killed.append(pid))
    monkeypatch.setattr(program, "_KILLED_S", 0.0)
    with pytest.raises(ProgramError, match="it gave nothing for 0 s"):
        run_program(["/bin/sleep", "600"], 0.0)
    monkeypatch.undo()
    os.killpg(killed[0], signal.SIGKILL)


def test_it_runs_though_no_file_can_be_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(program.tempfile, "tempdir", str(tmp_path / "missing"))
    done = tmp_path / "done"
    assert run_program(["/bin/sh", "-c", f"echo switched; echo >{done}"], 30.0) == ""
    assert done.exists()
    with pytest.raises(ProgramError, match="exit code 3"):
        run_program(["/bin/sh", "-c", "echo why; exit 3"], 30.0)
