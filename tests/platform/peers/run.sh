#!/usr/bin/env bash
# By hand: the mirror's models beside MediaPipe Pose, on the same films, under the same counter.
#   tests/platform/peers/run.sh [FILM:EXERCISE:COUNT ...]
# Needs .venv with a model, and PyPI at the first run: MediaPipe pins numpy and protobuf, so it gets an
# environment of its own, a gigabyte in ${TMPDIR:-/tmp}/kiosk-peers, kept for the next run.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd -- "$here/../../.." && pwd)
# the last series of MediaPipe whose wheel holds a pose model has no wheels beyond Python 3.12; where
# python3 is newer, name another in PEERS_PYTHON
mediapipe=0.10.21
python=${PEERS_PYTHON:-python3}

peers=${TMPDIR:-/tmp}/kiosk-peers
if [[ ! -e $peers/ready-$mediapipe ]]; then
    rm -rf -- "$peers"
    "$python" -m venv "$peers"
    "$peers/bin/python" -m pip --quiet --disable-pip-version-check install \
        "mediapipe==$mediapipe" 'av>=17' 'msgspec>=0.18'
    touch "$peers/ready-$mediapipe"
fi
export PYTHONPATH=$checkout GLOG_minloglevel=2 TF_CPP_MIN_LOG_LEVEL=2
exec "$checkout/.venv/bin/python" "$here/side_by_side.py" --peers "$peers/bin/python" "$@"
