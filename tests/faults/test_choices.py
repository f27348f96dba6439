"""What is chosen with the buttons cannot be written: it is told, holds, and is tried again."""

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest

from kiosk.app import chosen_file
from kiosk.settings import Settings, load
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.set_up_steps import SetUp, Step
from mirror_harness import WORDS, MirrorHarness, turns, warned

LEFT, MIDDLE, _ = (ButtonEvent(button, Press.SHORT) for button in Button)
BY_HAND = "# the neighbours\n[sound]\nvolume = 0.9\n"


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (errno.EROFS, "read_only"),
        (errno.ENOSPC, "full"),
        (errno.EACCES, "denied"),
        (errno.EIO, "failed"),
    ],
)
def test_choices_that_cannot_be_kept_are_told_and_hold_and_are_written_in_the_end(
    harness: MirrorHarness,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    number: int,
    key: str,
) -> None:
    def fail(*_: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    chosen = tmp_path / "state/gym-mirror/chosen.toml"
    chosen.parent.mkdir(parents=True)
    chosen.write_text(BY_HAND)
    monkeypatch.setattr(chosen_file, "RETRY_S", (0.0, 0.0))
    with monkeypatch.context() as patched:
        patched.setattr(chosen_file, "write_whole", fail)
        state = SetUp.begin(Settings(), ("en",), (Step.SOUND, Step.EDGE))
        mirror = harness.mirror(chosen=chosen, set_up=state)
        with mirror:
            mirror.turn((LEFT,))
            mirror.turn((MIDDLE,))
            scene = turns(mirror, lambda scene: scene.notices)
            assert scene.notices == (WORDS(f"notice.unsaved.{key}"),)
            assert mirror.speaker.volume == 0.6
            assert chosen.read_text() == BY_HAND
            patched.undo()
            turns(mirror, lambda scene: not scene.notices)
    assert chosen.read_text() == BY_HAND.replace("0.9", "0.6")
    assert load(None).sound.volume == 0.6
    (told,) = [line for line in warned(caplog) if str(chosen) in line]
    assert "\n" not in told
