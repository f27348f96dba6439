#!/usr/bin/env bash
# By hand: the mirror's models beside MediaPipe Pose, on the same films, under the same counter.
#   tests/platform/peers/run.sh [FILM:EXERCISE:COUNT ...]
# Needs .venv with a model, and at the first run npm and the registries that pip and npm are set up
# with: MediaPipe pins numpy and protobuf, so it gets an environment of its own, a gigabyte in
# ${TMPDIR:-/tmp}/kiosk-peers, kept for the next run. Its wheel holds the full model alone; lite and
# heavy come from its npm package, whose full model is the wheel's to the byte.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd -- "$here/../../.." && pwd)
# the last series of MediaPipe whose wheel holds a pose model has no wheels beyond Python 3.12; where
# python3 is newer, name another in PEERS_PYTHON
mediapipe=0.10.21
python=${PEERS_PYTHON:-python3}

peers=${TMPDIR:-/tmp}/kiosk-peers
if [[ ! -e $peers/ready-$mediapipe-sdl ]]; then
    rm -rf -- "$peers"
    "$python" -m venv "$peers"
    "$peers/bin/python" -m pip --quiet --disable-pip-version-check install \
        "mediapipe==$mediapipe" 'av>=17' 'msgspec>=0.18' 'pygame-ce>=2.5.2,<3'
    models=$("$peers/bin/python" -c 'from importlib.util import find_spec; print(
        find_spec("mediapipe").submodule_search_locations[0] + "/modules/pose_landmark")')
    (cd -- "$peers" && npm pack --silent @mediapipe/pose@0.5.1675469404 >/dev/null)
    mv -- "$peers"/mediapipe-pose-*.tgz "$peers/pose.tgz"
    echo "8bb349a7b3a3ba699df23be804ddd3b3eab810b50b15406894be257859388a84  $peers/pose.tgz" |
        sha256sum --check --quiet
    tar --extract --gzip --file "$peers/pose.tgz" --directory "$peers" --wildcards '*.tflite'
    cmp "$peers/package/pose_landmark_full.tflite" "$models/pose_landmark_full.tflite"
    cp "$peers"/package/pose_landmark_{lite,heavy}.tflite "$models"
    touch "$peers/ready-$mediapipe-sdl"
fi
export PYTHONPATH=$checkout GLOG_minloglevel=2 TF_CPP_MIN_LOG_LEVEL=2
exec "$checkout/.venv/bin/python" "$here/side_by_side.py" --peers "$peers/bin/python" "$@"
