#!/usr/bin/env bash
# What outbox_in_container.sh runs inside.

# shellcheck source=tests/platform/in_container.sh
source /srv/in_container.sh

OUTBOX=gym-mirror-outbox.service
KIOSK=/opt/gym-mirror/current/.venv/bin/kiosk
SETTINGS=/etc/gym-mirror/kiosk.toml
SECRET=outbox-secret-8714
HOME_SECRET=home-secret-5521
cd /

ask() { runuser -u postgres -- psql --no-psqlrc --quiet --tuples-only --no-align --command "$1" gym; }

of_outbox() { systemctl show "$OUTBOX" --property="$1" --value; }

# sets_and_reps - how many finished sets the history has, and how many counted reps
sets_and_reps() {
    runuser -u gym-mirror -- "$KIOSK" history --folder "$STATE_DIR" --json --limit 100000 |
        python3 -c 'import json, sys
sets = [one for one in json.load(sys.stdin) if one["ended"]]
print(len(sets), sum(rep["counted"] for one in sets for rep in one["reps"]))'
}

sets_here() { sets_and_reps | cut -d ' ' -f 1; }

more_than() { (($(sets_here) > $1)); }

# all_there - whether the database has that as well
all_there() {
    [[ $(sets_and_reps) == $(ask 'SELECT count(*), sum(reps) FROM gym.sets' 2>&1 | tr '|' ' ') ]]
}

# settings HOST [MORE...] - writes the settings: the film, a database and more lines of [outbox]
settings() {
    {
        printf '%s\n' 'camera.source = "/srv/film.mp4"' 'mirror.name = "Rack 3"'
        printf '[outbox]\ntarget = "postgresql://mirrors@%s/gym"\nca_file = "/etc/gym-mirror/owner.pem"\n' "$1"
        printf '%s\n' 'gym = "north"' "${@:2}"
        printf '[home]\nbroker = "gym.example"\nuser = "mirror"\nca_file = "/etc/gym-mirror/owner.pem"\n'
    } >"$SETTINGS"
}

told() { "$KIOSK" outbox status; }

tells() { told | grep --fixed-strings -- "$1" >/dev/null; }

# one_line CODE WORDS COMMAND... - whether the command says that in one line and ends with the code
one_line() {
    local code=0 said
    said=$("${@:3}" 2>&1) || code=$?
    [[ $code == "$1" && $said == *"$2"* && $(wc -l <<<"$said") == 1 ]] || fault "${*:3}: $said ($code)"
    echo "  $said"
}

# The mirror must not notice anything of all this.
as_before() {
    local pid restarts
    pid=$(show MainPID) restarts=$(show NRestarts)
    [[ $pid == "$mirror_pid" && $restarts == "$mirror_restarts" && $(show SubState) == running &&
        $(show StatusText) == running ]] ||
        fault "$1: the mirror is not as before: $(show SubState), $(show StatusText), restarts $restarts"
}

# of_home END - the last message of the topic with that end
of_home() { grep "/$1 " /srv/home.txt | tail -n 1; }
home_says() { [[ $(of_home "$1") == *"$2"* ]]; }

step() { echo "$((SECONDS / 60)):$(printf %02d $((SECONDS % 60))) $*"; }

await 90 runs_as_another 0 || fault "the mirror did not start; $(show Result)"
await 120 has_a_set || fault "no set came into history"

step 'no target: nothing runs, nothing is installed for it'
# the system may still be starting it
await 30 test "$(of_outbox ActiveState)" = inactive || fault "it is $(of_outbox ActiveState)"
[[ $(of_outbox Result) == exec-condition ]] || fault "it ended with $(of_outbox Result)"
[[ -z $(systemctl --failed --plain --no-legend) ]] || fault "failed: $(systemctl --failed --plain --no-legend)"
one_line 0 'off: [outbox] in kiosk.toml names no target' told
"$KIOSK" doctor 2>/dev/null | grep -i outbox
for package in psycopg paho; do
    /opt/gym-mirror/current/.venv/bin/python -c "import $package" 2>/dev/null && fault "there is $package"
done

step 'the units are hardly exposed'
for unit in "${UNITS[@]}"; do systemd-analyze --no-pager security "$unit" 2>/dev/null | tail -n 1; done
systemd-analyze --no-pager security --threshold=15 "$OUTBOX" >/dev/null || fault "it is too exposed"

step 'the owner names a target, and installs again'
install -d -m 700 /etc/credstore
(umask 077 && echo "$SECRET" >/etc/credstore/outbox-password && echo "$HOME_SECRET" >/etc/credstore/home-password)
settings gym.example
stdbuf -oL mosquitto_sub -h gym.example -p 8883 --cafile /etc/gym-mirror/owner.pem -u mirror -P "$HOME_SECRET" -v -t '#' \
    >/srv/home.txt 2>&1 &
listener=$!
PIP_NO_INDEX=1 PIP_FIND_LINKS=/srv/wheels /srv/mirror/setup.sh install || fault "the installer failed"
await 90 runs_as_another 0 || fault "the mirror did not start again"
mirror_pid=$(show MainPID) mirror_restarts=$(show NRestarts)

step 'a server without the database: told in one line, tried again, the mirror runs on'
await 30 journal_tells 'password authentication failed' "$OUTBOX" || fault "nothing is told"
as_before 'no database'
runuser -u postgres -- createdb gym
runuser -u postgres -- psql --quiet --command "CREATE ROLE mirror; CREATE ROLE mirrors LOGIN PASSWORD '$SECRET' IN ROLE mirror"
# beside a broker it would look again in five minutes
systemctl restart "$OUTBOX"
await 30 tells 'kiosk gym init' || fault "status: $(told)"
one_line 2 'kiosk gym init' "$KIOSK" outbox test

step 'the database is made, and what waits goes there'
runuser -u postgres -- "$KIOSK" gym init postgresql:///gym || fault "kiosk gym init failed"
systemctl restart "$OUTBOX"
began_ms=$(now_ms)
await 120 all_there || fault "not all there: $(told)"
echo "  $(ask 'SELECT count(*) FROM gym.sets') sets after $(($(now_ms) - began_ms)) ms; $(told)"
one_line 0 'answers, and its schema fits' "$KIOSK" outbox test
"$KIOSK" doctor 2>/dev/null | grep -i outbox
[[ $(ask 'SELECT name, gym FROM gym.mirrors') == 'Rack 3|north' ]] || fault "$(ask 'TABLE gym.mirrors')"
[[ $(ask "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'mirrors'") != f ]] ||
    fault "it is not encrypted"

step 'who it is, and what it can do'
pid=$(of_outbox MainPID)
[[ $(stat -c %U "/proc/$pid") == gym-mirror-outbox ]] || fault "it is $(stat -c %U "/proc/$pid")"
grep -q '^CapBnd:\s*0*$' "/proc/$pid/status" || fault "$(grep CapBnd "/proc/$pid/status")"
grep -q '^Seccomp:\s*2$' "/proc/$pid/status" || fault "no system call is refused"
grep -q '^NoNewPrivs:\s*1$' "/proc/$pid/status" || fault "it may gain rights"
for kind in user mnt ipc; do
    [[ $(readlink "/proc/$pid/ns/$kind") != $(readlink "/proc/self/ns/$kind") ]] || fault "it shares $kind"
done
[[ $(readlink "/proc/$(show MainPID)/ns/net") != $(readlink "/proc/$pid/ns/net") ]] ||
    fault "the mirror shares the outbox's network"
[[ $(grep -c : "/proc/$(show MainPID)/net/dev") == 1 ]] || fault "the mirror has a network"
grep -E 'VmHWM' "/proc/$pid/status" | tr -s '\t ' ' '
install -m 600 -o gym-mirror -g gym-mirror /dev/null "$STATE_DIR/history.damaged-1.sqlite3"
cat >/etc/systemd/system/$OUTBOX.d/probe.conf <<'UNIT'
[Service]
ExecStartPre=/bin/sh -c '/opt/gym-mirror/current/.venv/bin/python /srv/probe.py >probe.txt 2>&1; env >env.txt; cat "$CREDENTIALS_DIRECTORY"/* >secrets.txt'
UNIT
systemctl daemon-reload
systemctl restart "$OUTBOX"
found=/var/lib/gym-mirror-outbox/probe.txt
cat "$found"
grep -q '^can .*(may)$' "$found" || fault "the probe did not run"
grep -E '^cannot .*\(may\)|^can .*\(must not\)|Traceback' "$found" && fault "the sandbox is not as it should be"
echo '  and without the sandbox, by its user alone:'
runuser -u gym-mirror-outbox -- /opt/gym-mirror/current/.venv/bin/python /srv/probe.py >/srv/probe-user.txt
for what in 'write the history' "write the history's log" 'change sets' 'make a file beside the history' \
    'make a file beside it' 'read a set that was set aside' 'write the settings' 'write the program'; do
    grep --fixed-strings "cannot $what (" /srv/probe-user.txt >/dev/null || fault "its user can $what"
done
# the control: root without a sandbox can do all of it, so that "cannot" says something
/opt/gym-mirror/current/.venv/bin/python /srv/probe.py >/srv/probe-root.txt
grep '^cannot' /srv/probe-root.txt && fault "the probe could not do it either"
grep --quiet --fixed-strings "$SECRET" /var/lib/gym-mirror-outbox/secrets.txt || fault "no password came"
rm -f /etc/systemd/system/$OUTBOX.d/probe.conf /var/lib/gym-mirror-outbox/secrets.txt "$STATE_DIR/history.damaged-1.sqlite3"
systemctl daemon-reload
systemctl restart "$OUTBOX"
as_before 'restarts of the outbox'

step 'the outbox is stopped: the mirror stores, and later all is there'
systemctl stop "$OUTBOX"
[[ $(of_outbox Result) == success ]] || fault "a stop is no success: $(of_outbox Result)"
before=$(sets_here)
await 120 more_than "$before" || fault "no set while the outbox is stopped"
as_before 'the outbox is stopped'
systemctl start "$OUTBOX"
await 60 all_there || fault "not all there: $(told)"

step 'switched off at the mirror, and on again'
choose() {
    runuser -u gym-mirror -- /opt/gym-mirror/current/.venv/bin/python -c "
from pathlib import Path
from kiosk.app.chosen_file import save
save(Path('/var/lib/gym-mirror/chosen.toml'), {('outbox', 'enabled'): $1})"
}
choose False
await 10 tells 'off: outbox.enabled is false' || fault "status: $(told)"
sleep 5
before=$(sets_here)
await 120 more_than "$before" || fault "no set while it is switched off"
if all_there; then fault "it sends though it is switched off"; fi
[[ $(of_outbox SubState) == running ]] || fault "the outbox ended: $(of_outbox SubState)"
choose True
await 60 all_there || fault "not all there: $(told)"
as_before 'it is switched off and on'

step 'killed again and again, while it sends all anew'
ask 'TRUNCATE gym.sets, gym.reps, gym.set_ids' || fault "cannot empty the database"
there() { ask 'SELECT count(*) FROM gym.sets'; }
more_there() { (($(there) > $1)); }
systemctl restart "$OUTBOX"
for _ in 1 2 3 4 5 6; do
    await 60 more_there "$(($(there) + 20))" || fault "it does not send: $(told)"
    systemctl kill --signal=KILL "$OUTBOX"
    echo "  $(there) sets there"
done
await 60 all_there || fault "not all there: $(told)"
as_before 'the outbox is killed'

step 'the server is killed, and comes back'
cluster=$(systemctl list-units --plain --no-legend 'postgresql@*' | cut -d ' ' -f 1)
before=$(sets_here)
systemctl kill --signal=KILL "$cluster"
systemctl stop "$cluster"
await 120 more_than "$before" || fault "no set while the server is away"
await 30 tells 'fault for' || fault "status: $(told)"
echo "  $(told)"
[[ $(of_outbox SubState) == running ]] || fault "the outbox ended: $(of_outbox SubState)"
as_before 'the server is away'
systemctl reset-failed "$cluster" 2>/dev/null
systemctl start "$cluster"
await 330 all_there || fault "not all there: $(told)"
echo "  $(told)"

step 'a server with another name is not sent to'
settings other.example
systemctl restart "$OUTBOX"
await 20 tells 'name the host as' || fault "status: $(told)"
one_line 2 'name the host as' "$KIOSK" outbox test
as_before 'another name'
step 'a certificate of an authority that nobody named'
settings gym.example
sed -i /ca_file/d "$SETTINGS"
systemctl restart "$OUTBOX"
await 20 tells 'certificate verify failed' || fault "status: $(told)"
as_before 'an unknown authority'
step 'a wrong password: Home Assistant is told on'
settings gym.example
echo wrong >/etc/credstore/outbox-password
systemctl restart "$OUTBOX"
await 20 tells 'password authentication failed' || fault "status: $(told)"
echo "  $(told)"
await 20 home_says availability online || fault "it is not online: $(of_home availability)"
[[ $(of_outbox SubState) == running ]] || fault "it ended"
as_before 'a wrong password'
step 'and without a broker it ends, and looks again by itself'
sed -i '/^\[home\]/,$d' "$SETTINGS"
systemctl restart "$OUTBOX"
tried_again() { (($(of_outbox NRestarts) >= 3)); }
await 60 tried_again || fault "it is not started again"
as_before 'a wrong password'
echo "$SECRET" >/etc/credstore/outbox-password
await 60 all_there || fault "it does not look again: $(told)"
settings gym.example
systemctl restart "$OUTBOX"

step "Home Assistant's broker, beside the database"
cut -c 1-120 /srv/home.txt | sed 's/ .*//' | sort | uniq -c
await 30 home_says availability online || fault "it is not online: $(of_home availability)"
await 120 grep -q '/state in a set' /srv/home.txt || fault "no set is told of"
sed -i '/^\[home\]/,$d' "$SETTINGS"
systemctl restart "$OUTBOX"
await 20 home_says availability offline || fault "it does not leave"
kill "$listener"
as_before 'the broker'

step 'erased on the mirror, erased there'
runuser -u gym-mirror -- "$KIOSK" history --folder "$STATE_DIR" --erase --yes
few() { (($(ask 'SELECT count(*) FROM gym.sets') < 10)) && all_there; }
await 60 few || fault "$(ask 'SELECT count(*) FROM gym.sets') sets are left; $(told)"
[[ $(ask 'SELECT count(*) FROM gym.reps r LEFT JOIN gym.sets s ON s.id = r.set_id WHERE s.id IS NULL') == 0 ]] ||
    fault "reps are left"

step 'no password where others read'
as_before 'all of it'
for text in "$SECRET" "$HOME_SECRET"; do
    journalctl --no-pager --output=cat | grep --fixed-strings "$text" && fault "a password is in the journal"
    grep -rlq --fixed-strings "$text" /var/lib/gym-mirror /var/lib/gym-mirror-outbox && fault "a password was written"
done
grep -q --fixed-strings secret /var/lib/gym-mirror-outbox/env.txt && fault "a password is in the environment"
step 'no target again: nothing runs'
echo 'camera.source = "/srv/film.mp4"' >"$SETTINGS"
systemctl restart "$OUTBOX"
await 20 test "$(of_outbox ActiveState)" = inactive || fault "it is $(of_outbox ActiveState)"

finish
