#!/usr/bin/env bash
# What package_in_container.sh runs inside: one upgrade after the other, and the end.
# shellcheck source=tests/platform/in_container.sh
source /srv/in_container.sh

install() { dpkg -i "/srv/$1.deb" >/srv/said 2>&1; }

state() { dpkg-query -W -f '${db:Status-Abbrev}${Version}' gym-mirror; }

await 90 runs_as_another 0 || fault "it did not start; $(show Result)"
await 60 has_a_set || fault "no set came into history"
first=$(in_use)

install new || fault "the upgrade failed: $(cat /srv/said)"
second=$(in_use)
[[ $second != "$first" && ! -e $HOME_DIR/rolled-back ]] || fault "the upgrade was taken back"
[[ $(show FragmentPath) != "$UNIT_DIR"/* ]] || fault "its unit is $(show FragmentPath)"
await 60 test ! -e "$HOME_DIR/trial" || fault "its trial does not end"
await 10 runs_as_another 0 || fault "it does not run"
echo "an upgrade that works: $(state), $(tail -n 1 /srv/said)"

began_ms=$(now_ms)
install bad || fault "an upgrade that goes back is no failure of dpkg: $(cat /srv/said)"
[[ $(in_use) == "$second" ]] || fault "$(in_use) is in use and not $second"
await 60 runs_as_another 0 || fault "the one before does not run: $(show SubState), $(show Result)"
[[ $(show Description) == "Gym mirror" ]] || fault "its unit is that of the bad one"
[[ $(show FragmentPath) == "$UNIT_DIR"/* ]] || fault "its unit is $(show FragmentPath)"
grep 'gym-mirror: the new release did not come up' /srv/said || fault "apt does not say so"
history --csv | tail -n +2 | grep . >/dev/null || fault "the history is gone"
echo "an upgrade that does not come up: back after $(($(now_ms) - began_ms)) ms, $(state)"

install old || fault "the downgrade failed: $(cat /srv/said)"
[[ $(in_use) == "$first" && $(show FragmentPath) != "$UNIT_DIR"/* ]] ||
    fault "$(in_use) is in use, $(show FragmentPath)"
await 60 runs_as_another 0 || fault "it does not run"
echo "a downgrade: $(state)"

dpkg --remove gym-mirror >/srv/said 2>&1 || fault "it cannot be removed: $(cat /srv/said)"
[[ ! -e $HOME_DIR && -e $STATE_DIR/history.sqlite3 ]] || fault "removed, and $(ls -d "$HOME_DIR" "$STATE_DIR")"
[[ -z $(find /proc -maxdepth 1 -user gym-mirror) ]] || fault "it still runs"
systemctl --quiet is-failed "gym-mirror*" && fault "a unit of it has failed"
dpkg --purge gym-mirror >/srv/said 2>&1 || fault "it cannot be purged: $(cat /srv/said)"
[[ ! -e $STATE_DIR && ! -e /etc/gym-mirror ]] || fault "purged, and there is something left"
echo "removed and purged"

finish
