"""Runs a set on the packaged film and prints every file and socket that Python touched.

``watched_set.py FOLDER SECONDS [LEAK...]`` runs the whole kiosk, with the real model, on the first
seconds of the film, and keeps its history below FOLDER. It prints, as JSON, what an audit hook saw.
Each LEAK is a way for a frame to get out that is built in on purpose, to see it noticed.
"""

import json
import mmap
import os
import socket
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

seen: dict[str, list[str]] = {"written": [], "network": [], "started": []}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
MOVING = ("os.rename", "os.link", "os.symlink", "os.truncate", "shutil.copyfile", "shutil.move")
STARTING = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pty.spawn")
HARMLESS = ("socket.__new__", "socket.gethostname")  # a socket says nothing until it is used


def hook(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING:
        path = arguments[0]
        if isinstance(path, int):  # a file that is open already, or the pipe to the voice
            path = Path(f"/proc/self/fd/{path}").readlink()
        if not str(path).startswith("pipe:"):
            seen["written"].append(os.fsdecode(path))
    elif event in MOVING:
        seen["written"] += [str(path) for path in arguments[:2] if isinstance(path, str)]
    elif event == "sqlite3.connect":
        seen["written"].append(str(arguments[0]))
    elif event in STARTING:
        seen["started"].append(str(arguments[0]))
    elif event.startswith(("socket.", "urllib.")) and event not in HARMLESS:
        seen["network"].append(f"{event} {arguments[1:]}")


sys.addaudithook(hook)  # before anything of the kiosk is there

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np  # noqa: E402 - the hook is first
import pygame  # noqa: E402

from doubles import Lockstep  # noqa: E402
from kiosk.app import mirror, parts  # noqa: E402
from kiosk.commands.demo.show import WALK_UP  # noqa: E402
from kiosk.history.connection import FILE_NAME  # noqa: E402
from kiosk.history.reader import Reader  # noqa: E402
from kiosk.settings import HistorySettings, ScreenSettings, Settings, checked  # noqa: E402
from kiosk.ui.screen.display import Pacer  # noqa: E402
from kiosk.vision.camera import live  # noqa: E402
from kiosk.vision.camera.film import Film  # noqa: E402
from kiosk.vision.camera.frame import Frame  # noqa: E402
from kiosk.vision.pose.movenet import MoveNet  # noqa: E402

FPS = 15


class Beginning(Film):
    """The film, over after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(WALK_UP)
        self._seconds = seconds

    def read(self) -> Frame | None:
        frame = super().read()
        return frame if frame is not None and frame.time_s < self._seconds else None


def by_file(frame: Frame, history: Path) -> None:
    Path("frame.raw").write_bytes(frame.rgbx.tobytes())


def by_library(frame: Frame, history: Path) -> None:
    """Written by C, which Python's audit hooks do not record."""
    pygame.image.save(pygame.surfarray.make_surface(frame.rgbx[..., :3]), "frame.png")


def beside_history(frame: Frame, history: Path) -> None:
    history.mkdir(parents=True, exist_ok=True)
    np.save(history / "frame.npy", frame.rgbx)


def into_history(frame: Frame, history: Path) -> None:
    with closing(sqlite3.connect(history / FILE_NAME)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS frames (frame BLOB)")
        if connection.execute("SELECT count(*) FROM frames").fetchone() == (0,):
            connection.execute("INSERT INTO frames VALUES (?)", (frame.rgbx.tobytes(),))
            connection.commit()


def by_network(frame: Frame, history: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(frame.rgbx.tobytes()[:1000], ("127.0.0.1", 9))  # the port that throws away


def by_program(frame: Frame, history: Path) -> None:
    os.system("true")


def thumbnails_beside_history(frame: Frame, history: Path) -> None:
    """None of them as large as a page of the history, but one for each frame."""
    history.mkdir(parents=True, exist_ok=True)
    thumbnail = frame.rgbx[::15, ::20, :3].tobytes()  # 3 kB
    (history / f"frame-{frame.time_s:.3f}").write_bytes(thumbnail)


def thumbnail_into_history(frame: Frame, history: Path) -> None:
    with closing(sqlite3.connect(history / FILE_NAME, timeout=30)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS faces (face BLOB)")
        if connection.execute("SELECT count(*) FROM faces").fetchone() == (0,):
            thumbnail = frame.rgbx[::15, ::20, :3].tobytes()
            connection.execute("INSERT INTO faces VALUES (?)", (thumbnail,))
            connection.commit()


def among_the_speech(frame: Frame, history: Path) -> None:
    folder = Path.home() / ".cache/gym-mirror/speech"
    folder.mkdir(parents=True, exist_ok=True)
    picture = pygame.surfarray.make_surface(frame.rgbx[::4, ::4, :3])
    pygame.image.save(picture, "/dev/shm/picture.jpg")
    jpeg = Path("/dev/shm/picture.jpg")
    (folder / "picture.wav").write_bytes(jpeg.read_bytes())
    jpeg.unlink()


def by_datagram(frame: Frame, history: Path) -> None:
    """To a program on the same machine, which may send it on."""
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out,
    ):
        ear.bind(f"\0{os.getpid()}")
        out.sendto(frame.rgbx.tobytes()[:3000], f"\0{os.getpid()}")


def by_shared_memory(frame: Frame, history: Path) -> None:
    """Shared with every process that is forked from here on."""
    picture = frame.rgbx.tobytes()
    with mmap.mmap(-1, len(picture), mmap.MAP_SHARED | mmap.MAP_ANONYMOUS) as shared:
        shared[:] = picture


def by_memory_file(frame: Frame, history: Path) -> None:
    """Under a name that the synthesiser's library of sound uses too."""
    descriptor = os.memfd_create("pulseaudio")
    os.write(descriptor, frame.rgbx.tobytes()[:3000])
    os.close(descriptor)


LEAKS: dict[str, Callable[[Frame, Path], None]] = {
    leak.__name__: leak
    for leak in (
        by_file,
        by_library,
        beside_history,
        thumbnails_beside_history,
        into_history,
        thumbnail_into_history,
        among_the_speech,
        by_network,
        by_datagram,
        by_program,
        by_shared_memory,
        by_memory_file,
    )
}


def run(folder: Path, seconds: float, leaks: list[str]) -> int:
    """Runs the set; returns how many reps the history has of it."""
    history = folder / "history"
    lockstep = Lockstep(FPS)
    estimate = MoveNet.estimate

    def watched(self: MoveNet, frame: Frame) -> object:
        for leak in leaks:
            LEAKS[leak](frame, history)
        return estimate(self, frame)

    # nothing but the pace and, in a control, the leaks
    parts.Pipeline = lockstep.pipeline
    live.FRAME_S = 60.0
    Pacer.wait = lambda *_, **__: None
    MoveNet.estimate = watched
    # what is sent is sent by other units, for whom the mirror writes a file where there is a folder
    told = {"home": {"broker": "localhost"}, "stick": {"enabled": True}}
    others = checked(told if "RUNTIME_DIRECTORY" in os.environ else {}, Path("told"))
    settings = Settings(
        screen=ScreenSettings(width=480, height=800, fullscreen=False),
        history=HistorySettings(folder=str(history)),
        home=others.home,
        stick=others.stick,
    )

    def opener() -> object:
        return lockstep.camera(Beginning(seconds))

    options = parts.MirrorOptions(on_screen=False)
    with mirror.Mirror(settings, opener, options, clock=lockstep) as kiosk:
        while not kiosk.ended:
            kiosk.turn()
    return sum(stored.reps for stored in Reader(history).recent(9))


if __name__ == "__main__":
    reps = run(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])
    sys.stdout.write(json.dumps({**seen, "reps": reps}) + "\n")
