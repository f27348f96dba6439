#!/usr/bin/env bash
# By hand, as root: how long does a bare Debian take from `apt install` of that package to the first set,
# with the three buttons alone? Needs mmdebstrap; works in a temporary folder and removes it. See root.sh
# and first_set.py.
set -euo pipefail
# shellcheck source=tests/platform/root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/root.sh"

begin_check 'bookworm|trixie PACKAGE.deb' '(bookworm|trixie) .+\.deb' "$@"
suite=$1 package=$2

make_root "$suite" "$(dpkg --print-architecture)" "$system"
cp -- "$package" "$system/srv/gym-mirror.deb"
# no package may start its service here: that would be a process of this machine
printf '#!/bin/sh\nexit 101\n' >"$system/usr/sbin/policy-rc.d"
chmod 755 "$system/usr/sbin/policy-rc.d"
begin=$SECONDS
run_in "$system" /usr/bin/apt-get -qq update
run_in "$system" DEBIAN_FRONTEND=noninteractive /usr/bin/apt-get -qq -y -o Dpkg::Use-Pty=0 \
    install /srv/gym-mirror.deb >"$system/srv/said" 2>&1 || { tail -n 20 "$system/srv/said" >&2 && die "apt failed"; }
echo "$suite, apt update and apt install: $((SECONDS - begin)) s"
run_in "$system" SDL_VIDEODRIVER=dummy SDL_AUDIODRIVER=dummy STATE_DIRECTORY=/var/lib/gym-mirror \
    /opt/gym-mirror/current/.venv/bin/python /srv/mirror/tests/platform/first_set.py
