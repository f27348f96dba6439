"""No model, a damaged one, nothing to run it with: the mirror starts, shows it, and recovers."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.app import parts as parts_module
from kiosk.coaching.snapshot import Stage
from kiosk.settings import CoachSettings
from kiosk.system import retry
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen.scene import Page
from kiosk.vision.models import interpreter, selection
from kiosk.vision.models.manifest import load_manifest
from kiosk.vision.pose.movenet import load_estimator
from mirror_harness import WORDS, MirrorHarness, in_stage, over, reading, turns, warned

Break = Callable[[Path, pytest.MonkeyPatch], None]
FILE = load_manifest().spec("lightning_f16").file


def missing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder."""


def damaged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / FILE).write_bytes(b"half a model")


def without_runtime(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / FILE).write_bytes(b"a model")
    monkeypatch.setattr(interpreter, "file_fault", lambda *_: None)
    for name in ("ai_edge_litert.interpreter", "tflite_runtime.interpreter"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.parametrize(
    ("break_it", "page", "message"),
    [
        (missing, "model", "missing"),
        (damaged, "model", "not a TensorFlow Lite model"),
        (without_runtime, "runtime", "no runtime for the model"),
    ],
)
def test_a_mirror_without_a_model_says_so_and_counts_once_there_is_one(
    harness: MirrorHarness,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    break_it: Break,
    page: str,
    message: str,
) -> None:
    mended = parts_module.load_estimator
    broken = True
    monkeypatch.setattr(retry, "RETRY_S", (0.0, 0.0))
    monkeypatch.setattr(selection, "weights_folder", lambda: tmp_path)
    break_it(tmp_path, monkeypatch)
    harness.load(lambda *of: load_estimator(*of) if broken else mended(*of))
    with harness.mirror(coach=CoachSettings(back_line=False)) as mirror:
        scene = turns(mirror, lambda scene: scene.snapshot and scene.vision_fault)
        assert scene.vision_fault == page
        assert WORDS(f"fault.{page}.title") in reading(mirror)
        assert WORDS(f"fault.{page}.line") in reading(mirror)
        mirror.turn((ButtonEvent(Button.FINISH, Press.BOTH),))
        scene = turns(mirror, lambda scene: scene.page is Page.OPERATOR)
        (fact,) = [fact for fact in scene.operator.facts if fact.key == "model"]
        assert (message in fact.value, fact.good) == (True, False)
        mirror.turn((ButtonEvent(Button.FINISH, Press.BOTH),))
        broken = False
        turns(mirror, lambda scene: not scene.vision_fault)
        turns(mirror, in_stage(Stage.READY))
        turns(mirror, over(mirror))
    assert harness.stored() == [("hip_hinge", 4, "walked_off")]
    (line,) = warned(caplog)
    assert message in line
