# Debian packages of this checkout to try. Sourced by the checks beside it, after root.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154 # begin_check of root.sh makes the folder $system

# build_packages ARCH - two packages, in $system/srv of a Debian that is then thrown away: leaves the folder
# with old.deb and new.deb in $packages. The second has one more comment, and a higher version. A folder
# that PACKAGES names is used instead, and keeps what is built.
build_packages() {
    local begin=$SECONDS version name kept=${PACKAGES:-}/$1
    packages=$(mktemp -d)
    if [[ ${PACKAGES:-} && -e $kept/new.deb ]]; then
        cp -- "$kept"/{old,new}.deb "$packages/"
        return
    fi
    make_root trixie "$(dpkg --print-architecture)" "$system"
    # what this checkout has is verified there
    cp -- "$CHECKOUT"/models/*.tflite "$system/srv/mirror/models/" 2>/dev/null || true
    for name in old new; do
        version=0.1.$([[ $name == old ]] && echo 1 || echo 2)
        sed -i "s/^version = .*/version = \"$version\"/" "$system/srv/mirror/pyproject.toml"
        echo "# the $name one" >>"$system/srv/mirror/pyproject.toml"
        run_in "$system" /srv/mirror/setup.sh package "$1"
        mv -- "$system/srv/mirror/out/gym-mirror_${version}_$1.deb" "$packages/$name.deb"
    done
    rm -rf -- "${system:?}"/*
    if [[ ${PACKAGES:-} ]]; then mkdir -p -- "$kept" && cp -- "$packages"/*.deb "$kept/"; fi
    echo "two packages for $1: $((SECONDS - begin)) s, $(du -h "$packages/old.deb" | cut -f 1) each"
}

clean_up() { rm -rf -- "${packages:-}"; }

# make_bare SUITE ARCH - a Debian with the packages in /srv, whose pip reaches no registry
make_bare() {
    if [[ $2 == arm64 ]]; then emulate_arm64; fi
    make_root "$1" "$2" "$system"
    rm -rf -- "$system/srv/mirror"
    cp -- "$packages"/*.deb "$system/srv/"
    printf '[global]\nindex-url = http://127.0.0.1:9/\n' >"$system/etc/pip.conf"
    # no package may start its service here: that would be a process of this machine
    printf '#!/bin/sh\nexit 101\n' >"$system/usr/sbin/policy-rc.d"
    chmod 755 "$system/usr/sbin/policy-rc.d"
    run_in "$system" /usr/bin/apt-get -qq update
}

# apt ARGUMENT... - as somebody types it who is asked nothing
apt() {
    run_in "$system" DEBIAN_FRONTEND=noninteractive /usr/bin/apt-get -q -y --allow-downgrades \
        -o Dpkg::Use-Pty=0 "$@" >"$system/srv/said" 2>&1 ||
        { tail -n 20 "$system/srv/said" >&2 && return 1; }
}

# shellcheck disable=SC2016 # dpkg-query expands these
status() { run_in "$system" /usr/bin/dpkg-query -W -f '${db:Status-Abbrev}' gym-mirror 2>/dev/null || true; }

# shellcheck disable=SC2016
version() { run_in "$system" /usr/bin/dpkg-query -W -f '${Version}' gym-mirror; }

release() { readlink -- "$system/opt/gym-mirror/current"; }

# as_user COMMAND... - as the service's user runs it
as_user() {
    run_in "$system" /usr/sbin/runuser -u gym-mirror -- env STATE_DIRECTORY=/var/lib/gym-mirror "$@"
}

# works WHEN - the release in use runs, and reads its own units
works() {
    local told unit file
    told=$(as_user /opt/gym-mirror/current/.venv/bin/kiosk doctor 2>/dev/null || true)
    [[ $told == *"runtime  ok"* && $told == *"model    ok"* ]] || die "$1: it does not work: $told"
    for unit in gym-mirror gym-mirror-gave-up gym-mirror-trial gym-mirror-outbox; do
        for file in /etc /usr/lib; do
            file=$file/systemd/system/$unit.service
            if [[ -e $system$file || -L $system$file ]]; then break; fi
        done
        run_in "$system" /usr/bin/cmp -s "$file" "/opt/gym-mirror/current/systemd/$unit.service" ||
            die "$1: $unit is not that of the release in use"
    done
    [[ -L $system/etc/systemd/system/multi-user.target.wants/gym-mirror.service ]] ||
        die "$1: it is not enabled"
}

# proves_itself - ends the trial as under systemd; else the next release would not go back to this one
proves_itself() { rm -f -- "$system/opt/gym-mirror"/trial{,-began}; }

# links_left - the links that go before the package's own units
links_left() { find "$system/etc/systemd/system" "$system/etc/udev" -lname '/opt/gym-mirror/*' ! -name restart.conf; }
