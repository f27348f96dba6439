"""Checks that camera, display, buttons, tag reader, voice and panel switch can be reached."""

import importlib.metadata
import importlib.util
import os
import shutil
from contextlib import suppress
from pathlib import Path

from kiosk.commands.doctor import host
from kiosk.commands.doctor.finding import Finding, absent, failed, ok
from kiosk.errors import ExerciseError
from kiosk.settings import TAG_READERS, Settings
from kiosk.ui.sound.pack import PackError, pack_folder, read_pack
from kiosk.ui.sound.speech import ESPEAK, cue_texts, installed_engines
from kiosk.ui.words.words import Words, load_exercises
from kiosk.vision.camera.factory import is_live
from kiosk.vision.camera.present import usb_cameras


def check_camera(settings: Settings) -> Finding:
    """Finds the source of the pictures; takes none."""
    source = settings.camera.source
    if source == "pi" or source.startswith("pi:"):
        return _check_pi_camera(source.partition(":")[2] or "0")
    if is_live(source):
        device = source.removeprefix("usb:").removeprefix("/dev/")
        return _check_usb_camera(
            host.ROOTS.dev / (f"video{device}" if device.isdecimal() else device)
        )
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
    cards = sorted(host.ROOTS.dev.glob("dri/card*"))
    if cards and not any(map(host.is_usable, cards)):
        return failed(f"{cards[0]} is not open to this user", host.join_groups("video,render"))
    remedy = "connect a screen or start on the desktop; until then pictures are drawn off-screen"
    return absent("no screen here", remedy)


def check_panel(settings: Settings) -> Finding:
    """Checks that the buttons can be reached; touches no pin."""
    if settings.panel.kind == "keyboard":
        return ok("keyboard")
    if not host.on_a_pi():
        return absent("no GPIO pins here", "set panel.kind to 'keyboard'")
    # Searched for, not imported: lgpio leaves a FIFO in the working folder when it is imported.
    if importlib.util.find_spec("lgpio") is None:
        return failed("lgpio is not installed", "sudo apt install python3-lgpio")
    if not any(map(host.is_usable, host.ROOTS.dev.glob("gpiochip*"))):
        return failed("no gpiochip is open to this user", host.join_groups("gpio"))
    version, pins = importlib.metadata.version("gpiozero"), settings.panel.pins
    return ok(f"gpiozero {version}, pins {pins.exercise}, {pins.finish}, {pins.history}")


def check_tags(settings: Settings) -> Finding:
    """Checks that the tag reader, where there is to be one, can be read."""
    if not settings.lifters.tags:
        return ok("no tags, as the settings say")
    name = Path(settings.lifters.tag_reader).name
    folder = host.ROOTS.dev / TAG_READERS.relative_to("/dev")
    if not (folder / name).exists():
        found = ", ".join(sorted(path.name for path in folder.glob("*-kbd"))) or "none"
        remedy = "plug the reader in, or set lifters.tag_reader to one that is there"
        return failed(f"no {folder / name}; keyboards here: {found}", remedy)
    if not os.access(folder / name, os.R_OK):
        return failed(f"{folder / name} is not open to this user", host.join_groups("input"))
    return ok(f"tag reader {name}")


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


def _check_pi_camera(number: str) -> Finding:
    if not host.on_a_pi():
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
        found = ", ".join(usb_cameras(host.ROOTS.dev)) or "none"
        remedy = "plug the camera in, or set camera.source to one that is there"
        return failed(f"no {node}; cameras here: {found}", remedy)
    if not host.is_usable(node):
        return failed(f"{node} is not open to this user", host.join_groups("video"))
    return ok(f"USB camera {node}")
