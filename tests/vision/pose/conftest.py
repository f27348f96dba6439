import json

import pytest

from kiosk.vision.models.interpreter import Interpreter
from kiosk.vision.models.manifest import load_manifest, weights_folder
from paths import GOLDEN


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    """The real model that made the golden keypoints."""
    reference = json.loads((GOLDEN / "hinge.json").read_text())
    spec = load_manifest().spec(reference["model"])
    path = weights_folder() / spec.file
    assert path.is_file(), f"{path} is missing: run .venv/bin/kiosk models"
    return Interpreter(path, spec, threads=1)
