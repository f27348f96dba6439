#!/usr/bin/env bash
# What those scripts share that run in the container. Sourced by them; see container.sh.
set -uo pipefail

UNIT=gym-mirror.service
failed=0

# shellcheck source=systemd/release.sh
source /opt/gym-mirror/current/systemd/release.sh

report() { echo "  $*"; }

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

history() {
    STATE_DIRECTORY=/var/lib/gym-mirror /opt/gym-mirror/current/.venv/bin/kiosk history "$@"
}

has_a_set() { [[ $(history --csv 2>/dev/null | tail -n +2) ]]; } # below the heading

# journal_tells WORDS [UNIT] - grep without --quiet reads to the end: journalctl must not die of a pipe
# that was closed
journal_tells() {
    journalctl --unit="${2:-$UNIT}" --output=cat --no-pager | grep --fixed-strings -- "$1" >/dev/null
}

# finish - tells the mirror's journal where something failed
finish() {
    echo
    journalctl --unit="gym-mirror*" --output=short-monotonic --no-pager | tail -n 200 >/srv/journal.txt
    if ((failed)); then cat /srv/journal.txt; else echo "all well"; fi
}
