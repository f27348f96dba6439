"""Kills sender and server 100 times each mid-send, cuts the network 200 times, lets it fall silent
100 times, and fills a disk.

Every set has to be on the server exactly once, and twice in the control, whose ids are always new.

    PYTHONPATH=tests .venv/bin/python tests/platform/outbox_kills.py

The full disk needs root, for a small file system in memory.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from cutting import Proxy, check_all, kill_sender, kill_server
from kiosk.outbox import server as server_module
from kiosk.outbox.server import ANSWER_S
from outboxes import Gym, Outbox
from postgres import Server, binaries, server


def senders(_: Server, gym: Gym, folder: Path, times: int) -> str:
    with closing(Outbox(folder, gym.target)) as outbox:
        cut = kill_sender(gym, outbox, times)
        return f"{times} senders killed, {cut} mid-send; {outbox.saved} sets arrived once"


def servers(running: Server, gym: Gym, folder: Path, times: int) -> str:
    with closing(Outbox(folder, gym.target)) as outbox:
        cut = kill_server(gym, outbox, running, times)
        return f"{times} servers killed, {cut} mid-send; {outbox.saved} sets arrived once"


def cables(_: Server, gym: Gym, folder: Path, times: int) -> str:
    chance, cut = random.Random(200), 0
    with closing(Proxy(gym.port)) as proxy:
        target = gym.target.replace(f":{gym.port}/", f":{proxy.port}/")
        with closing(Outbox(folder, target)) as outbox:
            for _ in range(2 * times):
                outbox.save(7)
                proxy.most = chance.randrange(1, 30_000)
                outbox.send()
                cut += outbox.sender.status.error is not None
            proxy.most = None
            outbox.send_on()
            check_all(gym, outbox)
            return f"{2 * times} networks, {cut} cut mid-send; {outbox.saved} sets arrived once"


def silences(_: Server, gym: Gym, folder: Path, times: int) -> str:
    """Lets connections fall silent at any byte; an answer may take a second here."""
    chance, cut = random.Random(300), 0
    with closing(Proxy(gym.port)) as proxy:
        target = gym.target.replace(f":{gym.port}/", f":{proxy.port}/")
        with closing(Outbox(folder, target)) as outbox:
            outbox.target.options["connect_timeout"] = 2  # libpq's least
            proxy.mute = True
            for _ in range(times):
                outbox.save(7)
                outbox.answer_s, proxy.most = 1.0, chance.randrange(1, 30_000)
                outbox.send()
                cut += outbox.sender.status.error is not None
            proxy.most, outbox.answer_s = None, ANSWER_S
            outbox.send_on()
            check_all(gym, outbox)
            return f"{times} networks, {cut} silent mid-send; {outbox.saved} sets arrived once"


def without_ids(running: Server, gym: Gym, folder: Path, times: int) -> str:
    server_module.global_id = lambda _run, _serial: uuid4()
    with closing(Outbox(folder, gym.target)) as outbox:
        try:
            for _ in range(times):
                kill_server(gym, outbox, running, 5)
        except AssertionError:
            return f"control without ids: {gym.count()} sets on the server of {outbox.saved}"
    raise SystemExit("control without ids: every set arrived once, so that this checks nothing")


def full_disk(_: Server, __: Gym, folder: Path, ___: int) -> str:
    """Sends to a server until its disk is full, then makes room."""
    if os.geteuid() != 0:
        return "full disk: left out, as it needs root"
    place = Path(tempfile.mkdtemp(prefix="pgfull"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=120M", "tmpfs", place], check=True)
    tempfile.tempdir = str(place)
    try:
        programs = binaries()
        assert programs is not None
        with (
            server(programs, max_wal_size="'64MB'", wal_keep_size="0") as small,
            small.database(migrated=True) as name,
            closing(Outbox(folder, (gym := Gym(small, name)).target)) as outbox,
        ):
            filler = place / "filler"
            left = os.statvfs(place).f_bavail * os.statvfs(place).f_frsize
            filler.write_bytes(bytes(max(0, left - 3_000_000)))
            while outbox.sender.status.error is None:
                outbox.save(100)
                outbox.send()
            error = outbox.sender.status.error
            filler.unlink()
            for _ in range(60):  # the server may have to recover first
                time.sleep(1.0)
                outbox.send()
                if outbox.sender.status.error is None:
                    break
            check_all(gym, outbox)
            return f"full disk ({error}): {outbox.saved} sets arrived once it had space"
    finally:
        tempfile.tempdir = None
        subprocess.run(["umount", place], check=True)
        place.rmdir()


PARTS = {one.__name__: one for one in (senders, servers, cables, silences, full_disk, without_ids)}


def main() -> int:
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--times", type=int, default=100)
    arguments = parser.parse_args()
    programs = binaries()
    if programs is None:
        print("PostgreSQL's server is not installed (Debian's package postgresql)")
        return 1
    with server(programs) as running:
        for name in arguments.parts or PARTS:
            began_s = time.monotonic()
            with (
                tempfile.TemporaryDirectory() as folder,
                running.database(migrated=True) as database,
            ):
                gym = Gym(running, database)
                said = PARTS[name](running, gym, Path(folder), arguments.times)
            print(f"{said} ({time.monotonic() - began_s:.0f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
