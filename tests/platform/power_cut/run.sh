#!/usr/bin/env bash
# By hand, as root: does the history keep all that it acknowledged when the power goes, in sets and in
# erases? Runs it on a file system that forgets what was not flushed, and cuts that 100 times each (or
# as often as named). Needs .venv and libfuse (apt install fuse3); leaves nothing behind.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd -- "$here/../../.." && pwd)

folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
"$checkout/.venv/bin/python" -m pip --quiet --disable-pip-version-check install --no-deps \
    --target "$folder/fuse" mfusepy==3.1.1
PYTHONPATH=$folder/fuse:$here:$checkout:$checkout/tests TMPDIR=$folder \
    "$checkout/.venv/bin/python" "$here/cuts.py" "$@"
