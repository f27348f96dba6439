#!/usr/bin/env bash
# By hand: does a whole set write nothing of a picture's size and call no network, as the kernel sees
# it, C libraries and all? Then the same with a frame saved and a frame sent on purpose, which has to
# be noticed. Needs .venv, the model and strace; leaves nothing behind.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
# who opens no socket sends nothing
calls=socket,write,pwrite64,writev,pwritev,pwritev2,sendfile,copy_file_range,splice,mmap,io_uring_setup

# watch NAME SECONDS [LEAK...]
watch() {
    local here=$folder/$1 checkout=$PWD
    mkdir -p "$here/home" "$here/tmp" "$here/work"
    (cd "$here/work" && env -i PATH="$PATH" HOME="$here/home" TMPDIR="$here/tmp" \
        PYTHONDONTWRITEBYTECODE=1 SDL_VIDEODRIVER=dummy SDL_AUDIODRIVER=dummy \
        strace --follow-forks --seccomp-bpf --decode-fds=path --string-limit=0 \
        --trace="$calls" --output="$here/calls" \
        "$checkout/.venv/bin/python" "$checkout/tests/privacy/watched_set.py" "$here" "${@:2}" \
        >"$here/told" 2>"$here/errors")
    .venv/bin/python tests/platform/privacy_calls.py "$here"
}

begin=$SECONDS
watch set 40
echo "a set: nothing of a picture left it, $((SECONDS - begin)) s"
for leak in by_file by_library beside_history into_history by_network; do
    if watch "$leak" 0.3 "$leak" >"$folder/said"; then
        echo "a frame got out $leak, and was not noticed" >&2
        exit 1
    fi
    echo "noticed $leak: $(tail -n 1 "$folder/said")"
done
