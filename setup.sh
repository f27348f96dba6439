#!/usr/bin/env bash
# Installs all that this checkout needs to run on a bare Debian, which takes a second if nothing is
# missing; or installs the mirror on this machine. `demo` and `test` need root or sudo only if a Debian
# package is missing. It never asks a question.
set -euo pipefail

HERE=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
VENV=$HERE/.venv
# shellcheck source=systemd/install.sh
source "$HERE/systemd/install.sh"
# shellcheck source=systemd/package.sh
source "$HERE/systemd/package.sh"

usage() {
    cat <<'USAGE'
usage: ./setup.sh demo [OPTION...]   set up, then run 'kiosk demo' with the options
       ./setup.sh test               set up with the test extras, then run linters, types and tests
       sudo ./setup.sh install       make this machine start into the mirror; again: upgrade it
       sudo ./setup.sh uninstall     undo that; the history and the settings stay
       ./setup.sh package [ARCH]     build Debian packages, amd64 and arm64 or one of them, in out/

environment: PYTHON        the Python to build .venv with: 3.11 or 3.13, for which packages are pinned
             KIOSK_MODELS  a folder of model files to look in first; empty: look in no folder
USAGE
}

report() { printf 'setup: %s\n' "$*" >&2; }

fail() {
    report "$*"
    exit 1
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif ! command -v sudo >/dev/null; then
        fail "this needs root, and there is no sudo: $*"
    elif [[ -t 0 ]]; then
        sudo "$@"
    else
        sudo -n "$@" # without a terminal, fail rather than wait for a password
    fi
}

listed= # apt's package lists were fetched in this run; that takes seconds, and twice brings nothing new

install_packages() {
    command -v apt-get >/dev/null || fail "no apt-get here; install by hand: $*"
    report "installing Debian packages: $*"
    if [[ ! $listed ]]; then
        as_root apt-get -qq -o DPkg::Lock::Timeout=300 update
        listed=yes
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
        -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install "$@" >/dev/null
}

# Installs the speech synthesiser. Without it cues come as tones, so a failure is only reported.
find_voice() {
    command -v espeak-ng >/dev/null || (install_packages espeak-ng) ||
        report "no espeak-ng: cues will come as tones"
}

# Installs the tools that check units and scripts, and the MQTT broker and the database that are sent to
# in the tests. Without them those tests are skipped.
find_test_tools() {
    local missing=()
    command -v systemd-analyze >/dev/null || missing+=(systemd)
    command -v shellcheck >/dev/null || missing+=(shellcheck)
    # Debian puts it where only root's PATH looks
    PATH=$PATH:/usr/sbin command -v mosquitto >/dev/null || missing+=(mosquitto)
    compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql)
    command -v openssl >/dev/null || missing+=(openssl)
    if ((${#missing[@]})); then
        (install_packages "${missing[@]}") || report "no ${missing[*]}: some tests will be skipped"
    fi
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# Debian has the modules for virtual environments in a separate package.
can_make_venv() { new_enough "$1" && "$1" -c 'import ensurepip, venv' 2>/dev/null; }

# pins_for USE PYTHON - the file of requirements/ that pins all packages of that use for that Python
pins_for() {
    local tag
    tag=$("$2" -c 'import sys; print("cp%d%d" % sys.version_info[:2])')
    printf '%s/requirements/%s-%s.txt\n' "$HERE" "$1" "$tag"
}

usable() { can_make_venv "$1" && [[ -f $(pins_for run "$1") ]]; }

# refuse PYTHON - says why it cannot be used
refuse() {
    local why="has no venv"
    if ! new_enough "$1"; then
        why="is too old"
    elif can_make_venv "$1"; then
        why="has no packages pinned in requirements/"
    fi
    fail "$1 ($("$1" --version 2>&1 | tail -n 1)) $why; name a Python 3.11 or 3.13 in PYTHON"
}

find_python() {
    if [[ -n ${PYTHON:-} ]]; then
        usable "$PYTHON" || refuse "$PYTHON"
        return
    fi
    for PYTHON in python3 /usr/bin/python3; do
        if usable "$PYTHON"; then return; fi
    done
    install_packages python3 python3-venv ca-certificates
    usable "$PYTHON" || refuse "$PYTHON"
}

venv_works() {
    local python=$VENV/bin/python
    [[ -x $python ]] && usable "$python" && "$python" -c 'import pip' 2>/dev/null || return 1
    [[ -z ${PYTHON:-} || $("$python" -VV) == "$("$PYTHON" -VV)" ]]
}

# Hashes all that the installed packages depend on: if it changes, .venv is made again.
fingerprint() {
    printf '%s\n' "$HERE"
    "$VENV/bin/python" -VV
    cat "$HERE/pyproject.toml" "$(pins_for run "$VENV/bin/python")" \
        "$(pins_for test "$VENV/bin/python")"
}

# has_stamp USE FINGERPRINT - whether .venv was made of that for the use; tests need all that a run needs
has_stamp() {
    local stamp
    for stamp in "$VENV/.ready-to-$1" "$VENV/.ready-to-test"; do
        if [[ -f $stamp && $(<"$stamp") == "$2" ]]; then return; fi
    done
    return 1
}

make_venv() {
    find_python
    report "making .venv with $("$PYTHON" --version)"
    "$PYTHON" -m venv --clear "$VENV"
}

# set_up run|test [MEANWHILE] - makes .venv with what that use needs, and calls MEANWHILE, while pip works if it has to
set_up() {
    local now pip fresh='' meanwhile=${2:-true} aside
    if ! venv_works; then
        make_venv
        fresh=yes
    fi
    [[ -e /etc/ssl/certs/ca-certificates.crt ]] || install_packages ca-certificates
    now=$(fingerprint | sha256sum)
    if has_stamp "$1" "$now"; then
        "$meanwhile"
        return
    fi
    # made of other pins, it may hold packages that are pinned no more
    if [[ ! $fresh ]] && ! has_stamp run "$now"; then make_venv; fi
    report "installing Python packages into .venv; the first time takes a minute or two"
    # what is never imported need not be compiled; Python does it for the rest
    pip=("$VENV/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --no-compile)
    "$meanwhile" & # pip leaves apt and a core free
    aside=$!
    # what is not pinned by hash is refused, and the kiosk itself is built with pinned tools
    if ! "${pip[@]}" --only-binary=:all: --require-hashes \
        --requirement "$(pins_for "$1" "$VENV/bin/python")" ||
        ! "${pip[@]}" --no-deps --no-build-isolation --editable "$HERE"; then
        wait "$aside" || true
        fail "pip failed; its reason is above"
    fi
    wait "$aside"
    printf '%s\n' "$now" >"$VENV/.ready-to-$1"
}

obtain_model() { "$VENV/bin/kiosk" models; }

# Checks once per pins, and only if a registry answers, that a Pi gets all wheels.
check_wheels() {
    local now stamp=$VENV/.wheels-for-a-pi
    now=$(cat "$HERE"/requirements/pi-*.txt | sha256sum)
    if [[ -f $stamp && $(<"$stamp") == "$now" ]]; then return; fi
    if ! "$VENV/bin/python" -m pip --quiet index versions msgspec >/dev/null 2>&1; then
        report "no Python registry answers: not checked whether a Pi has all wheels"
        return
    fi
    "$HERE/tests/platform/aarch64_wheels.sh" >/dev/null || fail "a Pi lacks a wheel; see above"
    printf '%s\n' "$now" >"$stamp"
}

# Runs the tests in one process more than there are cores, since some tests wait for threads and programs.
# One that dies is not replaced: what killed it would kill the next one too, and pytest, which ran no test
# then, would say nothing else.
run_tests() {
    local code=0
    .venv/bin/python -m pytest --numprocesses "$(($(nproc) + 1))" --max-worker-restart 0 || code=$?
    if ((code == 5)); then
        fail "no test ran: pytest's processes did not start; '.venv/bin/pytest' runs all tests in one"
    fi
    return "$code"
}

main() {
    case ${1:-} in
        demo)
            set_up run find_voice
            obtain_model
            exec "$VENV/bin/kiosk" "$@"
            ;;
        test)
            set_up test find_voice # its tests run the program
            find_test_tools
            obtain_model
            cd -- "$HERE"
            .venv/bin/python -m ruff check
            .venv/bin/python -m ruff format --check
            .venv/bin/python -m mypy
            check_wheels
            run_tests
            ;;
        install) install_mirror ;;
        package) make_packages "${@:2}" ;;
        uninstall) uninstall_mirror ;;
        '' | -h | --help)
            usage
            ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
}

main "$@"
