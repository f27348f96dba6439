#!/usr/bin/env bash
# Installs all that this checkout needs to run on a bare Debian, which takes a second if nothing is
# missing; or installs the mirror on this machine. `demo` and `test` need root or sudo only if a Debian
# package is missing. It never asks a question.
set -euo pipefail

HERE=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
VENV=$HERE/.venv
# shellcheck source=systemd/install.sh
source "$HERE/systemd/install.sh"

usage() {
    cat <<'USAGE'
usage: ./setup.sh demo [OPTION...]   set up, then run 'kiosk demo' with the options
       ./setup.sh test               set up with the test extras, then run linters, types and tests
       sudo ./setup.sh install       make this machine start into the mirror; again: upgrade it
       sudo ./setup.sh uninstall     undo that; the history and the settings stay

environment: PYTHON        the Python, 3.11 or newer, to build .venv with
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

install_packages() {
    command -v apt-get >/dev/null || fail "no apt-get here; install by hand: $*"
    report "installing Debian packages: $*"
    as_root apt-get -qq -o DPkg::Lock::Timeout=300 update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
        -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install "$@" >/dev/null
}

# Installs the speech synthesiser. Without it cues come as tones, so a failure is only reported.
find_voice() {
    command -v espeak-ng >/dev/null || (install_packages espeak-ng) ||
        report "no espeak-ng: cues will come as tones"
}

# Installs the tools that check units and scripts. Without them those tests are skipped.
find_test_tools() {
    local missing=()
    command -v systemd-analyze >/dev/null || missing+=(systemd)
    command -v shellcheck >/dev/null || missing+=(shellcheck)
    if ((${#missing[@]})); then
        (install_packages "${missing[@]}") || report "no ${missing[*]}: some tests will be skipped"
    fi
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# Debian has the modules for virtual environments in a separate package.
can_make_venv() { new_enough "$1" && "$1" -c 'import ensurepip, venv' 2>/dev/null; }

find_python() {
    if [[ -n ${PYTHON:-} ]]; then
        can_make_venv "$PYTHON" || fail "PYTHON=$PYTHON is no Python 3.11 or newer with venv"
        return
    fi
    for PYTHON in python3 /usr/bin/python3; do
        if can_make_venv "$PYTHON"; then return; fi
    done
    install_packages python3 python3-venv ca-certificates
    can_make_venv "$PYTHON" || fail "$("$PYTHON" --version) is too old: 3.11 or newer is needed," \
        "as in Debian 12; or name one in PYTHON"
}

venv_works() {
    local python=$VENV/bin/python
    [[ -x $python ]] && new_enough "$python" && "$python" -c 'import pip' 2>/dev/null || return 1
    [[ -z ${PYTHON:-} || $("$python" -VV) == "$("$PYTHON" -VV)" ]]
}

# Hashes all that the installed packages depend on: if it changes, they are installed again.
fingerprint() {
    { printf '%s\n' "$HERE" && "$VENV/bin/python" -VV && cat "$HERE/pyproject.toml"; } | sha256sum
}

# set_up run|test
set_up() {
    if ! venv_works; then
        find_python
        report "making .venv with $("$PYTHON" --version)"
        "$PYTHON" -m venv --clear "$VENV"
    fi
    [[ -e /etc/ssl/certs/ca-certificates.crt ]] || install_packages ca-certificates
    local now stamp
    now=$(fingerprint)
    for stamp in "$VENV/.ready-to-$1" "$VENV/.ready-to-test"; do # tests need all that a run needs
        if [[ -f $stamp && $(<"$stamp") == "$now" ]]; then return; fi
    done
    local extra=
    if [[ $1 == test ]]; then extra='[test]'; fi
    report "installing Python packages into .venv; the first time takes a minute or two"
    (cd -- "$HERE" && .venv/bin/python -m pip install --quiet --no-input \
        --disable-pip-version-check --editable ".$extra") || fail "pip failed; its reason is above"
    printf '%s\n' "$now" >"$VENV/.ready-to-$1"
}

obtain_model() { "$VENV/bin/kiosk" models; }

# Checks once per pyproject.toml, and only if a registry answers, that a Pi gets all wheels.
check_wheels() {
    local now stamp=$VENV/.wheels-for-a-pi
    now=$(sha256sum <"$HERE/pyproject.toml")
    if [[ -f $stamp && $(<"$stamp") == "$now" ]]; then return; fi
    if ! "$VENV/bin/python" -m pip --quiet index versions msgspec >/dev/null 2>&1; then
        report "no Python registry answers: not checked whether a Pi has all wheels"
        return
    fi
    "$HERE/tests/platform/aarch64_wheels.sh" >/dev/null || fail "a Pi lacks a wheel; see above"
    printf '%s\n' "$now" >"$stamp"
}

main() {
    case ${1:-} in
        demo)
            set_up run
            find_voice
            obtain_model
            exec "$VENV/bin/kiosk" "$@"
            ;;
        test)
            set_up test
            find_test_tools
            find_voice # its tests run the program
            obtain_model
            cd -- "$HERE"
            .venv/bin/python -m ruff check
            .venv/bin/python -m ruff format --check
            .venv/bin/python -m mypy
            check_wheels
            .venv/bin/python -m pytest
            ;;
        install) install_mirror ;;
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
