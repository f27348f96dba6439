#!/usr/bin/env bash
# By hand: do the tests pass with the packages that a Pi with bookworm gets, and with the numpy that
# its apt decides on? Needs a Python 3.11 (name it in PYTHON), the model and the Python registry; works
# in a temporary folder and removes it. Options go to pytest.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
numpy=1.24.2 # bookworm's python3-numpy

folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
python=$folder/venv/bin/python
# what only the tests need: the lines of test-cp311.txt whose packages a Pi does not have
"$python" - requirements/test-cp311.txt requirements/pi-cp311.txt >"$folder/tests.txt" <<'PYTHON'
import re
import sys
from pathlib import Path

wanted, on_a_pi = (
    dict(re.findall(r"^([a-z0-9-]+)(==(?:.*\\\n)*.*\n)", Path(name).read_text(), re.MULTILINE))
    for name in sys.argv[1:]
)
for name, pin in wanted.items():
    if name not in on_a_pi and name != "numpy":
        print(name + pin, end="")
PYTHON
pip=("$python" -m pip --quiet --disable-pip-version-check install --no-deps --only-binary=:all:)
"${pip[@]}" --require-hashes --requirement requirements/pi-cp311.txt --requirement "$folder/tests.txt"
"${pip[@]}" "numpy==$numpy"
"${pip[@]}" --no-build-isolation --editable .
# one test asks for the numpy that the other tests are pinned to
"$python" -m pytest --numprocesses auto --max-worker-restart 0 \
    --deselect tests/test_requirements.py::test_what_is_installed_is_what_is_pinned "$@"
