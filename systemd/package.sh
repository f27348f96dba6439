# Builds the Debian packages of the mirror. Sourced by setup.sh, whose helpers it uses.
#
# A package holds in /usr/lib/gym-mirror what install.sh makes a release of: the checkout, and beside it the
# pinned wheels for every Python that is known, and the weights. systemd/debian/ is what debhelper reads.
# Nothing is compiled, so that each architecture can be built on the other.
# shellcheck shell=bash

# for_python VERSION MACHINE - leaves in $options how pip chooses wheels for that Python of Debian
for_python() {
    local minor glibc=([11]=36 [13]=41) # bookworm's and trixie's
    options=(--no-deps --require-hashes --only-binary=:all: --implementation cp --python-version "$1")
    # 2_17 is the oldest that aarch64 knows, 2_5 that of x86_64
    for ((minor = glibc[${1#*.}]; minor >= 5; minor--)); do
        options+=(--platform "manylinux_2_${minor}_$2")
    done
}

# package_version - the version of pyproject.toml, as Debian orders it, and a number that grows with each
# commit: pyproject.toml's stays the same for months, and apt installs no package of the same version
# again. What is not committed is newer still. Without git it is the plain version.
package_version() {
    local version commits
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$HERE/pyproject.toml" |
        sed -E 's/[.-]?(a|b|rc|dev)([0-9]*)$/~\1\2/')
    if commits=$(git -C "$HERE" rev-list --count HEAD 2>/dev/null); then
        version+="+git$commits.$(git -C "$HERE" rev-parse --short=7 HEAD)"
        if [[ $(git -C "$HERE" status --porcelain) ]]; then version+=".changed$(date -u +%Y%m%d%H%M%S)"; fi
    elif [[ -e $HERE/.git ]]; then
        fail "no package: git does not read this checkout, whose commits number the packages; see: git status"
    fi
    printf '%s\n' "$version"
}

find_package_tools() {
    local missing=()
    command -v dh >/dev/null || missing+=(debhelper)
    command -v dpkg-architecture >/dev/null || missing+=(dpkg-dev)
    command -v make >/dev/null || missing+=(make)
    if ((${#missing[@]})); then install_packages "${missing[@]}"; fi
}

# lay_out FOLDER ARCH VERSION - what debhelper makes a package of
lay_out() {
    local machine=x86_64 python said weights options
    if [[ $2 == arm64 ]]; then machine=aarch64; fi
    mkdir -p -- "$1/mirror/wheels"
    pack | tar -C "$1/mirror" -xm # the times are now: Debian refuses those of 1970
    # only what the manifest names and has verified
    for weights in movenet_lightning_f16 selfie_segmentation; do
        cp -- "$HERE/models/$weights.tflite" "$1/mirror/models/"
    done
    for python in 3.11 3.13; do
        for_python "$python" "$machine"
        # with the driver of what sends, which must be there when the settings name a database
        said=$("$VENV/bin/python" -m pip --quiet --no-input --disable-pip-version-check download \
            --ignore-requires-python "${options[@]}" --dest "$1/mirror/wheels" \
            --requirement "$HERE/requirements/outbox-cp${python/./}.txt" 2>&1) ||
            fail "no package for $2: a wheel for Python $python cannot be had: $(tail -n 1 <<<"$said")"
    done
    chmod 644 -- "$1"/mirror/wheels/* "$1"/mirror/models/*
    cp -r -- "$HERE/systemd/debian" "$1/debian"
    # what removes a mirror runs when no file of the package is left
    sed -i -e "/^#RELEASE#$/{r $HERE/systemd/release.sh" -e 'd}' "$1/debian/gym-mirror.postrm"
    cp -- "$HERE/systemd/gym-mirror.sysusers" "$1/debian/gym-mirror.sysusers"
    cp -- "$HERE/systemd/gym-mirror.rules" "$1/debian/gym-mirror.udev"
    cat >"$1/debian/changelog" <<CHANGELOG
gym-mirror ($3) unstable; urgency=medium

  * What is new is in CHANGELOG.md of the source.

 -- Gym mirror <gym-mirror@example.org>  $(date -R -u -d "@$SOURCE_DATE_EPOCH")
CHANGELOG
}

# make_packages [amd64|arm64] - out/gym-mirror_VERSION_ARCH.deb for that architecture, or for both
make_packages() {
    local arch version said archs=(amd64 arm64)
    if (($#)); then
        if [[ $# -gt 1 || $1 != @(amd64|arm64) ]]; then fail "there are packages for amd64 and for arm64"; fi
        archs=("$1")
    fi
    umask 022
    set_up run
    find_package_tools
    # the default one and no other: every package of a version holds the same
    said=$("$VENV/bin/kiosk" models --variant lightning_f16 2>&1) ||
        fail "no package: a model cannot be had: $(tail -n 1 <<<"$said")"
    [[ -e $HERE/models/selfie_segmentation.tflite ]] ||
        fail "no package: a model cannot be had: $(grep selfie <<<"$said" | tail -n 1)"
    version=$(package_version)
    SOURCE_DATE_EPOCH=$(git -C "$HERE" log -1 --format=%ct 2>/dev/null || date +%s)
    export SOURCE_DATE_EPOCH
    build=$(mktemp -d)
    trap 'rm -rf -- "$build"' EXIT
    for arch in "${archs[@]}"; do
        report "packing gym-mirror $version for $arch"
        lay_out "$build/$arch" "$arch" "$version"
        said=$(cd -- "$build/$arch" &&
            DEB_BUILD_OPTIONS=nocheck dpkg-architecture -a"$arch" -c debian/rules binary 2>&1) ||
            fail "no package for $arch: debhelper failed: $(tail -n 5 <<<"$said")"
    done
    mkdir -p -- "$HERE/out"
    for arch in "${archs[@]}"; do
        mv -- "$build/gym-mirror_${version}_$arch.deb" "$HERE/out/"
        printf '%s\n' "$HERE/out/gym-mirror_${version}_$arch.deb"
    done
}
