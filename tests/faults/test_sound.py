"""A sound device that hangs while it is opened: the picture goes on, and the watchdog is fed."""

import threading
from collections.abc import Callable

import pytest

from doubles import FakeSpeaker
from kiosk.app import parts as parts_module
from kiosk.system import worker
from kiosk.ui.sound import reconnecting
from mirror_harness import PATIENCE_S, WORDS, MirrorHarness


def test_a_set_is_counted_and_the_watchdog_fed_while_the_sound_device_hangs(
    harness: MirrorHarness, heard: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    opening, let_go = threading.Event(), threading.Event()

    def hang(*_: object) -> FakeSpeaker:
        opening.set()
        assert let_go.wait(PATIENCE_S)
        return FakeSpeaker()

    monkeypatch.setattr(parts_module, "open_speaker", hang)
    monkeypatch.setattr(reconnecting, "FIRST_S", 0.01)
    monkeypatch.setattr(reconnecting, "HANGS_S", 1.0)
    monkeypatch.setattr(worker, "END_S", 0.5)  # enough for a thread that does not hang
    with harness.mirror() as mirror:
        assert opening.wait(PATIENCE_S)
        fed, told = 0, False
        while not mirror.ended:
            scene = mirror.turn()
            assert scene is not None
            fed += "WATCHDOG=1" in heard()
            told = told or WORDS("notice.sound") in scene.notices
        assert told
        assert fed >= harness.seconds - 1.5  # once a second of the mirror's clock
        assert mirror.speaker.opener.busy
    assert mirror.speaker.opener.alive  # nobody waited for it
    assert heard()[-1] == "STOPPING=1"
    assert harness.stored() == [("hip_hinge", 4, "walked_off")]
    let_go.set()
    mirror.speaker.opener.join(PATIENCE_S)
    assert not mirror.speaker.opener.alive
