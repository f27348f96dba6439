"""Loads the exercise files, merges each with those it extends, and refuses what is not sound.

A file may extend another one by `extends = "NAME"`: an exercise, or a base, which has `base = true`
and is no exercise by itself. Tables are merged key by key, so that a file holds only what differs.
`judged` names the checks that count, in their order; without it all do. A mistake leaves with its
check, and so does its place among the `main` ones. An exercise's place in the row and its names are
its own and are not passed on.

A folder of the owner's files comes on top of the packaged ones. A file there that bears a packaged
exercise's name replaces it, and may extend the very one that it replaces. Packaged files never see
the owner's.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, TypedDict, TypeVar

import msgspec

from kiosk.errors import ExerciseError, locate_fault, os_errors_as, read_toml
from kiosk.exercises.exercise import (
    CheckId,
    CheckRule,
    Exercise,
    ExerciseWords,
    Stroke,
    rules_by_priority,
)

FOLDER = Path(__file__).parent
"""Where the packaged exercises are."""

Catalogue = Mapping[str, Exercise]
"""All exercises by id, in the order of the exercise button."""

_Tree = dict[str, Any]
_T = TypeVar("_T")
_NAMES = ("name", "offered_as")
_REMEDY = "mend the file or take it away"
_ORDERED = (("partial_deg", "bottom_deg"), ("top_deg", "bottom_deg"), ("shortest_s", "longest_s"))


class _Appearance(TypedDict, total=False):
    stroke: _Tree
    mistakes: dict[str, _Tree]


class _Tables(TypedDict, total=False):
    """What must be sound in every single file before files can be merged."""

    extends: Annotated[str, msgspec.Meta(pattern=r"^[^/\x00]{1,60}\Z")]  # a file's name
    base: bool
    judged: list[str]
    main: list[CheckId]
    appearance: _Appearance
    checks: dict[str, _Tree]
    words: dict[str, _Tree]


def load_catalogue(own: Path | None = None, languages: Collection[str] = ()) -> Catalogue:
    """Loads the packaged exercises, and those of the owner's folder on top of them.

    Each needs words in all of `languages`.

    Raises:
        ExerciseError: a file is not sound, or a folder holds none.
    """
    found: dict[str, tuple[Path, Exercise]] = {}
    for folder in filter(None, (FOLDER, own)):
        with os_errors_as(ExerciseError, f"{folder}: cannot be read", "name another folder"):
            paths = sorted(folder.glob("*.toml"))
        if not paths:
            raise ExerciseError(f"{folder}: holds no exercise file; name another folder")
        loaded = ((path, load_exercise(path, languages)) for path in paths)
        found |= {exercise.id: (path, exercise) for path, exercise in loaded if exercise}
    drills = {exercise.id for _, exercise in found.values() if exercise.kind == "drill"}
    for path, exercise in found.values():
        for rule in exercise.checks:
            if rule.drill and rule.drill not in drills:
                raise ExerciseError(
                    f'{path}: check "{rule.id}": drill "{rule.drill}" is unknown; '
                    "add its file or name another"
                )
    ordered = sorted((one for _, one in found.values()), key=lambda one: (one.order, one.id))
    return MappingProxyType({exercise.id: exercise for exercise in ordered})


@cache
def catalogue() -> Catalogue:
    """Loads the packaged exercises, once."""
    return load_catalogue()


def exercise_by_id(exercise_id: str, exercises: Catalogue | None = None) -> Exercise:
    """Finds an exercise by its id among the given or the packaged ones; without an id, the first.

    Raises:
        ExerciseError: unknown; the message lists the known ones.
    """
    known = catalogue() if exercises is None else exercises
    exercise_id = exercise_id or next(iter(known))
    if exercise_id not in known:
        raise ExerciseError(
            f'exercise "{exercise_id}" is unknown; choose one of {", ".join(known)}'
        )
    return known[exercise_id]


def load_exercise(path: Path, languages: Collection[str] = ()) -> Exercise | None:
    """Reads one exercise file with all that it extends; None for a base.

    The file's name is the exercise's id. It needs words in all of `languages`.

    Raises:
        ExerciseError: names the file, the key and what it should be.
    """
    if not path.stem.isprintable():  # it becomes a key of the words and of the history
        raise ExerciseError(f"{path}: the file's name is not readable; rename it")
    file = _File(path)
    if file.own.get("base"):
        return None
    tree = file.merged() | {"id": path.stem}
    tree["checks"] = rules = _rules(file, tree.get("checks", {}), tree.pop("judged", None))
    tree["main"] = _main(file, tree.get("main", []), rules)
    if shown := tree.get("appearance"):
        checks: set[str] = {rule.id for rule in rules}
        tree["appearance"] = shown | {"mistakes": dict(_mistakes(file, shown, checks))}
    tree["words"] = {
        language: file.convert(words, ExerciseWords, f"words.{language}.")
        for language, words in tree.get("words", {}).items()
    }
    exercise = file.convert(tree, Exercise)
    for smaller, larger in _ORDERED:
        if not getattr(exercise.rep, smaller) < getattr(exercise.rep, larger):
            raise file.refusal(f"rep.{smaller}", f"must be smaller than rep.{larger}")
    for language in {*languages, *exercise.words}:
        if language not in exercise.words:
            raise file.refusal(f"words.{language}", "is missing")
        if exercise.kind == "drill" and exercise.words[language].line is None:
            raise file.refusal(f"words.{language}.line", "is missing; a drill needs one")
    return exercise


class _File:
    """One exercise file and all that it extends; `own` is what the file itself holds."""

    def __init__(self, path: Path) -> None:
        self._chain: list[tuple[Path, _Tree]] = []
        while path not in (place for place, _ in self._chain):
            self._chain.append((path, _read(path)))
            if (name := self._chain[-1][1].get("extends")) is None:
                break
            path = _extended(path, name)
        else:
            raise self.refusal("extends", f"{path.stem} leads back to itself")
        self.own = self._chain[0][1]

    def merged(self) -> _Tree:
        """Merges the file over those that it extends."""
        tree: _Tree = {}
        below = self._chain[-1][0]
        for path, own in reversed(self._chain):
            if path.stem != below.stem:
                tree.pop("order", None)
                tree["words"] = {
                    language: {key: text for key, text in words.items() if key not in _NAMES}
                    for language, words in tree.get("words", {}).items()
                }
            tree, below = _merged(tree, own), path
        return {key: part for key, part in tree.items() if key not in ("base", "extends")}

    def convert(self, part: object, kind: type[_T], place: str = "") -> _T:
        """Checks a part of the merged tree by its type; `place` leads its keys."""
        try:
            return msgspec.convert(part, kind)
        except msgspec.ValidationError as error:
            key, what = locate_fault(error)
            raise self.refusal(f"{place}{key}".rstrip("."), what) from error

    def refusal(self, key: str, what: str) -> ExerciseError:
        """Makes the error about a key, under the file that holds it."""
        # what a file below has and does not pass on is missing in the file itself
        chain = [] if what.startswith("is missing") else self._chain
        holders = (path for path, tree in chain if _holds(tree, key))
        return _refusal(next(holders, self._chain[0][0]), key, what)


def _read(path: Path) -> _Tree:
    tree = read_toml(path, ExerciseError, _REMEDY)
    try:
        msgspec.convert(tree, _Tables)
    except msgspec.ValidationError as error:
        raise _refusal(path, *locate_fault(error)) from error
    if "id" in tree:
        raise _refusal(path, "id", "is the file's name and stands nowhere else")
    return tree


def _extended(path: Path, name: str) -> Path:
    """Finds the file that another one extends: beside it, else a packaged one, never itself."""
    for folder in (path.parent, FOLDER):
        if (place := folder / f"{name}.toml") != path and place.exists():
            return place
    known = ", ".join(sorted(place.stem for place in FOLDER.glob("*.toml")))
    raise _refusal(path, "extends", f'there is no other file "{name}"; known: {known}')


def _rules(file: _File, checks: _Tree, judged: list[str] | None) -> tuple[CheckRule, ...]:
    """Returns the checks that count, in their order."""
    names = list(checks) if judged is None else judged
    for name in names:
        if name not in checks:
            raise file.refusal("judged", f'there is no check "{name}"; known: {", ".join(checks)}')
    for name in file.own.get("checks", {}):
        if name not in names:
            raise file.refusal(f"checks.{name}", "is not among `judged`; add it there")
    return tuple(
        file.convert({"id": name} | checks[name], CheckRule, f"checks.{name}.") for name in names
    )


def _main(file: _File, main: list[str], rules: tuple[CheckRule, ...]) -> tuple[str, ...]:
    """Returns the main checks; an inherited one that this exercise does not judge is left out."""
    known = [rule.id for rule in rules_by_priority(rules)]
    for check in file.own.get("main", []):
        if check not in known:
            what = f'"{check}" is not judged here; choose among {", ".join(known)}'
            raise file.refusal("main", what)
    kept = tuple(check for check in main if check in known)
    if known and not kept:
        # without one, a rep of which hardly anything was seen would be a clean one
        raise file.refusal("main", f"is missing; choose one or more of {', '.join(known)}")
    return kept


def _mistakes(file: _File, shown: _Tree, checks: set[str]) -> Iterator[tuple[str, Stroke]]:
    """Gives, for each check that counts, the stroke with its mistake."""
    own = file.own.get("appearance", {}).get("mistakes", {})
    for check, mistake in shown.get("mistakes", {}).items():
        key = f"appearance.mistakes.{check}"
        if check in checks:
            yield check, file.convert(shown.get("stroke", {}) | mistake, Stroke, f"{key}.")
        elif check in own:
            known = ", ".join(sorted(checks))
            raise file.refusal(key, f"no check of this exercise finds it; known: {known}")


def _merged(below: _Tree, over: _Tree) -> _Tree:
    """Merges one tree over another, tables key by key."""
    return below | {
        key: _merged(known, part)
        if isinstance(known := below.get(key), dict) and isinstance(part, dict)
        else part
        for key, part in over.items()
    }


def _holds(tree: object, key: str) -> bool:
    for part in key.split("."):
        if not isinstance(tree, dict) or part not in tree:
            return False
        tree = tree[part]
    return True


def _refusal(path: Path, key: str, what: str) -> ExerciseError:
    return ExerciseError(f"{path}: {key}: {what}; {_REMEDY}")
