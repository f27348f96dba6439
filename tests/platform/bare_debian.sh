#!/usr/bin/env bash
# By hand, as root: does ./setup.sh bring up this checkout on a Debian without Python, and is it quick
# the second time? Needs mmdebstrap; works in a temporary folder and removes it. See root.sh.
set -euo pipefail
# shellcheck source=tests/platform/root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/root.sh"

if [[ $# -ne 2 || ! $1 =~ ^(bookworm|trixie)$ || ! $2 =~ ^(demo|test)$ ]]; then
    echo "usage: [BIND='FOLDER...'] $0 bookworm|trixie demo|test" >&2
    exit 2
fi
suite=$1 command=$2
system=$(mktemp -d)
trap 'rm -rf -- "$system"' EXIT

make_root "$suite" "$(dpkg --print-architecture)" "$system"
if [[ -e $system/usr/bin/python3 ]]; then
    echo "not bare: $suite came with Python" >&2
    exit 1
fi
for time in bare again; do
    begin=$SECONDS
    run_in "$system" /srv/mirror/setup.sh "$command"
    echo "$suite, setup.sh $command, $time: $((SECONDS - begin)) s"
done
