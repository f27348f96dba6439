"""The exercise files: all that ship hold together, and what does not is refused by name."""

import ast
import re
import typing
from itertools import pairwise
from pathlib import Path

import pytest

import kiosk.coaching
from kiosk.coaching.checks import BACK_MEASURE
from kiosk.coaching.measures import MEASURES
from kiosk.errors import ExerciseError
from kiosk.exercises.catalogue import FOLDER, catalogue, exercise_by_id, load_exercise
from kiosk.exercises.checks_page import document
from kiosk.exercises.exercise import Exercise, Measure
from kiosk.ui.words.words import Words, languages
from paths import ROOT

GOOD = (FOLDER / "hip_hinge.toml").read_text("utf-8")
SHIPPED = [path.stem for path in FOLDER.glob("*.toml")]


def changed(key: str, value: str, text: str = GOOD) -> str:
    """The file with the first line of this key saying something else."""
    text, found = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", text, count=1)
    assert found == 1, key
    return text


def refusal(folder: Path, text: str, name: str = "hip_hinge.toml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExerciseError) as caught:
        load_exercise(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


@pytest.mark.parametrize("exercise_id", SHIPPED)
def test_every_exercise_that_ships_loads_and_makes_sense(exercise_id: str) -> None:
    exercise = exercise_by_id(exercise_id)
    rule = exercise.rep
    assert exercise.id == exercise_id
    assert 0 < rule.partial_deg < rule.top_deg < rule.bottom_deg
    assert rule.bottom_deg < rule.full_lean_deg
    assert exercise.smoothing.cutoff_hz > 0
    assert exercise.smoothing.beta >= 0


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("exercise_id", SHIPPED)
def test_every_exercise_that_ships_has_words(exercise_id: str, language: str) -> None:
    words = Words.load(language)
    assert words(f"exercise.{exercise_id}.name")
    assert words.list(f"exercise.{exercise_id}.steps")


def test_the_exercise_button_walks_through_them_in_their_order() -> None:
    found = list(catalogue().values())
    assert {exercise.id for exercise in found} == set(SHIPPED)
    assert all(a.order < b.order for a, b in pairwise(found))
    assert list(catalogue()) == [exercise.id for exercise in found]


def test_the_catalogue_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        catalogue()["squat"] = exercise_by_id("hip_hinge")  # type: ignore[index]  # on purpose


def test_an_unknown_exercise_is_told_the_known_ones() -> None:
    with pytest.raises(ExerciseError) as caught:
        exercise_by_id("bench_press")
    assert "bench_press" in str(caught.value)
    assert all(exercise_id in str(caught.value) for exercise_id in SHIPPED)


def test_a_good_file_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "hip_hinge.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert isinstance(load_exercise(path), Exercise)
    path.write_text(re.sub(r"(?m)^drill = .*\n", "", GOOD), encoding="utf-8")
    assert list(catalogue(tmp_path)) == ["hip_hinge"]


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("bottom_deg", '"deep"', r"float.*str.*\$\.rep\.bottom_deg"),
        ("bottom_deg", "181", r"180.*\$\.rep\.bottom_deg"),
        ("bottom_deg", "-1", r"\$\.rep\.bottom_deg"),
        ("shortest_s", "0", r"\$\.rep\.shortest_s"),
        ("longest_s", "61", r"60.*\$\.rep\.longest_s"),
        ("feet_moved", "true", r"\$\.rep\.feet_moved"),
        ("order", '"first"', r"\$\.order"),
        ("order", "1.5", r"\$\.order"),
        ("cutoff_hz", "[1, 2]", r"\$\.smoothing\.cutoff_hz"),
        ("id", '"squat"', r'id is "squat".*file\'s name'),
        ("partial_deg", "20", r"rep\.partial_deg must be smaller than rep\.bottom_deg"),
        ("partial_deg", "25", r"rep\.partial_deg must be smaller than rep\.bottom_deg"),
        ("top_deg", "25", r"rep\.top_deg must be smaller than rep\.bottom_deg"),
        ("shortest_s", "11", r"rep\.shortest_s must be smaller than rep\.longest_s"),
    ],
)
def test_a_wrong_figure_is_refused_by_file_and_key(
    tmp_path: Path, key: str, value: str, words: str
) -> None:
    assert re.search(words, refusal(tmp_path, changed(key, value)))


@pytest.mark.parametrize("table", ["", "rep", "smoothing"])
def test_an_unknown_key_is_refused_by_name(tmp_path: Path, table: str) -> None:
    head = f"[{table}]\n" if table else ""
    text = GOOD.replace(head, f"{head}swiftness = 3\n", 1)
    message = refusal(tmp_path, text)
    assert "swiftness" in message
    assert f"$.{table}".rstrip(".") in message or not table


@pytest.mark.parametrize("key", ["id", "order", "bottom_deg", "longest_s", "beta"])
def test_a_missing_key_is_refused_by_name(tmp_path: Path, key: str) -> None:
    assert key in refusal(tmp_path, re.sub(rf"(?m)^{key} = .*\n", "", GOOD, count=1))


def test_what_is_no_toml_is_refused(tmp_path: Path) -> None:
    assert "line 1" in refusal(tmp_path, "an exercise, in prose")
    path = tmp_path / "hip_hinge.toml"
    path.write_bytes(b'id = "\xff\xfe"')
    with pytest.raises(ExerciseError, match="hip_hinge"):
        load_exercise(path)


def test_a_file_that_is_not_there_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match=r"nothing\.toml: cannot be read"):
        load_exercise(tmp_path / "nothing.toml")
    with pytest.raises(ExerciseError, match="no exercise file"):
        catalogue(tmp_path)


def reasons() -> set[str]:
    """Every reason why a movement does not count, as the code names it."""
    folder = Path(kiosk.coaching.__file__).parent
    gates, counter = (
        ast.parse((folder / name).read_text("utf-8")) for name in ("gates.py", "counter.py")
    )
    found = {
        pair.elts[0].value
        for table in ast.walk(gates)
        if isinstance(table, ast.Tuple)
        for pair in table.elts
        if isinstance(pair, ast.Tuple) and isinstance(pair.elts[0], ast.Constant)
    }
    found |= {
        word.value.value
        for word in ast.walk(counter)
        if isinstance(word, ast.keyword)
        and word.arg == "reason"
        and isinstance(word.value, ast.Constant)
    }
    return {reason for reason in found if isinstance(reason, str)}


@pytest.mark.parametrize("language", languages())
def test_every_reason_not_to_count_has_words(language: str) -> None:
    words, named = Words.load(language), reasons()
    assert {"too_shallow", "too_fast", "feet_moved", "not_back_up"} <= named
    assert {reason for reason in named if f"partial.{reason}" not in words} == set()


def test_the_page_of_checks_is_what_the_files_say() -> None:
    page = ROOT / "docs" / "checks.md"
    assert page.read_text() == document(catalogue().values())


def test_every_measure_of_the_files_is_a_figure_of_the_coach() -> None:
    assert set(typing.get_args(Measure)) == {*MEASURES, BACK_MEASURE}


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("measure", '"knee_bend"', "knee_bend"),
        ("phase", '"middle"', "middle"),
        ("unit", '"inches"', "inches"),
        ("above", "400", "400"),
        ("priority", "0", "priority"),
    ],
)
def test_a_check_that_cannot_be_meant_is_refused(
    tmp_path: Path, key: str, value: str, told: str
) -> None:
    path = tmp_path / "hip_hinge.toml"
    path.write_text(changed(key, value))
    with pytest.raises(ExerciseError, match=re.escape(told)) as error:
        load_exercise(path)
    assert str(path) in str(error.value)


def test_a_drill_without_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hip_hinge.toml").write_text(changed("drill", '"tightrope"'))
    with pytest.raises(ExerciseError, match="tightrope"):
        catalogue(tmp_path)
