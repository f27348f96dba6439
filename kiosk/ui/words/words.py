"""Finds every text for the user by its key, in the general words and those of the exercises."""

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from itertools import chain
from pathlib import Path
from string import Formatter
from typing import Self, TypeGuard

from kiosk.errors import BadInputError, ExerciseError, read_toml
from kiosk.exercises.catalogue import Catalogue, catalogue, load_catalogue
from kiosk.exercises.exercise import Exercise

_SHOWN_KEYS = 12
_SPEC = re.compile(r"\d{0,2}(\.\d)?[f%]?", re.ASCII)
"""How a number in braces may be written: as `.1f`, `.0%` or `02`."""


class WordsError(BadInputError):
    """An unknown language, an unknown key, or a table of words that does not hold together."""


class Words:
    """Holds every text of one language: the general ones, and those of the exercises.

    `table` holds texts and lists of texts, in nested tables as TOML gives them. The words that the
    exercises have in the language come on top.

    Raises:
        WordsError: something in the table is neither text that can be shown, a list of such texts
            nor a table.
    """

    def __init__(
        self, language: str, table: Mapping[str, object], exercises: Catalogue | None = None
    ) -> None:
        self.language = language
        self.exercises = exercises or {}
        self._texts: dict[str, str] = {}
        self._lists: dict[str, tuple[str, ...]] = {}
        own = (_of(exercise, language) for exercise in self.exercises.values())
        for key, value in chain(_flat(table), *own):
            if _is_text(value):
                self._texts[key] = value
            elif isinstance(value, list | tuple) and all(map(_is_text, value)):
                self._lists[key] = tuple(value)
            else:
                raise WordsError(
                    f"words/{language}.toml: {key} must be text or a list of texts, not {value!r}; "
                    "install the kiosk again"
                )

    @classmethod
    def load(cls, language: str, exercises: Catalogue | None = None) -> Self:
        """Reads a language that ships with the kiosk; by default with the packaged exercises.

        Raises:
            WordsError: no such language, or its file is damaged.
        """
        known = languages()
        if language not in known:
            raise WordsError(f"no words for language {language!r}; known: {', '.join(known)}")
        file, name = files("kiosk.ui.words") / f"{language}.toml", f"words/{language}.toml"
        table = read_toml(file, WordsError, "install the kiosk again", name)
        return cls(language, table, catalogue() if exercises is None else exercises)

    def __call__(self, key: str, **values: object) -> str:
        """Returns one text.

        The key is dotted, as in "framing.side_on.tell". The values are for the places in braces;
        `count` also chooses between `one` and `other`.

        Raises:
            WordsError: unknown key, or a place in braces that was given no value.
        """
        text = self._texts.get(key)
        if text is None and "count" in values:
            text = self._texts.get(f"{key}.{'one' if values['count'] == 1 else 'other'}")
        if text is None:
            raise self._unknown(key)
        try:
            return text.format(**values)
        except (KeyError, IndexError, ValueError) as error:
            raise WordsError(
                f"words/{self.language}.toml: {key} = {text!r} does not take {sorted(values)}"
            ) from error

    def list(self, key: str) -> tuple[str, ...]:
        """Returns a list of texts, as in "exercise.squat.steps".

        Raises:
            WordsError: unknown key.
        """
        if key not in self._lists:
            raise self._unknown(key)
        return self._lists[key]

    def own_key(self, key: str, exercise: str) -> str:
        """Returns the key of the exercise's own text where it has one, else the key as it is.

        A squat sits down where a hinge reaches back: "cue.shallow" becomes "cue.squat.shallow".
        """
        section, _, rest = key.partition(".")
        own = f"{section}.{exercise}.{rest}"
        return own if own in self else key

    def name_of(self, exercise: str) -> str:
        """Returns the exercise's name; its id where its file is gone and old sets bear it."""
        return self._texts.get(f"exercise.{exercise}.name", exercise)

    def __contains__(self, key: object) -> bool:
        return key in self._texts or key in self._lists

    @property
    def keys(self) -> frozenset[str]:
        """Every key."""
        return frozenset(self._texts) | frozenset(self._lists)

    def _unknown(self, key: str) -> WordsError:
        stem = key.rpartition(".")[0]
        near = sorted(known for known in self.keys if known.startswith(f"{stem}."))
        shown = near or sorted({known.partition(".")[0] for known in self.keys})
        more = ", …" if len(shown) > _SHOWN_KEYS else ""
        return WordsError(
            f"words/{self.language}.toml has no {key!r}; known: "
            f"{', '.join(shown[:_SHOWN_KEYS])}{more}"
        )


def languages() -> tuple[str, ...]:
    """Lists the languages that ship with the kiosk."""
    names = (entry.name for entry in files("kiosk.ui.words").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_exercises(folder: str) -> Catalogue:
    """Loads the exercises that `coach.exercises` asks for, each with words in every language.

    Raises:
        ExerciseError: a file is not sound, or the folder cannot be used.
    """
    try:
        return load_catalogue(Path(folder).expanduser() if folder else None, languages())
    except RuntimeError as error:
        raise ExerciseError(f"{folder}: there is no home folder; name an absolute path") from error


def _of(exercise: Exercise, language: str) -> Iterator[tuple[str, object]]:
    """An exercise's words in a language, by the keys of the tables."""
    words = exercise.words[language]
    for part in ("name", "three", "steps"):
        yield f"exercise.{exercise.id}.{part}", getattr(words, part)
    if words.line is not None:
        yield f"drill.{exercise.id}.name", words.offered_as or words.name
        yield f"drill.{exercise.id}.line", words.line
    for part in ("cue", "praise", "mistake", "advice"):
        for check, text in getattr(words, part).items():
            yield f"{part}.{exercise.id}.{check}", text


def _is_text(value: object) -> TypeGuard[str]:
    """Whether it is text that can be drawn, and whose places in braces have plain names.

    So no place asks for more than it is given, as `{count.real}` or `{count:>999999999}` would.
    """
    if not isinstance(value, str) or not value.isprintable():
        return False
    try:
        places = list(Formatter().parse(value))
    except ValueError:  # a brace without its other half
        return False
    return all(
        name is None or (name.isidentifier() and _SPEC.fullmatch(spec or "") and not turned)
        for _, name, spec, turned in places
    )


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
