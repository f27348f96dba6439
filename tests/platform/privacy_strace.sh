#!/usr/bin/env bash
# By hand: does a whole set write nothing that could hold a picture, start no program but its voice, and
# send nothing to anybody, as the kernel sees it, C libraries and all? Then the same with a frame that
# gets out on purpose, in each of twelve ways, which has to be noticed. Needs .venv, the model,
# espeak-ng and strace; leaves nothing behind.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
# files, programs, sockets, and the ways round them
calls=execve,execveat,socket,socketpair,connect,bind,sendto,sendmsg,sendmmsg
calls+=,write,pwrite64,writev,pwritev,pwritev2,sendfile,copy_file_range,splice,tee,vmsplice
calls+=,rename,renameat,renameat2,link,linkat,symlink,symlinkat
calls+=,mmap,memfd_create,shmget,shmat,mq_open,process_vm_writev,ptrace,io_uring_setup

# watch NAME SECONDS [LEAK...]
watch() {
    local here=$folder/$1 checkout=$PWD
    mkdir -p "$here/home" "$here/tmp" "$here/work"
    (cd "$here/work" && env -i PATH="$PATH" HOME="$here/home" TMPDIR="$here/tmp" \
        PYTHONDONTWRITEBYTECODE=1 SDL_VIDEODRIVER=dummy SDL_AUDIODRIVER=dummy \
        strace --follow-forks --seccomp-bpf --decode-fds=path --string-limit=4 \
        --trace="$calls" --output="$here/calls" \
        "$checkout/.venv/bin/python" "$checkout/tests/privacy/watched_set.py" "$here" "${@:2}" \
        >"$here/told" 2>"$here/errors")
    .venv/bin/python tests/platform/privacy_calls.py "$here"
}

begin=$SECONDS
watch set 40
echo "a set: nothing of a picture left it, $((SECONDS - begin)) s"
# leak NAME WORDS - builds a leak in, of which these words have to be said
leak() {
    if watch "$1" 0.3 "$1" >"$folder/said"; then
        echo "a frame got out: $1, and was not noticed" >&2
        exit 1
    fi
    # noticed for what it is: a set of itself says nothing
    grep --fixed-strings --max-count=1 -- "$2" "$folder/said" >"$folder/line" || {
        echo "$1: noticed as something else" >&2
        cat "$folder/said" >&2
        exit 1
    }
    echo "noticed $1: $(<"$folder/line")"
}
leak by_file 'written outside'
leak by_library 'written outside'
leak beside_history 'written beside the history'
leak thumbnails_beside_history 'written beside the history'
leak into_history 'as large as a picture'
leak thumbnail_into_history 'a picture in the history: faces.face'
leak among_the_speech 'no sound, among the speech'
leak by_network 'AF_INET'
leak by_datagram 'AF_UNIX, SOCK_DGRAM'
leak by_program 'a program was started'
leak by_shared_memory 'shared memory that is written'
leak by_memory_file 'it reaches out: memfd_create'
