"""The mirror's state file: whole, in memory, and written no more often than needed."""

import os
from pathlib import Path

import pytest

from doubles import FakeClock
from kiosk.system.files import runtime_folder
from kiosk.system.mirror_state import EVERY_S, FILE_NAME, MirrorState, StateWriter, read_state


class Writes:
    """Counts how often the file was replaced."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = 0
        replace = Path.replace

        def counted(draft: Path, target: Path) -> Path:
            assert draft.parent == folder
            self.times += 1
            return replace(draft, target)

        monkeypatch.setattr(Path, "replace", counted)


def tell(
    writer: StateWriter, now_s: float = 0.0, count: int = 0, temperature_c: float | None = 50.0
) -> None:
    writer.update(now_s, "set" if count else "waiting", count, (), temperature_c, "1.0")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    StateWriter(tmp_path).update(0.0, "blind", 0, ("camera", "clock"), 61.4, "1.0")
    assert read_state(tmp_path) == MirrorState(
        doing="blind", count=0, faults=("camera", "clock"), temperature_c=61, version="1.0"
    )


def test_nothing_is_written_while_nothing_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes, clock = Writes(tmp_path, monkeypatch), FakeClock()
    writer = StateWriter(tmp_path)
    for step in range(36_000):  # ten minutes at 60 pictures a second
        tell(writer, clock(), temperature_c=50.0 + 0.9 * (step % 2))
        clock.advance(1 / 60)
    assert writes.times == 1


def test_it_is_written_once_a_second_at_most_and_the_newest_is_never_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes, clock = Writes(tmp_path, monkeypatch), FakeClock()
    writer = StateWriter(tmp_path)
    for step in range(100):
        tell(writer, clock(), count=1 + step)
        clock.advance(0.1)
    assert writes.times <= 10 / EVERY_S
    clock.advance(EVERY_S)
    tell(writer, clock(), count=100)
    found = read_state(tmp_path)
    assert found is not None
    assert found.count == 100


def test_a_temperature_that_climbs_is_told(tmp_path: Path) -> None:
    clock = FakeClock()
    writer = StateWriter(tmp_path)
    told = []
    for degrees in range(50, 60):
        tell(writer, clock(), temperature_c=float(degrees))
        clock.advance(EVERY_S)
        found = read_state(tmp_path)
        assert found is not None
        told.append(found.temperature_c)
    assert told == [50, 50, 52, 52, 54, 54, 56, 56, 58, 58]


def test_the_group_may_read_it_and_nobody_else(tmp_path: Path) -> None:
    before = os.umask(0o077)  # as the unit has it
    try:
        tell(StateWriter(tmp_path))
    finally:
        os.umask(before)
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o640


def test_it_goes_with_the_mirror(tmp_path: Path) -> None:
    writer = StateWriter(tmp_path)
    tell(writer)
    writer.close()
    assert list(tmp_path.iterdir()) == []
    assert read_state(tmp_path) is None


def test_a_folder_that_cannot_be_written_is_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = FakeClock()
    writer = StateWriter(tmp_path / "away")
    for _ in range(5):
        tell(writer, clock())
        clock.advance(EVERY_S)
    assert len(caplog.messages) == 1
    writer.close()
    (tmp_path / "away").mkdir()
    tell(writer, clock())
    assert read_state(tmp_path / "away") is not None


@pytest.mark.parametrize("content", [b"", b"{", b'{"doing":"dancing","version":"1"}', b"\xff" * 99])
def test_a_damaged_file_is_no_state(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    assert read_state(tmp_path) is None


def test_no_folder_in_memory_means_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    assert runtime_folder() is None
    writer = StateWriter(None)
    tell(writer)
    assert not writer.is_due(9.0)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1000")
    assert runtime_folder() == Path("/run/user/1000/gym-mirror")
    monkeypatch.setenv("RUNTIME_DIRECTORY", "/run/gym-mirror:/run/other")
    assert runtime_folder() == Path("/run/gym-mirror")
