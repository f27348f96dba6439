"""`kiosk doctor`: which parts work here, one line each, with the remedy where one does not.

It changes nothing. What a PC lacks by nature, a Pi's camera or its pins, is reported as absent and
is no failure.
"""

from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import replace

from kiosk.commands.doctor import device_checks, model_checks, sending_checks, system_checks
from kiosk.commands.doctor.finding import Check, Finding, State, failed, report
from kiosk.errors import KioskError
from kiosk.settings import Settings, load
from kiosk.ui.health_table import Place, shown


def run(arguments: Namespace) -> int:
    """Prints one line for each part of the mirror; returns 1 if one failed."""
    named = arguments.settings
    checks = CHECKS | {"settings": lambda _: system_checks.find_settings(named)}
    return report(examine(load(named), checks=checks))


def examine(
    settings: Settings, place: Place = "doctor", checks: Mapping[str, Check] | None = None
) -> Iterator[Finding]:
    """Runs a place's probes in their order; a check that raises is a failure of its own.

    By default they are the doctor's `CHECKS`.
    """
    for probe in shown(place):
        try:
            finding = (checks or CHECKS)[probe.key](settings)
        except KioskError as error:
            finding = failed(str(error))
        except Exception as error:  # noqa: BLE001 - one broken part must not hide the others
            fact = f"the check itself failed ({type(error).__name__}: {error})"
            finding = failed(fact, "install the kiosk again, or report it")
        if place == "acceptance" and probe.needed and finding.state is State.ABSENT:
            finding = replace(finding, state=State.FAIL)
        yield replace(finding, name=probe.key)


CHECKS: dict[str, Check] = {
    "choice": model_checks.check_choice,
    "model": model_checks.check_model,
    "runtime": model_checks.check_runtime,
    "camera": device_checks.check_camera,
    "display": device_checks.check_display,
    "panel": device_checks.check_panel,
    "tags": device_checks.check_tags,
    "heat": system_checks.check_heat,
    "disk": system_checks.check_disk,
    "time": system_checks.check_time,
    "release": system_checks.check_release,
    "voice": device_checks.check_voice,
    "outbox": sending_checks.check_outbox,
    "home": sending_checks.check_home,
    "switch": device_checks.check_switch,
    "settings": system_checks.check_settings,
}
"""By the keys of their probes."""
