"""Every program that the mirror may start hangs: the picture goes on, and the watchdog is fed."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.app import parts as parts_module
from kiosk.app.mirror import Mirror
from kiosk.settings import HistorySettings, Settings
from kiosk.ui.sound import speech
from mirror_harness import MirrorHarness

PROGRAMS = (
    "pico2wave",
    "espeak-ng",
    "espeak",
    "aplay",
    "pactl",
    "vcgencmd",
    "git",
    "pip",
    "python3",
    "sh",
)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """The only programs there are never come back; which of them were started."""
    folder, note = tmp_path / "bin", tmp_path / "asked"
    folder.mkdir()
    for name in PROGRAMS:
        program = folder / name
        program.write_text(f"#!/bin/sh\necho {name} >>{note}\nexec /bin/sleep 600\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return lambda: note.read_text().split() if note.exists() else []


def test_the_picture_goes_on_and_the_watchdog_is_fed(
    harness: MirrorHarness,
    asked: Callable[[], list[str]],
    heard: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert speech.TIMEOUT_S <= 3.0
    settings = Settings(history=HistorySettings(folder=str(harness.folder)))
    monkeypatch.setattr(parts_module, "open_back_observer", lambda: None)
    options = parts_module.MirrorOptions(on_screen=False)
    with Mirror(settings, harness.camera, options, clock=harness.lockstep) as mirror:
        fed, hung = 0, False
        while not mirror.ended:
            assert mirror.turn() is not None
            fed += "WATCHDOG=1" in heard()
            hung = hung or (bool(asked()) and mirror.speaker.voice_fault is None)
        assert hung  # pictures were drawn while it hung, so nobody waited for it
        assert fed >= harness.seconds - 1.5  # once a second of the mirror's clock
        give_up_s = time.monotonic() + 30.0
        while mirror.speaker.voice_fault is None and time.monotonic() < give_up_s:
            mirror.turn()
        assert "it gave nothing for 3 s" in (mirror.speaker.voice_fault or "")
        for _ in range(100):  # half a minute and more of the mirror's clock: it is not asked again
            harness.lockstep.now_s += 1.0
            mirror.turn()
    assert asked() == ["pico2wave", "espeak-ng"]
    assert harness.stored() == [("hip_hinge", 4, "walked_off")]
