"""Kills the sender or the server mid-send, and cuts the network between them."""

import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from outboxes import Gym, Outbox
from paths import ROOT
from postgres import Server

PATIENCE_S = 60.0
SETS = 120
"""Of each round: three batches."""
SENDER = (
    "import sys; from kiosk.commands.outbox_command import run; from argparse import Namespace;"
    "from pathlib import Path;"
    "run(Namespace(what='run', settings=Path(sys.argv[1]), json=False))"
)


def settings_of(outbox: Outbox, gym: Gym) -> Path:
    """Settings for a process that sends the outbox's history."""
    path = outbox.folder / "kiosk.toml"
    path.write_text(
        f'[history]\nfolder = "{outbox.folder}"\n'
        f'[outbox]\ntarget = "{gym.target}"\ntls = "off"\nrate = 1000\n'
    )
    return path


@contextmanager
def sending(settings: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own that sends."""
    environment = {"XDG_STATE_HOME": str(settings.parent / "state"), "PATH": "/usr/bin:/bin"}
    process = subprocess.Popen(
        [sys.executable, "-c", SENDER, str(settings)],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def await_count(gym: Gym, least: int) -> None:
    """Waits until so many sets have arrived."""
    end = time.monotonic() + PATIENCE_S
    with gym.connected() as connection:
        while True:
            (found,) = connection.execute("SELECT count(*) FROM gym.set_ids").fetchone()
            if found >= least:
                return
            assert time.monotonic() < end, f"{found} of {least} sets after {PATIENCE_S:.0f} s"
            time.sleep(0.005)


def check_all(gym: Gym, outbox: Outbox) -> None:
    """All sets are there once, with two reps each."""
    assert gym.count() == outbox.saved
    assert gym.query("SELECT count(DISTINCT started_at) FROM gym.sets") == [(outbox.saved,)]
    assert gym.query("SELECT count(*) FROM gym.reps") == [(2 * outbox.saved,)]


def kill_sender(gym: Gym, outbox: Outbox, times: int) -> int:
    """Kills it so often while it sends; returns how often sets were left over."""
    settings, chance, cut = settings_of(outbox, gym), random.Random(16), 0
    for _ in range(times):
        before = gym.count()
        outbox.save(SETS)
        with sending(settings) as process:
            await_count(gym, before + 1)
            time.sleep(chance.uniform(0.0, 0.06))
            process.send_signal(signal.SIGKILL)
            process.wait()
        cut += gym.count() < outbox.saved
    with sending(settings):
        await_count(gym, outbox.saved)
    check_all(gym, outbox)
    return cut


def kill_server(gym: Gym, outbox: Outbox, server: Server, times: int) -> int:
    """Kills it so often while it is sent to; returns how often sets were left over."""
    chance, cut = random.Random(61), 0
    for _ in range(times):
        outbox.save(SETS)
        killer = threading.Timer(chance.uniform(0.0, 0.3), lambda: server.stop("immediate"))
        killer.start()
        while killer.is_alive() and outbox.sender.status.error is None:
            if not outbox.changes.waiting(outbox.state.position.version):
                outbox.save(10)
            outbox.sender.step()
        killer.join()
        server.start()
        cut += gym.count() < outbox.saved
        outbox.send_on()
    check_all(gym, outbox)
    return cut


class Proxy:
    """Passes bytes on to a server, until it hangs up, as a router that restarts does.

    Attributes:
        port: to connect to.
        most: bytes that are passed on to the server before it hangs up; None for all.
        mute: does not hang up and lets all that comes vanish, as a router that has forgotten a
            connection does.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.most: int | None = None
        self.mute = False
        self._open: list[socket.socket] = [self._socket]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def hang_up(self) -> None:
        """Closes all connections."""
        for one in self._open[1:]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        del self._open[1:]

    def close(self) -> None:
        """Ends all threads."""
        self.hang_up()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._socket.accept()
                server = socket.create_connection(("127.0.0.1", self._to))
                self._open += [client, server]
                for pair in ((client, server, True), (server, client, False)):
                    thread = threading.Thread(target=self._pass_on, args=pair, daemon=True)
                    self._threads.append(thread)
                    thread.start()

    def _pass_on(self, source: socket.socket, target: socket.socket, to_server: bool) -> None:
        with closing(source), suppress(OSError):
            while data := source.recv(1024):
                if to_server and self.most is not None:
                    self.most -= len(data)
                if self.most is None or self.most > 0:
                    target.sendall(data)
                elif not self.mute:
                    self.hang_up()
                    return
            target.shutdown(socket.SHUT_RDWR)
