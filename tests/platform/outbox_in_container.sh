#!/usr/bin/env bash
# By hand, as root: does the outbox's unit do what it may, and nothing else, under a real systemd? Installs
# the mirror into a Debian with PostgreSQL and mosquitto and boots that as a container. There the owner
# names a target and installs again, and the sets of a film and 400 others go to the database and to
# Home Assistant's broker, over TLS that checks the name; sender and server are stopped, killed and
# misled meanwhile, and the mirror must not notice. Needs mmdebstrap and systemd-nspawn; works in a
# temporary folder and removes it. See root.sh.
set -euo pipefail
# shellcheck source=tests/platform/root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/root.sh"
# shellcheck source=tests/platform/container.sh
source "$CHECKOUT/tests/platform/container.sh"

begin_check 'bookworm|trixie' 'bookworm|trixie' "$@"
clean_up() { stop_container; }

install_mirror "$1" postgresql mosquitto mosquitto-clients openssl
release=/opt/gym-mirror/$(readlink "$system/opt/gym-mirror/current")

# The container has no network: what the installer fetches there lies ready for it.
# shellcheck disable=SC2016 # the inner shell expands it
run_in "$system" /bin/bash -euc '
    tag=$(python3 -c "import sys; print(\"cp%d%d\" % sys.version_info[:2])")
    "$1/.venv/bin/python" -m pip download --quiet --no-deps --only-binary=:all: --require-hashes \
        --dest /srv/wheels --requirement "$1/requirements/outbox-$tag.txt"' bash "$release"

# a few sets of the time before, kept as the service would
run_in "$system" /usr/bin/install -d -m 750 -o gym-mirror -g gym-mirror /var/lib/gym-mirror
cat >"$system/srv/sets.py" <<'PYTHON'
import sys
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, "/srv/mirror/tests")
from history.records import MORNING, closed, record, rep

from kiosk.history.store import Store

store = Store(Path("/var/lib/gym-mirror"), run=uuid4().hex)
for serial in range(1, 401):
    store.save(closed(record(serial, rep(1), rep(2, fault=True))), MORNING + 100 * serial)
store.close()
PYTHON
run_in "$system" /usr/sbin/runuser -u gym-mirror -- "$release/.venv/bin/python" /srv/sets.py

# The server has the name gym.example, and with it a certificate of an authority of its own.
printf '127.0.0.1 localhost gym.example other.example\n' >"$system/etc/hosts"
for cluster in "$system"/etc/postgresql/*/main; do
    cat >"$cluster/conf.d/gym.conf" <<'CONF'
port = 5432
listen_addresses = '*'
ssl = on
ssl_cert_file = '/etc/postgres.pem'
ssl_key_file = '/etc/postgres.key'
CONF
done
cat >"$system/etc/mosquitto/conf.d/gym.conf" <<'CONF'
listener 8883
certfile /etc/mosquitto.pem
keyfile /etc/mosquitto.key
password_file /etc/mosquitto/passwords
allow_anonymous false
CONF
cat >"$system/srv/certificates.sh" <<'SH'
cd /srv
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=gym-owner
openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=gym.example
echo subjectAltName=DNS:gym.example >names
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out server.pem -extfile names
install -m 644 ca.pem /etc/gym-mirror/owner.pem
for user in postgres mosquitto; do
    install -m 600 -o "$user" server.key "/etc/$user.key"
    install -m 644 server.pem "/etc/$user.pem"
done
mosquitto_passwd -b -c /etc/mosquitto/passwords mirror home-secret-5521
chown mosquitto /etc/mosquitto/passwords
SH
run_in "$system" /bin/sh -eu /srv/certificates.sh 2>/dev/null || die "no certificates"

# A sender that was killed is started again in five minutes; here nobody waits that long.
mkdir -p "$system/etc/systemd/system/gym-mirror-outbox.service.d"
printf '[Service]\nRestartSec=2\n' >"$system/etc/systemd/system/gym-mirror-outbox.service.d/container.conf"

cp -- "$CHECKOUT/tests/platform/outbox_probe.py" "$system/srv/probe.py"
boot_and_run outbox_inside.sh
