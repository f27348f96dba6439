"""A tag reader that is missing, is plugged in during a set, and reads a new tag and a known one."""

from pathlib import Path

import pytest
from typed_tags import Plug, tag

from kiosk.app import presses
from kiosk.coaching.snapshot import Stage
from kiosk.settings import LifterSettings
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen.scene import Page
from mirror_harness import WORDS, MirrorHarness, in_stage, turns, warned

TAKE = ButtonEvent(Button.FINISH, Press.SHORT)
SETTINGS = LifterSettings(tags=True, tag_reader="/dev/input/by-id/usb-reader-event-kbd")


def test_a_missing_reader_is_told_and_a_tag_chooses_the_place_once_it_is_there(
    harness: MirrorHarness,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    plug = Plug(tmp_path / "reader")
    monkeypatch.setattr(presses, "TagReader", lambda _: plug.reader())
    with harness.mirror(lifters=SETTINGS) as mirror:
        scene = turns(mirror, lambda scene: scene.notices)
        assert scene.notices == (WORDS("notice.tags"),)
        # a set needs no tag, and hears nothing of readers
        scene = turns(mirror, in_stage(Stage.SET))
        assert scene.notices == ()
        plug.plug_in()
        turns(mirror, in_stage(Stage.SUMMARY))
        plug.send(tag("0012345678"))
        scene = turns(mirror, lambda scene: scene.page is Page.TAG)
        assert (scene.notices, scene.lifting.place) == ((), 1)
        mirror.turn((TAKE,))
        plug.send(tag("0012345678"))
        turns(mirror, lambda scene: scene.lifting.facts.lifter == 1 or mirror.ended)
        assert mirror.parts.facts.lifter == 1
    plug.close()
    assert list(harness.reader.tags().values()) == [1]
    assert harness.stored() == [("hip_hinge", 4, "walked_off")]
    assert len([line for line in warned(caplog) if "tag reader" in line]) == 1
