"""What the running mirror tells other programs, in its state file."""

from pathlib import Path

import pytest

from kiosk.errors import CameraError
from kiosk.settings import HomeSettings, OutboxSettings
from kiosk.system.mirror_state import FILE_NAME, read_state
from kiosk.vision.camera.frame import FrameSource
from mirror_harness import FPS, MirrorHarness, counted, turns

HOME = HomeSettings(broker="broker.local")
OUTBOX = OutboxSettings(target="postgresql://db.local/gym")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "run"
    found.mkdir()
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(found))
    return found


def test_a_set_is_told_while_it_is_done_and_the_end_of_the_mirror_too(
    harness: MirrorHarness, folder: Path
) -> None:
    told = []
    with harness.mirror(home=HOME) as mirror:
        for number in (1, 3):
            turns(mirror, counted(number))
            for _ in range(int(FPS)):  # a second
                mirror.turn()
            told.append(read_state(folder))
    assert [(one.doing, one.faults) for one in told if one] == [("set", ())] * 2
    assert all(one.count >= 1 for one in told if one)
    assert not (folder / FILE_NAME).exists()


def test_a_mirror_without_a_camera_cannot_see(harness: MirrorHarness, folder: Path) -> None:
    first = [harness.camera([*harness.film()[:20], CameraError("lost")])]

    def opener() -> FrameSource:
        if not first:
            harness.mailbox.hush(silent=True)
            raise CameraError("no camera; plug it in")
        return first.pop()

    with harness.mirror(opener, home=HOME) as mirror:
        turns(mirror, lambda scene: scene.vision_fault == "camera")
        for _ in range(int(FPS) + 1):
            mirror.turn()
        found = read_state(folder)
    assert found is not None
    assert found.doing == "blind"
    assert "camera" in found.faults


def test_it_is_told_for_the_database_alone(harness: MirrorHarness, folder: Path) -> None:
    with harness.mirror(outbox=OUTBOX) as mirror:
        turns(mirror, lambda _: (folder / FILE_NAME).exists())


def test_nothing_is_told_where_nobody_sends_it(harness: MirrorHarness, folder: Path) -> None:
    with harness.mirror() as mirror:
        turns(mirror, counted(1))
        assert not (folder / FILE_NAME).exists()
