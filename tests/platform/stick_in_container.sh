#!/usr/bin/env bash
# By hand, as root: do udev's rule, the unit that copies and the mount unit do with a stick what they
# should, under a real systemd and a real udev? Installs the mirror into a Debian and boots that as a
# container, in which loop devices are plugged in as sticks: whole, with a partition, full, read-only, of
# kinds that are not mounted, in use by the system, pulled out in mid-copy. A loop device hangs on no USB:
# a rule and a file say of it what udev and the kernel say of a stick. FAT and exFAT are tried where the
# kernel has them, or Debian a program. Needs mmdebstrap, systemd-nspawn, e2fsprogs, dosfstools,
# exfatprogs and loop devices; works in a temporary folder and removes it. See root.sh.
set -euo pipefail
# shellcheck source=tests/platform/root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/root.sh"
# shellcheck source=tests/platform/container.sh
source "$CHECKOUT/tests/platform/container.sh"

begin_check 'bookworm|trixie' 'bookworm|trixie' "$@"
loops=()
clean_up() {
    stop_container
    local loop
    for loop in "${loops[@]}"; do losetup --detach "$loop" 2>/dev/null || true; done
}

install_mirror "$1" udev fusefat exfat-fuse
printf '%s\n' 'mirror.name = "Rack 3"' 'stick.enabled = true' 'camera.source = "usb:0"' \
    'panel.kind = "keyboard"' >"$system/etc/gym-mirror/kiosk.toml"

# sets of today, kept as the service would
run_in "$system" /usr/bin/install -d -m 750 -o gym-mirror -g gym-mirror /var/lib/gym-mirror
cat >"$system/srv/sets.py" <<'PYTHON'
import sys
from datetime import datetime
from pathlib import Path

sys.path.insert(0, "/srv/mirror/tests")
from history.records import closed, record, rep

from kiosk.history.store import Store

midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0).timestamp()
store = Store(Path("/var/lib/gym-mirror"), run="before")
for serial in range(1, 401):
    store.save(closed(record(serial, *(rep(n) for n in range(8)))), midnight + serial)
store.close()
PYTHON
run_in "$system" /usr/sbin/runuser -u gym-mirror -- \
    /opt/gym-mirror/current/.venv/bin/python /srv/sets.py

# What udev finds out of a real stick, in the same order: after 60-persistent-storage.rules looked.
cat >"$system/etc/udev/rules.d/60-persistent-storage-usb.rules" <<'RULES'
SUBSYSTEM=="block", KERNEL=="loop*", ENV{ID_BUS}="usb"
RULES
echo 1 >"$system/srv/removable"

# Where the kernel has no FAT, programs mount it, which know fewer options. mount calls this first, as
# mount.vfat DEVICE PLACE -o OPTIONS, and would try the other types if it were the kernel that knows none.
if ! grep -qw vfat /proc/filesystems; then
    cat >"$system/usr/sbin/mount.vfat" <<'SH'
#!/bin/sh
known=$(printf ',%s,' "$4" | sed 's/,nosymfollow//; s/,noatime//; s/,async//; s/^,//; s/,$//')
case $(blkid -o value -s TYPE "$1") in
    vfat) exec fusefat -o rw+,allow_other "$1" "$2" ;;
    exfat) exec mount.exfat-fuse -o "$known,allow_other" "$1" "$2" ;;
    *) exec mount -i -t ext4 -o "$4" "$1" "$2" ;;
esac
SH
    chmod 755 "$system/usr/sbin/mount.vfat"
fi

# stick NAME MEGABYTES COMMAND... - a file as a stick, made by the command
binds=()
stick() {
    local name=$1 loop
    truncate --size "$2M" "$system/srv/$name.image"
    loop=$(losetup --find --show "$system/srv/$name.image")
    loops+=("$loop")
    "${@:3}" "$loop" >/dev/null 2>&1 || die "cannot make the stick $name"
    binds+=("--bind=$loop")
    echo "${loop##*/}" >"$system/srv/$name.stick"
}

stick whole 60 mkfs.ext4 -q -F
stick other 60 mkfs.ext4 -q -F
stick full 8 mkfs.ext4 -q -F -m 0
stick fat 60 mkfs.vfat -F 32
stick exfat 60 mkfs.exfat
stick foreign 60 mkfs.minix
stick empty 60 true
stick locked 60 mkfs.ext4 -q -F
losetup --detach "${loops[-1]}"
loops[-1]=$(losetup --find --show --read-only "$system/srv/locked.image")
echo "${loops[-1]##*/}" >"$system/srv/locked.stick"
binds[-1]=--bind=${loops[-1]}
# shellcheck disable=SC2016 # the inner shell expands it
unshare --mount bash -euc 'mount "$1" "$2"; dd if=/dev/zero of="$2/film" bs=64k 2>/dev/null || true' \
    bash "/dev/$(<"$system/srv/full.stick")" "$system/mnt"
# one with a partition, whose device the kernel makes
stick parted 60 true
losetup --detach "${loops[-1]}"
python3 - "$system/srv/parted.image" <<'PYTHON'
import struct
import sys

with open(sys.argv[1], "r+b") as disk:  # an entry of the old kind: Linux, all but the first megabyte
    disk.seek(446)
    disk.write(struct.pack("<BxxxBxxxII48x", 0, 0x83, 2048, 59 * 2048) + b"\x55\xaa")
PYTHON
loops[-1]=$(losetup --find --show --partscan "$system/srv/parted.image")
# a kernel that reads no such table is told
[[ -e ${loops[-1]}p1 ]] || addpart "${loops[-1]}" 1 2048 $((59 * 2048))
mkfs.ext4 -q -F "${loops[-1]}p1"
echo "${loops[-1]##*/}" >"$system/srv/parted.stick"
binds[-1]=--bind=${loops[-1]}
binds+=("--bind=${loops[-1]}p1" --bind=/dev/fuse)

boot_and_run stick_inside.sh --bind=/sys/devices "${binds[@]}"
