"""`kiosk stick`: copies the sets of today to a USB stick, and says on the screen how far it is."""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from kiosk.errors import BadInputError, HistoryError
from kiosk.history.reader import Reader
from kiosk.outbox.stick import CopyError, copy_day
from kiosk.settings import Settings, load
from kiosk.system.block_device import is_in_use
from kiosk.system.files import history_folder
from kiosk.system.identity import mirror_name
from kiosk.system.stick_state import read_stick, tell_stick
from kiosk.ui.words.words import Words, load_exercises


def run(arguments: Namespace) -> int:
    """Answers the three steps of gym-mirror-stick.service."""
    settings = load(arguments.settings)
    match arguments.what:
        case "enabled":
            wanted = settings.stick.enabled and not (arguments.path and is_in_use(arguments.path))
            return 0 if wanted else 1
        case "release":
            if read_stick() == "copied":
                tell_stick("remove")
            return 0
        case _:
            return _copy(settings, arguments.path)


def _copy(settings: Settings, path: Path | None) -> int:
    if path is None:
        raise BadInputError("kiosk stick copy: name the folder where the stick is mounted")
    tell_stick("copying")
    name_of = Words.load(settings.screen.language, load_exercises(settings.coach.exercises)).name_of
    reader = Reader(history_folder(settings.history.folder))
    today = datetime.now(UTC).astimezone().date()
    try:
        files = copy_day(path, reader, today, mirror_name(settings.mirror.name), name_of)
    except CopyError as error:
        tell_stick(error.stick)
        raise
    except HistoryError:
        tell_stick("unwritable")
        raise
    tell_stick("copied")
    for file in files:
        print(file)
    return 0
