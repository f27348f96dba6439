# Releases under /opt/gym-mirror: which is in use, which are whole, and how to go from one to another.
# Sourced by install.sh and trial, which set `report`.
#
# `current` and `previous` are links to releases. The system's unit files are links through `current`,
# so that one rename switches a release with its units. `trial` holds the name of a release that has
# still to prove itself, and how often it has failed; `rolled-back` the one that did not, and why.
# shellcheck shell=bash

HOME_DIR=/opt/gym-mirror
STATE_DIR=/var/lib/gym-mirror
UNITS=(gym-mirror.service gym-mirror-stick.service gym-mirror-trial.service gym-mirror-outbox.service gym-mirror-gave-up.service)
# what is no service, and is neither started nor stopped by hand
MOUNTS=(run-gymmirror-stick.mount)

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
