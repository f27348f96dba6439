# Debian systems to try the installer in: made, filled and entered. Sourced by the checks beside it.
#
# pip's settings (PIP_* and /etc/pip.conf), proxies and own certificates are carried in. Folders that
# pip's settings point to are named in BIND, separated by spaces.
# shellcheck shell=bash

export BIND=${BIND:-}
CHECKOUT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)

# begin_check USAGE PATTERN ARGUMENT... - ends a script whose arguments do not fit the pattern with its
# usage. Makes the folder $system for a Debian; at the end calls clean_up, removes the folder and ends
# emulation.
begin_check() {
    local usage=$1 pattern=$2
    shift 2
    if [[ ! $* =~ ^($pattern)$ ]]; then
        echo "usage: [BIND='FOLDER...'] $0${usage:+ $usage}" >&2
        exit 2
    fi
    check="${0##*/}${*:+ $*}"
    system=$(mktemp -d)
    trap 'clean_up || true; rm -rf -- "$system"; stop_emulating' EXIT
}

# clean_up - a script with more to undo has its own
clean_up() { :; }

# die WHY... - ends the script, which failed
die() {
    echo "$check: $*" >&2
    exit 1
}

# make_root SUITE ARCH FOLDER - a minimal Debian with this checkout. The Debian is kept as a tar file
# in the temporary folder for a day: after that its package lists and packages are old.
make_root() {
    local kept=${TMPDIR:-/tmp}/gym-mirror-$1-$2.tar
    if ! is_fresh "$kept"; then
        mmdebstrap --quiet --format=tar --variant=minbase --architectures="$2" "$1" "$kept.new"
        mv -- "$kept.new" "$kept"
    fi
    tar -C "$3" --numeric-owner -xpf "$kept"
    bring_checkout "$3"
}

# keep_root NAME FOLDER COMMAND... - what the command makes of the folder, kept in the same way, with
# this checkout as it is now.
keep_root() {
    local kept=${TMPDIR:-/tmp}/gym-mirror-$1.tar
    if ! is_fresh "$kept"; then
        "${@:3}"
        tar -C "$2" --numeric-owner --exclude=./srv/mirror -cpf "$kept.new" .
        mv -- "$kept.new" "$kept"
        return
    fi
    tar -C "$2" --numeric-owner -xpf "$kept"
    bring_checkout "$2"
}

is_fresh() { [[ -n $(find "$1" -mtime 0 2>/dev/null) ]]; }

bring_checkout() {
    mkdir -p "$1/srv/mirror" "$1/usr/local/share"
    tar -C "$CHECKOUT" --exclude=./.venv --exclude=./.git --exclude='.*_cache' \
        --exclude=__pycache__ --exclude='*.egg-info' --exclude='*.tflite' --exclude=./out -c . |
        tar -C "$1/srv/mirror" -x
    local file
    for file in /etc/resolv.conf /etc/pip.conf /usr/local/share/ca-certificates; do
        if [[ -e $file ]]; then cp -rL "$file" "$1$file"; fi
    done
}

# run_in FOLDER COMMAND... - in a mount namespace of its own, so that no clean-up can reach through a
# mount.
run_in() {
    local carried=() name
    for name in $(compgen -e); do
        if [[ $name == PIP_* || ${name,,} == *_proxy || $name == QEMU_CPU ]]; then
            carried+=("$name=${!name}")
        fi
    done
    # shellcheck disable=SC2016 # the inner shell expands these
    unshare --mount bash -euc '
        root=$1
        shift
        mount -t proc proc "$root/proc"
        mount -t sysfs -o ro sysfs "$root/sys"
        mount --bind /dev "$root/dev"
        for folder in $BIND; do
            mkdir -p "$root$folder"
            mount --bind -o ro "$folder" "$root$folder"
        done
        exec chroot "$root" /usr/bin/env -i "$@"
    ' bash "$1" HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin "${carried[@]}" "${@:2}"
}

# emulate_arm64 - lets this machine run arm64 programs until `stop_emulating`. QEMU is Debian 13's:
# that of Debian 12 crashes LiteRT. Each script registers it for itself, so that two may run at once.
BINFMT=/proc/sys/fs/binfmt_misc
EMULATOR=gym-mirror-arm64-$$
emulate_arm64() {
    if [[ $(uname -m) == aarch64 ]]; then return; fi
    export QEMU_CPU=cortex-a76
    local kept=${TMPDIR:-/tmp}/gym-mirror-qemu-aarch64 system
    if [[ ! -x $kept ]]; then
        system=$(mktemp -d)
        make_root trixie "$(dpkg --print-architecture)" "$system"
        run_in "$system" /bin/sh -euc 'apt-get -qq update; cd /srv; apt-get -qq -o APT::Sandbox::User=root download qemu-user'
        dpkg-deb --fsys-tarfile "$system"/srv/qemu-user_*.deb |
            tar -C "$system/srv" -x ./usr/bin/qemu-aarch64
        mv -- "$system/srv/usr/bin/qemu-aarch64" "$kept"
        rm -rf -- "$system"
    fi
    [[ -e $BINFMT/register ]] || mount -t binfmt_misc binfmt_misc "$BINFMT"
    # the kernel's own form: a 64-bit ELF for machine 183; F opens QEMU now, so that it is found
    # inside a root, C gives a setuid program its rights
    printf '%s' ":$EMULATOR:M::" \
        '\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:' \
        '\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:' \
        "$kept:OCF" >"$BINFMT/register"
}

stop_emulating() {
    if [[ -e $BINFMT/$EMULATOR ]]; then echo -1 >"$BINFMT/$EMULATOR"; fi
}
