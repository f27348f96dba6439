#!/usr/bin/env bash
# What unit_in_container.sh runs inside: one fault after the other, and how long the mirror is away.
# shellcheck source=tests/platform/in_container.sh
source /srv/in_container.sh

# back_after WHAT SECONDS COMMAND... - does that to the mirror, which must be away and back in time;
# leaves in $away_ms how long that took
away_ms=0
back_after() {
    local what=$1 most_s=$2 pid restarts begin_ms
    shift 2
    pid=$(show MainPID) restarts=$(show NRestarts) begin_ms=$(now_ms)
    "$@"
    if await "$most_s" runs_as_another "$pid"; then
        away_ms=$(($(now_ms) - begin_ms))
        echo "$what: back after $away_ms ms, restarts $restarts -> $(show NRestarts)"
    else
        fault "$what: not back after $most_s s; $(show SubState), $(show Result), $(show StatusText)"
    fi
    sleep 3 # a few frames
}

send() { kill "-$1" "$(show MainPID)"; }

# What the smallest Pi can give it: it has 1 GB, of which the system takes a quarter.
MOST_MEMORY=$((750 * 1024 * 1024))

eat_memory() {
    if ! grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null; then
        show MemoryMax >/srv/limit.new
        mv /srv/limit.new /srv/limit
        await 10 test -e /srv/limited || fault "nobody set the limit"
        echo "  (the limit of $(show MemoryMax) bytes was set from outside)"
    fi
    send USR2
}

watchdog_s=$(($(systemctl show "$UNIT" --property=WatchdogUSec --value | tr -dc '0-9')))
begin_ms=$(now_ms)
await 90 runs_as_another 0 || fault "it did not start; $(show Result)"
echo "ready $(($(now_ms) - begin_ms)) ms after the system: $(show StatusText)"

# the installer has left it on trial; it proves itself
await 120 test ! -e /opt/gym-mirror/trial || fault "its trial does not end"
[[ ! -e /opt/gym-mirror/rolled-back ]] || fault "it was taken back: $(<"$HOME_DIR/rolled-back")"

# a film through the model into history, all inside the sandbox
await 60 has_a_set || fault "no set came into history"
history
[[ $(show StatusText) == running ]] || fault "status: $(show StatusText)"
# its group may read it, in which there is the outbox and nobody else
[[ $(stat -c %U:%G:%a /var/lib/gym-mirror) == gym-mirror:gym-mirror:750 &&
    $(getent group gym-mirror | cut -d : -f 4) == gym-mirror-outbox ]] ||
    fault "the history is not private"
# The container itself has none either: what counts is that the mirror has a network of its own, in
# which there is nothing but its loopback.
ours=$(readlink /proc/self/ns/net) its=$(readlink "/proc/$(show MainPID)/ns/net")
[[ $its && $its != "$ours" ]] || fault "it shares the system's network"
[[ $(grep -c : "/proc/$(show MainPID)/net/dev") == 1 ]] || fault "it has a network"
echo "memory: $(grep VmHWM "/proc/$(show MainPID)/status" | tr -s '\t ' ' ')"
journalctl --unit="$UNIT" --output=cat --no-pager | grep -i denied && fault "something was denied"

# a crash shows how long this machine takes to start the mirror again
back_after "crash (SIGSEGV)" 20 send SEGV
# a mirror that is stopped does not die of SIGABRT, which systemd waits for; then it is started again
abort_s=$(show TimeoutAbortUSec | tr -dc '0-9')
limit_s=$((watchdog_s + abort_s + 2 * (away_ms / 1000 + 1)))
back_after "hang (SIGSTOP)" "$limit_s" send STOP
back_after "model hangs" "$limit_s" send USR1
journal_tells 'the pose hangs' || fault "not told"
journal_tells 'in step' || fault "no traceback"
back_after "kill -9" "$limit_s" send KILL
echo 'touch /var/lib/gym-mirror/switched-on' >/run/gym-mirror/panel-on
back_after "kill -9 while the panel is off" "$limit_s" send KILL
[[ -e /var/lib/gym-mirror/switched-on ]] || fault "the panel stays off"
limit=$(show MemoryMax)
# "infinity" is no number, and is none that a Pi has
if [[ ! $limit =~ ^[0-9]+$ ]] || ((limit > MOST_MEMORY)); then fault "it may take $limit bytes"; fi
[[ $(show MemorySwapMax) == 0 ]] || fault "it may be swapped out"
rm -f /var/lib/gym-mirror/eaten
back_after "memory eaten" "$((20 + limit_s))" eat_memory
# stopped by its own limit, and not when the whole machine had none left
eaten=$(cat /var/lib/gym-mirror/eaten 2>/dev/null || echo 0)
echo "  (it had eaten $eaten bytes)"
((eaten > 0 && eaten <= limit)) || fault "it could eat $eaten bytes, and its limit is $limit"

systemctl --quiet is-active gym-mirror-gave-up.service && fault "it gave up too early"

# a camera that is not there is looked for, and that is no reason to restart
cp /etc/gym-mirror/kiosk.toml /srv/kiosk.toml
echo 'camera.source = "usb:9"' >/etc/gym-mirror/kiosk.toml
systemctl reset-failed "$UNIT"
systemctl restart "$UNIT"
pid=$(show MainPID)
sleep $((3 * watchdog_s))
[[ $(show MainPID) == "$pid" ]] || fault "it restarted for want of a camera"
echo "no camera for $((3 * watchdog_s)) s: $(show StatusText)"
[[ $(show StatusText) == *video9* ]] || fault "the status does not tell of the camera"
cp /srv/kiosk.toml /etc/gym-mirror/kiosk.toml
systemctl restart "$UNIT"

# releases that do not come up. Each is a program of a few lines in place of the mirror.
# bad_release NAME - makes it of the program that is read
bad_release() {
    local folder=$HOME_DIR/$1
    mkdir -p "$folder/.venv/bin"
    touch "$folder/release"
    cp -r "$HOME_DIR/current/systemd" "$folder"
    # its unit is another one, and has to go with it
    sed -i 's/^Description=Gym mirror$/Description=Gym mirror that is bad/' \
        "$folder/systemd/gym-mirror.service"
    ln -s /usr/bin/python3 "$folder/.venv/bin/python"
    cat >"$folder/.venv/bin/kiosk"
    chmod 755 "$folder/.venv/bin/kiosk"
    seal "$folder"
}

# taken_back NAME SECONDS - puts it into use as the installer does, and waits for the one before
taken_back() {
    local good began_ms
    good=$(in_use) began_ms=$(now_ms)
    point "$HOME_DIR/previous" "$good"
    touch "$HOME_DIR/trial-began"
    note "$HOME_DIR/trial" "$1 0"
    switch_to "$1"
    systemctl daemon-reload
    [[ $(show Description) == "Gym mirror that is bad" ]] || fault "the unit did not switch"
    systemctl stop gym-mirror-trial.service
    systemctl reset-failed "$UNIT" 2>/dev/null
    systemctl --no-block restart "$UNIT"
    if await "$2" test "$HOME_DIR/current" -ef "$HOME_DIR/$good" && await 60 runs_as_another 0; then
        echo "$(<"$HOME_DIR/rolled-back"): the one before is back after $(($(now_ms) - began_ms)) ms"
    else
        fault "$1 was not taken back; $(show SubState), $(show Result), $(on_trial)"
        journalctl --unit=gym-mirror-trial.service --output=cat --no-pager | tail -n 20
    fi
    await 10 test ! -e "$HOME_DIR/trial" || fault "the trial of $1 goes on"
    [[ $(show Description) == "Gym mirror" ]] || fault "the unit did not go back"
    journalctl --unit=gym-mirror-trial.service --output=cat --no-pager |
        grep --fixed-strings "back to $good" >/dev/null || fault "nobody says so"
    history --csv | tail -n +2 | grep . >/dev/null || fault "the history is gone"
    systemctl --quiet is-active gym-mirror-gave-up.service && fault "it gave up"
}

bad_release bad000000001 <<'SH'
#!/bin/sh
exit 1
SH
taken_back bad000000001 60
bad_release bad000000002 <<'PYTHON'
#!/usr/bin/python3
"""A mirror that runs, has a camera, and judges nothing."""
import os, socket, time

notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.connect(os.environ["NOTIFY_SOCKET"].replace("@", "\0"))
notify.send(b"READY=1")
open("/run/gym-mirror/frame", "w")
while True:
    notify.send(b"WATCHDOG=1")
    time.sleep(1)
PYTHON
taken_back bad000000002 150
has_a_set || fault "the history is gone"

begin_ms=$(now_ms)
systemctl stop "$UNIT"
echo "stop: $(($(now_ms) - begin_ms)) ms, $(show Result)"
[[ $(show Result) == success ]] || fault "a stop is no success"

# a mirror that cannot start: broken settings fall back to the defaults, and those need a Pi's camera
echo 'camera.source = "/srv/nowhere.mp4"' >/etc/gym-mirror/kiosk.toml
systemctl reset-failed "$UNIT"
begin_ms=$(now_ms)
systemctl start "$UNIT"
if await 90 systemctl --quiet is-active gym-mirror-gave-up.service; then
    echo "a mirror that cannot start: gave up after $(($(now_ms) - begin_ms)) ms, $(show Result)"
else
    fault "it never gave up: $(show NRestarts) restarts, $(show Result)"
fi
sleep 1
echo "the page:"
cat /srv/console.txt
(($(grep -c 'H A S   S T O P P E D' /srv/console.txt) == 1)) || fault "the page came more than once"
grep -q picamera2 /srv/console.txt || fault "the page does not say why"
cp /srv/kiosk.toml /etc/gym-mirror/kiosk.toml
# the page goes after ten minutes, when the storm is forgotten; here it is sent away
systemctl reset-failed "$UNIT"
systemctl stop gym-mirror-gave-up.service
await 20 runs_as_another 0 || fault "it was not tried again: $(show SubState), $(show Result)"
echo "tried again when the page had gone: $(show StatusText)"

finish
