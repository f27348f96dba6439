"""`kiosk doctor`: which parts work here, one line each, with the remedy where one does not.

It changes nothing. What a PC lacks by nature, a Pi's camera or its pins, is reported as absent and
is no failure.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from pathlib import Path
from uuid import uuid4

from kiosk.errors import ExerciseError, KioskError, SettingsError
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.exercises.exercise import LEAST_FPS, Exercise
from kiosk.settings import TAG_READERS, Settings, chosen_file, find, find_chosen, load
from kiosk.system.files import history_folder, nearest_existing
from kiosk.system.firmware import Limit
from kiosk.system.health import Roots, read_health
from kiosk.system.outbox_status import HomeStatus, OutboxStatus, find_status
from kiosk.system.version import rolled_back, running_version
from kiosk.system.wall_clock import RELEASED_S
from kiosk.ui.health_table import LEAST_DISK_MB, Place, probe_of, shown
from kiosk.ui.sound.pack import PackError, pack_folder, read_pack
from kiosk.ui.sound.speech import ESPEAK, cue_texts, installed_engines
from kiosk.ui.words.words import Words, load_exercises
from kiosk.vision.camera.factory import is_live
from kiosk.vision.camera.present import usb_cameras
from kiosk.vision.models.download import FALLBACK_VARIANT, file_fault
from kiosk.vision.models.interpreter import default_threads, load_runtime
from kiosk.vision.models.manifest import ModelSpec, load_manifest, weights_folder
from kiosk.vision.models.selection import AUTO, choose, time_model_ms

ROOTS = Roots()
"""Where the machine is probed; a test has its own."""
LOCAL_TIME = Path("/etc/localtime")
_LIMITS = {
    Limit.UNDER_VOLTAGE: "too little voltage",
    Limit.FREQUENCY_CAPPED: "frequency capped",
    Limit.THROTTLED: "throttled",
    Limit.SOFT_TEMPERATURE_LIMIT: "soft temperature limit",
}


_RESTART_OUTBOX = (
    "sudo systemctl restart gym-mirror-outbox, and see journalctl -u gym-mirror-outbox"
)


_SWITCHED_OFF = "switched off: outbox.enabled is false"


class State(Enum):
    """The result of a check; the value is what is printed."""

    OK = "ok"
    FAIL = "FAIL"
    ABSENT = "--"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: a fact, and its remedy where something is to be done.

    The name is the probe's, set by whoever runs it.
    """

    state: State
    fact: str
    remedy: str = ""
    name: str = ""

    def __str__(self) -> str:
        line = f"{self.name:<8} {self.state.value:<4}  {self.fact}"
        return f"{line} -> {self.remedy}" if self.remedy else line


Check = Callable[[Settings], Finding]
"""Tries one part of the mirror."""

ok = partial(Finding, State.OK)
failed = partial(Finding, State.FAIL)
"""A mirror does not work like this."""
absent = partial(Finding, State.ABSENT)
"""This machine lacks it, which need not be a failure."""


def run(arguments: Namespace) -> int:
    """Prints one line for each part of the mirror; returns 1 if one failed."""
    named = arguments.settings
    checks = CHECKS | {"settings": lambda _: find_settings(named)}
    return report(examine(load(named), checks=checks))


def report(findings: Iterable[Finding]) -> int:
    """Prints each finding as soon as it is there; returns the exit code, 1 if one failed."""
    code = 0
    for finding in findings:
        print(finding, flush=True)
        code |= finding.state is State.FAIL
    return code


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


def check_choice(settings: Settings) -> Finding:
    """Times all models here, anew: which one this machine runs, and whether it keeps up."""
    pose, exercise = settings.pose, _exercise(settings)
    fps = exercise.needed_fps
    if pose.model != AUTO:
        return ok(f"{pose.model}, as the settings say")
    choice = choose(fps, pose.threads, always=True)
    if not choice.took_ms:
        return absent("no model to choose from")
    timed = ", ".join(f"{name} {ms:.1f} ms" for name, ms in choice.took_ms.items())
    fact = f"{choice.variant} of {timed}; {exercise.id} allows {choice.most_ms:.0f} ms"
    if choice.took_ms[choice.variant] > 1000 / fps:
        if FALLBACK_VARIANT not in choice.took_ms:
            return failed(fact, f"kiosk models --variant {FALLBACK_VARIANT}")
        return failed(fact, "a faster board, or a fan if it is hot")
    return ok(fact if choice.holds else f"{fact}: it just keeps up")


def check_model(settings: Settings) -> Finding:
    """Checks that the chosen model's file is here and the right one."""
    variant, spec, path = _chosen(settings)
    if (fault := file_fault(path, spec)) is not None:
        return failed(f"{path}: {fault}", f"run 'kiosk models --variant {variant}'")
    return ok(f"{spec.title}, {path}")


def check_runtime(settings: Settings) -> Finding:
    """Loads the runtime, and measures how long the model takes for one picture."""
    _, name = load_runtime()
    _, spec, path = _chosen(settings)
    if file_fault(path, spec) is not None:
        return ok(f"{name}; not tried for want of a model")
    threads, took_ms = measure_speed(settings)
    return ok(f"{name}, {threads} thread{'s' * (threads > 1)}, {took_ms:.1f} ms a picture")


def measure_speed(settings: Settings) -> tuple[int, float]:
    """Returns the model's threads, and measures its milliseconds a picture, as the choice does."""
    _, spec, path = _chosen(settings)
    threads = settings.pose.threads or default_threads()
    return threads, time_model_ms(path, spec, threads)


def check_camera(settings: Settings) -> Finding:
    """Finds the source of the pictures; takes none."""
    source = settings.camera.source
    if source == "pi" or source.startswith("pi:"):
        return _check_pi_camera(source.partition(":")[2] or "0")
    if is_live(source):
        device = source.removeprefix("usb:").removeprefix("/dev/")
        return _check_usb_camera(ROOTS.dev / (f"video{device}" if device.isdecimal() else device))
    if Path(source).is_file():
        return ok(f"film {source}")
    remedy = "name a film that exists, or set camera.source to 'pi' or 'usb:0'"
    return failed(f"no film {source}", remedy)


def check_display(_: Settings) -> Finding:
    """Finds the screen that SDL would draw on; opens no window."""
    import pygame  # none of the other checks needs SDL

    try:
        pygame.display.init()
        driver, sizes = pygame.display.get_driver(), pygame.display.get_desktop_sizes()
    except pygame.error as error:
        remedy = "start it on the desktop, or unset SDL_VIDEODRIVER"
        return failed(f"no screen opens ({error})", remedy)
    finally:
        pygame.display.quit()
    if driver not in {"offscreen", "dummy"}:
        screens = ", ".join(f"{width}x{height}" for width, height in sizes)
        return ok(f"{driver}, {screens}")
    cards = sorted(ROOTS.dev.glob("dri/card*"))
    if cards and not any(map(_usable, cards)):
        return failed(f"{cards[0]} is not open to this user", _join("video,render"))
    remedy = "connect a screen or start on the desktop; until then pictures are drawn off-screen"
    return absent("no screen here", remedy)


def check_panel(settings: Settings) -> Finding:
    """Checks that the buttons can be reached; touches no pin."""
    if settings.panel.kind == "keyboard":
        return ok("keyboard")
    if not _on_a_pi():
        return absent("no GPIO pins here", "set panel.kind to 'keyboard'")
    # Searched for, not imported: lgpio leaves a FIFO in the working folder when it is imported.
    if importlib.util.find_spec("lgpio") is None:
        return failed("lgpio is not installed", "sudo apt install python3-lgpio")
    if not any(map(_usable, ROOTS.dev.glob("gpiochip*"))):
        return failed("no gpiochip is open to this user", _join("gpio"))
    version, pins = importlib.metadata.version("gpiozero"), settings.panel.pins
    return ok(f"gpiozero {version}, pins {pins.exercise}, {pins.finish}, {pins.history}")


def check_tags(settings: Settings) -> Finding:
    """Checks that the tag reader, where there is to be one, can be read."""
    if not settings.lifters.tags:
        return ok("no tags, as the settings say")
    name = Path(settings.lifters.tag_reader).name
    folder = ROOTS.dev / TAG_READERS.relative_to("/dev")
    if not (folder / name).exists():
        found = ", ".join(sorted(path.name for path in folder.glob("*-kbd"))) or "none"
        remedy = "plug the reader in, or set lifters.tag_reader to one that is there"
        return failed(f"no {folder / name}; keyboards here: {found}", remedy)
    if not os.access(folder / name, os.R_OK):
        return failed(f"{folder / name} is not open to this user", _join("input"))
    return ok(f"tag reader {name}")


def check_heat(settings: Settings) -> Finding:
    """Checks that heat and supply let the processor run at full speed, now and since boot."""
    health = read_health(history_folder(settings.history.folder), ROOTS)
    degrees = None if health.temperature_c is None else f"{health.temperature_c:.0f} °C"
    if (limits := health.throttling) is None:
        fact = degrees or "no temperature sensor here"
        if not _on_a_pi():
            return ok(fact) if degrees else absent(fact)
        return absent(f"{fact}, the firmware does not answer", _join("video"))
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
    health, near = read_health(folder, ROOTS), folder
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


def check_voice(settings: Settings) -> Finding:
    """Names what speaks the cues: the owner's own sound files, then a program."""
    sound = settings.sound
    if not (sound.enabled and sound.voice):
        return absent("switched off by sound.enabled or sound.voice")
    exercises = None  # those of the package; a folder that cannot be used has its line above
    with suppress(ExerciseError):
        exercises = load_exercises(settings.coach.exercises)
    words = Words.load(settings.screen.language, exercises)
    engines = installed_engines(words.language)
    spoken = [f"the voice of {engines[0]}" if engines else "tones"]
    if (pack := pack_folder(sound.pack)) is not None:
        keys = cue_texts(words)
        read = list(read_pack(pack, words.language, keys))
        faults = [one for one in read if isinstance(one, PackError)]
        if faults:
            return failed(f"{len(read) - len(faults)} sounds of {pack}", str(faults[0]))
        spoken.insert(0, f"{len(read)} of {len(keys)} cues from {pack}")
    if not engines:
        return failed(", else ".join(spoken), f"sudo apt install {ESPEAK.program}")
    return ok(", else ".join(spoken))


def check_switch(settings: Settings) -> Finding:
    """Says when the screen sleeps, and finds the programs that switch its panel; runs none."""
    screen = settings.screen
    for key, command in (("off", screen.off_command), ("on", screen.on_command)):
        if command and shutil.which(command[0]) is None:
            remedy = "install it, or name its whole path"
            return failed(f"screen.{key}_command: there is no program {command[0]}", remedy)
    if not screen.off_after_min:
        return ok("the screen never goes black, as screen.off_after_min says")
    programs = dict.fromkeys(
        Path(command[0]).name for command in (screen.off_command, screen.on_command) if command
    )
    by = f"{' and '.join(programs)} switches the panel" if programs else "the panel stays on"
    minutes = f"{screen.off_after_min} minute{'s' * (screen.off_after_min > 1)}"
    return ok(f"black after {minutes} without anybody; {by}")


def check_outbox(settings: Settings) -> Finding:
    """Connects to the database that the sets are sent to, where there is one."""
    if not settings.outbox.target:
        return ok("off")
    if not settings.outbox.enabled:
        return ok(_SWITCHED_OFF)
    from kiosk.outbox.connect import Target
    from kiosk.outbox.server import Server

    target = Target.of(settings.outbox)
    Server(target, uuid4()).close()
    status = find_status(OutboxStatus)
    if status is None:
        return failed(f"{target.name} answers, and nothing was ever sent", _RESTART_OUTBOX)
    if status.error is not None:
        return failed(f"{target.name} answers; the outbox met: {status.error}", "wait a minute")
    return ok(f"{target.name} answers; {status.waiting} sets wait")


def check_home(settings: Settings) -> Finding:
    """Connects to the MQTT broker of Home Assistant, where there is one."""
    if not settings.home.broker:
        return ok("off")
    if not settings.outbox.enabled:
        return ok(_SWITCHED_OFF)
    from kiosk.outbox.home import try_broker

    answers = try_broker(settings)
    status = find_status(HomeStatus)
    if status is None:
        return failed(f"{answers}, and nothing was ever sent", _RESTART_OUTBOX)
    if status.error is not None:
        return failed(f"{answers}; the outbox met: {status.error}", "wait a minute")
    return ok(answers)


CHECKS: dict[str, Check] = {
    "choice": check_choice,
    "model": check_model,
    "runtime": check_runtime,
    "camera": check_camera,
    "display": check_display,
    "panel": check_panel,
    "tags": check_tags,
    "heat": check_heat,
    "disk": check_disk,
    "time": check_time,
    "release": check_release,
    "voice": check_voice,
    "outbox": check_outbox,
    "home": check_home,
    "switch": check_switch,
    "settings": check_settings,
}
"""By the keys of their probes."""


def _exercise(settings: Settings) -> Exercise:
    return exercise_by_id(settings.coach.exercise, load_exercises(settings.coach.exercises))


def _chosen(settings: Settings) -> tuple[str, ModelSpec, Path]:
    variant = settings.pose.model
    if variant == AUTO:
        try:
            fps = _exercise(settings).needed_fps
        except ExerciseError:  # `check_choice` reports it, once for all checks
            fps = LEAST_FPS
        variant = choose(fps, settings.pose.threads).variant
    spec = load_manifest().spec(variant)
    return variant, spec, weights_folder() / spec.file


def _check_pi_camera(number: str) -> Finding:
    if not _on_a_pi():
        remedy = "use --source FILE, or a USB camera with camera.source = 'usb:0'"
        return absent("no Raspberry Pi camera here", remedy)
    try:
        from picamera2 import Picamera2  # only a Pi has it
    except ImportError as error:
        remedy = "sudo apt install --no-install-recommends python3-picamera2"
        return failed(f"picamera2 does not load ({error})", remedy)
    models = [str(camera.get("Model", "camera")) for camera in Picamera2.global_camera_info()]
    if not models:
        remedy = "switch off, seat the ribbon cable at both ends, start again"
        return failed("no camera answers", remedy)
    if not (number.isdecimal() and int(number) < len(models)):
        return failed(f"no Pi camera {number} of {len(models)}", "set camera.source to 'pi'")
    return ok(f"Pi camera {', '.join(models)}")


def _check_usb_camera(node: Path) -> Finding:
    if not node.exists():
        found = ", ".join(usb_cameras(ROOTS.dev)) or "none"
        remedy = "plug the camera in, or set camera.source to one that is there"
        return failed(f"no {node}; cameras here: {found}", remedy)
    if not _usable(node):
        return failed(f"{node} is not open to this user", _join("video"))
    return ok(f"USB camera {node}")


def _join(groups: str) -> str:
    """Formats the remedy for a device that belongs to groups this user is not in."""
    return f"sudo usermod -aG {groups} $USER, then log in again"


def _on_a_pi() -> bool:
    try:
        model = (ROOTS.proc / "device-tree/model").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return "Raspberry Pi" in model


def _usable(device: Path) -> bool:
    return os.access(device, os.R_OK | os.W_OK)
