#!/usr/bin/env bash
# What stick_in_container.sh runs inside.

# shellcheck source=tests/platform/in_container.sh
source /srv/in_container.sh

STICK=gym-mirror-stick.service
MOUNT=run-gymmirror-stick.mount
STATE=/run/gym-mirror-stick/state
cd /

of_stick() { systemctl show "$STICK" --property="$1" --value; }

device() { printf '/sys/class/block/%s%s' "$(<"/srv/$1.stick")" "${2:-}"; }

# The kernel says of a loop device that nobody pulls it out.
as_removable() { mount --bind /srv/removable "/sys/block/$(<"/srv/$1.stick")/removable"; }

# plug NAME [PARTITION]
plug() {
    udevadm trigger --action=add "$(device "$1" "${2:-}")"
    udevadm settle
}

pull() {
    udevadm trigger --action=remove "$(device "$1" "${2:-}")"
    udevadm settle
}

gone() {
    # pulled out in mid-copy, it has failed
    [[ $(of_stick ActiveState) =~ ^(inactive|failed)$ && ! -e /run/gym-mirror-stick &&
        $(systemctl show "$MOUNT" --property=ActiveState --value) =~ ^(inactive|failed)$ ]]
}

unmounted() { ! grep -q " /run/gymmirror/stick " /proc/mounts; }

# says WORD - whether the screen is told that
says() { [[ -e $STATE && $(<"$STATE") == "$1" ]]; }

# copied NAME [PARTITION] - whether the three files are on it, and it is mounted no more
copied() {
    local place=/mnt files=0
    unmounted || return 1
    mount -t vfat,exfat,ext4 -o ro "/dev/$(<"/srv/$1.stick")${2:-}" "$place" || return 1
    files=$(find "$place/Rack 3" -type f ! -name '.*' 2>/dev/null | wc -l)
    python3 -c 'import json, pathlib, sys
(tree,) = pathlib.Path(sys.argv[1]).glob("* sets.json")
print("  ", len(json.loads(tree.read_text())), "sets on it")
assert len(json.loads(tree.read_text())) >= 400' "$place/Rack 3" || files=0
    umount "$place"
    ((files == 3))
}

# well NAME [PARTITION] - plugs it in, and takes it out when the screen says so
well() {
    local began_ms
    as_removable "$1"
    began_ms=$(now_ms)
    plug "$@"
    await 90 says remove || fault "$1: the screen is told '$(cat "$STATE" 2>&1)'; $(of_stick Result)"
    says remove && echo "  $1: to be taken out after $(($(now_ms) - began_ms)) ms"
    copied "$@" || fault "$1: not all is on it"
}

# ill NAME STATE WORDS - plugs in one that cannot receive anything
ill() {
    as_removable "$1"
    plug "$1"
    await 90 says "$2" || fault "$1: the screen is told '$(cat "$STATE" 2>&1)'; $(of_stick Result)"
    await 10 journal_tells "$3" "$STICK" || fault "$1: the journal does not tell"
    await 20 unmounted || fault "$1: it stays mounted"
    pull "$1"
    await 20 gone || fault "$1: it stays when it is pulled out: $(of_stick ActiveState)"
    echo "  $1: $2"
}

step() { echo "$((SECONDS / 60)):$(printf %02d $((SECONDS % 60))) $*"; }

await 90 runs_as_another 0 || fault "the mirror did not start; $(show Result)"
mirror_pid=$(show MainPID)
systemd-analyze --no-pager security "$STICK" 2>/dev/null | tail -n 1
# the container's own, over that which udev may write
umount /sys/devices
mount -o remount,rw /sys
systemctl start systemd-udevd.service
systemctl --quiet is-active systemd-udevd.service || fault "no udev"
# systemd looks once whether there is one, and knows no devices else
systemctl daemon-reexec
while sleep 0.01; do grep gymmirror /proc/mounts; done >/srv/mounts.txt 2>/dev/null &
watching=$!

step 'a disk that is not removable is left alone'
plug whole
sleep 3
[[ ! -e /dev/gym_mirror_stick && $(of_stick ActiveState) == inactive ]] || fault "it was taken for a stick"
pull whole

step 'rules that udev reads before it knows what a disk is find none, so that their number matters'
rules=/etc/udev/rules.d/90-gym-mirror.rules
as_removable whole
mv "$rules" "${rules/90/60}"
udevadm control --reload
plug whole
[[ ! -e /dev/gym_mirror_stick ]] || fault "they find one"
pull whole
mv "${rules/90/60}" "$rules"
udevadm control --reload

step 'a stick'
well whole
ls -l /dev/gym_mirror_stick
[[ $(<"/proc/$mirror_pid/root$STATE") == remove ]] || fault "the mirror does not see it"
grep -c . /srv/mounts.txt
sort -u /srv/mounts.txt
grep -q 'nosuid,nodev,noexec.*nosymfollow' /srv/mounts.txt || fault "the options do not hold"
before=$(of_stick ActiveEnterTimestampMonotonic)
udevadm trigger --action=change "$(device whole)"
udevadm settle
sleep 3
[[ $(of_stick ActiveEnterTimestampMonotonic) == "$before" ]] || fault "it copies again"
pull whole
await 20 gone || fault "it stays when it is pulled out: $(of_stick ActiveState)"
step 'again, and a partition of one'
well whole
pull whole
await 20 gone || fault "it stays"
well parted p1
pull parted p1
await 20 gone || fault "it stays"

step 'FAT and exFAT'
for kind in fat exfat; do
    if [[ -x /usr/sbin/mount.vfat ]]; then echo "  (by a program: this kernel has none)"; fi
    well "$kind"
    pull "$kind"
    await 20 gone || fault "$kind: it stays"
done

step 'sticks that cannot receive anything'
ill full full 'the stick is full'
ill locked read_only 'cannot be written; unlock'
ill foreign foreign 'format it with FAT32 or exFAT'

step 'one that the system itself has mounted'
mkdir -p /media
mount "/dev/$(<"/srv/other.stick")" /media
as_removable other
plug other
await 20 test -e /dev/gym_mirror_stick
sleep 5
[[ $(of_stick ActiveState) == inactive && ! -e "/media/Rack 3" ]] || fault "it copied to the system's own disk"
umount /media
pull other

step 'pulled out in mid-copy'
plug other
await 30 says copying || fault "it does not begin"
pull other
await 30 gone || fault "it stays: $(of_stick ActiveState)"
unmounted || fault "it stays mounted"
echo "  $(of_stick Result), $(of_stick ActiveState)"
well other
pull other
await 20 gone || fault "it stays"

step 'not enabled'
sed -i 's/^stick.enabled = true/stick.enabled = false/' /etc/gym-mirror/kiosk.toml
plug whole
await 20 test -e /dev/gym_mirror_stick || fault "udev does not see it"
sleep 5
[[ $(of_stick ActiveState) == inactive && ! -e $STATE ]] || fault "it copied"
pull whole

kill "$watching"
[[ $(show MainPID) == "$mirror_pid" && $(show NRestarts) == 0 ]] || fault "the mirror did not live through it"
journalctl --unit="$STICK" --output=cat --no-pager | grep -i -E 'denied|traceback' && fault "see above"
finish
