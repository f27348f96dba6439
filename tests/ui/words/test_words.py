import re
import string
from collections.abc import Callable

import pytest

from kiosk.coaching.record import Ended
from kiosk.coaching.snapshot import RepPhase
from kiosk.errors import KioskError
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.system.throttling import Limit
from kiosk.ui.screen.scene import Action
from kiosk.ui.screen.views.learn import QUESTIONS
from kiosk.ui.words.words import Words, WordsError, languages
from paths import ROOT

PACKAGE = ROOT / "kiosk"
EXERCISES = sorted(path.stem for path in (PACKAGE / "exercises").glob("*.toml"))


@pytest.fixture(params=languages())
def words(request: pytest.FixtureRequest) -> Words:
    return Words.load(request.param)


def test_a_text_is_filled_in_and_counted() -> None:
    words = Words("en", {"set": {"reps": {"one": "{count} rep", "other": "{count} reps"}}})
    assert [words("set.reps", count=n) for n in (0, 1, 2)] == ["0 reps", "1 rep", "2 reps"]


def test_an_unknown_language_lists_the_known_ones() -> None:
    with pytest.raises(WordsError, match=r"'xx'; known: .*en"):
        Words.load("xx")
    assert issubclass(WordsError, KioskError)


@pytest.mark.parametrize("ask", [Words.__call__, Words.list])
def test_an_unknown_key_lists_its_neighbours(ask: Callable[[Words, str], object]) -> None:
    with pytest.raises(WordsError, match=r"'framing.sideways'.*framing\.done"):
        ask(Words.load("en"), "framing.sideways")
    with pytest.raises(WordsError, match=r"known: .*waiting|known: .*…"):
        ask(Words.load("en"), "nonsense")


def test_a_missing_value_names_the_key() -> None:
    with pytest.raises(WordsError, match=r"history\.page"):
        Words.load("en")("history.page", page=1)


def test_something_else_than_text_is_refused() -> None:
    with pytest.raises(WordsError, match=r"deep\.number"):
        Words("en", {"deep": {"number": 3}})


def test_every_exercise_action_phase_and_ending_has_its_words(words: Words) -> None:
    for exercise in EXERCISES:
        assert words(f"exercise.{exercise}.name")
        assert 3 <= len(words.list(f"exercise.{exercise}.steps")) <= 4
        assert len(words.list(f"exercise.{exercise}.three")) == 3
        form = exercise_by_id(exercise).form
        assert all(words(f"mistake.{check}") for check in form.mistakes)
        assert all(
            words(f"muscle.{muscle}.{part}") for muscle in form.muscles for part in ("name", "job")
        )
    assert all(words(f"question.{q}.{part}") for q in QUESTIONS for part in ("ask", "answer"))
    for kind, members in (("action", Action), ("phase", RepPhase), ("ended", Ended)):
        assert all(words(f"{kind}.{member.value}") for member in members)
    assert all(words(f"operator.limit.{limit.name.lower()}") for limit in Limit)
    assert all(words(f"weekday.{day}") for day in range(7))
    assert all(words(f"month.{month}") for month in range(1, 13))


def test_every_language_has_the_same_keys_and_places(words: Words) -> None:
    english = Words.load("en")
    assert words.keys == english.keys
    places = [
        {field for _, field, _, _ in string.Formatter().parse(table._texts[key]) if field}
        for key in english._texts
        for table in (english, words)
    ]
    assert places[::2] == places[1::2]


def test_every_section_is_used() -> None:
    code = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    for key in Words.load("en").keys:
        section = key.partition(".")[0]
        assert re.search(rf"""["']{section}\.|\{{section\}}""", code), key
