#!/usr/bin/env bash
# Copies to real file systems, as the mount unit mounts them: FAT, exFAT and ext4; again on the same day;
# full, read-only, damaged, of a kind that is not mounted, and taken away in mid-copy. Needs root, loop
# devices, dosfstools, exfatprogs and e2fsprogs; where the kernel has no FAT, exfat-fuse and
# fusefat. Takes one to two minutes.
#   sudo tests/platform/stick.sh [PYTHON]
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
# shellcheck source=tests/platform/checks.sh
source "tests/platform/checks.sh"

python=$(realpath --no-symlinks "${1:-.venv/bin/python}")
work=$(mktemp -d)
place=$work/stick
loop=
fuse= # whether the kernel left it to a program
export STATE_DIRECTORY=$work/history PYTHONPATH=$PWD:$PWD/tests PYTHONDONTWRITEBYTECODE=1
export XDG_CACHE_HOME=$work/cache KIOSK_SETTINGS=$work/kiosk.toml

option() { sed -n "s/^$1=//p" systemd/run-gymmirror-stick.mount; }

unplug() {
    if mountpoint --quiet "$place"; then umount --lazy "$place"; fi
    if [[ $loop ]]; then losetup --detach "$loop" 2>/dev/null || true; fi
    loop=
}

trap 'unplug; rm -rf -- "$work"' EXIT

# plug MEGABYTES COMMAND... - a new stick, made by the command
plug() {
    unplug
    truncate --size "$1M" "$work/image.new"
    mv -f -- "$work/image.new" "$work/image"
    loop=$(losetup --find --show "$work/image")
    "${@:2}" "$loop" >/dev/null
}

# mount_stick [MORE] - with the unit's own types and options
mount_stick() {
    local access=${1:-rw} by_program=()
    fuse=
    mount --types "$(option Type)" --options "$(option Options),$access" "$loop" "$place" 2>/dev/null && return
    # a kernel without FAT may have programs for it, which know fewer options
    case $(blkid --output value --match-tag TYPE "$loop") in
        exfat) by_program=(mount.exfat-fuse -o "$access") ;;
        vfat) by_program=(fusefat -o "${access/rw/rw+}") ;;
        *) return 1 ;;
    esac
    fuse=yes
    command -v "${by_program[0]}" >/dev/null && "${by_program[@]}" "$loop" "$place" >/dev/null 2>&1
}

has_options() { [[ $fuse ]] || grep -q "$place .*nosuid,nodev,noexec.*nosymfollow" /proc/mounts; }

copy() { "$python" -m kiosk stick copy "$place" 2>&1; }

copied() { copy >/dev/null; }

# refused EXPECTED - the copy ends with one line that has those words, and exit code 2
refused() {
    local said code=0
    said=$(copy) || code=$?
    [[ $code == 2 && $said == kiosk:*"$1"* && $(wc -l <<<"$said") == 1 ]] || {
        printf '%s (%s)\n' "$said" "$code"
        return 1
    }
}

whole() {
    local folder=$place/$1
    [[ $(find "$folder" -type f | wc -l) == 3 ]] &&
        "$python" -c 'import json, pathlib, sys
(tree,) = pathlib.Path(sys.argv[1]).glob("* sets.json")
assert len(json.loads(tree.read_text())) == int(sys.argv[2])' "$folder" "$2"
}

store_sets() {
    "$python" - "$STATE_DIRECTORY" "$1" <<'PYTHON'
import sys
import time
from pathlib import Path

from history.records import closed, record, rep
from kiosk.history.store import Store

store = Store(Path(sys.argv[1]), run=f"stick-{time.time()}")
for serial in range(int(sys.argv[2])):
    store.save(closed(record(serial, *(rep(n) for n in range(8)))), time.time())
store.close()
PYTHON
}

stored() { "$python" -m kiosk history --strong | tail -n +2 | wc -l; }

mkdir -- "$place"
name='Rack "3": Süd/Nord?'
folder='Rack _3__ Sud_Nord_'
printf "[stick]\nenabled = true\n[mirror]\nname = '%s'\n" "$name" >"$KIOSK_SETTINGS"
store_sets 20

for kind in vfat exfat ext4; do
    case $kind in
        vfat) plug 40 mkfs.vfat -F 32 ;;
        exfat) plug 40 mkfs.exfat ;;
        ext4) plug 40 mkfs.ext4 -q -F ;;
    esac
    if ! mount_stick; then
        printf 'left out: this kernel has no %s\n' "$kind"
        continue
    fi
    check "$kind: copied" copied
    check "$kind: the options hold" has_options
    check "$kind: every set is on it" whole "$folder" 20
    umount "$place"
    mount_stick
    check "$kind: still there when plugged in again" whole "$folder" 20
    check "$kind: again on the same day" copied
    check "$kind: no file more" whole "$folder" 20
    rm -rf -- "${place:?}/$folder"
    dd if=/dev/zero of="$place/film" bs=64k status=none 2>/dev/null || true
    if [[ $fuse && $kind == vfat ]]; then
        echo "left out: vfat: a full one is told; fusefat says EPERM of it, where the kernel says ENOSPC"
    else
        check "$kind: a full one is told" refused 'the stick is full'
    fi
    check "$kind: and holds no half file" test -z "$(find "$place" -name '.*sets*')"
    rm -f -- "$place/film"
    umount "$place"
    mount_stick ro
    check "$kind: a read-only one is told" refused 'cannot be written; unlock'
    umount "$place"
done

plug 40 mkfs.vfat -F 32
check 'nothing mounted is a foreign stick' refused 'format it with FAT32 or exFAT'
plug 40 mkswap
check 'swap is not mounted' eval '! mount_stick'
plug 40 true
check 'an empty one is not mounted' eval '! mount_stick'
plug 40 mkfs.minix
check 'a kind that is not in the list is not mounted' eval '! mount_stick'

plug 40 mkfs.ext4 -q -F
mount_stick
ln -s "$work" "$place/link"
check 'a link on it leads nowhere' test ! -e "$place/link/"

# pulled in mid-copy, of a history that takes a while
store_sets 1500
copy >"$work/said" &
copying=$!
while [[ ! -d $place/$folder ]]; do sleep 0.01; done
umount --lazy "$place"
code=0
wait "$copying" || code=$?
check 'pulled out in mid-copy is told' grep -q 'was pulled out before all was copied' "$work/said"
check 'in one line' test "$code $(wc -l <"$work/said")" == '2 1'
check 'and nothing is written in its place' test -z "$(ls -A "$place")"
mount_stick
check 'plugged in again, it receives all' copied
check 'and no draft is left' whole "$folder" 1520

check 'the history has lost nothing' test "$(stored)" == 1520
end_checks
