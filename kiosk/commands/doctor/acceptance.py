"""`kiosk doctor --install`: tries every part of a new unit, and lists what only a person can see.

Unlike the doctor it opens the devices, so the mirror has to be stopped. It asks nothing, plays
nothing and leaves nothing behind. What a mirror cannot do without is a failure where it is absent.
"""

import tempfile
import time
from argparse import Namespace
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pygame
from msgspec.structs import asdict

from kiosk.body.pose import Keypoint
from kiosk.coaching.record import Ended, SetRecord
from kiosk.commands.doctor import device_checks, host, model_checks
from kiosk.commands.doctor.examine import CHECKS, examine
from kiosk.commands.doctor.finding import Check, Finding, State, absent, failed, ok, report
from kiosk.exercises.exercise import LEAST_FPS
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.settings import Settings, load
from kiosk.system.files import history_folder, nearest_existing
from kiosk.system.pins import load_pin_map
from kiosk.system.program import ProgramError, run_program
from kiosk.ui.panel.button import Button
from kiosk.ui.panel.factory import open_panel
from kiosk.ui.screen.display import Display, has_display
from kiosk.ui.screen.panel_switch import TIMEOUT_S
from kiosk.ui.sound.mixer import MixerSpeaker
from kiosk.ui.sound.speech import ESPEAK, installed_engines
from kiosk.ui.words.words import Words
from kiosk.vision.camera.factory import open_source
from kiosk.vision.camera.frame import Frame
from kiosk.vision.pose.movenet import load_estimator

BY_HAND = (
    "the mirror hangs fast, no cable can be caught, the vents are free",
    "with the room lit and the screen dark you see yourself, and nothing behind the glass",
    "the screen stands upright, and is read with ease from the mark",
    "on the mark, side-on, head and feet are in the picture: it says Go, on both sides",
    "five hinges count five; the summary comes up when you walk off",
    "each button does what its label says, pressed shortly and held",
    "tones and voice are understood on the mark with the gym's own music on",
    "ten minutes after you have left the screen is dark, and wakes when you step up",
    "pull the plug in a set: it starts again by itself, with all reps but perhaps the last one",
    "five minutes without power and network: the time is still right",
    "after half an hour of use this command still finds nothing wrong",
)
"""What only a person can see, in the order in which one walks through it."""

_FRAMES = 45  # a second and a half; the first ones come late, while exposure settles
_SETTLE = 15
_SLOWEST_MS = 60.0
"""Of the 67 ms that 15 pictures a second leave; all else takes some of them."""
_DARKEST = 20.0  # mean of 0 to 255: a lens cap, or glass that lets no light through
_SEEN = 0.3  # confidence of a keypoint that is used, as in the gates of a rep

_FORGETFUL = frozenset({"overlay", "tmpfs", "ramfs"})


def run(arguments: Namespace) -> int:
    """Prints one line for each part, then what only a person can see; returns 1 if one failed."""
    code = report(accept(load(arguments.settings)))
    print("\nby hand:", *(f"  [ ] {item}" for item in BY_HAND), sep="\n")
    return code


def accept(settings: Settings) -> Iterator[Finding]:
    """Runs the probes in their order: heat comes last, after all others have put their load on."""
    frames: deque[Frame] = deque(maxlen=_SETTLE)
    own: dict[str, Check] = {
        "speed": check_speed,
        "camera": partial(check_camera, frames=frames),
        "upright": partial(check_upright, frames=frames),
        "display": check_display,
        "buttons": check_buttons,
        "sound": check_sound,
        "keeps": check_keeps,
        "history": check_history,
        "clock": check_clock,
        "switch": check_switch,
    }
    return examine(settings, "acceptance", CHECKS | own)


def check_speed(settings: Settings) -> Finding:
    """Checks that the model is fast enough for a swing."""
    _, took_ms = model_checks.measure_speed(settings)
    fact = f"{took_ms:.1f} ms a picture, of {1e3 / LEAST_FPS:.0f} that a swing leaves"
    remedy = "set pose.model = \"lightning_int8\", and see under 'heat' whether it is throttled"
    return failed(fact, remedy) if took_ms > _SLOWEST_MS else ok(fact)


def check_camera(settings: Settings, frames: deque[Frame]) -> Finding:
    """Measures size, rate and brightness of the camera's pictures; leaves the last in `frames`."""
    camera = settings.camera
    size = (camera.width, camera.height)
    times_s: list[float] = []
    opened = open_source(camera.source, size=size, fps=camera.fps, rotate=camera.rotate)
    with closing(opened) as source:
        name = source.name
        while len(times_s) < _SETTLE + _FRAMES and (frame := source.read()) is not None:
            times_s.append(frame.time_s)
            frames.append(frame)
    times_s = times_s[_SETTLE:]
    if len(times_s) < 2:
        remedy = "name a camera or a longer film in camera.source"
        return failed(f"{name} is over before it begins", remedy)
    fps = (len(times_s) - 1) / (times_s[-1] - times_s[0])
    height, width = frames[-1].rgbx.shape[:2]
    light = float(frames[-1].rgbx[..., :3].mean())
    fact = f"{name}, {width}x{height}, {fps:.1f} pictures a second, brightness {light:.0f} of 255"
    if fps < LEAST_FPS:  # a swing is not assessed: its lockout falls between two pictures
        remedy = "light the room: in the dark the exposure grows longer than a picture may take"
        return failed(fact, remedy)
    if light < _DARKEST:
        remedy = "take the film off the lens, light the room, or set the camera free of the coating"
        return failed(fact, remedy)
    return ok(fact)


def check_upright(settings: Settings, frames: deque[Frame]) -> Finding:
    """Checks by whoever is in the picture that the camera stands upright and sees the feet."""
    if not frames:
        return absent("not tried for want of a picture")
    estimator, _ = load_estimator(settings.pose.model, settings.pose.threads)
    for frame in frames:  # the model's crop follows the person, and has to find them
        points = estimator.estimate(frame).keypoints
    nose = points[Keypoint.NOSE]
    hips = points[[Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]]
    ankles = points[[Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]]
    hip, ankle = hips[np.argmax(hips[:, 2])], ankles[np.argmax(ankles[:, 2])]
    if min(nose[2], hip[2]) < _SEEN:
        remedy = "let somebody stand on the mark, and run this again"
        return absent("nobody was seen in the picture", remedy)
    across, down = hip[:2] - nose[:2]
    if down < abs(across):
        lies = "on its head" if down < -abs(across) else "on its side"
        remedy = "turn the camera, or its picture by camera.rotate: 90, 180 or 270"
        return failed(f"the picture stands {lies}", remedy)
    if ankle[2] < _SEEN:
        remedy = "stand further away, or lower the camera to the hip"
        return failed("head up, but the feet are not seen", remedy)
    return ok("head up, feet in the picture")


def check_display(settings: Settings) -> Finding:
    """Opens the display for a moment, and checks that it stands upright."""
    if not has_display():
        return device_checks.check_display(settings)
    screen = settings.screen
    with Display(screen, Words.load(screen.language), on_screen=True) as display:
        width, height = display.size
    if width > height:
        remedy = "set screen.rotate to 90, or to 270 where the picture is upside down then"
        return failed(f"{width}x{height} lies on its side", remedy)
    return ok(f"{width}x{height} upright, turned by {screen.rotate} degrees")


def check_buttons(settings: Settings) -> Finding:
    """Reads every button, and checks that none is down and no pin is another part's."""
    panel = settings.panel
    if panel.kind == "keyboard":
        remedy = 'set panel.kind = "gpio" where buttons are wired; a set needs none'
        return absent("the keyboard alone", remedy)
    pins: dict[str, int] = asdict(panel.pins)
    others = {
        w.bcm: f"{w.part} {w.terminal}" for w in load_pin_map().values() if w.part != "buttons"
    }
    for name, pin in pins.items():
        if pin in others:
            remedy = f"set panel.pins.{name} to a pin that the pin map leaves free"
            return failed(f"{name} is on GPIO {pin}, which is for: {others[pin]}", remedy)
    with closing(open_panel(panel)) as opened:
        now_s = time.monotonic()
        opened.poll(now_s)
        later_s = now_s + panel.debounce_s + 0.01  # given, not waited for: two polls are enough
        opened.poll(later_s)
        found = {*opened.progress(later_s), *opened.stuck(later_s)}
        down = [button.value for button in Button if button in found]
    if down:
        remedy = "let go of it; else its wire touches ground, or it is a button that opens"
        return failed(f"reads as pressed: {', '.join(down)}", remedy)
    return ok(f"none is down; GPIO {', '.join(f'{name} {pin}' for name, pin in pins.items())}")


def check_sound(settings: Settings) -> Finding:
    """Opens the sound device, which plays nothing, and finds the voice's program."""
    sound = settings.sound
    if not sound.enabled:
        return absent("switched off by sound.enabled")
    with closing(MixerSpeaker(0.0, {}, device=sound.device)):
        driver = pygame.mixer.get_driver()
    if driver in {"dummy", "disk"}:
        remedy = "connect a loudspeaker, and unset SDL_AUDIODRIVER"
        return failed(f"no sound device, SDL has '{driver}'", remedy)
    if not sound.voice:
        return ok(f"{driver}, tones")
    if not (engines := installed_engines(settings.screen.language)):
        return failed(f"{driver}, no voice", f"sudo apt install {ESPEAK.program}")
    return ok(f"{driver}, with the voice of {engines[0]}")


def check_keeps(settings: Settings) -> Finding:
    """Checks that what is written is still there after a restart."""
    folder = history_folder(settings.history.folder)
    kind, device = _mount_of(nearest_existing(folder).resolve())
    root, _ = _mount_of(Path("/"))
    fact = f"{folder} on {kind} ({device}), the system on {root}"
    if kind in _FORGETFUL:
        remedy = "give the history a partition of its own: hardware/README.md, Read-only root"
        return failed(f"{fact}: forgotten when the power goes", remedy)
    return ok(fact)


def check_history(settings: Settings) -> Finding:
    """Reads the history, and stores a trial set of the exercise beside it."""
    exercise = settings.coach.exercise or "trial"
    folder = history_folder(settings.history.folder)
    Reader(folder).recent(1)  # raises where it is damaged
    trial = SetRecord(serial=1, exercise=exercise, started_s=0.0, reps=(), ended=Ended.IDLE)
    with tempfile.TemporaryDirectory(dir=nearest_existing(folder), prefix=".acceptance-") as place:
        begin_s = time.monotonic()
        with closing(Store(Path(place))) as store:
            store.save(trial, time.time())
        took_s = time.monotonic() - begin_s
        found = Reader(Path(place)).recent(2)
    if [one.exercise for one in found] != [exercise]:
        return failed(f"{folder}: a set was stored there and not found again", "change the SD card")
    return ok(f"a trial set is stored and found, {took_s * 1e3:.0f} ms")


def check_clock(_: Settings) -> Finding:
    """Finds a clock that runs on without power."""
    clocks = sorted(clock.name for clock in (host.ROOTS.sys / "class/rtc").glob("rtc*"))
    if not clocks:
        remedy = "fit a DS3231 (Pi 4), or leave the unit on a network that tells the time"
        return absent("none runs on while the power is off", remedy)
    return ok(f"{', '.join(clocks)}; that of a Pi 5 needs its battery")


def check_switch(settings: Settings) -> Finding:
    """Runs the command that switches the panel on."""
    found, command = device_checks.check_switch(settings), settings.screen.on_command
    if not command or found.state is not State.OK:
        return found
    began_s = time.monotonic()
    try:
        run_program(command, TIMEOUT_S)
    except ProgramError as error:
        remedy = "run it by hand, and see hardware/README.md"
        return failed(f"screen.on_command: {error}", remedy)
    return ok(f"{found.fact}, on within {time.monotonic() - began_s:.1f} s")


def _mount_of(place: Path) -> tuple[str, str]:
    """Finds type and device of the file system that holds a place; see proc_pid_mountinfo(5)."""
    longest, kind, device = -1, "unknown", "unknown"
    for line in (host.ROOTS.proc / "self/mountinfo").read_text("utf-8").splitlines():
        mount, _, origin = line.partition(" - ")
        at = mount.split()[4].replace("\\040", " ")
        if place.is_relative_to(at) and len(at) >= longest:  # of two on one place the later covers
            longest, (kind, device) = len(at), origin.split()[:2]
    return kind, device
