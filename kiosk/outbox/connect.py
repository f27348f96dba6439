"""Finds out where to connect and with which password, without a password in settings or logs."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from kiosk.errors import TargetError
from kiosk.outbox.secret import read_password
from kiosk.settings import OutboxSettings

CREDENTIAL = "outbox-password"
"""Name of the password among systemd's credentials."""
SYSTEM_CAS = Path("/etc/ssl/certs/ca-certificates.crt")
"""Debian's. The libpq that psycopg's wheel brings along does not know the place."""
CONNECT_S = 10
_MODES = {"off": "disable", "verify-ca": "verify-ca", "verify-full": "verify-full"}


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect.

    Attributes:
        name: to show: host, port and database.
        options: for libpq, with the password, which no text of this shows.
    """

    name: str
    options: dict[str, Any] = field(repr=False)

    @classmethod
    def of(cls, settings: OutboxSettings) -> "Target":
        """Reads the settings and the password.

        Raises:
            TargetError: there is no target, or its certificates cannot be read.
            SettingsError: as `read_password`.
        """
        if not settings.target:
            raise TargetError(
                "[outbox] names no target, so nothing is sent; set target to "
                "postgresql://USER@HOST/DATABASE in kiosk.toml"
            )
        parts = urlsplit(settings.target)
        options: dict[str, Any] = {
            "host": unquote(parts.hostname or ""),
            "port": parts.port or 5432,
            "dbname": unquote(parts.path.strip("/")),
            "user": unquote(parts.username or "mirror"),
            "sslmode": _MODES[settings.tls],
            # nothing that lies about in a home folder or the environment is used by chance
            "passfile": f"{os.devnull}/none",
            "gssencmode": "disable",
            "connect_timeout": CONNECT_S,
            # a cut cable is noticed in half a minute, and not in two hours
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
            "application_name": "gym-mirror-outbox",
        }
        if settings.tls != "off":
            options["sslrootcert"] = str(_authorities(settings))
        password = read_password(settings.password_file, CREDENTIAL, "outbox.password_file")
        if password is not None:
            options["password"] = password
        name = f"{parts.hostname}:{options['port']}/{options['dbname']}"
        return cls(name, options)


def _authorities(settings: OutboxSettings) -> Path:
    path = Path(settings.ca_file).expanduser() if settings.ca_file else SYSTEM_CAS
    if not os.access(path, os.R_OK):
        what = "outbox.ca_file" if settings.ca_file else "the system's certificates"
        raise TargetError(f"{path}: cannot be read ({what}); name a file of certificates there")
    return path
