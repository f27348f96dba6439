#!/usr/bin/env bash
# Does everything in pyproject.toml have wheels for a 64-bit Raspberry Pi, with the Python, the C library
# and the numpy of bookworm (3.11, glibc 2.36, 1.24) and of trixie (3.13, glibc 2.41, 2.2)? Resolves
# against the registry and installs nothing. Needs .venv; leaves nothing behind. `./setup.sh test` asks
# it whenever pyproject.toml has changed.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
mapfile -t wanted < <(.venv/bin/python -c '
import tomllib
with open("pyproject.toml", "rb") as file:
    print(*tomllib.load(file)["project"]["dependencies"], sep="\n")
')

# resolve NAME PYTHON GLIBC_MINOR NUMPY
resolve() {
    local begin=$SECONDS platforms=() minor
    for ((minor = $3; minor >= 17; minor--)); do
        platforms+=(--platform "manylinux_2_${minor}_aarch64")
    done
    .venv/bin/python -m pip --quiet --disable-pip-version-check install --dry-run --ignore-installed \
        --only-binary=:all: --implementation cp --python-version "$2" "${platforms[@]}" \
        --target "$folder" --report "$folder/$1.json" "${wanted[@]}" "numpy==$4"
    echo "$1, Python $2: $((SECONDS - begin)) s"
    .venv/bin/python - "$folder/$1.json" <<'PYTHON'
import json
import sys

with open(sys.argv[1], "rb") as file:
    found = json.load(file)["install"]
for name, version in sorted((p["metadata"]["name"], p["metadata"]["version"]) for p in found):
    print(f"  {name} {version}")
PYTHON
}

resolve bookworm 3.11 36 1.24.2
resolve trixie 3.13 41 2.2.4
