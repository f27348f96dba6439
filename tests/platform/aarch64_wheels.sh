#!/usr/bin/env bash
# Is everything that requirements/ pins for a 64-bit Raspberry Pi there as a wheel, with the right hash,
# for the Python and the C library of bookworm (3.11, glibc 2.36) and of trixie (3.13, glibc 2.41)? Asks
# the registry and installs nothing. Needs .venv; leaves nothing behind. `./setup.sh test` asks it
# whenever those pins have changed.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT

# shellcheck source=systemd/package.sh
source systemd/package.sh

# find_wheels NAME PYTHON
find_wheels() {
    local begin=$SECONDS
    for_python "$2" aarch64
    # pip holds a package's lowest Python against the one that it runs on, and not against that of the
    # Pi, which the pins were chosen for
    .venv/bin/python -m pip --quiet --disable-pip-version-check install --dry-run --ignore-installed \
        --ignore-requires-python "${options[@]}" --target "$folder" --report "$folder/$1.json" \
        --requirement "requirements/pi-cp${2/./}.txt"
    echo "$1, Python $2: $((SECONDS - begin)) s"
    .venv/bin/python - "$folder/$1.json" <<'PYTHON'
import json
import sys

with open(sys.argv[1], "rb") as file:
    found = json.load(file)["install"]
for name in sorted(package["download_info"]["url"].rpartition("/")[2] for package in found):
    print(f"  {name}")
PYTHON
}

find_wheels bookworm 3.11
find_wheels trixie 3.13
