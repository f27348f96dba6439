#!/usr/bin/env bash
# By hand, as root: is there always one working release, and is the history whole, wherever the
# installer is killed in an upgrade? Kills it at 12 points of a real one, in a Debian. Needs mmdebstrap;
# works in a temporary folder and removes it. See root.sh.
set -euo pipefail
# shellcheck source=tests/platform/root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/root.sh"

begin_check 'bookworm|trixie' 'bookworm|trixie' "$@"
home=$system/opt/gym-mirror
kiosk=/opt/gym-mirror/current/.venv/bin/kiosk

# Before which command the installer is killed: a pattern each, and the how-manieth that fits.
# shellcheck disable=SC2016 # they are patterns for the commands as they are written
points=(
    '1 mkdir -p -- "$1"'
    '1 tar -C "$1" -x'
    '1 /usr/bin/python3 -m venv *'
    '1 pip_into "$1" --only-binary*'
    '1 pip_into "$1" --no-build*'
    '1 *compileall*'
    '1 xargs -0 sha256sum'
    '1 mv -T -- "$1/complete.new"*'
    '4 mv -T -- "$1.next" "$1"'
    '1 point "$HOME_DIR/previous"*'
    '1 switch_to "$1"'
    '1 remove_others'
)

# as_user COMMAND... - as the service's user runs it
as_user() {
    run_in "$system" /usr/sbin/runuser -u gym-mirror -- env STATE_DIRECTORY=/var/lib/gym-mirror "$@"
}

works() {
    local told
    told=$(as_user "$kiosk" doctor || true)
    [[ $told == *"runtime  ok"* && $told == *"model    ok"* ]] || die "$1: it does not work: $told"
    [[ $(as_user "$kiosk" history --csv | sha256sum) == "$history" ]] || die "$1: the history changed"
    [[ $(as_user "$kiosk" history --csv | wc -l) -gt 1 ]] || die "$1: there is no set"
    for unit in gym-mirror gym-mirror-gave-up gym-mirror-trial; do
        run_in "$system" /usr/bin/test -s "/etc/systemd/system/$unit.service" || die "$1: no $unit"
    done
}

make_root "$1" "$(dpkg --print-architecture)" "$system"
# bash reads this file before a script, and the script knows nothing of it
cat >"$system/srv/kill.sh" <<'KILL'
set -T
trap 'if [[ $BASH_COMMAND == $KILL_AT ]] && ((++KILL_N == KILL_AFTER)); then kill -KILL 0; fi' DEBUG
KILL
run_in "$system" /srv/mirror/setup.sh install
# a few sets, kept as the service would
mkdir -p "$system/var/lib/gym-mirror"
run_in "$system" /bin/chown gym-mirror: /var/lib/gym-mirror
cat >"$system/srv/sets.py" <<'PYTHON'
import sys
from pathlib import Path

sys.path.insert(0, "/srv/mirror/tests")
from history.records import MORNING, closed, record, rep

from kiosk.history.store import Store

store = Store(Path("/var/lib/gym-mirror"), run="before")
for serial in range(1, 6):
    store.save(closed(record(serial, rep(1), rep(2))), MORNING + 100 * serial)
store.close()
PYTHON
as_user /opt/gym-mirror/current/.venv/bin/python /srv/sets.py
history=$(as_user "$kiosk" history --csv | sha256sum)
works "installed"

number=0
for point in "${points[@]}"; do
    number=$((number + 1))
    old=$(readlink "$home/current")
    echo "# release $number" >>"$system/srv/mirror/pyproject.toml"
    begin=$SECONDS code=0
    # a session of its own, for the whole group is killed
    run_in "$system" BASH_ENV=/srv/kill.sh "KILL_AT=${point#* }" "KILL_AFTER=${point%% *}" KILL_N=0 \
        /usr/bin/setsid --wait /srv/mirror/setup.sh install >"$system/srv/said" 2>&1 || code=$?
    [[ $code == 137 ]] || die "$number, $point: not killed ($code): $(<"$system/srv/said")"
    now=$(readlink "$home/current")
    works "$number, killed before $point"
    # it proves itself, as under systemd; else the next one would not go back to it
    if [[ $now != "$old" ]]; then
        [[ $(readlink "$home/previous") == "$old" && $(<"$home/trial") == "$now 0" ]] ||
            die "$number: no trial"
    fi
    echo "$number, killed before $point: $([[ $now == "$old" ]] && echo old || echo new) in use," \
        "$((SECONDS - begin)) s"
done
run_in "$system" /srv/mirror/setup.sh install
works "installed at last"
[[ $(find "$home" -mindepth 1 -maxdepth 1 -type d | wc -l) -le 2 ]] || die "half releases are left"
echo "all well"
