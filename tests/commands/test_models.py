"""The model files as a command: listed, and obtained as far as they can be had."""

from pathlib import Path

import pytest

from kiosk.commands.cli import main
from kiosk.commands.models import format_models
from kiosk.errors import ModelError
from kiosk.vision.models.download import PERSON_MASK
from kiosk.vision.models.manifest import load_manifest, weights_folder

WEIGHTS = weights_folder()

pytestmark = pytest.mark.usefixtures("bare")


def test_models_are_listed_and_obtained(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--list"]) == 0
    listed = capsys.readouterr().out
    assert all(variant in listed for variant in load_manifest().models)
    pose = models / load_manifest().spec("lightning_f16").file
    mask = models / load_manifest().masks[PERSON_MASK].file
    for path in (pose, mask):
        path.write_bytes((WEIGHTS / path.name).read_bytes())
    assert main(["models"]) == 0
    assert capsys.readouterr().out == f"{pose}\n{mask}\n"


def test_without_the_person_mask_the_kiosk_has_its_model_all_the_same(
    models: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: object) -> Path:
        raise ModelError("no source has it")

    monkeypatch.setattr("kiosk.vision.models.download.obtain_mask", refused)
    pose = models / load_manifest().spec("lightning_f16").file
    pose.write_bytes((WEIGHTS / pose.name).read_bytes())
    assert main(["models"]) == 0
    assert "no source has it" in capsys.readouterr().out


def test_the_list_shows_what_is_here(models: Path) -> None:
    (models / "movenet_lightning_int8.tflite").write_bytes(b"version https://git-lfs")
    lines = {line.split()[0]: line for line in format_models().splitlines()}
    assert lines["lightning_f16"].endswith("missing")
    assert "no TFL3" in lines["lightning_int8"]
    assert "12,584,128" in lines["thunder_f16"]
