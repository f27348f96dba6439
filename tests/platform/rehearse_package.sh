#!/usr/bin/env bash
# By hand, as root: does `apt install ./gym-mirror_*.deb` make a bare Debian a mirror without a Python
# registry, is it upgraded, downgraded, removed and purged as it should be, and does an upgrade that cannot be
# made leave the old mirror? Does lintian find no error? Needs mmdebstrap; works in a temporary folder and
# removes it. With arm64 it is emulated. See root.sh.
# shellcheck disable=SC2016 # the inner shells expand what is in single quotes
set -euo pipefail
# shellcheck source=tests/platform/root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/root.sh"
# shellcheck source=tests/platform/packages.sh
source "$CHECKOUT/tests/platform/packages.sh"

begin_check 'bookworm|trixie [amd64|arm64]' '(bookworm|trixie)( amd64| arm64)?' "$@"
suite=$1 arch=${2:-amd64}

# timed WHAT APT_ARGUMENT...
timed() {
    local begin=$SECONDS
    apt "${@:2}" || die "$1 failed"
    echo "$suite $arch, $1: $((SECONDS - begin)) s"
}

# settles WHEN VERSION - all is as it should be after an installation
settles() {
    [[ $(status) == "ii " ]] || die "$1: dpkg says $(status)"
    [[ $(version) == "$2" ]] || die "$1: $(version)"
    [[ -z $(links_left) ]] || die "$1: units of a release are left: $(links_left)"
    works "$1"
}

build_packages "$arch"
make_bare "$suite" "$arch"

timed "install" install /srv/old.deb
settles "install" 0.1.1
first=$(release)
[[ ! -e $system/opt/gym-mirror/trial ]] || die "the first release is on trial"
grep -q '^kind = "keyboard"' "$system/etc/gym-mirror/kiosk.toml" || die "no settings for a PC"
owner=$(run_in "$system" /usr/bin/stat -c %U:%a /var/lib/gym-mirror)
[[ $owner == gym-mirror:750 ]] || die "the history's folder is $owner"
timed "install again" install --reinstall /srv/old.deb
settles "install again" 0.1.1
[[ $(release) == "$first" ]] || die "the same package made another release"
timed "another python3" install --reinstall python3-minimal
grep -q 'Processing triggers for gym-mirror' "$system/srv/said" || die "a new Python is not noticed"
settles "another python3" 0.1.1
[[ $(release) == "$first" ]] || die "the same Python made another release"

# what a lifter and an owner leave
echo 'camera.source = "usb:7"' >"$system/etc/gym-mirror/kiosk.toml"
echo sets >"$system/var/lib/gym-mirror/history.sqlite3"
mkdir -p "$system/var/lib/gym-mirror-outbox"
echo sent >"$system/var/lib/gym-mirror-outbox/sent.sqlite3"
keeps() {
    grep -q usb:7 "$system/etc/gym-mirror/kiosk.toml" || die "$1: the settings changed"
    grep -q sets "$system/var/lib/gym-mirror/history.sqlite3" || die "$1: the history is gone"
    grep -q sent "$system/var/lib/gym-mirror-outbox/sent.sqlite3" || die "$1: the outbox's state is gone"
}

# an upgrade whose release cannot be made: the wheels are damaged on the card
mkdir "$system/srv/damaged"
run_in "$system" /usr/bin/dpkg-deb -R /srv/new.deb /srv/damaged
for wheel in "$system"/srv/damaged/usr/lib/gym-mirror/wheels/av-*.whl; do echo damaged >"$wheel"; done
rm "$system/srv/damaged/DEBIAN/md5sums"
sed -i "s/^Version: .*/Version: 0.1.2~damaged/" "$system/srv/damaged/DEBIAN/control"
run_in "$system" /usr/bin/dpkg-deb -Zgzip -z1 -b /srv/damaged /srv/damaged.deb >/dev/null
rm -r "$system/srv/damaged"
if apt install /srv/damaged.deb 2>"$system/srv/failed"; then die "a damaged package passed"; fi
grep -q 'gym-mirror: pip failed' "$system/srv/failed" || die "it does not say why: $(<"$system/srv/failed")"
[[ $(release) == "$first" ]] || die "an upgrade that failed is in use"
works "an upgrade that failed"
keeps "an upgrade that failed"
[[ $(links_left) ]] || die "after an upgrade that failed the old release has another one's units"
echo "$suite $arch, an upgrade that fails: the old one stays; $(status)"

timed "upgrade" install /srv/new.deb
settles "upgrade" 0.1.2
second=$(release)
[[ $second != "$first" ]] || die "the upgrade did not switch"
[[ $(readlink "$system/opt/gym-mirror/previous") == "$first" ]] || die "there is none to go back to"
[[ $(<"$system/opt/gym-mirror/trial") == "$second 0" ]] || die "the upgrade is not on trial"
keeps "upgrade"
proves_itself

timed "downgrade" install /srv/old.deb
settles "downgrade" 0.1.1
[[ $(release) == "$first" && $(readlink "$system/opt/gym-mirror/previous") == "$second" ]] ||
    die "the downgrade did not go back"
keeps "downgrade"
proves_itself

# going back by itself, but for the services, which do not run here
run_in "$system" /bin/bash -c '
    report() { echo "$*"; }
    systemctl() { :; }
    . /opt/gym-mirror/current/systemd/release.sh
    roll_back "is tried"'
[[ $(release) == "$second" && $(links_left) ]] || die "it did not go back with its units"
works "gone back"
timed "install after it went back" install --reinstall /srv/old.deb
settles "install after it went back" 0.1.1
keeps "install after it went back"

timed "remove" remove gym-mirror
keeps "remove"
[[ $(status) == "rc " && ! -e $system/opt/gym-mirror && ! -e $system/usr/lib/gym-mirror ]] ||
    die "remove left $(status) $(ls "$system/opt/gym-mirror" "$system/usr/lib/gym-mirror" 2>&1)"
timed "install after a removal" install /srv/new.deb
settles "install after a removal" 0.1.2
keeps "install after a removal"
mkdir "$system/opt/gym-mirror/films"
timed "purge" purge gym-mirror
[[ -z $(status) || $(status) == un* ]] || die "purged, and yet $(status)"
[[ -d $system/opt/gym-mirror/films ]] || die "purge took a technician's folder"
rm -r "$system/opt/gym-mirror"
left=$(find "$system/etc" "$system/opt" "$system/var/lib" "$system/var/cache" "$system/usr/lib" \
    -name '*gym-mirror*' ! -path '*/apt/*')
[[ -z $left ]] || die "purge left $left"

# what was made from a checkout is taken over, and a checkout does not touch what apt has installed
bring_checkout "$system"
printf '[global]\nindex-url = http://127.0.0.1:9/\n' >"$system/etc/pip.conf"
timed "install once more" install /srv/old.deb
if run_in "$system" /srv/mirror/setup.sh install >"$system/srv/said" 2>&1; then die "setup.sh installed"; fi
grep -q 'run: sudo apt install' "$system/srv/said" || die "setup.sh says $(<"$system/srv/said")"
if run_in "$system" /srv/mirror/setup.sh uninstall >"$system/srv/said" 2>&1; then die "it is gone"; fi
grep -q 'run: sudo apt remove' "$system/srv/said" || die "setup.sh says $(<"$system/srv/said")"
# as a checkout's installer leaves it: links for all, and its own way of being enabled
run_in "$system" /bin/bash -c '
    set -eo pipefail
    HERE=/srv/mirror
    . /opt/gym-mirror/current/systemd/install.sh
    link_system_files "$HOME_DIR/current"'
[[ $(links_left) ]] || die "nothing to take over"
timed "taking over from a checkout" install /srv/new.deb
settles "taking over from a checkout" 0.1.2
wanted=$system/etc/systemd/system/multi-user.target.wants/gym-mirror.service
[[ $(readlink "$wanted") == /usr/lib/systemd/system/gym-mirror.service ]] ||
    die "it is enabled by $(readlink "$wanted")"
[[ ! -e $system/etc/sysusers.d/gym-mirror.conf ]] || die "users of a checkout are left"
timed "purge at once" purge gym-mirror
[[ ! -e $system/opt/gym-mirror && ! -e $system/var/lib/gym-mirror ]] || die "purge left something"

# a Python that nothing inside is made for, and a wrong architecture
run_in "$system" /bin/sh -c 'mkdir /srv/bin; printf "#!/bin/sh\necho 3.12\n" >/srv/bin/python3; chmod 755 /srv/bin/python3'
if run_in "$system" PATH=/srv/bin:/usr/sbin:/usr/bin:/sbin:/bin /usr/bin/dpkg -i /srv/new.deb \
    >"$system/srv/said" 2>&1; then die "Python 3.12 passed"; fi
grep '^gym-mirror: .* not for 3.12' "$system/srv/said" || die "$(<"$system/srv/said")"
[[ ! -e $system/usr/lib/gym-mirror && ! -e $system/opt/gym-mirror ]] || die "half installed"
other=$([[ $arch == amd64 ]] && echo arm64 || echo amd64)
run_in "$system" /bin/sh -euc '
    dpkg-deb -R /srv/new.deb /srv/other
    sed -i "s/^Architecture: .*/Architecture: $1/" /srv/other/DEBIAN/control
    dpkg-deb -Znone -b /srv/other /srv/other.deb >/dev/null' sh "$other"
if run_in "$system" /usr/bin/dpkg -i /srv/other.deb >"$system/srv/said" 2>&1; then die "$other passed"; fi
grep "package architecture ($other) does not match system ($arch)" "$system/srv/said" ||
    die "$(<"$system/srv/said")"
[[ ! -e $system/usr/lib/gym-mirror ]] || die "half installed"

if [[ $arch != arm64 ]]; then
    apt install lintian
    run_in "$system" /usr/bin/lintian --allow-root --fail-on error /srv/new.deb || die "lintian found errors"
fi
echo "$suite $arch: all well"
