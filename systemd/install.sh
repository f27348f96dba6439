# Installs the mirror on this machine, and removes it. Sourced by setup.sh, whose helpers it uses.
#
# A release is a copy of the checkout with its own .venv under /opt/gym-mirror, named by a hash of its
# contents; `current` points to the one in use. It is a copy because the service may not read a home
# folder, and because `git pull` must not change a running program. Every version is a release of its
# own, so that an upgrade that fails half-way, or is cut off from power, leaves the old mirror as it was.
# The release before is kept: a new one is on trial, and gym-mirror-trial.service goes back by itself.
# shellcheck shell=bash

# shellcheck source=systemd/release.sh
source "${BASH_SOURCE[0]%/*}/release.sh"

OUTBOX_DIR=/var/lib/gym-mirror-outbox
SETTINGS=/etc/gym-mirror/kiosk.toml
PACKAGE=gym-mirror

systemd_version() { systemctl --version | sed -n '1s/[^0-9]*\([0-9]*\).*/\1/p'; }

on_a_pi() { grep -qs 'Raspberry Pi' /proc/device-tree/model; }

# Whether this is the Debian package, which brings all wheels, and not a checkout.
packaged() { [[ -d $HERE/wheels ]]; }

# refuse_beside_package COMMAND - what to do instead, where apt has installed the mirror
refuse_beside_package() {
    if has_package "$PACKAGE"; then fail "the Debian package $PACKAGE is installed; run: $1"; fi
}

require_root() {
    ((EUID == 0)) || fail "this changes the system; run: sudo ./setup.sh $1"
}

has_package() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

can_have_package() { apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'; }

# install_missing PACKAGE...
install_missing() {
    local missing=() package
    for package in "$@"; do
        has_package "$package" || missing+=("$package")
    done
    if ((${#missing[@]})); then install_packages "${missing[@]}"; fi
}

install_system_packages() {
    # numpy is the version that apt's picamera2 is compiled against. SDL needs egl, gbm and dri to draw
    # without a desktop, and alsa's data to play sound; espeak-ng synthesises speech.
    install_missing systemd python3 python3-venv python3-numpy ca-certificates \
        libegl1 libgbm1 libgl1-mesa-dri libasound2-data espeak-ng
    local package what
    while read -r package what; do
        if has_package "$package" || can_have_package "$package"; then
            install_missing "$package"
        elif on_a_pi; then
            fail "apt knows no $package, $what; take the 64-bit Raspberry Pi OS, bookworm or trixie"
        else
            report "left out: $package, $what; only Raspberry Pi OS has it"
        fi
    done <<'PACKAGES'
python3-picamera2 for the Pi's own camera
python3-lgpio for buttons on GPIO pins
PACKAGES
    # the better voice is in Debian's non-free section, which nobody has to enable; espeak-ng speaks else
    if can_have_package libttspico-utils; then
        (install_missing libttspico-utils) || report "left out: libttspico-utils, a better voice"
    fi
    if has_package python3-pygame; then
        report "python3-pygame stays for other programs; the mirror uses the pygame-ce of its .venv"
    fi
}

# Writes the checkout as one stream, identical for identical contents; without what builds a Debian package.
pack() {
    local part parts=()
    for part in kiosk models systemd hardware docs requirements setup.sh pyproject.toml README.md \
        LICENSE NOTICE; do
        if [[ -e $HERE/$part ]]; then parts+=("$part"); fi
    done
    tar -C "$HERE" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner \
        --mode=u=rwX,go=rX --exclude=__pycache__ --exclude='*.tflite' --exclude='.*' \
        --exclude=systemd/debian \
        -c "${parts[@]}"
}

# release_pins FOLDER - the file that pins a release's packages for the system's Python
release_pins() {
    printf '%s/requirements/pi-%s.txt\n' "$1" \
        "$(/usr/bin/python3 -c 'import sys; print("cp%d%d" % sys.version_info[:2])')"
}

# pip_into FOLDER ARGUMENT... - installs into a release; of a package from its own wheels, whatever registry
# this machine's pip is set up for. pip resolves no dependency: all are pinned except numpy, which stays apt's.
pip_into() {
    local pip=("$1/.venv/bin/python" -m pip)
    local options=(--quiet --no-input --disable-pip-version-check --no-deps)
    if packaged; then
        pip=(env PIP_CONFIG_FILE=/dev/null "${pip[@]}" --isolated)
        options+=(--no-index --find-links "$HERE/wheels")
    fi
    "${pip[@]}" install "${options[@]}" "${@:2}"
}

# sends FOLDER - whether the settings name a database that the sets are sent to
sends() { KIOSK_SETTINGS=$SETTINGS "$1/.venv/bin/kiosk" outbox configured 2>/dev/null; }

# add_driver FOLDER - what sending needs, beside what the release has
add_driver() {
    local pins
    # a package has it inside, for the day when the settings name a database
    if ! packaged && { [[ ! -e $SETTINGS ]] || ! sends "$1"; }; then return; fi
    pins=$(release_pins "$1")
    pins=${pins%/*}/outbox-${pins##*/pi-}
    pip_into "$1" --only-binary=:all: --require-hashes --requirement "$pins" ||
        fail "pip failed; its reason is above. The mirror needs a network once, to get its driver"
}

# find_release NAME - the folder of a whole release of that name, or of one that is to be made
find_release() {
    local folder=$HOME_DIR/$1 number=1
    while [[ -e $folder ]] && ! is_whole "$folder"; do
        # damaged, and perhaps running: another one is made beside it
        if [[ ${folder##*/} != "$(in_use)" && ${folder##*/} != "$(former)" ]]; then break; fi
        number=$((number + 1))
        folder=$HOME_DIR/$1-$number
    done
    printf '%s\n' "$folder"
}

# make_release FOLDER
make_release() {
    local weights pins python=$1/.venv/bin/python
    report "making $1; the first time takes a minute or two"
    remove_release "$1"
    mkdir -p -- "$1"
    touch -- "$1/release"
    pack | tar -C "$1" -x
    pins=$(release_pins "$1")
    [[ -f $pins ]] || fail "for $(/usr/bin/python3 -V) no packages are pinned; Debian 12 and 13 are known"
    /usr/bin/python3 -m venv --system-site-packages "$1/.venv"
    # the mirror is built with the pinned tools
    if ! pip_into "$1" --only-binary=:all: --require-hashes --requirement "$pins" ||
        ! pip_into "$1" --no-build-isolation --editable "$1"; then
        fail "pip failed; its reason is above"
    fi
    # copied where they exist, so that they need no download; `kiosk models` verifies every checksum
    for weights in "$HERE"/models/*.tflite "$HOME_DIR"/current/models/*.tflite; do
        if [[ -f $weights ]]; then install -m 644 -- "$weights" "$1/models/"; fi
    done
    "$1/.venv/bin/kiosk" models
    # the service may not write here, and would otherwise compile at every start
    "$python" -m compileall -q "$1/kiosk"
}

# check_release FOLDER
check_release() {
    local kind=pc
    if on_a_pi; then kind=pi; fi
    (cd / && "$1/.venv/bin/python" -m kiosk.commands.installed "$kind" "$(release_pins "$1")") ||
        fail "what was installed does not work; the reason is above, the mirror stays as it was"
}

# link_system_files RELEASE - makes the system read the units of whatever release is in use. The user and
# the groups are those of the release to come.
link_system_files() {
    local unit
    systemd-sysusers "$1/systemd/gym-mirror.sysusers"
    point "$SYSUSERS" "$HOME_DIR/current/systemd/gym-mirror.sysusers"
    rm -f -- "$FORMER_RULES"
    link_units point
    link_drop_in
    # as `systemctl enable` would; that writes the release's own folder into the link. What sends starts
    # only where the settings name a target
    for unit in gym-mirror.service gym-mirror-outbox.service; do point "$WANTS_DIR/$unit" "../$unit"; done
}

link_drop_in() {
    if (($(systemd_version) >= 254)); then
        point "$DROP_IN" "$HOME_DIR/current/systemd/restart.conf"
    fi
}

# take_over_units - the package's own units are those of the release in use; what a checkout had installed
# before goes
take_over_units() {
    local unit
    link_drop_in
    for unit in gym-mirror.service gym-mirror-outbox.service; do
        # or the mirror would not start with the system, were this cut off here
        if [[ $(readlink -- "$WANTS_DIR/$unit") == "../$unit" ]]; then
            point "$WANTS_DIR/$unit" "/usr/lib/systemd/system/$unit"
        fi
    done
    rm -f -- "$SYSUSERS" "$FORMER_RULES"
    untie_units
}

write_settings() {
    local kind=pc
    if on_a_pi; then kind=pi; fi
    if [[ ! -e $SETTINGS ]]; then
        install -D -m 644 "$HERE/systemd/kiosk.$kind.toml" "$SETTINGS"
        report "wrote $SETTINGS, the settings"
    fi
}

# put_into_use NAME - on trial, where there is a release to go back to
put_into_use() {
    local old
    old=$(in_use)
    if [[ $old == "$1" ]]; then return; fi
    # one that has not proved itself, or is damaged, is none to go back to
    if [[ $old && $old != "$(on_trial)" ]] && is_whole "$HOME_DIR/$old"; then
        point "$HOME_DIR/previous" "$old"
    fi
    rm -f -- "$HOME_DIR/rolled-back"
    if [[ $(former) && $(former) != "$1" ]]; then
        touch -- "$HOME_DIR/trial-began"
        note "$HOME_DIR/trial" "$1 0"
    fi
    switch_to "$1"
}

# Removes the releases that nothing points to, and nothing else.
remove_others() {
    local other name
    for other in "$HOME_DIR"/*/; do
        other=${other%/} name=${other##*/}
        if is_ours "$other" && [[ $name != "$(in_use)" && $name != "$(former)" ]]; then
            remove_release "$other"
        fi
    done
}

# Turns off the desktop: it and the mirror cannot both have the screen.
take_the_screen() {
    if [[ -e $UNIT_DIR/display-manager.service && $(systemctl get-default) == graphical.target ]]; then
        echo graphical.target >"$FORMER_TARGET"
        systemctl --quiet set-default multi-user.target
        report "the machine will start into the mirror, not into its desktop; uninstall undoes this"
    fi
}

start_mirror() {
    if ! systemd_runs; then
        report "systemd does not run here: the mirror is enabled, and starts with the system"
        return
    fi
    udevadm control --reload || true
    udevadm trigger --subsystem-match=gpio --subsystem-match=dma_heap || true
    if systemctl --quiet is-active display-manager.service; then
        report "a desktop has the screen: restart the machine to see the mirror"
        return
    fi
    # the trial of an earlier release ends, and that of this one begins with the mirror
    systemctl stop gym-mirror-trial.service gym-mirror-gave-up.service
    systemctl reset-failed "${UNITS[@]}" 2>/dev/null || true
    if [[ $(on_trial) ]]; then
        systemctl restart gym-mirror.service || true
        restart_outbox
        await_trial
        return
    fi
    systemctl restart gym-mirror.service ||
        fail "the mirror does not start; see: journalctl -u gym-mirror -n 50"
    restart_outbox
    report "the mirror runs; see: systemctl status gym-mirror"
}

# It ends by itself where nothing is to be sent.
restart_outbox() { systemctl restart --no-block gym-mirror-outbox.service || true; }

# Says what comes of a trial, if it comes to an end soon.
await_trial() {
    local new end=$((SECONDS + 180)) tell=fail
    new=$(on_trial)
    report "the new release is on trial: if it judges no frame within two minutes, or fails three times," \
        "the mirror goes back to the one before"
    while [[ $(on_trial) == "$new" ]] && ((SECONDS < end)); do sleep 1; done
    if [[ $(on_trial) == "$new" ]]; then
        report "there is no camera yet: the new release stays on trial until it has judged a frame"
    elif [[ $(in_use) == "$new" ]]; then
        report "the mirror runs; see: systemctl status gym-mirror"
    else
        # where dpkg were told of a failure, it would try the release again with whatever is installed next
        if packaged; then tell=report; fi
        "$tell" "the new release did not come up: $(<"$HOME_DIR/rolled-back"). The mirror runs as before;" \
            "see: journalctl -u gym-mirror -n 200"
    fi
}

# prepare_release - finds or makes a whole release of $HERE that works here, and leaves its folder in $release
prepare_release() {
    local name
    name=$({ pack && /usr/bin/python3 -VV; } | sha256sum)
    release=$(find_release "${name:0:12}")
    if is_whole "$release"; then
        add_driver "$release"
        check_release "$release"
    else
        make_release "$release"
        add_driver "$release"
        check_release "$release"
        seal "$release"
    fi
}

# start_release FOLDER - puts a release into use, whose units are linked, and starts the mirror
start_release() {
    write_settings
    put_into_use "${1##*/}"
    if packaged; then take_over_units; fi
    if systemd_runs; then systemctl daemon-reload; fi
    take_the_screen
    start_mirror
    remove_others
}

install_mirror() {
    local release
    require_root install
    refuse_beside_package "sudo apt install ./${PACKAGE}_*.deb"
    umask 022
    case $(dpkg --print-architecture 2>/dev/null) in
        arm64 | amd64) ;;
        *) fail "a 64-bit Raspberry Pi OS or Debian is needed: the model's runtime knows no other" ;;
    esac
    install_system_packages
    prepare_release
    link_system_files "$release"
    start_release "$release"
}

uninstall_mirror() {
    require_root uninstall
    refuse_beside_package "sudo apt remove $PACKAGE"
    remove_mirror
    report "the mirror is removed. Kept: the history in $STATE_DIR and its owner, the user gym-mirror;" \
        "what was sent elsewhere in $OUTBOX_DIR, if anything ever was;" \
        "$SETTINGS; packages from apt"
}
