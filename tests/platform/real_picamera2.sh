#!/usr/bin/env bash
# By hand, as root: does the mirror work with the real picamera2? Puts picamera2 and libcamera into a
# Debian, where libcamera's virtual camera plays the packaged recording, and asks of them what the
# tests ask of their fake; then the whole mirror counts the reps of the recording. Needs mmdebstrap;
# works in a temporary folder and removes it. The filled Debian is kept for a day. See root.sh.
#
# Not tried, for only a Pi has it: a sensor's modes, exposure, white balance and focus.
set -euo pipefail
# shellcheck source=tests/platform/root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/root.sh"

begin_check '' '' "$@"

# What a bare Debian lacks. The packages of pyproject.toml without ours, so that the kept Debian does
# not depend on the checkout.
fill() {
    make_root trixie "$(dpkg --print-architecture)" "$system"
    cat >"$system/srv/fill.sh" <<'FILL'
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
# from where the rest of this Debian comes
sed -n 's/^\(deb .*\) trixie main.*/\1 trixie-backports main/p' /etc/apt/sources.list \
    >/etc/apt/sources.list.d/backports.list
[[ -s /etc/apt/sources.list.d/backports.list ]]
apt-get -qq update
apt-get -qq -y install --no-install-recommends ca-certificates gcc libc6-dev libcap-dev python3-dev \
    python3-venv python3-numpy python3-prctl >/dev/null
apt-get -qq -y install --no-install-recommends -t trixie-backports \
    libcamera-tools libcamera-ipa python3-libcamera >/dev/null
python3 -m venv --system-site-packages /srv/venv
python3 -c 'import numpy; print(f"numpy=={numpy.__version__}")' >/srv/numpy.txt
python3 - >/srv/wanted.txt <<'PYTHON'
import tomllib

with open("/srv/mirror/pyproject.toml", "rb") as file:
    print(*tomllib.load(file)["project"]["dependencies"], sep="\n")
PYTHON
PIP_CONSTRAINT=/srv/numpy.txt /srv/venv/bin/pip -q install picamera2 -r /srv/wanted.txt
FILL
    run_in "$system" /bin/bash /srv/fill.sh
}

begin=$SECONDS
keep_root picamera2 "$system" fill
echo "a Debian with picamera2: $((SECONDS - begin)) s"

cat >"$system/srv/play.sh" <<'PLAY'
set -euo pipefail
cd /srv/mirror
export PYTHONPATH=/srv/mirror:/srv/mirror/tests/vision/camera SDL_VIDEODRIVER=dummy SDL_AUDIODRIVER=dummy
python=/srv/venv/bin/python
# with what this checkout needs beyond the one that the Debian was kept for
PIP_CONSTRAINT=/srv/numpy.txt "$python" -m pip -q install -e .
"$python" -m kiosk models
mkdir -p /srv/film /srv/few /usr/share/libcamera/pipeline/virtual
"$python" - <<'PYTHON'
import av

with av.open("kiosk/commands/demo/walk_up.mp4") as film:
    for number, frame in enumerate(film.decode(video=0)):
        frame.to_image().save(f"/srv/film/{number}.jpg", quality=95)
PYTHON
# the camera reads all its pictures whenever it is opened
for number in {0..29}; do cp "/srv/film/$((100 + number)).jpg" "/srv/few/$number.jpg"; done

# play FOLDER - makes libcamera's virtual camera show the folder's pictures, over and over
play() {
    cat >/usr/share/libcamera/pipeline/virtual/virtual.yaml <<YAML
%YAML 1.1
---
"mirror":
  supported_formats:
  - { width: 640, height: 480, frame_rates: [5, 60] }
  - { width: 320, height: 240, frame_rates: [5, 60] }
  frames: { path: "$1/" }
  location: "CameraLocationFront"
  model: "imx708"
YAML
}

export LIBCAMERA_LOG_LEVELS='*:FATAL' PYTHONPATH=/srv/mirror/tests/platform/virtual_camera:$PYTHONPATH
play /srv/few
begin=$SECONDS
"$python" tests/platform/ask_picamera2.py
echo "the contract: $((SECONDS - begin)) s"

cat >/srv/kiosk.toml <<'TOML'
camera = { source = "pi", fps = 15 }
sound.enabled = false
history.folder = "/srv/history"
panel.kind = "keyboard"
TOML
play /srv/film
begin=$SECONDS
"$python" -m kiosk run --settings /srv/kiosk.toml 2>/srv/mirror.txt &
mirror=$!
give_up() {
    kill "$mirror" || true
    cat /srv/mirror.txt
    if grep -q 'too few pictures' /srv/mirror.txt; then
        echo "this machine is too busy to count by: nothing is shown by that"
    fi
    exit 1
}
"$python" - <<'PYTHON' || give_up
import json
import time
from pathlib import Path

from kiosk.history.reader import Reader

known = json.loads(Path("kiosk/commands/demo/walk_up.json").read_text())["counted"]
reader = Reader(Path("/srv/history"))
give_up_s = time.monotonic() + 180  # the recording takes 34
while not (sets := reader.recent(9)) or sets[-1].ended is None:
    assert time.monotonic() < give_up_s, "no set came to its end"
    time.sleep(1)
found = (sets[-1].exercise, sets[-1].reps, sets[-1].ended)
assert found == ("hip_hinge", known, "walked_off"), found
PYTHON
kill "$mirror"
wait "$mirror"
"$python" -m kiosk history --settings /srv/kiosk.toml
echo "the mirror: $((SECONDS - begin)) s"
echo "all well"
PLAY
run_in "$system" /bin/bash /srv/play.sh
