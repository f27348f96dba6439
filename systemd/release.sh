# Releases under /opt/gym-mirror: which is in use, which are whole, how to go from one to another, and how
# to remove them all. Sourced by install.sh and trial, which set `report`; the Debian package's script
# that removes it holds a copy, since it runs when all other files of the package are gone.
#
# `current` and `previous` are links to releases. The system's unit files are links through `current`,
# so that one rename switches a release with its units. A Debian package has unit files of its own, which
# are those of the release that it brings: there such links are in /etc, and go before the package's own,
# while another release is in use, or may be. `trial` holds the name of a release that has still to prove
# itself, and how often it has failed; `rolled-back` the one that did not, and why.
# shellcheck shell=bash

HOME_DIR=/opt/gym-mirror
STATE_DIR=/var/lib/gym-mirror
UNITS=(gym-mirror.service gym-mirror-stick.service gym-mirror-trial.service gym-mirror-outbox.service gym-mirror-gave-up.service)
# what is no service, and is neither started nor stopped by hand
MOUNTS=(run-gymmirror-stick.mount)
CACHE_DIR=/var/cache/gym-mirror
UNIT_DIR=/etc/systemd/system
WANTS_DIR=$UNIT_DIR/multi-user.target.wants
DROP_IN=$UNIT_DIR/gym-mirror.service.d/restart.conf
SYSUSERS=/etc/sysusers.d/gym-mirror.conf
# after 60-persistent-storage.rules, which finds out what a disk is and what is on it
RULES=/etc/udev/rules.d/90-gym-mirror.rules
FORMER_RULES=/etc/udev/rules.d/60-gym-mirror.rules
# keeps the default target that the mirror replaced: the desktop, where there was one
FORMER_TARGET=$HOME_DIR/former-target

systemd_runs() { [[ -d /run/systemd/system ]]; }

in_use() { readlink -- "$HOME_DIR/current" || true; }

former() { readlink -- "$HOME_DIR/previous" || true; }

# A release that has still to prove itself, or nothing.
on_trial() {
    local name=
    if [[ -f $HOME_DIR/trial ]]; then read -r name _ <"$HOME_DIR/trial" || true; fi
    printf '%s' "$name"
}

# is_ours FOLDER - whether it is a release, and not what a technician has put there
is_ours() {
    [[ -d $1 && ! -L $1 && ${1##*/} =~ ^[0-9a-f]{12}(-[0-9]+)?$ ]] &&
        [[ -e $1/complete || -e $1/release || -e $1/systemd/install.sh || -z $(ls -A -- "$1") ]]
}

# is_whole FOLDER - whether a release is there as it was made: a power cut may empty files, and a card
# that wears out changes them
is_whole() {
    [[ -s $1/complete && -x $1/.venv/bin/python ]] &&
        (cd -- "$1" && sha256sum --check --status complete 2>/dev/null)
}

# seal FOLDER - marks a release as complete; only when all of it is on the disk
seal() {
    sync -f "$1"
    (cd -- "$1" && find . -type f ! -path './complete*' -print0 | sort -z | xargs -0 sha256sum) \
        >"$1/complete.new"
    sync "$1/complete.new"
    mv -T -- "$1/complete.new" "$1/complete"
    sync "$1"
}

# point LINK TARGET - makes a link point to it, in one step
point() {
    mkdir -p -- "${1%/*}"
    ln -sfn -- "$2" "$1.next"
    mv -T -- "$1.next" "$1"
}

# link_units COMMAND - calls it with each link to a unit or to the rules of udev, and what it leads to
link_units() {
    local unit
    "$1" "$RULES" "$HOME_DIR/current/systemd/gym-mirror.rules"
    for unit in "${UNITS[@]}" "${MOUNTS[@]}"; do
        "$1" "$UNIT_DIR/$unit" "$HOME_DIR/current/systemd/$unit"
    done
}

# point_if_free LINK TARGET - leaves alone what is somebody's own: a changed copy, or a mask
point_if_free() {
    if [[ ! -e $1 && ! -L $1 || $(readlink -- "$1") == "$HOME_DIR"/* ]]; then point "$1" "$2"; fi
}

# remove_link LINK TARGET - unless it leads elsewhere
remove_link() {
    if [[ $(readlink -- "$1") == "$2" ]]; then rm -f -- "$1"; fi
}

# tie_units - makes the system read the units of whatever release is in use, and not the package's
tie_units() {
    if [[ $(in_use) ]]; then link_units point_if_free; fi
}

# untie_units - makes the system read the package's units, which are those of the release in use
untie_units() { link_units remove_link; }

# note FILE TEXT - writes a small file whole or not at all
note() {
    printf '%s\n' "$2" >"$1.next"
    chmod 644 "$1.next" # the mirror's user may read it
    sync "$1.next"
    mv -T -- "$1.next" "$1"
    sync "${1%/*}"
}

# switch_to NAME - puts a release into use, with its units
switch_to() {
    point "$HOME_DIR/current" "$1"
    sync "$HOME_DIR"
}

# A newer release may have brought the history to a form that the older one does not read. It kept a
# copy, which takes the place of the file again; the file stays beside it.
bring_back_history() {
    local history=$STATE_DIR/history.sqlite3 copy kept tail
    for copy in "$STATE_DIR"/history.before-v*.sqlite3; do
        # made by this release, and not by one long ago
        if [[ ! -f $copy || ! $copy -nt $HOME_DIR/trial-began ]]; then continue; fi
        kept=$STATE_DIR/history.before-rollback-$(date +%Y%m%d-%H%M%S).sqlite3
        for tail in -wal -shm ''; do
            if [[ -e $history$tail ]]; then mv -T -- "$history$tail" "$kept$tail"; fi
        done
        mv -T -- "$copy" "$history"
        sync "$STATE_DIR"
        report "the history is again as it was before the new release; that release's is ${kept##*/}"
        return
    done
}

# roll_back WHY - goes back to the release before
roll_back() {
    local bad good
    bad=$(in_use) good=$(former)
    if [[ -z $good || $good == "$bad" ]] || ! is_whole "$HOME_DIR/$good"; then
        report "$bad $1, and there is no release to go back to"
        rm -f -- "$HOME_DIR/trial" "$HOME_DIR/trial-began"
        return
    fi
    note "$HOME_DIR/rolled-back" "$bad $1"
    systemctl stop gym-mirror-gave-up.service gym-mirror.service || true
    bring_back_history
    tie_units
    switch_to "$good"
    rm -f -- "$HOME_DIR/trial" "$HOME_DIR/trial-began" "$HOME_DIR/previous"
    sync "$HOME_DIR"
    report "the new release $bad $1: back to $good"
    systemctl daemon-reload
    systemctl reset-failed "${UNITS[@]}" 2>/dev/null || true
    systemctl --no-block start gym-mirror.service
    # it runs from the release that goes, or has given up on it
    systemctl --no-block restart gym-mirror-outbox.service || true
}

# remove_release FOLDER - what is left of it half-way counts as no release
remove_release() {
    rm -f -- "$1/complete"
    rm -rf -- "$1"
}

stop_mirror() {
    # the page and the trial first: when it ends, systemd starts the mirror
    if systemd_runs; then
        systemctl stop gym-mirror-trial.service gym-mirror-gave-up.service gym-mirror.service \
            gym-mirror-outbox.service gym-mirror-stick.service 2>/dev/null || true
    fi
}

# remove_mirror - stops it and removes every release, all that leads to one, and what is made anew by itself
remove_mirror() {
    local other
    stop_mirror
    if [[ -e $FORMER_TARGET ]]; then systemctl --quiet set-default "$(<"$FORMER_TARGET")"; fi
    untie_units
    for other in gym-mirror.service gym-mirror-outbox.service; do
        remove_link "$WANTS_DIR/$other" "../$other"
    done
    rm -f -- "$FORMER_RULES" "$SYSUSERS" "$DROP_IN"
    rmdir --ignore-fail-on-non-empty -- "${DROP_IN%/*}" 2>/dev/null || true
    rm -rf -- "$CACHE_DIR"
    for other in "$HOME_DIR"/*/; do
        if is_ours "${other%/}"; then remove_release "${other%/}"; fi
    done
    rm -f -- "$HOME_DIR"/{current,previous,trial,rolled-back}{,.next} "$HOME_DIR/trial-began" \
        "$FORMER_TARGET"
    if [[ -d $HOME_DIR ]] && ! rmdir -- "$HOME_DIR" 2>/dev/null; then
        report "left alone in $HOME_DIR: $(ls -A -- "$HOME_DIR")"
    fi
    if systemd_runs; then
        systemctl daemon-reload
        systemctl reset-failed "${UNITS[@]}" 2>/dev/null || true
        udevadm control --reload || true
        systemctl --no-block start getty@tty1.service || true # which the mirror had replaced
    fi
}
