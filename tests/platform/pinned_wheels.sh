#!/usr/bin/env bash
# By hand: is everything that requirements/ pins for a 64-bit Raspberry Pi there as a wheel, with the
# right hash, for the Python and the C library of bookworm (3.11, glibc 2.36) and of trixie (3.13,
# glibc 2.41)? Downloads from the registry and installs nothing. Needs .venv; leaves nothing behind.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT

# obtain NAME PYTHON GLIBC_MINOR
obtain() {
    local begin=$SECONDS platforms=() minor
    for ((minor = $3; minor >= 17; minor--)); do
        platforms+=(--platform "manylinux_2_${minor}_aarch64")
    done
    .venv/bin/python -m pip --quiet --disable-pip-version-check download --no-deps --require-hashes \
        --only-binary=:all: --implementation cp --python-version "$2" "${platforms[@]}" \
        --dest "$folder/$1" --requirement "requirements/pi-cp${2/./}.txt"
    echo "$1, Python $2: $(du --human-readable "$folder/$1" | cut -f 1), $((SECONDS - begin)) s"
    find "$folder/$1" -type f -printf '  %f\n' | sort
}

obtain bookworm 3.11 36
obtain trixie 3.13 41
