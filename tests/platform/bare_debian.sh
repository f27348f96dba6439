#!/usr/bin/env bash
# By hand, as root: does ./setup.sh bring up this checkout on a Debian without Python, and is it quick
# the second time? Needs mmdebstrap; builds the system in a temporary folder and removes it.
#
# pip's settings (PIP_* and /etc/pip.conf), proxies and own certificates are carried in. Folders that
# pip's settings point to are named in BIND, separated by spaces.
set -euo pipefail

if [[ $# -ne 2 || ! $1 =~ ^(bookworm|trixie)$ || ! $2 =~ ^(demo|test)$ ]]; then
    echo "usage: [BIND='FOLDER...'] $0 bookworm|trixie demo|test" >&2
    exit 2
fi
suite=$1 command=$2
checkout=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
system=$(mktemp -d)
trap 'rm -rf -- "$system"' EXIT

mmdebstrap --quiet --variant=minbase "$suite" "$system"
if [[ -e $system/usr/bin/python3 ]]; then
    echo "not bare: $suite came with Python" >&2
    exit 1
fi
mkdir -p "$system/srv/mirror" "$system/usr/local/share"
tar -C "$checkout" --exclude=./.venv --exclude=./.git --exclude='.*_cache' --exclude=__pycache__ \
    --exclude='*.egg-info' --exclude='*.tflite' --exclude=./out -c . | tar -C "$system/srv/mirror" -x
for file in /etc/resolv.conf /etc/pip.conf /usr/local/share/ca-certificates; do
    if [[ -e $file ]]; then cp -rL "$file" "$system$file"; fi
done

carried=()
for name in $(compgen -e); do
    if [[ $name == PIP_* || ${name,,} == *_proxy ]]; then carried+=("$name=${!name}"); fi
done

# In a mount namespace of its own, so that no clean-up can reach through a mount.
run() {
    local begin=$SECONDS
    # shellcheck disable=SC2016 # the inner shell expands these
    unshare --mount bash -euc '
        root=$1
        shift
        mount -t proc proc "$root/proc"
        mount --bind /dev "$root/dev"
        for folder in $BIND; do
            mkdir -p "$root$folder"
            mount --bind -o ro "$folder" "$root$folder"
        done
        exec chroot "$root" /usr/bin/env -i "$@"
    ' bash "$system" HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        "${carried[@]}" /srv/mirror/setup.sh "$command"
    echo "$suite, setup.sh $command, $1: $((SECONDS - begin)) s"
}

export BIND=${BIND:-}
run "bare"
run "again"
