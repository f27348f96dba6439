"""A USB stick, as the screen tells of it."""

from pathlib import Path

import pytest

from kiosk.app import receivers
from kiosk.coaching.snapshot import Stage
from kiosk.settings import StickSettings
from kiosk.system.stick_state import StickWatch, tell_stick
from mirror_harness import WORDS, MirrorHarness, in_stage, turns


def test_a_stick_is_told_of_between_sets_and_disturbs_none(
    harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    monkeypatch.setattr(
        receivers, "StickWatch", lambda *, enabled: StickWatch(enabled=enabled, folder=folder)
    )
    tell_stick("copying", folder)
    with harness.mirror(stick=StickSettings(enabled=True)) as mirror:
        scene = turns(mirror, lambda scene: scene.notices)
        assert scene.notices == (WORDS("notice.stick_copying"),)
        tell_stick("remove", folder)
        turns(mirror, lambda scene: scene.notices == (WORDS("notice.stick_remove"),))
        scene = turns(mirror, in_stage(Stage.SET))
        assert scene.notices == ()
        tell_stick("full", folder)
        turns(mirror, in_stage(Stage.SUMMARY))
        turns(mirror, lambda scene: scene.notices == (WORDS("notice.stick_full"),))
        (folder / "state").unlink()
        turns(mirror, lambda scene: scene.notices == ())
    assert harness.stored() == [("hip_hinge", 4, "walked_off")]
