# Counts what is right and wrong in a script that looks at many things. Sourced by the checks beside it.
# shellcheck shell=bash

failures=0

# check WHAT COMMAND...
check() {
    if "${@:2}"; then
        printf 'ok    %s\n' "$1"
    else
        printf 'WRONG %s\n' "$1"
        failures=$((failures + 1))
    fi
}

# end_checks - fails if something was wrong
end_checks() {
    if ((failures)); then
        echo "$failures wrong" >&2
        exit 1
    fi
}
