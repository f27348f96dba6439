#!/usr/bin/env bash
# By hand, as root: is there always one working release, is the history whole, and does `dpkg --configure -a`
# finish, wherever an upgrade of the Debian package is killed? Kills dpkg and its scripts at ten points of
# real upgrades, in a Debian. Needs mmdebstrap; works in a temporary folder and removes it. With arm64 it is
# emulated. See root.sh.
set -euo pipefail
# shellcheck source=tests/platform/root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/root.sh"
# shellcheck source=tests/platform/packages.sh
source "$CHECKOUT/tests/platform/packages.sh"

begin_check 'bookworm|trixie [amd64|arm64]' '(bookworm|trixie)( amd64| arm64)?' "$@"
suite=$1 arch=${2:-amd64}

# Before which command of the package's scripts dpkg is killed: a pattern each, and the how-manieth that
# fits. The first is in prerm, the others in postinst.
# shellcheck disable=SC2016 # they are patterns for the commands as they are written
points=(
    '3 mv -T -- "$1.next" "$1"'
    'unpacking'
    '1 tar -C "$1" -x'
    '1 /usr/bin/python3 -m venv *'
    '2 "${pip\[@\]}" install*'
    '1 mv -T -- "$1/complete.new"*'
    '1 systemd-sysusers *'
    '1 switch_to "$1"'
    '2 rm -f -- "$1"'
    '1 remove_others'
)

# kill_unpacking PROCESS - kills dpkg, which that process is or has begun, as soon as it has begun to put new
# files beside the old ones
kill_unpacking() {
    local process
    until compgen -G "$system/usr/lib/gym-mirror/wheels/*.dpkg-new" >/dev/null; do
        kill -0 "$1" 2>/dev/null || return 0
    done
    for process in "$1" $(pgrep -P "$1"); do
        if [[ $(<"/proc/$process/comm") == dpkg ]]; then kill -KILL "$process"; fi
    done
}

build_packages "$arch"
make_bare "$suite" "$arch"
# bash reads this file before a script, and the script knows nothing of it
cat >"$system/srv/kill.sh" <<'KILL'
set -T
trap 'if [[ $BASH_COMMAND == $KILL_AT ]] && ((++KILL_N == KILL_AFTER)); then kill -KILL 0; fi' DEBUG
KILL
apt install /srv/old.deb || die "it cannot be installed"
echo sets >"$system/var/lib/gym-mirror/history.sqlite3"
works "installed"

number=0 next=new
for point in "${points[@]}"; do
    number=$((number + 1)) code=0 begin=$SECONDS
    old=$(release)
    if [[ $point == unpacking ]]; then
        run_in "$system" /usr/bin/dpkg -i "/srv/$next.deb" >"$system/srv/said" 2>&1 &
        kill_unpacking "$!"
        wait "$!" || code=$?
    else
        # a session of its own, for the whole group is killed
        run_in "$system" BASH_ENV=/srv/kill.sh "KILL_AT=${point#* }" "KILL_AFTER=${point%% *}" KILL_N=0 \
            /usr/bin/setsid --wait /usr/bin/dpkg -i "/srv/$next.deb" >"$system/srv/said" 2>&1 || code=$?
    fi
    [[ $code == 137 ]] || die "$number, $point: not killed ($code): $(<"$system/srv/said")"
    now=$(release)
    works "$number, killed before $point"
    grep -q sets "$system/var/lib/gym-mirror/history.sqlite3" || die "$number: the history changed"
    killed=$(status)
    # what dpkg asks for where it had not come to its scripts, and what everybody does else
    if [[ $killed == *R* || $killed == iH* || $killed == "ii " ]]; then
        run_in "$system" /usr/bin/dpkg -i "/srv/$next.deb" >"$system/srv/said" 2>&1 || die "$(<"$system/srv/said")"
    else
        run_in "$system" /usr/bin/dpkg --configure -a >"$system/srv/said" 2>&1 || die "$(<"$system/srv/said")"
    fi
    [[ $(status) == "ii " ]] || die "$number: dpkg says $(status)"
    works "$number, configured"
    [[ $(release) != "$old" && -z $(links_left) ]] || die "$number: not finished; $(links_left)"
    [[ $(readlink "$system/opt/gym-mirror/previous") == "$old" ]] || die "$number: none to go back to"
    proves_itself
    echo "$number, killed before $point: $([[ $now == "$old" ]] && echo old || echo new) in use," \
        "dpkg said $killed, $((SECONDS - begin)) s"
    # the other one, made anew
    next=$([[ $next == new ]] && echo old || echo new)
    rm -rf -- "$system/opt/gym-mirror/$old" "$system/opt/gym-mirror/previous"
done
echo "all well"
