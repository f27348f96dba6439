#!/usr/bin/env bash
# By hand, as root: does `setup.sh install` make a bare Debian a mirror, is it quick again, does an
# upgrade that fails leave the old mirror, is an emptied release made again, and does `uninstall` keep
# what it should? Needs mmdebstrap; works in a temporary folder and removes it. See root.sh.
#
# With arm64 it is emulated and takes long; it then also compares the model's keypoints with those of
# this machine's .venv.
set -euo pipefail
# shellcheck source=tests/platform/root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/root.sh"

begin_check 'bookworm|trixie [amd64|arm64]' '(bookworm|trixie)( amd64| arm64)?' "$@"
suite=$1 arch=${2:-amd64}

# timed WHAT COMMAND...
timed() {
    local begin=$SECONDS
    run_in "$system" "${@:2}" || die "$1 failed"
    echo "$suite $arch, $1: $((SECONDS - begin)) s"
}

release() { readlink "$system/opt/gym-mirror/current"; }

setup() { timed "$1" "${@:2}" /srv/mirror/setup.sh "${1%%[ ,]*}"; }

if [[ $arch == arm64 ]]; then emulate_arm64; fi
begin=$SECONDS
make_root "$suite" "$arch" "$system"
echo "$suite $arch, a bare system: $((SECONDS - begin)) s"

setup "install"
first=$(release)
setup "install again"
[[ $(release) == "$first" ]] || die "the same checkout made another release"
grep -q '^kind = "keyboard"' "$system/etc/gym-mirror/kiosk.toml" || die "no settings for a PC"
[[ -L $system/etc/systemd/system/multi-user.target.wants/gym-mirror.service ]] || die "not enabled"
run_in "$system" /usr/bin/id gym-mirror

# The service's user must be able to run it. The doctor may find no camera, but it must find no fault
# in model and runtime.
told=$(run_in "$system" /usr/sbin/runuser -u gym-mirror -- env STATE_DIRECTORY=/tmp \
    /opt/gym-mirror/current/.venv/bin/kiosk doctor || true)
echo "$told"
[[ $told == *"runtime  ok"* && $told == *"model    ok"* ]] || die "the doctor is not content"

# An upgrade that cannot fetch its packages.
echo '# another release' >>"$system/srv/mirror/pyproject.toml"
echo 'camera.source = "usb:7"' >"$system/etc/gym-mirror/kiosk.toml"
if run_in "$system" PIP_NO_INDEX=1 PIP_FIND_LINKS= /srv/mirror/setup.sh install; then
    die "an upgrade without a registry passed"
fi
[[ $(release) == "$first" && -x $system/opt/gym-mirror/$first/.venv/bin/kiosk ]] ||
    die "an upgrade that failed broke the old mirror"
setup "install, an upgrade"
second=$(release)
[[ $second != "$first" ]] || die "the upgrade did not switch"
[[ $(readlink "$system/opt/gym-mirror/previous") == "$first" && -e $system/opt/gym-mirror/$first ]] ||
    die "there is no release to go back to"
[[ $(<"$system/opt/gym-mirror/trial") == "$second 0" ]] || die "the upgrade is not on trial"
grep -q usb:7 "$system/etc/gym-mirror/kiosk.toml" || die "the upgrade changed the settings"

# What a power cut leaves of files that were not flushed.
find "$system/opt/gym-mirror/$second/kiosk" -name '*.py' -exec truncate --size=0 {} +
mkdir "$system/opt/gym-mirror/films"
setup "install, over an emptied release"
[[ $(release) == "$second-2" && ! -e $system/opt/gym-mirror/$second ]] || die "it is not made again"
[[ -d $system/opt/gym-mirror/films ]] || die "a technician's folder is gone"
run_in "$system" /opt/gym-mirror/current/.venv/bin/kiosk models >/dev/null

if [[ $arch == arm64 ]]; then
    # A picture, not a film: the processors' ways from a film's colours to R, G and B differ a little.
    cat >"$system/srv/keypoints.py" <<'PYTHON'
import sys

import av
import numpy as np

from kiosk.vision.camera.frame import Frame
from kiosk.vision.pose.movenet import load_estimator

with av.open(sys.argv[1]) as file:
    picture = next(file.decode(video=0)).to_ndarray(format="rgba")
movenet, _ = load_estimator("auto", 1)
# the whole picture, then the crop that its keypoints ask for
np.save(sys.argv[2], [movenet.estimate(Frame(picture, time_s)).keypoints for time_s in (0.0, 1.0)])
PYTHON
    golden=tests/fixtures/golden/hinge.png
    timed "the golden picture" /opt/gym-mirror/current/.venv/bin/python /srv/keypoints.py \
        "/srv/mirror/$golden" /srv/theirs.npy
    cd -- "$CHECKOUT"
    .venv/bin/python "$system/srv/keypoints.py" "$golden" "$system/srv/ours.npy"
    .venv/bin/python - "$system/srv/ours.npy" "$system/srv/theirs.npy" <<'PYTHON' || die "they differ"
import sys

import numpy as np

ours, theirs = map(np.load, sys.argv[1:])
apart = np.abs(ours - theirs)
print(f"keypoints: apart by {apart[..., :2].max():.1e} px, score {apart[..., 2].max():.1e}")
sys.exit(not apart.max() < 1e-3)
PYTHON
fi

mkdir -p "$system/var/lib/gym-mirror"
touch "$system/var/lib/gym-mirror/history.sqlite3"
setup "uninstall"
setup "uninstall again"
for kept in /var/lib/gym-mirror/history.sqlite3 /etc/gym-mirror/kiosk.toml; do
    [[ -e $system$kept ]] || die "uninstall took $kept"
done
[[ -d $system/opt/gym-mirror/films ]] || die "uninstall took a technician's folder"
rm -r "$system/opt/gym-mirror"
rm -r "$system/srv/mirror" "$system/var/lib/gym-mirror" "$system/etc/gym-mirror"
left=$(find "$system/etc" "$system/opt" "$system/var" -path '*gym-mirror*')
[[ -z $left ]] || die "uninstall left $left"
echo "$suite $arch: all well"
