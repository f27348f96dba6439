"""Checks a programme: the file in which a coach plans reps, sets and rest.

    [all.deadlift]        # for everybody, guests too
    reps = 5
    sets = 5
    rest_s = 180

    [lifter.3.deadlift]   # for place 3; what it leaves out is as for everybody
    reps = 3

What neither says is as in the exercise's file.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from kiosk.errors import ProgrammeError, as_key, convert_toml, unknown_key
from kiosk.exercises.catalogue import Catalogue
from kiosk.training.facts import GUEST
from kiosk.training.lifters import LIFTERS
from kiosk.training.plan import Plan, Plans

_PLACES = {str(lifter.number): lifter.number for lifter in LIFTERS}


class _Tables(Struct, forbid_unknown_fields=True):
    all: dict[str, Any] = {}
    lifter: dict[str, Any] = {}


def check_programme(tree: dict[str, Any], exercises: Catalogue, name: str) -> Plans:
    """Returns the plans of a programme, whole ones, for `GUEST` and for each place.

    Args:
        tree: the file's tables.
        exercises: those that can be planned.
        name: of the file, for the message.

    Raises:
        ProgrammeError: an exercise, a place or a key is unknown, or a figure is not allowed.
    """
    tables = convert_toml(tree, _Tables, ProgrammeError, name)
    below = {exercise.id: exercise.plan for exercise in exercises.values()}
    shared = dict(_plans(tables.all, below, name, "all."))
    found = {
        (place, id_): plan for place in (GUEST, *_PLACES.values()) for id_, plan in shared.items()
    }
    for place, table in tables.lifter.items():
        if unknown := unknown_key(place, _PLACES, "lifter."):
            raise ProgrammeError(f"{name}: {unknown}")
        own = _plans(table, below | shared, name, f"lifter.{place}.")
        found |= {(_PLACES[place], id_): plan for id_, plan in own}
    return found


def _plans(
    table: object, below: dict[str, Plan], name: str, section: str
) -> Iterator[tuple[str, Plan]]:
    """Gives the plan of each exercise in a table, on top of the one that holds without it."""
    for id_, part in convert_toml(table, dict[str, Any], ProgrammeError, name, section).items():
        if unknown := unknown_key(id_, below, section):
            raise ProgrammeError(f"{name}: {unknown}")
        whole = asdict(below[id_]) | part if isinstance(part, dict) else part
        yield id_, convert_toml(whole, Plan, ProgrammeError, name, f"{section}{as_key(id_)}.")
