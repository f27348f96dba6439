import re
import string
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from kiosk.coaching.record import Ended
from kiosk.coaching.snapshot import RepPhase
from kiosk.errors import ExerciseError, KioskError
from kiosk.exercises.catalogue import catalogue
from kiosk.exercises.exercise import CheckId, Muscle
from kiosk.system.firmware import Limit
from kiosk.ui.screen.scene import Action
from kiosk.ui.screen.views.learn import QUESTIONS
from kiosk.ui.words.words import Words, WordsError, languages, load_exercises
from paths import ROOT

PACKAGE = ROOT / "kiosk"


def table(language: str) -> str:
    return (PACKAGE / "ui" / "words" / f"{language}.toml").read_text("utf-8")


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


def test_an_exercise_may_have_its_own_words() -> None:
    words = Words("en", {"cue": {"shallow": "Deeper", "squat": {"shallow": "Sit lower"}}})
    assert words.own_key("cue.shallow", "squat") == "cue.squat.shallow"
    assert words.own_key("cue.shallow", "hip_hinge") == "cue.shallow"


def test_an_exercise_whose_file_is_gone_is_called_by_its_id(words: Words) -> None:
    assert words.name_of("sled_push") == "sled_push"
    assert words.name_of("squat") == catalogue()["squat"].words[words.language].name


def test_what_an_exercise_file_says_is_found_by_the_keys_of_the_tables(words: Words) -> None:
    for exercise in catalogue().values():
        own = exercise.words[words.language]
        assert words(f"exercise.{exercise.id}.name") == own.name
        assert words.list(f"exercise.{exercise.id}.three") == own.three
        assert words.list(f"exercise.{exercise.id}.steps") == own.steps
        assert all(words(f"cue.{exercise.id}.{check}") == cue for check, cue in own.cue.items())
        if exercise.kind == "drill":
            assert words(f"drill.{exercise.id}.line") == own.line
            assert words(f"drill.{exercise.id}.name") == (own.offered_as or own.name)
    assert words("drill.band_resisted.name") != words.name_of("band_resisted")


def test_the_general_words_name_no_exercise(words: Words) -> None:
    general = Words(words.language, tomllib.loads(table(words.language)))
    for key in general.keys:
        assert set(key.split(".")[:-1]).isdisjoint(catalogue()), key
        assert not key.startswith(("exercise.", "drill."))


def test_every_check_and_muscle_has_words_whatever_exercise_comes(words: Words) -> None:
    for check in get_args(CheckId):
        for section in ("cue", "praise", "mistake", "advice", "summary.check"):
            assert words(f"{section}.{check}")
    for muscle in get_args(Muscle):
        assert all(words(f"muscle.{muscle}.{part}") for part in ("name", "job"))


def test_the_exercises_of_an_owner_have_words_in_every_language(tmp_path: Path) -> None:
    (tmp_path / "sled_push.toml").write_text('extends = "hinge"\norder = 3\n')
    with pytest.raises(ExerciseError, match=r"sled_push\.toml: words\.(de|en): is missing"):
        load_exercises(str(tmp_path))
    with pytest.raises(ExerciseError, match="holds no exercise file"):
        load_exercises(str(tmp_path / "nowhere"))
    assert load_exercises("") == catalogue()


def test_every_action_phase_and_ending_has_its_words(words: Words) -> None:
    assert all(words(f"question.{q}.{part}") for q in QUESTIONS for part in ("ask", "answer"))
    for kind, members in (("action", Action), ("phase", RepPhase), ("ended", Ended)):
        assert all(words(f"{kind}.{member.value}") for member in members)
    assert all(words(f"operator.limit.{limit.name.lower()}") for limit in Limit)
    assert all(words(f"weekday.{day}") for day in range(7))
    assert all(words(f"month.{month}") for month in range(1, 13))


def test_every_language_has_the_same_keys_and_places(words: Words) -> None:
    assert words.keys == Words.load("en").keys
    english, other = (tomllib.loads(table(language)) for language in ("en", words.language))
    assert places(other) == places(english)


def places(part: object) -> object:
    """The places in braces of each text of a table."""
    if isinstance(part, dict):
        return {key: places(inner) for key, inner in part.items()}
    texts = [part] if isinstance(part, str) else part
    assert isinstance(texts, list)
    return [{field for _, field, _, _ in string.Formatter().parse(text) if field} for text in texts]


def test_every_section_is_used() -> None:
    code = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    for key in Words.load("en").keys:
        section = key.partition(".")[0]
        assert re.search(rf"""["']{section}\.|\{{section\}}""", code), key


@pytest.mark.parametrize(
    "text",
    ["a\0b", "a\nb", "\x1b[2J", "{", "}", "{0}", "{count.real}", "{count!r}", "{count:>9999999}"],
)
def test_text_that_cannot_be_shown_or_filled_in_is_refused(text: str) -> None:
    for value in (text, ["well", text]):
        with pytest.raises(WordsError, match=r"words/en\.toml: a\.b must be text"):
            Words("en", {"a": {"b": value}})


@pytest.mark.parametrize("text", ["{count}", "{by:.1f} s", "{minutes}:{seconds:02}", "{share:.0%}"])
def test_text_with_places_for_figures_is_taken(text: str) -> None:
    assert "a.b" in Words("en", {"a": {"b": text}})
