"""Reads the settings of a mirror that has to start: what is invalid falls back to its default."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from kiosk.errors import KioskError, ProgrammeError, SettingsError, one_line, read_toml
from kiosk.exercises.catalogue import Catalogue, exercise_by_id
from kiosk.settings import REMEDY, Settings, checked, find, find_chosen, merged
from kiosk.training.plan import Plans
from kiosk.training.programme import check_programme
from kiosk.ui.words.words import Words, load_exercises
from kiosk.vision.camera.factory import check_source
from kiosk.vision.models.manifest import load_manifest
from kiosk.vision.models.selection import AUTO

# names of things that only other parts know; a mirror on a wall cannot be asked for another one
_NAMES: tuple[tuple[str, str, Callable[[Settings], object]], ...] = (
    ("camera", "source", lambda settings: check_source(settings.camera.source)),
    (
        "pose",
        "model",
        lambda settings: settings.pose.model == AUTO or load_manifest().spec(settings.pose.model),
    ),
    ("coach", "exercises", lambda settings: load_exercises(settings.coach.exercises)),
    (
        "coach",
        "exercise",
        lambda settings: exercise_by_id(
            settings.coach.exercise, load_exercises(settings.coach.exercises)
        ),
    ),
    (
        "training",
        "programme",
        lambda settings: load_programme(
            settings.training.programme, load_exercises(settings.coach.exercises)
        ),
    ),
    ("screen", "language", lambda settings: Words.load(settings.screen.language)),
)


def load_programme(file: str, exercises: Catalogue) -> Plans:
    """Reads the programme that `training.programme` names; without a name nothing is planned.

    Raises:
        ProgrammeError: the file is missing, or not sound.
    """
    if not file:
        return {}
    try:
        path = Path(file).expanduser()
    except RuntimeError as error:
        raise ProgrammeError(f"{file}: there is no home folder; name an absolute path") from error
    return check_programme(read_toml(path, ProgrammeError, REMEDY), exercises, str(path))


def load_or_default() -> tuple[Settings, str | None]:
    """Reads the settings as `kiosk.settings.load` does where none are named, and never fails.

    A section that does not hold together is left at its defaults, and the others are kept: a slip
    in the sound must not turn the picture on its side. A name that nothing here goes by, as that of
    an exercise, falls back alone, and so does a folder of exercises or a programme that is not
    sound. What was chosen with the buttons is left out where it does not hold together.

    Returns:
        The settings, and in one line what is wrong with the file; None where all is well.
    """
    fault: str | None = None
    try:
        found = find(None)
    except SettingsError as error:
        found, fault = None, str(error)
    tree, place = found or ({}, None)
    if place is not None:
        tree, fault = _sound(tree, {}, place)
    chosen, file, unread = _read_chosen(place)
    both, unsound = _sound(chosen, tree, file) if file is not None else (tree, None)
    settings = checked(both, file or Path())
    fault = fault or unread or unsound
    for section, key, check in _NAMES:
        try:
            check(settings)
        # whatever a name leads to: a mirror on a wall has to start
        except Exception as error:  # noqa: BLE001
            named = isinstance(error, KioskError)
            where = file if key in chosen.get(section, {}) else place
            fault = fault or f"{where}: {error if named else f'{section}.{key}: {error!r}'}"
            default = getattr(getattr(Settings(), section), key)
            kept = replace(getattr(settings, section), **{key: default})
            settings = replace(settings, **{section: kept})
    return settings, fault and one_line(fault)


def _read_chosen(place: Path | None) -> tuple[dict[str, Any], Path | None, str | None]:
    """Returns what was chosen, its file, and why it cannot be used."""
    try:
        return *find_chosen(place), None
    except SettingsError as error:
        return {}, None, str(error)


def _sound(
    tree: dict[str, Any], below: dict[str, Any], place: Path
) -> tuple[dict[str, Any], str | None]:
    """Puts a file's tables on top of those below it, without the sections that do not hold.

    Returns:
        All of it, and what is wrong with the file.
    """
    try:
        checked(merged(below, tree), place)
    except SettingsError as error:
        fault = str(error)
    else:
        return merged(below, tree), None
    for section, part in tree.items():
        both = merged(below, {section: part})
        if _holds({section: both[section]}, place):
            below = both
    return below, fault


def _holds(tree: dict[str, Any], place: Path) -> bool:
    with suppress(SettingsError):
        checked(tree, place)
        return True
    return False
