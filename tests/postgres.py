"""A real PostgreSQL server in a temporary folder, for tests."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from kiosk.gym.database import connected, migrate

PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
"""Where Debian has its servers, the newest first by name."""


def binaries() -> Path | None:
    """The folder of the server's programs, if it is installed."""
    if PLACES:
        return PLACES[0]
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found else None


TEMPLATE = "template_gym"


class Server:
    """A server on a socket in its folder, and on a free port of the loopback address.

    Args:
        options: of postgresql.conf. Without `fsync = off` it flushes as a real one does.
    """

    def __init__(self, folder: Path, programs: Path, options: dict[str, str]) -> None:
        self.folder, self._programs = folder, programs
        self._numbers = count(1)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        # PostgreSQL refuses to run as root
        self._user = "nobody" if os.geteuid() == 0 else None
        if self._user:
            account = pwd.getpwnam(self._user)
            os.chown(folder, account.pw_uid, account.pw_gid)
        self._run("initdb", "-D", str(folder / "data"), "-U", "owner", "--auth=trust", "-E", "UTF8",
                  "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        settings = {
            "listen_addresses": "'127.0.0.1'",
            "port": str(self.port),
            "unix_socket_directories": f"'{folder}'",
            **options,
        }
        with (folder / "data" / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def url(self, database: str = "postgres", user: str = "owner") -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}&port={self.port}"

    @contextmanager
    def database(self, *, migrated: bool) -> Iterator[str]:
        """A database with the newest schema, or without tables; gives its name."""
        name = f"gym{next(self._numbers)}"
        with connected(self.url()) as connection:
            if migrated:
                self._make_template(connection)
            template = f"TEMPLATE {TEMPLATE}" if migrated else ""
            connection.execute(f"CREATE DATABASE {name} {template}".encode())
        yield name
        # at once, as long as the system has not begun to write it out
        with connected(self.url()) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def _make_template(self, connection: Any) -> None:
        """Makes what is copied, as that is quicker than to migrate each."""
        known = "SELECT FROM pg_database WHERE datname = %s"
        if connection.execute(known, (TEMPLATE,)).fetchone() is None:
            connection.execute(f"CREATE DATABASE {TEMPLATE}".encode())
            with connected(self.url(TEMPLATE)) as empty:
                migrate(empty)
                empty.execute("ALTER ROLE mirror LOGIN")

    def start(self) -> None:
        self._run(
            "pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", str(self.folder / "log"), "start"
        )

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", mode, "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        if self._user:
            command = ["runuser", "-u", self._user, "--", *command]
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
            cwd="/", timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


@contextmanager
def server(programs: Path, **options: str) -> Iterator[Server]:
    """A running server; its folder is short, for a socket's name has 107 bytes at most."""
    folder = Path(mkdtemp(prefix="pg"))
    one = Server(folder, programs, options)
    try:
        one.start()
        try:
            yield one
        finally:
            one.stop("immediate")
    finally:
        shutil.rmtree(folder)
