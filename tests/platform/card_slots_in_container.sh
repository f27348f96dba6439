#!/usr/bin/env bash
# By hand, as root: does the card image's own unit judge a new slot under a real systemd, within its
# sandbox? Boots a Debian as the slots of a card, with what they share on a file system of its own and a
# stand-in for the mirror: one that judges frames, one that does not, and the slot before. Needs
# mmdebstrap, systemd-nspawn and loop devices; takes three to five minutes. See root.sh.
#   sudo tests/platform/card_slots_in_container.sh
set -euo pipefail
# shellcheck source=tests/platform/root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/root.sh"
# shellcheck source=tests/platform/checks.sh
source "$CHECKOUT/tests/platform/checks.sh"

# in a mount namespace of its own, which ends with this script
if [[ ${CARD_SLOTS_ALONE:-} != yes ]]; then CARD_SLOTS_ALONE=yes exec unshare --mount "$0" "$@"; fi

begin_check '' '' "$@"
loop=
clean_up() {
    if mountpoint --quiet "$system/data"; then umount --lazy "$system/data"; fi
    if [[ $loop ]]; then losetup --detach "$loop"; fi
}

root=$system/root
mkdir "$root" "$system/data"
make_root trixie "$(dpkg --print-architecture)" "$root"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
run_in "$root" /bin/sh -euc 'apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install systemd-sysv >/dev/null
    apt-get clean
    rm -rf /var/lib/apt/lists'

# what the recipe and the package bring, and of the generator what the unit calls
cp -r "$CHECKOUT"/hardware/image/layer/gym-mirror.d/customize.overlay/. "$root"
mkdir -p "$root/opt/gym-mirror/abc" "$root/bootfs" "$root/etc/systemd/system/multi-user.target.wants"
cp -r "$CHECKOUT/systemd" "$root/opt/gym-mirror/abc"
ln -s abc "$root/opt/gym-mirror/current"
run_in "$root" systemd-sysusers /usr/lib/sysusers.d/gym-mirror-image.conf
run_in "$root" systemd-sysusers /opt/gym-mirror/current/systemd/gym-mirror.sysusers
choice() { printf '[all]\ntryboot_a_b=1\nboot_partition=%s\n[tryboot]\nboot_partition=%s\n' "$1" "$2"; }
printf '#!/bin/sh\ncat <<CHOICE\n%s\nCHOICE\n' "$(choice 3 2)" >"$root/usr/bin/rpi-slot-tryboot"
chmod 755 "$root/usr/bin/rpi-slot-tryboot"
# the mirror: a frame at once, and judged where the check says so
cat >"$root/usr/lib/systemd/system/gym-mirror.service" <<'UNIT'
[Service]
ExecStart=/bin/sh -c 'test -w /var/lib/gym-mirror/history.sqlite3 || exit 1; touch /run/gym-mirror/frame; test ! -e /var/lib/gym-mirror/judges || touch /run/gym-mirror/judged; sleep infinity'
User=gym-mirror
StateDirectory=gym-mirror
StateDirectoryMode=0750
RuntimeDirectory=gym-mirror
UNIT
# ends a slot that is kept, as a switch at the wall would
cat >"$root/usr/lib/systemd/system/check-end.service" <<'UNIT'
[Unit]
After=gym-mirror-slot.service gym-mirror.service
[Service]
ExecStart=/bin/sh -c 'while test -e /var/lib/gym-mirror-image/trial; do sleep 1; done; systemctl is-active gym-mirror.service >/var/lib/gym-mirror-image/active; systemctl exit 0'
UNIT
for unit in gym-mirror gym-mirror-slot check-end; do
    ln -sf "/usr/lib/systemd/system/$unit.service" "$root/etc/systemd/system/multi-user.target.wants"
done

places=$(sed -n 's/^Path=//p' "$root/etc/rpi-image-gen/slot-shared.d/gym-mirror.conf")
truncate --size 1G "$system/data.img"
mkfs.ext4 -q -F "$system/data.img"
loop=$(losetup --find --show "$system/data.img")
mount "$loop" "$system/data"
for slot in system_a system_b; do
    mkdir -p "$system/data/slots/$slot"
    cp -a "$root/var" "$system/data/slots/$slot/var"
done
binds=()
for place in $places; do
    mkdir -p "$system/data/shared$place" "$root$place" "$system"/data/slots/system_{a,b}"$place"
    binds+=("--bind=$system/data/shared$place:$place")
done
mkdir "$system/data/boot"
state=$system/data/shared/var/lib/gym-mirror
trial=$system/data/shared/var/lib/gym-mirror-image
choice 2 3 >"$system/data/boot/autoboot.txt"

# boot SLOT - until it ends or asks for a restart, which ends it with 133
boot() {
    local code=0
    rm -f -- "$trial/active"
    timeout 300 systemd-nspawn --quiet --directory="$root" --boot --register=no --keep-unit \
        --console=pipe --private-network --bind="$system/data/slots/$1/var:/var" \
        --bind="$system/data/boot:/bootfs" "${binds[@]}" </dev/null >"$system/boot.txt" 2>&1 || code=$?
    [[ $code == "$2" ]] || { echo "      ended with $code" && tail -n 3 "$system/boot.txt" && return 1; }
}
starts() { sed -n '/^\[all\]/,/^\[/s/^boot_partition=//p' "$system/data/boot/autoboot.txt"; }
prints() { [[ $("${@:2}") == "$1" ]]; }
# try_b - what an update leaves
try_b() {
    touch "$trial/trial-began"
    echo 'system_b 0' >"$trial/trial"
}

# as an image of before has left it: with the numbers that every image gives the users
touch "$state/history.sqlite3"
chown -R 880:880 "$state"
chmod -R go= "$state"
# the package's tmpfiles.d, which would hide another number of the files from systemd
echo 'd /var/lib/gym-mirror 0750 gym-mirror gym-mirror -' >"$root/usr/lib/tmpfiles.d/gym-mirror.conf"

try_b
check "a slot whose mirror does not judge restarts" boot system_b 133
check "and the other one is started" prints 2 starts
check "and why is told" grep -q '^system_b judged no frame' "$trial/rolled-back"
check "the slot before runs" boot system_a 0
check "with the mirror, whose files are its own" prints active cat "$trial/active"
check "and the trial is over" test ! -e "$trial/trial"

touch "$state/judges"
try_b
check "a slot whose mirror judges frames runs on" boot system_b 0
check "and is started from now on" prints 3 starts
check "and nothing is told any more" test ! -e "$trial/rolled-back"

end_checks
