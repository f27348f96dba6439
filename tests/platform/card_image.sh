#!/usr/bin/env bash
# Tries what can be tried of the card image without its generator and without a Pi: that its files are
# YAML, that every package exists for arm64, that its partitions can be made and mounted, and that the
# history and the settings survive a switch of slots, an update, and power cuts in between. The mounts
# are made as the generator's units make them (tests/image_recipe.py names those). Needs root, loop
# devices, systemd-repart and e2fsprogs; and a network for the packages. Takes a minute.
#   sudo tests/platform/card_image.sh [PYTHON]
# RECIPE names another folder than hardware/image, to see a broken one fail.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
# shellcheck source=tests/platform/checks.sh
source "tests/platform/checks.sh"

# in a mount namespace of its own: one that another program begins meanwhile would hold the partitions
if [[ ${CARD_IMAGE_ALONE:-} != yes ]]; then
    CARD_IMAGE_ALONE=yes exec unshare --mount "tests/platform/${0##*/}" "$@"
fi

python=$(realpath --no-symlinks "${1:-.venv/bin/python}")
recipe=$(realpath "${RECIPE:-hardware/image}")
work=$(mktemp -d)
card=$work/card.img
root=$work/root
declare -A loops=()
export PYTHONPATH=$PWD:$PWD/tests PYTHONDONTWRITEBYTECODE=1 XDG_CACHE_HOME=$work/cache

unmount() {
    if mountpoint --quiet "$root"; then umount --recursive "$root"; fi
}

clean_up() {
    unmount || umount --recursive --lazy "$root"
    local loop
    for loop in "${loops[@]}"; do losetup --detach "$loop" || true; done
    rm -rf -- "$work"
}
trap clean_up EXIT

# ask EXPRESSION - of what tests/image_recipe.py reads of this recipe
ask() { "$python" -c "import pathlib, sys, image_recipe as r; p = pathlib.Path(sys.argv[1]); $1" "$recipe" "${@:2}"; }

# --- the files -----------------------------------------------------------------------------------

same_yaml() {
    PYTHONPATH=$PYTHONPATH:$work/yaml ask '
import yaml
words = lambda node: {k: words(v) for k, v in node.items()} if isinstance(node, dict) else node
for file in sorted([*p.glob("layer/*.yaml"), *p.glob("config/*.yaml")]):
    text = file.read_text("utf-8")
    assert r.read_yaml(text) == words(yaml.safe_load(text) or {}), file'
}

if "$python" -m pip --quiet --disable-pip-version-check install --no-deps --target "$work/yaml" \
    pyyaml==6.0.3 2>/dev/null; then
    check "PyYAML reads the files as the tests do" same_yaml
else
    echo 'not checked: whether PyYAML reads the files as the tests do; it cannot be had'
fi

# --- the packages --------------------------------------------------------------------------------

# apt_for SUITE COMMAND... - apt for arm64, with lists of its own and this machine's own mirrors
apt_for() {
    local place=$work/apt-$1
    "$2" -o Dir="$place" -o Dir::State::status="$place/status" -o APT::Architecture=arm64 \
        -o APT::Architectures::=arm64 -o Dir::Etc::Trusted=/etc/apt/trusted.gpg \
        -o Dir::Etc::TrustedParts=/etc/apt/trusted.gpg.d -o APT::Sandbox::User=root \
        -o Dir::Log="$place" "${@:3}"
}

# lists SUITE - gets the lists of the suite from the mirrors that this machine uses for its own
lists() {
    local place=$work/apt-$1 origin uri
    mkdir -p "$place"/{etc/apt/apt.conf.d,etc/apt/sources.list.d,etc/apt/preferences.d} \
        "$place"/var/{lib/apt/lists/partial,cache/apt/archives/partial}
    : >"$place/status"
    # shellcheck disable=SC2016 # apt expands these
    while IFS='|' read -r origin uri; do
        case $origin in
            Debian) printf 'deb %s %s main contrib non-free non-free-firmware\n' "$uri" "$1" ;;
            Raspberry*) printf 'deb %s %s main\n' "$uri" "$1" ;;
        esac
    done < <(apt-get indextargets --format '$(ORIGIN)|$(REPO_URI)|$(RELEASE)' 'Created-By: Packages' |
        grep -v -e '-security$' -e '-updates$' -e '-backports$' | cut -d'|' -f1,2 | sort -u) \
        >"$place/etc/apt/sources.list"
    apt_for "$1" apt-get -qq update >"$place/said" 2>&1 && [[ -s $place/etc/apt/sources.list ]]
}

# exists SUITE PACKAGE - whether apt offers it for arm64
exists() { grep -qx "$2" "$work/apt-$1/offered"; }

# what the installer says only Raspberry Pi OS may have
only_on_a_pi=$(sed -n "/<<'PACKAGES'/,/^PACKAGES/p" systemd/install.sh | grep -o '^python3-[^ ]*')
for suite in bookworm trixie; do
    if ! lists "$suite"; then
        echo "not checked: the packages in $suite; no mirror of this machine answers with it"
        continue
    fi
    # shellcheck disable=SC2046 # a word each
    apt_for "$suite" apt-cache policy $(ask 'print(*r.packages(p))') |
        awk '/^[^ ]/ { name = $1 } /Candidate: [^(]/ { sub(":$", "", name); print name }' \
            >"$work/apt-$suite/offered"
    for package in $(ask 'print(*r.packages(p))'); do
        if grep -qx "$package" <<<"$only_on_a_pi" && ! exists "$suite" "$package"; then
            echo "not checked: $package in $suite; only Raspberry Pi OS has it, which is not reached"
        else
            check "$suite has $package for arm64" exists "$suite" "$package"
        fi
    done
done

# --- the root file system, as the hook leaves it ---------------------------------------------------

# The package is not built here: what it installs of which the hook makes use is put in its place.
overlay=$(echo "$recipe"/layer/*.d/customize.overlay)
mkdir -p "$work"/{build/boot/firmware,bin} "$root"
cp -r "$overlay/." "$work/build"
: >"$work/build/boot/firmware/config.txt"
echo package >"$work/package.deb"
cat >"$work/bin/chroot" <<CHROOT
#!/bin/sh
set -e
[ "\$2" = dpkg ] || exit 0
mkdir -p "\$1/opt/gym-mirror/abc" "\$1/etc/gym-mirror"
cp -r "$PWD/systemd" "\$1/opt/gym-mirror/abc"
ln -s abc "\$1/opt/gym-mirror/current"
cp "$PWD/systemd/kiosk.pc.toml" "\$1/etc/gym-mirror/kiosk.toml"
CHROOT
chmod +x "$work/bin/chroot"
PATH=$work/bin:$PATH IGconf_mirror_package=$work/package.deb bash "$recipe"/layer/*.d/hooks/customize* \
    "$work/build"
# as the generator does: what lies in /var and /persistent goes to the data partition
mv "$work/build/persistent" "$work/data"
mkdir -p "$work/data/slots"/system_{a,b} "$work"/build/{var,persistent}
cp -a "$work/build/var" "$work/data/slots/system_a/var"
cp -a "$work/build/var" "$work/data/slots/system_b/var"
find "$work/build/var" -mindepth 1 -delete
echo first >"$work/build/system"

# --- the partitions --------------------------------------------------------------------------------

mkdir "$work/plan"
ask '
for number, (label, size) in enumerate(r.partitions(p)):
    kind = "esp" if "boot" in label else "linux-generic"
    text = f"[Partition]\nType={kind}\nLabel={label}\nSizeMinBytes={size}\nSizeMaxBytes={size}\n"
    pathlib.Path(sys.argv[2], f"{number}.conf").write_text(text)' "$work/plan"
smallest_card=$(sed -n 's/.*card of \([0-9]*\) GB.*/\1/p' "$recipe/config/gym-mirror.yaml")
made() {
    systemd-repart --empty=create --size="$((smallest_card * 10 ** 9 / 4096 * 4096))" \
        --definitions="$work/plan" --dry-run=no --no-pager "$card" >"$work/repart" 2>&1 ||
        { cat "$work/repart" && return 1; }
}
check "the partitions fit a card of $smallest_card GB" made
as_planned() {
    [[ $(partx --noheadings --raw --bytes --output NAME,SIZE "$card" | sort) == \
        "$(ask 'print(*sorted(f"{a} {b}" for a, b in r.partitions(p)), sep="\n")')" ]]
}
check "their names and sizes are those of the recipe" as_planned
((failures == 0)) || [[ -s $card ]] || exit 1

while read -r name start size; do
    loops[$name]=$(losetup --find --show --offset "$((start * 512))" --sizelimit "$size" "$card")
done < <(partx --noheadings --raw --bytes --output NAME,START,SIZE "$card")
mkdir -p "$work/by-slot"/{active,other}

# make_system IMAGE_OR_DEVICE - both slots begin with the same one
make_system() { mkfs.ext4 -q -F -L SYSTEM -d "$work/build" "$@"; }
filled() {
    local part
    for part in bootconfig boot_a boot_b; do mkfs.vfat "${loops[$part]}" >/dev/null || return; done
    make_system "${loops[system_a]}" && make_system "${loops[system_b]}" &&
        mkfs.ext4 -q -F -L PERSISTENT -d "$work/data" "${loops[persistent]}"
}
check "file systems are made in all of them" filled

mounts_boot() {
    mount "${loops[boot_a]}" "$root" && umount "$root"
}
if grep -qw vfat /proc/filesystems; then
    check "the firmware's partition mounts" mounts_boot
else
    echo 'left out: mounting the partitions of the firmware; this kernel has no FAT'
fi

# --- the slots -------------------------------------------------------------------------------------

# start_slot a|b - mounts what the slot's system mounts
start_slot() {
    local other=a place
    unmount
    if [[ $1 == a ]]; then other=b; fi
    ln -sfn "${loops[system_$1]}" "$work/by-slot/active/system"
    ln -sfn "${loops[system_$other]}" "$work/by-slot/other/system"
    ln -sfn "${loops[boot_$other]}" "$work/by-slot/other/boot"
    e2fsck -p "${loops[persistent]}" >/dev/null || (($? < 4))
    mount -o ro "$work/by-slot/active/system" "$root"
    mount -o rw "${loops[persistent]}" "$root/persistent"
    # persistent-shared-init.service, before /var is mounted
    for place in $(ask 'print(*r.shared_places(p))'); do
        mkdir -p "$root/persistent/shared$place"
        if [[ -d $root$place ]]; then cp -a "$root$place/." "$root/persistent/shared$place/"; fi
    done
    mount --bind "$root/persistent/slots/system_$1/var" "$root/var"
    for place in $(ask 'print(*r.shared_places(p))'); do
        mkdir -p "$root$place"
        mount --bind "$root/persistent/shared$place" "$root$place"
    done
}

# cut_power - nothing reaches the data partition any more, and what was not flushed is lost
cut_power() {
    "$python" -c 'import fcntl, os, struct, sys
EXT4_IOC_SHUTDOWN, WITHOUT_FLUSHING = 0x8004587D, 2
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), EXT4_IOC_SHUTDOWN, struct.pack("I", WITHOUT_FLUSHING))' \
        "$root/persistent"
}

history=$root/var/lib/gym-mirror

# store_sets NUMBER - with the mirror's own store, which is still open when the power is cut
store_sets() {
    local ended=0
    "$python" - "$history" "$1" "$root/persistent" <<'PYTHON' || ended=$?
import fcntl
import os
import struct
import sys
import time
from pathlib import Path

from history.records import closed, record, rep
from kiosk.history.store import Store

folder, number, partition = sys.argv[1:]
Path(folder).mkdir(parents=True, exist_ok=True)
store = Store(Path(folder), run=f"card-{time.time()}")
for serial in range(int(number)):
    store.save(closed(record(serial, *(rep(n) for n in range(8)))), time.time())
fcntl.ioctl(os.open(partition, os.O_RDONLY), 0x8004587D, struct.pack("I", 2))
os._exit(9)
PYTHON
    [[ $ended == 9 ]]
}

has_sets() {
    local found
    found=$("$python" -m kiosk history --folder "$history" --json |
        "$python" -c 'import json, sys; print(len(json.load(sys.stdin)))') || found=none
    [[ $found == "$1" ]] || { echo "      $found sets and not $1" && return 1; }
}

# slot COMMAND... - functions of the image's own script, on these mounts
slot() {
    RELEASE=$PWD bash -euc '
        root=$1 by_slot=$2
        source "$3"
        HOME_DIR=$root/var/lib/gym-mirror-image STATE_DIR=$root/var/lib/gym-mirror
        SHARED=$root/etc/rpi-image-gen/slot-shared.d/gym-mirror.conf
        BY_SLOT=$by_slot WORK_DIR=$root/var/tmp AUTOBOOT=$root/persistent/autoboot.txt
        mounted_from() { findmnt --noheadings --output FSROOT --mountpoint "$root$1" | tail -n 1; }
        simg2img() { cp --sparse=always -- "$1" "$2"; }
        systemctl() { :; }
        reboot() { printf "reboot %s\n" "$*"; }
        "${@:4}"' bash "$root" "$work/by-slot" "$overlay/usr/lib/gym-mirror-image/slot" "$@"
}

prints() { [[ $("${@:2}") == "$1" ]]; }
has_line() { grep -qxF "$1" "$2" 2>/dev/null; }

start_slot a
check "the image's own script knows slot A" prints system_a slot in_use
check "and finds every shared folder on the data partition" prints '' slot not_shared
check "the first settings ask for the first start" grep -q '^set_up = true' "$root/etc/gym-mirror/kiosk.toml"
check "and are those for a Pi" grep -q '^source = "pi"' "$root/etc/gym-mirror/kiosk.toml"

echo '# changed by hand' >>"$root/etc/gym-mirror/kiosk.toml"
mkdir -p "$history"
echo 'screen.language = "de"' >"$history/chosen.toml"
echo sent >"$root/var/lib/gym-mirror-outbox/outbox"
sync -f "$root/persistent"
check "20 sets are stored in slot A, and the power is cut" store_sets 20

start_slot b
check "the image's own script knows slot B" prints system_b slot in_use
check "slot B has the sets" has_sets 20
check "and the settings" has_line '# changed by hand' "$root/etc/gym-mirror/kiosk.toml"
check "and what was chosen with the buttons" has_line 'screen.language = "de"' "$history/chosen.toml"
check "and what was sent" has_line sent "$root/var/lib/gym-mirror-outbox/outbox"
check "5 more sets are stored in slot B, and the power is cut" store_sets 5

start_slot a
check "slot A has them all" has_sets 25

# an update, cut off while it is written
echo second >"$work/build/system"
mkdir "$work/update"
truncate --size 64M "$work/update/system"
make_system "$work/update/system"
truncate --size 1M "$work/update/boot"
tar --zstd -cf "$work/update.tar.zst" -C "$work/update" boot system
mkdir -p "$root/var/tmp"
dd if="$work/update/system" of="${loops[system_b]}" bs=1M count=30 conv=notrunc,fsync status=none
echo lost >"$root/persistent/not-flushed"
cut_power
start_slot a
check "a power cut loses what was not flushed" test ! -s "$root/persistent/not-flushed"
check "an update that was cut off leaves slot A as it was" has_line first "$root/system"
check "with its sets" has_sets 25

mkdir -p "$root/var/tmp"
check "an update is written, read back, and tried once" prints 'reboot 0 tryboot' slot update "$work/update.tar.zst"
cut_power
start_slot b
check "slot B is the new system" has_line second "$root/system"
check "with the sets" has_sets 25
check "with the settings" has_line '# changed by hand' "$root/etc/gym-mirror/kiosk.toml"
check "on trial, after the power was cut at once" has_line 'system_b 0' "$root/var/lib/gym-mirror-image/trial"
check "2 sets are stored there, and the power is cut" store_sets 2

start_slot a
check "back in slot A the trial is over" slot back
check "and why is kept" has_line 'system_b did not come up' "$root/var/lib/gym-mirror-image/rolled-back"
check "with every set" has_sets 27
check "and the old system" has_line first "$root/system"

end_checks
