#!/usr/bin/env bash
# Is the wheel a whole kiosk? Builds it, installs it with pip, with pipx and with uvx, and runs it in an
# empty folder, by a user who has nothing yet: the demo says what is missing, `kiosk models` gets it, and
# the demo counts its set. Once more with pip where nothing can be reached. Needs git, a Python with venv
# (another one by PYTHON) and the registry that pip is set up for; leaves nothing behind.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

python=${PYTHON:-python3}
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT

# the user of the kiosk is another one, whose home says nothing of registries
if [[ -f ${PIP_CONFIG_FILE:-$HOME/.config/pip/pip.conf} ]]; then
    export PIP_CONFIG_FILE=${PIP_CONFIG_FILE:-$HOME/.config/pip/pip.conf}
fi
if [[ -f ${UV_CONFIG_FILE:-$HOME/.config/uv/uv.toml} ]]; then
    export UV_CONFIG_FILE=${UV_CONFIG_FILE:-$HOME/.config/uv/uv.toml}
fi
unset VIRTUAL_ENV PYTHONPATH KIOSK_MODELS KIOSK_SETTINGS XDG_CACHE_HOME XDG_DATA_HOME XDG_STATE_HOME
export SDL_VIDEODRIVER=dummy UV_CACHE_DIR=$folder/uv PIPX_HOME=$folder/pipx PIPX_BIN_DIR=$folder/pipx/bin

fail() {
    printf 'from_wheel: %s\n' "$*" >&2
    exit 1
}

# own NAME COMMAND... - runs a command in the empty folder of that user
own() {
    local home=$folder/$1/home work=$folder/$1/work
    mkdir -p -- "$home" "$work"
    shift
    (cd -- "$work" && HOME=$home "$@")
}

# refuses NAME TEXT COMMAND... - the command has to end with exit code 2, and a last line with that text
refuses() {
    local name=$1 text=$2 code=0
    shift 2
    own "$name" "$@" >"$folder/said" 2>&1 || code=$?
    tail -n 1 -- "$folder/said"
    if [[ $code != 2 ]] || ! tail -n 1 -- "$folder/said" | grep -qF -- "$text"; then
        fail "$name: '${*: -2}' ended with exit code $code and not with '$text'"
    fi
}

# try_out NAME COMMAND... - what somebody does who has just installed it; the command is their kiosk
try_out() {
    local name=$1 begin=$SECONDS
    shift
    echo "== $name"
    refuses "$name" "run 'kiosk models'" "$@" demo
    own "$name" "$@" models
    own "$name" "$@" demo | tee "$folder/said"
    grep -q '^hip_hinge: 5 reps' "$folder/said" || fail "$name: the demo did not count its five reps"
    [[ $(ls "$folder/$name/work") == out ]] || fail "$name: more than the folder out was written"
    echo "== $name: $((SECONDS - begin)) s"
}

mkdir -- "$folder/source"
git ls-files -z --cached --others --exclude-standard |
    tar --create --null --files-from=- --ignore-failed-read | tar --extract --directory="$folder/source"
"$python" -m venv "$folder/tools"
"$folder/tools/bin/pip" install --quiet --quiet --disable-pip-version-check uv pipx
uv=$folder/tools/bin/uv
"$uv" build --quiet --wheel --python "$python" --out-dir "$folder" "$folder/source"
wheel=$(ls "$folder"/*.whl)

"$python" -m venv "$folder/pip"
"$folder/pip/bin/pip" install --quiet --quiet --disable-pip-version-check "$wheel"
try_out by-pip "$folder/pip/bin/kiosk"

"$folder/tools/bin/pipx" install --quiet --python "$python" "$wheel"
mkdir -- "$folder/path"
ln -s -- "$folder/tools/bin/pipx" "$folder/path/pipx" # whoever has pipx can call it
try_out by-pipx env PATH="$folder/path:$PATH" "$PIPX_BIN_DIR/kiosk"

try_out by-uvx "$uv" tool run --quiet --python "$python" --from "$wheel" kiosk

nowhere=http://127.0.0.1:9
echo "== without a network"
refuses cut-off "could not be had: put " env PIP_RETRIES=0 PIP_INDEX_URL="$nowhere" no_proxy='' \
    http_proxy="$nowhere" https_proxy="$nowhere" "$folder/pip/bin/kiosk" models
echo "the wheel is a whole kiosk: $(basename -- "$wheel")"
