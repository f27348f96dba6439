"""The table of words: keys in, what the user reads or hears out."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Self

from kiosk.errors import BadInputError

_SHOWN_KEYS = 12


class WordsError(BadInputError):
    """An unknown language, an unknown key, or a table of words that does not hold together."""


class Words:
    """Every text of one language.

    Args:
        language: name of the table, as in "en".
        table: texts and lists of texts, in nested tables as TOML gives them.

    Raises:
        WordsError: something in the table is neither text, a list of texts nor a table.
    """

    def __init__(self, language: str, table: Mapping[str, object]) -> None:
        self.language = language
        self._texts: dict[str, str] = {}
        self._lists: dict[str, tuple[str, ...]] = {}
        for key, value in _flat(table):
            if isinstance(value, str):
                self._texts[key] = value
            elif isinstance(value, list) and all(isinstance(item, str) for item in value):
                self._lists[key] = tuple(value)
            else:
                raise WordsError(
                    f"words/{language}.toml: {key} must be text or a list of texts, not {value!r}"
                )

    @classmethod
    def load(cls, language: str) -> Self:
        """The table of a language that ships with the kiosk.

        Raises:
            WordsError: no such language, or its file is damaged.
        """
        known = languages()
        if language not in known:
            raise WordsError(f"no words for language {language!r}; known: {', '.join(known)}")
        try:
            table = tomllib.loads((files("kiosk.ui.words") / f"{language}.toml").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise WordsError(
                f"words/{language}.toml cannot be read ({error}); install the kiosk again"
            ) from error
        return cls(language, table)

    def __call__(self, key: str, **values: object) -> str:
        """One text.

        Args:
            key: dotted, as in "framing.side_on.tell".
            **values: for the places in braces; `count` also chooses between `one` and `other`.

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
        """A list of texts, as in "exercise.squat.steps".

        Raises:
            WordsError: unknown key.
        """
        if key not in self._lists:
            raise self._unknown(key)
        return self._lists[key]

    def __contains__(self, key: object) -> bool:
        return key in self._texts or key in self._lists

    @property
    def keys(self) -> frozenset[str]:
        """Every key, so that languages can be held against each other."""
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
    """The languages that ship with the kiosk."""
    return tuple(
        sorted(
            entry.name.removesuffix(".toml")
            for entry in files("kiosk.ui.words").iterdir()
            if entry.name.endswith(".toml")
        )
    )


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
