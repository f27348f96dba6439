"""Writes what is chosen with the buttons, in a thread: a slow disk must not hold a picture.

The file is edited and not made anew: what a person has written into it stays, comments too.
"""

import errno
import logging
from collections.abc import Callable
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from kiosk.errors import SettingsError, read_toml
from kiosk.settings import REMEDY, Choices
from kiosk.system.files import write_whole
from kiosk.system.retry import RETRY_S, Backoff
from kiosk.system.worker import Mailbox, Worker

HEAD = (
    "# What was chosen with the buttons. It counts instead of what kiosk.toml says.\n"
    "# Without this file the mirror asks again at its start, where mirror.set_up says so.\n"
)
READABLE = 0o640
"""The outbox, another user of the service's group, reads settings too."""

_KINDS = {
    errno.EROFS: "read_only",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
}
_ASK_S = 1.0  # how often the thread looks whether it has to end

_log = logging.getLogger(__name__)


class UnsavedError(SettingsError):
    """Choices that could not be written.

    Attributes:
        kind: read_only, full, denied, broken or failed; see the words under `notice.unsaved`.
    """

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


def save(path: Path, choices: Choices) -> None:
    """Writes choices into the file, whole or not at all; every other line of it stays as it is.

    Without a choice a file that is there is not touched, and one that is not is made, since it says
    that somebody was asked.

    Raises:
        UnsavedError: the file cannot be read, is no TOML, or cannot be written. It is as it was.
    """
    try:
        before = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        before = None
    except OSError as error:
        raise _unsaved(path, error) from error
    except UnicodeDecodeError as error:
        raise _broken(path, "not a text file in UTF-8") from error
    after = HEAD if before is None else before
    if choices:
        after = _edited(path, after, choices)
    if after == before:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with write_whole(path) as file:
            file.write(after.encode())
        path.chmod(READABLE)
    except OSError as error:
        raise _unsaved(path, error) from error


def _edited(path: Path, text: str, choices: Choices) -> str:
    if path.exists():
        try:  # what tomlkit accepts and the mirror does not would be lost at the next start
            read_toml(path, SettingsError, REMEDY)
        except SettingsError as error:
            raise UnsavedError(str(error), "broken") from error
    try:
        document = tomlkit.parse(text)
        for (section, key), value in choices.items():
            if section not in document:
                document[section] = tomlkit.table()
            document[section][key] = value
        return tomlkit.dumps(document)
    except (TOMLKitError, TypeError, KeyError) as error:
        raise _broken(path, f"cannot be edited ({error})") from error


def _broken(path: Path, what: str) -> UnsavedError:
    return UnsavedError(f"{path}: {what}; {REMEDY}", "broken")


def _unsaved(path: Path, error: OSError) -> UnsavedError:
    kind = _KINDS.get(error.errno or 0, "failed")
    remedy = {
        "read_only": "make the system writable, then choose again",
        "full": "free some space",
        "denied": f"give {path} and its folder to the user of the mirror",
    }.get(kind, "check the disk")
    return UnsavedError(
        f"{path}: what was chosen cannot be written ({error.strerror}); {remedy}", kind
    )


class ChosenFile(Worker):
    """The thread that writes choices, and tries again while it cannot.

    Args:
        path: of the file.
        wait: as `Worker` takes it.

    Attributes:
        path: as given.
        fault: why what was chosen last is not written; None where it is. It holds until the end of
            the run in any case, in the mirror's memory.
    """

    def __init__(self, path: Path, wait: Callable[[float], bool] | None = None) -> None:
        super().__init__("choices", wait)
        self.path = path
        self.fault: UnsavedError | None = None
        self._asked: Mailbox[Choices] = Mailbox()
        self._backoff = Backoff(*RETRY_S)

    def submit(self, choices: Choices) -> None:
        """Has all that was chosen in this run written, each time more of it. Never waits."""
        self._asked.put(choices)

    def stop(self) -> None:
        """Asks the thread to stop once what was submitted is tried, and wakes it."""
        super().stop()
        self._asked.close()

    def run(self) -> None:
        """Writes what is submitted."""
        unsaved: Choices | None = None
        while True:
            stopping = self.stopping
            newest = self._asked.take(0.0 if unsaved is not None or stopping else _ASK_S)
            unsaved = unsaved if newest is None else newest
            if unsaved is not None and self._save(unsaved):
                unsaved = None
            if stopping:
                return
            if unsaved is not None:
                self.wait(self._backoff.next_s())

    def _save(self, choices: Choices) -> bool:
        try:
            save(self.path, choices)
        except UnsavedError as error:
            if str(error) != str(self.fault):
                _log.warning("%s", error)
            self.fault = error
            return False
        if self.fault is not None:
            _log.info("what was chosen is written")
        self.fault = None
        self._backoff.reset()
        return True
