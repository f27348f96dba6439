#!/usr/bin/env bash
# By hand, as root: does the installed unit live as it should under a real systemd? Installs the mirror
# into a Debian, boots that as a container, lets the unit play a film, and does to it what a gym
# does: hangs, crashes, kills, memory eaten, releases that do not come up, a stop, a mirror that cannot
# start. Needs mmdebstrap and systemd-nspawn; works in a temporary folder and removes it. See root.sh.
set -euo pipefail
# shellcheck source=tests/platform/root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/root.sh"

begin_check 'bookworm|trixie' 'bookworm|trixie' "$@"
memory=/sys/fs/cgroup/memory/gym-mirror-check # where the kernel still has version 1 of control groups
terminal='' container=''
clean_up() {
    local process
    for process in $container $terminal; do
        kill -KILL "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    if [[ -d $memory ]]; then
        until rmdir -- "$memory" 2>/dev/null; do sleep 0.1; done # its last process is on its way out
    fi
}

begin=$SECONDS
make_root "$1" "$(dpkg --print-architecture)" "$system"
run_in "$system" /bin/sh -euc \
    'apt-get -qq update; DEBIAN_FRONTEND=noninteractive apt-get -qq -y install systemd-sysv >/dev/null'
run_in "$system" /srv/mirror/setup.sh install
echo "installed: $((SECONDS - begin)) s"

# The film a few times over, as the camera: a mirror that comes to its end is not what is asked here.
run_in "$system" /opt/gym-mirror/current/.venv/bin/python - <<'PYTHON'
import av

with av.open("/srv/film.mp4", "w") as long:
    stream, end = None, 0
    for _ in range(20):
        with av.open("/srv/mirror/kiosk/commands/demo/walk_up.mp4") as film:
            video = film.streams.video[0]
            stream = stream or long.add_stream_from_template(video)
            for packet in film.demux(video):
                if packet.dts is None:
                    continue
                packet.pts, packet.dts = packet.pts + end, packet.dts + end
                packet.stream = stream
                long.mux(packet)
            end += video.duration
PYTHON
printf 'camera.source = "/srv/film.mp4"\n' >"$system/etc/gym-mirror/kiosk.toml"

# as an upgrade leaves it; the container proves it
printf '%s 0\n' "$(readlink "$system/opt/gym-mirror/current")" >"$system/opt/gym-mirror/trial"

# All that differs from the unit as it is installed: no screen, no loudspeaker, and two ways to fail
# from within, which no signal can bring about from outside.
mkdir -p "$system/etc/systemd/system/gym-mirror.service.d" "$system/srv/faults"
cat >"$system/etc/systemd/system/gym-mirror.service.d/container.conf" <<'UNIT'
[Service]
Environment=SDL_VIDEODRIVER=dummy SDL_AUDIODRIVER=dummy PYTHONPATH=/srv/faults
UNIT
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

cp -- "$CHECKOUT/tests/platform/in_container.sh" "$system/srv/in_container.sh"
cat >"$system/etc/systemd/system/check.service" <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/bash /srv/in_container.sh
StandardOutput=file:/srv/out.txt
StandardError=inherit
ExecStopPost=/bin/systemctl exit 0
UNIT
ln -s ../check.service "$system/etc/systemd/system/multi-user.target.wants/check.service"
echo 0123456789abcdef0123456789abcdef >"$system/etc/machine-id" # an empty one means a first boot

# A terminal stands in for the console of the screen; what it shows is kept.
python3 - "$system/srv" <<'PYTHON' &
import os
import pty
import sys
import termios

ours, theirs = pty.openpty()
mode = termios.tcgetattr(theirs)
mode[3] &= ~termios.ECHO
termios.tcsetattr(theirs, termios.TCSANOW, mode)
with open(f"{sys.argv[1]}/tty", "w") as file:
    file.write(os.ttyname(theirs))
with open(f"{sys.argv[1]}/console.txt", "wb", buffering=0) as file:
    while True:
        file.write(os.read(ours, 4096))
PYTHON
terminal=$!
until [[ -s $system/srv/tty ]]; do sleep 0.1; done

begin=$SECONDS
systemd-nspawn --quiet --directory="$system" --boot --register=no --keep-unit --console=pipe \
    --private-network --bind="$(<"$system/srv/tty"):/dev/tty1" </dev/null >"$system/srv/boot.txt" 2>&1 &
container=$!
# With version 1 of control groups a container cannot set a memory limit. Then the unit's own limit is
# set from here, when the container asks for it.
while kill -0 "$container" 2>/dev/null; do
    if [[ -s $system/srv/limit ]]; then
        mkdir -p "$memory"
        cat "$system/srv/limit" >"$memory/memory.limit_in_bytes"
        grep -ls gym-mirror.service /proc/[0-9]*/cgroup | while IFS=/ read -r _ _ process _; do
            echo "$process" >"$memory/cgroup.procs"
        done || true # one of them may have ended meanwhile
        mv -- "$system/srv/limit" "$system/srv/limited"
    fi
    sleep 0.2
done
wait "$container" || true
cat "$system/srv/out.txt"
echo "the container: $((SECONDS - begin)) s"
tail -n 1 "$system/srv/out.txt" | grep -q '^all well$'
