#!/usr/bin/env bash
# Pins every package that pip installs, with its hashes, for a Raspberry Pi, for the tests and for the
# demo: run it after a change of the dependencies in pyproject.toml (`--keep` keeps the releases that
# are pinned and still fit), and to take up newer releases. Then ./setup.sh test, which installs them,
# and requirements/notice.py. Needs uv, in an environment of its own (`pipx install uv`: .venv holds what
# is pinned and nothing else), and the Python registry.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

upgrade=--upgrade
if [[ ${1:-} == --keep ]]; then upgrade=--no-upgrade; fi

# what the kiosk itself is built with is pinned too: pip would fetch the newest, unseen
build=$(python3 -c '
import tomllib
with open("pyproject.toml", "rb") as file:
    print(*tomllib.load(file)["build-system"]["requires"], sep="\n")
')

# pin FILE PYTHON PLATFORM [OPTION...]
pin() {
    uv pip compile --quiet --no-config --no-annotate "$upgrade" --no-build --generate-hashes \
        --custom-compile-command requirements/compile.sh --python-version "$2" \
        --python-platform "$3" "${@:4}" --constraint <(echo "$bounds") \
        --output-file "requirements/$1" pyproject.toml - <<<"$build"
}

# uv looks past the newest Python that a package says it serves; pip, which installs, does not
bounds='backports-strenum<1.3'
# numpy is the system's on a Pi (picamera2 is compiled against it), and only shapes the choice
pin pi-cp311.txt 3.11 aarch64-manylinux_2_36 --no-emit-package numpy -c <(echo numpy==1.24.2)
pin pi-cp313.txt 3.13 aarch64-manylinux_2_40 --no-emit-package numpy -c <(echo numpy==2.2.4)
# and of one that sends its sets to a database: the same, and the driver
pin outbox-cp311.txt 3.11 aarch64-manylinux_2_36 --no-emit-package numpy --extra outbox --extra home \
    -c requirements/pi-cp311.txt -c <(echo numpy==1.24.2)
pin outbox-cp313.txt 3.13 aarch64-manylinux_2_40 --no-emit-package numpy --extra outbox --extra home \
    -c requirements/pi-cp313.txt -c <(echo numpy==2.2.4)
pin test-cp311.txt 3.11 x86_64-manylinux_2_36 --extra test
pin test-cp313.txt 3.13 x86_64-manylinux_2_40 --extra test
# the part of it that a demo runs, which has no numpy of apt's to use
pin run-cp311.txt 3.11 x86_64-manylinux_2_36 -c requirements/test-cp311.txt
pin run-cp313.txt 3.13 x86_64-manylinux_2_40 -c requirements/test-cp313.txt
