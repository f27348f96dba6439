# A Debian that the mirror is installed in, booted as a container with the real systemd. Sourced by the
# checks beside it, after root.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154 # begin_check of root.sh makes the folder $system

memory=/sys/fs/cgroup/memory/gym-mirror-check-$$ # where the kernel still has version 1 of control groups
terminal='' container=''

# stop_container - what a script calls as it cleans up
stop_container() {
    local process
    for process in $container $terminal; do
        kill -KILL "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    if [[ -d $memory ]]; then
        until rmdir -- "$memory" 2>/dev/null; do sleep 0.1; done # its last process is on its way out
    fi
}

# install_mirror SUITE [PACKAGE...] - the mirror as setup.sh installs it, with a film as its camera, and
# packages of Debian that the check needs beside it
install_mirror() {
    local begin=$SECONDS
    make_root "$1" "$(dpkg --print-architecture)" "$system"
    # no package may start its service here: that would be a process of this machine
    printf '#!/bin/sh\nexit 101\n' >"$system/usr/sbin/policy-rc.d"
    chmod 755 "$system/usr/sbin/policy-rc.d"
    # shellcheck disable=SC2016 # the inner shell expands it
    run_in "$system" /bin/sh -euc 'apt-get -qq update
        DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$@" >/dev/null' \
        sh systemd-sysv "${@:2}"
    rm -- "$system/usr/sbin/policy-rc.d"
    run_in "$system" /srv/mirror/setup.sh install
    echo "installed: $((SECONDS - begin)) s"
    bring_film
}

# bring_film - the installed mirror's camera is a film, and its screen and loudspeaker are none
bring_film() {
    # The film a few times over: a mirror that comes to its end is not what is asked here.
    run_in "$system" /opt/gym-mirror/current/.venv/bin/python - <<'PYTHON'
import av

with av.open("/srv/film.mp4", "w") as long:
    stream, end = None, 0
    for _ in range(20):
        with av.open("/opt/gym-mirror/current/kiosk/commands/demo/walk_up.mp4") as film:
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
    # the unit as it is installed, but for screen and loudspeaker
    mkdir -p "$system/etc/systemd/system/gym-mirror.service.d"
    cat >"$system/etc/systemd/system/gym-mirror.service.d/container.conf" <<'UNIT'
[Service]
Environment=SDL_VIDEODRIVER=dummy SDL_AUDIODRIVER=dummy
UNIT
}

# boot_and_run SCRIPT - boots it, runs a script of this folder inside, prints what it says, and returns
# whether it ended with "all well"
boot_and_run() {
    local begin=$SECONDS here=$CHECKOUT/tests/platform
    cp -- "$here/in_container.sh" "$here/$1" "$system/srv/"
    cat >"$system/etc/systemd/system/check.service" <<UNIT
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/bash /srv/$1
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

    systemd-nspawn --quiet --directory="$system" --boot --register=no --keep-unit --console=pipe \
        --private-network --bind="$(<"$system/srv/tty"):/dev/tty1" "${@:2}" \
        </dev/null >"$system/srv/boot.txt" 2>&1 &
    container=$!
    # With version 1 of control groups a container cannot set a memory limit. Then the unit's own limit
    # is set from here, when the container asks for it.
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
}
