"""Loads the exercise files and refuses what does not hold together."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import msgspec

from kiosk.errors import ExerciseError
from kiosk.exercises.exercise import Exercise

FOLDER = Path(__file__).parent


def load_exercise(path: Path) -> Exercise:
    """Reads one exercise file.

    Raises:
        ExerciseError: names the file, the key and what it should be.
    """
    try:
        exercise = msgspec.toml.decode(path.read_bytes(), type=Exercise)
    except OSError as error:
        raise ExerciseError(f"{path}: cannot be read ({error.strerror})") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ExerciseError(f"{path}: {error}; mend the file or take it away") from error
    rep = exercise.rep
    if exercise.id != path.stem:
        raise ExerciseError(f'{path}: id is "{exercise.id}"; it must be the file\'s name')
    if not rep.partial_deg < rep.bottom_deg:
        raise ExerciseError(f"{path}: rep.partial_deg must be smaller than rep.bottom_deg")
    if not rep.top_deg < rep.bottom_deg:
        raise ExerciseError(f"{path}: rep.top_deg must be smaller than rep.bottom_deg")
    if not rep.shortest_s < rep.longest_s:
        raise ExerciseError(f"{path}: rep.shortest_s must be smaller than rep.longest_s")
    known = {rule.id for rule in exercise.checks}
    if strange := sorted(set(exercise.form.mistakes) - known):
        raise ExerciseError(
            f'{path}: form.mistakes names "{strange[0]}", which no check of it finds; '
            f"known here: {', '.join(sorted(known))}"
        )
    return exercise


@cache
def catalogue(folder: Path = FOLDER) -> Mapping[str, Exercise]:
    """All exercises by id, in the order of the exercise button.

    Raises:
        ExerciseError: a file does not hold together, or there is none.
    """
    found = [load_exercise(path) for path in sorted(folder.glob("*.toml"))]
    if not found:
        raise ExerciseError(f"{folder}: holds no exercise file; reinstall the kiosk")
    names = {exercise.id for exercise in found}
    for exercise in found:
        for rule in exercise.checks:
            if rule.drill and rule.drill not in names:
                raise ExerciseError(
                    f'{folder / exercise.id}.toml: check "{rule.id}": drill "{rule.drill}" is '
                    "unknown; add its file or name another"
                )
    found.sort(key=lambda exercise: (exercise.order, exercise.id))
    return MappingProxyType({exercise.id: exercise for exercise in found})


def exercise_by_id(exercise_id: str) -> Exercise:
    """The exercise of that id.

    Raises:
        ExerciseError: unknown; the message lists the known ones.
    """
    known = catalogue()
    if exercise_id not in known:
        raise ExerciseError(
            f'exercise "{exercise_id}" is unknown; choose one of {", ".join(known)}'
        )
    return known[exercise_id]
