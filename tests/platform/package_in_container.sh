#!/usr/bin/env bash
# By hand, as root: does an upgrade of the Debian package that does not come up go back by itself, with its
# units, under a real systemd, and does one that works stay? Does removing it stop the mirror? Installs a
# package into a Debian, boots that as a container, and upgrades it there. Needs mmdebstrap and
# systemd-nspawn; works in a temporary folder and removes it. See root.sh.
set -euo pipefail
# shellcheck source=tests/platform/root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/root.sh"
# shellcheck source=tests/platform/container.sh
source "$CHECKOUT/tests/platform/container.sh"
# shellcheck source=tests/platform/packages.sh
source "$CHECKOUT/tests/platform/packages.sh"

begin_check 'bookworm|trixie' 'bookworm|trixie' "$@"
clean_up() {
    stop_container
    rm -rf -- "${packages:-}"
}

arch=$(dpkg --print-architecture)
build_packages "$arch"
make_bare "$1" "$arch"
apt install systemd-sysv /srv/old.deb || die "it cannot be installed"
rm -- "$system/usr/sbin/policy-rc.d"

# one that passes all checks of its installation and then does not start; its unit is another one
mkdir "$system/srv/bad"
run_in "$system" /usr/bin/dpkg-deb -R /srv/new.deb /srv/bad
sed -i 's/^Version: .*/Version: 0.1.3/' "$system/srv/bad/DEBIAN/control"
rm "$system/srv/bad/DEBIAN/md5sums"
sed -i 's/^Description=Gym mirror$/Description=Gym mirror that is bad/' \
    "$system"/srv/bad/usr/lib/{systemd/system,gym-mirror/systemd}/gym-mirror.service
echo 'raise SystemExit(1)' >"$system/srv/bad/usr/lib/gym-mirror/kiosk/commands/run.py"
run_in "$system" /usr/bin/dpkg-deb -Zgzip -z1 -b /srv/bad /srv/bad.deb >/dev/null
rm -r "$system/srv/bad"

bring_film
boot_and_run package_inside.sh
