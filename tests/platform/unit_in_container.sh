#!/usr/bin/env bash
# By hand, as root: does the installed unit live as it should under a real systemd? Installs the mirror
# into a Debian, boots that as a container, lets the unit play a film, and does to it what a gym
# does: hangs, crashes, kills, memory eaten, releases that do not come up, a stop, a mirror that cannot
# start. Needs mmdebstrap and systemd-nspawn; works in a temporary folder and removes it. See root.sh.
set -euo pipefail
# shellcheck source=tests/platform/root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/root.sh"
# shellcheck source=tests/platform/container.sh
source "$CHECKOUT/tests/platform/container.sh"

begin_check 'bookworm|trixie' 'bookworm|trixie' "$@"
clean_up() { stop_container; }

install_mirror "$1"
# as an upgrade leaves it; the container proves it
printf '%s 0\n' "$(readlink "$system/opt/gym-mirror/current")" >"$system/opt/gym-mirror/trial"

# two ways to fail from within, which no signal can bring about from outside
mkdir -p "$system/srv/faults"
echo 'Environment=PYTHONPATH=/srv/faults' >>"$system/etc/systemd/system/gym-mirror.service.d/container.conf"
cat >"$system/srv/faults/sitecustomize.py" <<'PYTHON'
"""SIGUSR1: the model never answers again. SIGUSR2: memory is eaten."""

import signal
import threading


def hang(*_):
    from kiosk.vision.pose.movenet import MoveNet

    MoveNet.estimate = lambda *_: threading.Event().wait()


def eat(*_):
    def eat_on():
        eaten = []
        while len(eaten) < 150:  # 3 GB: more than any limit that is right
            eaten.append(b"x" * 20_000_000)
            with open("/var/lib/gym-mirror/eaten", "w") as file:  # by now
                file.write(str(20_000_000 * len(eaten)))

    threading.Thread(target=eat_on, daemon=True).start()


signal.signal(signal.SIGUSR1, hang)
signal.signal(signal.SIGUSR2, eat)
PYTHON

boot_and_run unit_inside.sh
