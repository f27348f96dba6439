"""Checks the machine below the mirror: heat, disk and clock; its release and its settings."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from kiosk.commands.doctor import host
from kiosk.commands.doctor.finding import Finding, absent, failed, ok
from kiosk.errors import SettingsError
from kiosk.settings import Settings, chosen_file, find, find_chosen
from kiosk.system.files import history_folder, nearest_existing
from kiosk.system.firmware import Limit
from kiosk.system.health import read_health
from kiosk.system.version import rolled_back, running_version
from kiosk.system.wall_clock import RELEASED_S
from kiosk.ui.health_table import LEAST_DISK_MB, probe_of

LOCAL_TIME = Path("/etc/localtime")

_LIMITS = {
    Limit.UNDER_VOLTAGE: "too little voltage",
    Limit.FREQUENCY_CAPPED: "frequency capped",
    Limit.THROTTLED: "throttled",
    Limit.SOFT_TEMPERATURE_LIMIT: "soft temperature limit",
}


def check_heat(settings: Settings) -> Finding:
    """Checks that heat and supply let the processor run at full speed, now and since boot."""
    health = read_health(history_folder(settings.history.folder), host.ROOTS)
    degrees = None if health.temperature_c is None else f"{health.temperature_c:.0f} °C"
    if (limits := health.throttling) is None:
        fact = degrees or "no temperature sensor here"
        if not host.on_a_pi():
            return ok(fact) if degrees else absent(fact)
        return absent(f"{fact}, the firmware does not answer", host.join_groups("video"))
    facts = [degrees] if degrees else []
    for when, found in (("now", limits.now), ("since boot", limits.since_boot - limits.now)):
        facts += [f"{_LIMITS[limit]} {when}" for limit in Limit if limit in found]
    if not limits.since_boot:
        facts.append("full speed since boot")
    # a weak supply slows the processor too, so heat is not to be blamed until that is mended
    weak = Limit.UNDER_VOLTAGE in limits.since_boot
    probe = probe_of("power" if weak else "temperature")
    if limits.since_boot or probe.exceeds(health):
        return failed(", ".join(facts), probe.remedy)
    return ok(", ".join(facts))


def check_disk(settings: Settings) -> Finding:
    """Checks that history can be written, with a trial file, and that there is space."""
    folder = history_folder(settings.history.folder)
    health, near = read_health(folder, host.ROOTS), folder
    try:
        near = nearest_existing(folder)  # which fails where this user may not read
        with tempfile.NamedTemporaryFile(dir=near, prefix=".doctor-") as file:
            file.write(b"writable")
            file.flush()
    except OSError as error:
        remedy = f"give yourself {near}, or set history.folder to another place"
        if health.disk_read_only:
            remedy = "start the machine again; a card that stays read-only is worn, replace it"
        return failed(f"{folder} cannot be written ({error.strerror})", remedy)
    free_mb = health.disk_free_mb
    fact = f"{folder}, {'unknown' if free_mb is None else f'{free_mb / 1e3:.1f} GB'} free"
    if free_mb is not None and free_mb < LEAST_DISK_MB:
        return failed(fact, f"free {LEAST_DISK_MB} MB")
    return ok(fact)


def check_time(_: Settings, now: datetime | None = None) -> Finding:
    """Checks that the clock shows a time that a set can be filed under."""
    now = now or datetime.now(UTC).astimezone()
    fact = f"{now:%Y-%m-%d %H:%M %Z}"
    if now.timestamp() < RELEASED_S:
        remedy = "connect the network once, or sudo timedatectl set-time 'YYYY-MM-DD HH:MM'"
        return failed(f"the clock is wrong: {fact}", remedy)
    if not (os.environ.get("TZ") or LOCAL_TIME.exists()):
        return absent(f"{fact}, no time zone is set", "sudo timedatectl set-timezone AREA/CITY")
    return ok(fact)


def check_release(_: Settings) -> Finding:
    """Whether a newer release was installed that did not come up."""
    if (told := rolled_back()) is not None:
        return failed(told, "journalctl -u gym-mirror -n 200 says why; then install a newer one")
    return ok(running_version())


def check_settings(_: Settings) -> Finding:
    """Names the settings that are read where none are named."""
    return find_settings(None)


def find_settings(named: Path | None) -> Finding:
    """Names the file that is read, and the one that counts instead where somebody has chosen."""
    found = find(named)
    place = None if found is None else found[1]
    fact, file = str(place or "no settings file"), chosen_file(place)
    try:
        chosen, _ = find_chosen(place)
        there = file.exists()
    except (SettingsError, PermissionError) as error:
        if isinstance(error, PermissionError) or isinstance(error.__cause__, PermissionError):
            return absent(f"{fact}; {file} is not for this user to read", "sudo kiosk doctor")
        raise
    if not there:
        return ok(f"{fact}; nothing chosen with the buttons")
    if file.stat().st_uid != file.parent.stat().st_uid:
        remedy = f"sudo chown --reference={file.parent} {file}"
        return failed(f"{file} is not the mirror's own: nothing chosen is kept", remedy)
    keys = ", ".join(f"{section}.{key}" for section, part in chosen.items() for key in part)
    return ok(f"{fact}; {file} counts instead for {keys or 'nothing'}")
