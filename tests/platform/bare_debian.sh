#!/usr/bin/env bash
# By hand, as root: does ./setup.sh bring up this checkout on a Debian without Python, and is it quick
# the second time? Needs mmdebstrap; works in a temporary folder and removes it. See root.sh.
set -euo pipefail
# shellcheck source=tests/platform/root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/root.sh"

begin_check 'bookworm|trixie demo|test' '(bookworm|trixie) (demo|test)' "$@"
suite=$1 command=$2

make_root "$suite" "$(dpkg --print-architecture)" "$system"
[[ ! -e $system/usr/bin/python3 ]] || die "not bare: it came with Python"
for time in bare again; do
    begin=$SECONDS
    run_in "$system" /srv/mirror/setup.sh "$command"
    echo "$suite, setup.sh $command, $time: $((SECONDS - begin)) s"
done
