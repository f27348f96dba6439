"""Damages files of every format that the kiosk reads, and finds what is not answered in one line.

`FORMATS` names them. An input is made from its number alone, so that each can be made again.
"""

import io
import random
import re
import struct
import tomllib
import traceback
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from string import Formatter
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import numpy as np
from vision.camera.filming import write_film

from kiosk import settings as settings_module
from kiosk.app import safe_settings
from kiosk.app.chosen_file import save
from kiosk.app.safe_settings import load_or_default, load_programme
from kiosk.commands.replay import as_document, replay
from kiosk.errors import KioskError
from kiosk.exercises.catalogue import FOLDER as EXERCISES
from kiosk.exercises.catalogue import catalogue, load_exercise
from kiosk.settings import Settings, load
from kiosk.system.pins import PLACE as PINS
from kiosk.system.pins import load_pin_map
from kiosk.training.plan import changed
from kiosk.ui.words import words as words_module
from kiosk.ui.words.words import Words, languages, load_exercises
from kiosk.vision.camera.film import Film
from kiosk.vision.models.download import file_fault
from kiosk.vision.models.manifest import MANIFEST, load_manifest
from kiosk.vision.pose.source import TracedPoses
from kiosk.vision.pose.trace import read_trace, write_trace
from paths import ROOT
from people import hinges

WORDS = ROOT / "kiosk" / "ui" / "words"
DAMAGED = ROOT / "tests" / "fixtures" / "damaged"
"""Inputs that were answered wrongly once."""
MOST_FRAMES = 40
"""A film is read so far."""

_CHOICES = """
# by hand
[screen]  # turned
language = "en"
rotate = 90
[panel]
edge = "left"
reversed = true
[sound]
volume = 0.7  # loud
[training]
unit = "lb"
[camera]
rotate = 180
"""
_SETTINGS = """
[camera]
source = "usb:0"
width = 640
[pose]
model = "auto"
threads = 2
[coach]
exercise = "squat"
exercises = ""
back_line = false
[screen]
rotate = 90
fullscreen = true
language = "de"
path = "plain"
[panel]
kind = "gpio"
edge = "left"
hold_s = 0.8
pins = { exercise = 17, finish = 27, history = 22 }
[history]
folder = "sets"
[lifters]
places = 4
tags = true
tag_reader = "/dev/input/by-id/usb-reader"
[training]
rest = "up"
unit = "lb"
programme = ""
[sound]
volume = 0.5
voice = true
pack = "sounds"
"""
_PROGRAMME = """
[all.deadlift]
reps = 5
sets = 5
rest_s = 180
[all.squat]
sets = 2
[lifter.3.deadlift]
reps = 3
[lifter]
4 = { squat = { reps = 12, rest_s = 45.5 } }
"""
_TOKEN = re.compile(rb'"(?:[^"\\\n]|\\.)*"|[\w.+-]+|\s+|.', re.DOTALL)
_ODD = [
    *(b"", b"=", b"[", b"]", b"[[", b"{", b"}", b",", b".", b'"', b"'", b'"""', b"#", b"\\"),
    *(b"\n", b"\r", b"\0", b"\x1b[2J", b"\xff", b"\xc2\x85", b"\xe2\x80\xa8", b"\xed\xa0\x80"),
    *(b"0", b"-1", b"1e999", b"nan", b"-inf", b"0.0", b"1e-320", b"true", b"9" * 25, b"9" * 5000),
    *(b"0x" + b"f" * 5000, b"2026-13-45", b"2026-01-01T00:00:00Z", b"07:32:00", b"[]", b"{}"),
    *(
        b"[" * 60,
        b"[" * 3000,
        b"{a=" * 500,
        b"a." * 3000,
        b'"\\u0000"',
        b'"a\\nb"',
        b'"\\U0010FFFF"',
    ),
    *(
        b'"x` - at `$.panel.kind"',
        b'"panel` - at `$.panel.kind"',
        b'"a.b"',
        b'"$"',
        b'"{count:>9}"',
    ),
    *(
        b'"{"',
        b'"{0.__class__}"',
        b'"' + b"x" * 3000 + b'"',
        b"../../etc/passwd",
        b'"~nobody-here"',
    ),
]
_VALUES = [
    *(
        b"0",
        b"1",
        b"-1",
        b"0.0",
        b"1.5",
        b"-0.5",
        b"90",
        b"1e-9",
        b"1e308",
        b"nan",
        b"inf",
        b"-inf",
    ),
    *(
        b"true",
        b"false",
        b"[]",
        b"{}",
        b'""',
        b'"a"',
        b'"x{count}"',
        b'"{"',
        b"[1, 2]",
        b'["a", "b"]',
    ),
    *(
        b"[[[[]]]]",
        b"{a = {b = {}}}",
        b"2026-01-01",
        b"07:32:00",
        b"9" * 19,
        b"9" * 25,
        b"1979-05-27T07:32:00Z",
    ),
    *(
        b"0x" + b"f" * 5000,
        b'"a\\nb"',
        b'"\\u0000"',
        b'"\\u001b[2J"',
        b'"\\u202E"',
        b'"' + b"x" * 3000 + b'"',
    ),
    *(
        b'"hinge"',
        b'"squat"',
        b'"knee_dominance"',
        b'["shallow"]',
        b'"deg"',
        b'"auto"',
        b'"usb:0"',
        b'"~nobody/x"',
    ),
    *(
        b'"x` - at `$.panel.kind"',
        b'"../../../etc/passwd"',
        b'"' + b"/x" * 400 + b'"',
        b'"."',
        b'"/dev/null"',
    ),
]
_KEYS = [
    *(
        b"a",
        b'""',
        b'"a.b"',
        b'"a\\nkiosk: all is well"',
        b'"panel` - at `$.panel.kind"',
        b"id",
        b"base",
    ),
    *(b"order", b"camera", b"panel", b"words", b"checks", b'"\\u0000"', b'"' + b"x" * 3000 + b'"'),
]
_SECTION = re.compile(rb"\[+([^\]\n]+)\]")
_ASSIGNED = re.compile(rb"\s*([\w.-]+)\s*=\s*")
_INLINE = re.compile(rb"([\w.-]+\s*=\s*)([\w.-]+)")
_BYTES = [b"\0", b"\xff", b"\x7f", b"\x80", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff"]
_FIGURES = [np.nan, np.inf, -np.inf, 1e308, -1e308, 1e18, -1e9, 1e5, 1e-320, 0.0, -1.0, 2.0]
_KINDS = ["f2", "f4", "<f8", ">f8", "i1", "u8", "i8", "c16", "U3", "b1", "M8[s]", "O", "V4"]

Input = Callable[[random.Random], bytes]


@dataclass(frozen=True)
class Format:
    """A kind of file: its ending, how one is damaged, and what is done with it."""

    ending: str
    make: Input
    use: Callable[[Path], object]


def found_in(name: str, numbers: range, folder: Path) -> Iterator[tuple[int, str]]:
    """Gives the number of each input that was answered by anything but one line, and how."""
    form = FORMATS[name]
    path = folder / f"en{form.ending}"  # a language, for the words
    with quick(path), warnings.catch_warnings(action="error"):
        for number in numbers:
            path.write_bytes(form.make(random.Random(f"{name} {number}")))
            if (fault := answer(form, path)) is not None:
                yield number, fault


def answer(form: Format, path: Path) -> str | None:
    """Uses the file; returns what is wrong with the answer, None where nothing is."""
    try:
        form.use(path)
    except KioskError as error:
        message = str(error)
        return None if message.isprintable() and message else f"not one line: {message!r}"
    except Exception:  # noqa: BLE001 - that is what is looked for
        return traceback.format_exc()
    return None


def quick(path: Path) -> ExitStack:
    """Settings come from the path, and the packaged exercises are read once and not for each."""
    stack = ExitStack()
    patches: tuple[tuple[object, str, object], ...] = (
        (
            safe_settings,
            "load_exercises",
            lambda folder: packaged() if not folder else load_exercises(folder),
        ),
        (words_module, "files", lambda _: path.parent),
    )
    for where, what, instead in patches:
        stack.enter_context(mock.patch.object(where, what, instead))
    stack.enter_context(mock.patch.dict("os.environ", {"KIOSK_SETTINGS": str(path)}))
    return stack


@cache
def packaged() -> Any:
    return load_exercises("")


# -- how they are damaged ------------------------------------------------------------------------


def bytes_changed(content: bytes, dice: random.Random, odd: list[bytes]) -> bytes:
    """Changes, cuts out, doubles or inserts a few bytes."""
    data = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        at = dice.randrange(len(data) + 1)
        length = dice.choice((1, 1, 2, 8, 64, 512))
        match dice.randrange(5):
            case 0:
                data[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + length]
            case 3:
                data[at : at + dice.randrange(2) * length] = dice.choice(odd)
            case _ if data:
                data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(data)


def toml(*seeds: Path | str) -> Input:
    """Damages one of these files or texts: its tokens, or its bytes."""

    def make(dice: random.Random) -> bytes:
        seed = dice.choice(seeds)
        content = seed.encode() if isinstance(seed, str) else seed.read_bytes()
        how = dice.random()
        if how < 0.5:  # it stays TOML, so that what it says is looked at
            return lines_changed(content, dice)
        if how < 0.65:
            return bytes_changed(content, dice, _ODD)
        tokens = _TOKEN.findall(content)
        for _ in range(dice.choice((1, 1, 1, 2, 3, 8))):
            at, other = dice.randrange(len(tokens)), dice.randrange(len(tokens))
            tokens[at] = dice.choice((dice.choice(_ODD), dice.choice(_ODD), tokens[other]))
        return b"".join(tokens)

    return make


def lines_changed(content: bytes, dice: random.Random) -> bytes:
    """Changes keys and values, leaves lines out, and puts them elsewhere."""
    lines = content.splitlines(keepends=True)
    for _ in range(dice.choice((1, 1, 2, 4))):
        at = dice.randrange(len(lines))
        match dice.randrange(6):
            case 0:
                lines[at] = b""
            case 1:
                lines[at], lines[other] = lines[(other := dice.randrange(len(lines)))], lines[at]
            case 2 if (found := _SECTION.match(lines[at])) or (found := _ASSIGNED.match(lines[at])):
                lines[at] = lines[at].replace(found[1], dice.choice(_KEYS), 1)
            case _ if found := _ASSIGNED.match(lines[at]):
                spared = lines[at].find(b"{", found.end())
                value = dice.choice(_VALUES)
                if spared > 0 and dice.random() < 0.5:  # one value of a table in the line
                    lines[at] = _INLINE.sub(
                        lambda one, value=value: one[1] + value, lines[at], count=1
                    )
                else:
                    lines[at] = lines[at][: found.end()] + value + b"\n"
    return b"".join(lines)


@cache
def trace_arrays() -> dict[str, Any]:
    file = io.BytesIO()
    poses = hinges(2)[::2]
    np.savez(
        file,
        t=np.array([pose.time_s for pose in poses]),
        keypoints=np.stack([pose.keypoints.astype(np.float32) for pose in poses]),
        size=np.array(poses[0].size),
    )
    return dict(np.load(io.BytesIO(file.getvalue())))


def trace(dice: random.Random) -> bytes:
    """Damages a trace's figures, its arrays' shapes and kinds, their headers, or its bytes."""
    arrays = {name: array.copy() for name, array in trace_arrays().items()}
    name = dice.choice(list(arrays))
    how = dice.randrange(7)
    if how == 5:  # keypoints that can be, in any order
        keypoints = arrays["keypoints"]
        for _ in range(dice.choice((1, 8, 60))):
            at, spread = dice.randrange(len(keypoints)), dice.choice((1, 50, 900))
            keypoints[at, :, :2] += [dice.gauss(0, spread) for _ in range(2)]
            keypoints[at, dice.randrange(17)] = (
                dice.choice((0.0, 320.0, 900.0)),
                dice.random(),
                dice.random(),
            )
            arrays["keypoints"] = dice.choice(
                (keypoints, keypoints * [0, 1, 1], keypoints * [1, 1, 0])
            )
    elif how == 6:  # times that can be
        scale, start = dice.choice((1e-7, 1e-3, 0.1, 30, 1e4, 1e8)), dice.choice((0, -1e6, 1.7e9))
        arrays["t"] = arrays["t"] * scale + start
    elif how <= 1:
        array = arrays[name] = arrays[name].astype(dice.choice((np.float64, arrays[name].dtype)))
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            for _ in range(dice.choice((1, 3, 50))):
                figure = dice.choice((*_FIGURES, dice.gauss(0, 1000), dice.random()))
                array.flat[dice.randrange(array.size)] = np.float64(figure).astype(array.dtype)
        if dice.random() < 0.3:
            arrays["keypoints"][
                dice.randrange(99) :: dice.randrange(1, 9), :, dice.randrange(3)
            ] = dice.random()
    elif how == 2:
        array = arrays[name]
        with warnings.catch_warnings(action="ignore"):
            arrays[name] = dice.choice(
                (
                    lambda: array.astype(dice.choice(_KINDS)),
                    lambda: array[..., None],
                    lambda: array[: dice.randrange(4)],
                    lambda: array.reshape(-1),
                    lambda: np.array(dice.choice(_FIGURES)),
                    lambda: array[::-1],
                )
            )()
    file = io.BytesIO()
    (np.savez, np.savez_compressed)[dice.randrange(2)](file, **arrays)
    if how == 3:
        return header_changed(file.getvalue(), dice)
    return bytes_changed(file.getvalue(), dice, _BYTES) if how == 4 else file.getvalue()


def header_changed(content: bytes, dice: random.Random) -> bytes:
    """Packs the members again, one with a damaged header, so that the archive itself is whole."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        names = old.namelist()
        damaged = dice.choice(names)
        for name in names:
            member = old.read(name)
            if name == damaged:
                head = bytes_changed(
                    member[:128], dice, [*_BYTES, b"(9999999,)", b"'|O'", b"-1", b"("]
                )
                member = head + member[128:]
            new.writestr(name, member)
    return file.getvalue()


@cache
def films() -> tuple[bytes, ...]:
    """Small films of several containers; one has two streams, one no times."""
    kinds = {
        "mp4": "mpeg4",
        "mkv": "mpeg4",
        "avi": "mpeg4",
        "ts": "mpeg4",
        "mov": "mjpeg",
        "h264": "libx264",
        "mjpeg": "mjpeg",
        "flv": "flv1",
    }
    with TemporaryDirectory() as folder:
        return tuple(
            write_film(
                Path(folder, f"a.{form}"), range(10), tick=Fraction(1, 25), codec=codec
            ).read_bytes()
            for form, codec in kinds.items()
        )


def film(dice: random.Random) -> bytes:
    """Damages a film's bytes, more often those of its head."""
    content = dice.choice(films())
    at = dice.choice((len(content), 600))
    return bytes_changed(content[:at], dice, _BYTES) + content[at:]


def model(dice: random.Random) -> bytes:
    """Something like the first model of the manifest, of its length or nearly."""
    spec = next(iter(load_manifest().models.values()))
    return bytes_changed(
        struct.pack("<I", 28) + b"TFL3" + bytes(spec.size_bytes % 5000), dice, _BYTES
    )


# -- what is done with them ----------------------------------------------------------------------


def use_settings(path: Path) -> None:
    settings, fault = load_or_default()
    assert isinstance(settings, Settings)
    assert fault is None or (fault.isprintable() and fault), repr(fault)
    load(path)


def use_choices(path: Path) -> None:
    """Writes a choice into the file, and reads it as the mirror does at its start."""
    before = path.read_bytes()
    try:
        save(path, {("screen", "language"): "de", ("sound", "volume"): 0.4})
    except KioskError:
        assert path.read_bytes() == before
        raise
    finally:
        with mock.patch.object(settings_module, "chosen_file", return_value=path):
            settings, fault = load_or_default()
        assert isinstance(settings, Settings)
        assert fault is None or (fault.isprintable() and fault), repr(fault)
    kept = tomllib.loads(path.read_text("utf-8"))
    assert (kept["screen"]["language"], kept["sound"]["volume"]) == ("de", 0.4)


def use_programme(path: Path) -> None:
    plans = load_programme(str(path), catalogue())
    for (place, exercise), plan in plans.items():
        assert place in range(9)
        assert exercise in catalogue()
        assert plan == changed(changed(plan, "sets", 0), "reps", 0)  # within the bounds


def use_exercise(path: Path) -> None:
    exercise = load_exercise(path, languages())
    if exercise is None:
        return
    use_poses(exercise)
    for language in languages():
        words = Words(language, {}, {exercise.id: exercise})
        assert all(words(key) for key in words.keys if key not in words._lists)


def use_poses(exercise: Any, poses: Any = None) -> None:
    found = replay(TracedPoses(poses or quiet_trace()), exercise, others=catalogue().values())
    as_document(found, source="input", exercise=exercise.id, model="trace")


@cache
def quiet_trace() -> Any:
    with TemporaryDirectory() as folder:
        write_trace(Path(folder, "a.npz"), hinges(2)[::2])
        return read_trace(Path(folder, "a.npz"))


def use_words(path: Path) -> None:
    words = Words.load(path.stem, catalogue())
    for key, text in words._texts.items():
        places = {name: 1.0 for _, name, _, _ in Formatter().parse(text) if name}
        with suppress(KioskError):
            words(key, **places)


def use_film(path: Path) -> None:
    film = Film(path)
    times = [frame.time_s for frame in islice(iter(film.read, None), MOST_FRAMES) if frame]
    film.close()
    assert all(earlier < later for earlier, later in pairwise(times))
    assert all(note.isprintable() for note in film.notes)


def use_model(path: Path) -> None:
    spec = next(iter(load_manifest().models.values()))
    fault = file_fault(path, spec)
    assert fault is not None
    assert fault.isprintable()


FORMATS = {
    "choices": Format(".toml", toml(_CHOICES, _CHOICES), use_choices),
    "settings": Format(
        ".toml",
        toml(_SETTINGS, _SETTINGS, *sorted(DAMAGED.glob("settings-*.toml"))),
        use_settings,
    ),
    "programme": Format(".toml", toml(_PROGRAMME), use_programme),
    "exercise": Format(
        ".toml",
        toml(*sorted(EXERCISES.glob("*.toml")), *sorted(DAMAGED.glob("exercise-*.toml"))),
        use_exercise,
    ),
    "words": Format(".toml", toml(*sorted(WORDS.glob("*.toml"))), use_words),
    "manifest": Format(".toml", toml(MANIFEST), load_manifest),
    "pins": Format(".toml", toml(PINS), load_pin_map.__wrapped__),
    "trace": Format(
        ".npz", trace, lambda path: use_poses(catalogue()["hip_hinge"], read_trace(path))
    ),
    "model": Format(".tflite", model, use_model),
    "film": Format(".mp4", film, use_film),
}
