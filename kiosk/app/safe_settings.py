"""Reads the settings of a mirror that has to start: what is invalid falls back to its default."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from kiosk.errors import KioskError, ProgrammeError, SettingsError, one_line, read_toml
from kiosk.exercises.catalogue import Catalogue, exercise_by_id
from kiosk.settings import REMEDY, Settings, checked, find
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
    sound.

    Returns:
        The settings, and in one line what is wrong with the file; None where all is well.
    """
    try:
        found = find(None)
    except SettingsError as error:
        return Settings(), str(error)
    if found is None:
        return Settings(), None
    (tree, place), fault = found, None
    try:
        checked(tree, place)
    except SettingsError as error:
        fault = str(error)
        tree = {name: part for name, part in tree.items() if _holds({name: part}, place)}
    settings = checked(tree, place)
    for section, key, check in _NAMES:
        try:
            check(settings)
        # whatever a name leads to: a mirror on a wall has to start
        except Exception as error:  # noqa: BLE001
            named = isinstance(error, KioskError)
            fault = fault or f"{place}: {error if named else f'{section}.{key}: {error!r}'}"
            default = getattr(getattr(Settings(), section), key)
            kept = replace(getattr(settings, section), **{key: default})
            settings = replace(settings, **{section: kept})
    return settings, fault and one_line(fault)


def _holds(tree: dict[str, Any], place: Path) -> bool:
    with suppress(SettingsError):
        checked(tree, place)
        return True
    return False
