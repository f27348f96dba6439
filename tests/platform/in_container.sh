#!/usr/bin/env bash
# What unit_in_container.sh runs inside: one fault after the other, and how long the mirror is away.
set -uo pipefail

UNIT=gym-mirror.service
failed=0

show() { systemctl show "$UNIT" --property="$1" --value; }

now_ms() { echo $(($(date +%s%N) / 1000000)); }

fault() {
    echo "FAILED: $*"
    failed=1
}

# await SECONDS COMMAND... - whether it came true in time
await() {
    local end_ms=$(($(now_ms) + 1000 * $1))
    until "${@:2}"; do
        if (($(now_ms) > end_ms)); then return 1; fi
        sleep 0.1
    done
}

# One question, for the answers must be of one moment.
runs_as_another() {
    local state
    state=$(systemctl show "$UNIT" --property=SubState --property=MainPID)
    [[ $state == *SubState=running* && $state != *MainPID=$1$'\n'* && $state != *MainPID="$1" ]]
}

# back_after WHAT SECONDS COMMAND... - does that to the mirror, which must be away and back in time
back_after() {
    local what=$1 most_s=$2 pid restarts begin_ms
    shift 2
    pid=$(show MainPID) restarts=$(show NRestarts) begin_ms=$(now_ms)
    "$@"
    if await "$most_s" runs_as_another "$pid"; then
        echo "$what: back after $(($(now_ms) - begin_ms)) ms, restarts $restarts -> $(show NRestarts)"
    else
        fault "$what: not back after $most_s s; $(show SubState), $(show Result), $(show StatusText)"
    fi
    sleep 3 # a few frames
}

send() { kill "-$1" "$(show MainPID)"; }

eat_memory() {
    if ! grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null; then
        show MemoryMax >/srv/limit.new
        mv /srv/limit.new /srv/limit
        await 10 test -e /srv/limited || fault "nobody set the limit"
        echo "  (the limit of $(show MemoryMax) bytes was set from outside)"
    fi
    send USR2
}

history() {
    STATE_DIRECTORY=/var/lib/gym-mirror /opt/gym-mirror/current/.venv/bin/kiosk history "$@"
}

has_a_set() { [[ $(history --csv 2>/dev/null | tail -n +2) ]]; } # below the heading

# grep without --quiet reads to the end: journalctl must not die of a pipe that was closed
journal_tells() {
    journalctl --unit="$UNIT" --output=cat --no-pager | grep --fixed-strings -- "$1" >/dev/null
}

watchdog_s=$(($(systemctl show "$UNIT" --property=WatchdogUSec --value | tr -dc '0-9')))
begin_ms=$(now_ms)
await 90 runs_as_another 0 || fault "it did not start; $(show Result)"
echo "ready $(($(now_ms) - begin_ms)) ms after the system: $(show StatusText)"

# a film through the model into history, all inside the sandbox
await 60 has_a_set || fault "no set came into history"
history
[[ $(show StatusText) == running ]] || fault "status: $(show StatusText)"
[[ $(stat -c %U:%a /var/lib/gym-mirror) == gym-mirror:700 ]] || fault "the history is not private"
[[ $(grep -c : "/proc/$(show MainPID)/net/dev") == 1 ]] || fault "it has a network"
echo "memory: $(grep VmHWM "/proc/$(show MainPID)/status" | tr -s '\t ' ' ')"
journalctl --unit="$UNIT" --output=cat --no-pager | grep -i denied && fault "something was denied"

limit_s=$((watchdog_s + 5))
back_after "hang (SIGSTOP)" "$limit_s" send STOP
back_after "model hangs" "$limit_s" send USR1
journal_tells 'the pose hangs' || fault "not told"
journal_tells 'in step' || fault "no traceback"
back_after "crash (SIGSEGV)" "$limit_s" send SEGV
back_after "kill -9" "$limit_s" send KILL
back_after "memory eaten" "$((20 + limit_s))" eat_memory

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

echo
journalctl --unit="$UNIT" --output=short-monotonic --no-pager | tail -n 200 >/srv/journal.txt
if ((failed)); then cat /srv/journal.txt; else echo "all well"; fi
