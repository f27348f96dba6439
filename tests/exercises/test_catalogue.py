"""The exercise files: all that ship hold together, and what does not is refused by name."""

import ast
import re
import typing
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

import kiosk.coaching
from kiosk.coaching.checks import BACK_MEASURE
from kiosk.coaching.measures import MEASURES
from kiosk.errors import ExerciseError
from kiosk.exercises.catalogue import (
    FOLDER,
    catalogue,
    exercise_by_id,
    load_catalogue,
    load_exercise,
)
from kiosk.exercises.exercise import Measure
from kiosk.ui.words.words import Words, languages
from paths import ROOT

GOOD = """
extends = "hinge"
order = 7

[appearance]
load = "kettlebell"

[checks]
shallow.below = 45

[words.en]
name = "Pull-through"
three = ["Back", "Fold", "Tall"]
steps = ["Stand", "Fold", "Rise"]

[words.de]
name = "Kabelzug"
three = ["Zurück", "Beugen", "Hoch"]
steps = ["Stehen", "Beugen", "Aufrichten"]
"""
Write = Callable[..., Path]
LANGUAGES = ("de", "en")
SHIPPED = list(catalogue())


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes an exercise file into the owner's folder."""

    def write(text: str, name: str = "pull") -> Path:
        path = tmp_path / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def changed(key: str, value: str, text: str) -> str:
    """The file with the first line of this key saying something else; an empty value drops it."""
    line = f"{key} = {value}" if value else ""
    text, found = re.subn(rf"(?m)^{re.escape(key)} = .*$", lambda _: line, text, count=1)
    assert found == 1, key
    return text


def refusal(path: Path) -> str:
    with pytest.raises(ExerciseError) as caught:
        load_exercise(path, LANGUAGES)
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


def test_the_exercise_button_walks_through_them_in_their_order() -> None:
    found = list(catalogue().values())
    assert all(a.order < b.order for a, b in pairwise(found))
    assert list(catalogue()) == [exercise.id for exercise in found]
    assert exercise_by_id("") is found[0]


def test_the_catalogue_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        catalogue()["squat"] = exercise_by_id("hip_hinge")  # type: ignore[index]  # on purpose


def test_an_unknown_exercise_is_told_the_known_ones() -> None:
    with pytest.raises(ExerciseError) as caught:
        exercise_by_id("bench_press")
    assert "bench_press" in str(caught.value)
    assert all(exercise_id in str(caught.value) for exercise_id in SHIPPED)


def test_a_file_says_only_what_differs_from_what_it_extends(write: Write) -> None:
    hinge, pull = catalogue()["hip_hinge"], load_exercise(write(GOOD), LANGUAGES)
    assert pull is not None
    assert (pull.id, pull.order, pull.kind, pull.pattern) == ("pull", 7, "lift", "hinge")
    assert (pull.rep, pull.smoothing) == (hinge.rep, hinge.smoothing)
    assert pull.appearance.load == "kettlebell"
    assert pull.appearance.arms == catalogue()["hip_hinge"].appearance.arms
    assert [rule.id for rule in pull.checks] == [rule.id for rule in hinge.checks]
    mine = {rule.limit for rule in pull.checks if rule.id == "shallow"}
    assert mine == {45} != {rule.limit for rule in hinge.checks if rule.id == "shallow"}
    others = [[r for r in one.checks if r.id != "shallow"] for one in (pull, hinge)]
    assert others[0] == others[1]


def test_judged_chooses_the_checks_and_their_order_and_takes_their_mistakes_along(
    write: Write,
) -> None:
    pull = load_exercise(write('judged = ["shallow", "knee_dominance"]\n' + GOOD), LANGUAGES)
    assert pull is not None
    assert [rule.id for rule in pull.checks] == ["shallow", "knee_dominance"]
    assert set(pull.appearance.mistakes) == {"shallow", "knee_dominance"}


def test_a_main_check_leaves_with_its_check_and_is_passed_on_with_it(write: Write) -> None:
    pull = load_exercise(write(GOOD), LANGUAGES)
    assert pull is not None
    assert pull.main == exercise_by_id("good_morning").main
    assert len(pull.main) == 3
    less = load_exercise(write('judged = ["shallow", "tempo"]\n' + GOOD), LANGUAGES)
    assert less is not None
    assert less.main == ("shallow",)
    none = write('judged = ["tempo"]\n' + GOOD.replace("[checks]\nshallow.below = 45", ""))
    assert refusal(none).startswith("main: is missing; choose one or more of tempo")


def test_a_mistake_changes_the_stroke_and_leaves_the_rest_of_it(write: Write) -> None:
    text = GOOD.replace("[checks]", "stroke.down_s = 2.5\nmistakes.tempo = { up_s = 3 }\n[checks]")
    pull = load_exercise(write(text), LANGUAGES)
    assert pull is not None
    stroke = pull.appearance.stroke
    assert (stroke.lean_deg, stroke.down_s) == (74, 2.5)
    assert pull.appearance.mistakes["tempo"] == replace(stroke, up_s=3)
    assert pull.appearance.mistakes["shallow"].down_s == 2.5


def test_a_name_and_a_place_are_not_passed_on_but_other_words_are(write: Write) -> None:
    write(GOOD.replace('three = ["Back"', 'cue.tempo = "Slow and low"\nthree = ["Back"'))
    below = 'extends = "pull"\norder = 8\nwords.en.name = "Band pull"\nwords.de.name = "Band"\n'
    band = load_exercise(write(below, "band"), LANGUAGES)
    assert band is not None
    assert band.words["en"].name == "Band pull"
    assert band.words["en"].steps == ("Stand", "Fold", "Rise")
    assert band.words["en"].cue == {"tempo": "Slow and low"}
    assert refusal(write(changed("order", "", below), "band")).startswith("order: is missing")
    for language in LANGUAGES:
        text = changed(f"words.{language}.name", "", below)
        assert refusal(write(text, "band")).startswith(f"words.{language}.name: is missing")


def test_an_own_file_replaces_the_packaged_one_and_may_extend_it(
    tmp_path: Path, write: Write
) -> None:
    write('extends = "squat"\nchecks.no_lockout.above = 17\n', "squat")
    found = load_catalogue(tmp_path, LANGUAGES)
    assert list(found) == SHIPPED
    new, old = found["squat"], catalogue()["squat"]
    assert [rule.limit for rule in new.checks if rule.id == "no_lockout"] == [17]
    assert (new.words, new.order, new.rep) == (old.words, old.order, old.rep)
    assert {name: one for name, one in found.items() if name != "squat"} == {
        name: one for name, one in catalogue().items() if name != "squat"
    }


def test_own_exercises_stand_in_the_row_by_their_order_and_bases_do_not(
    tmp_path: Path, write: Write
) -> None:
    write(GOOD.replace("order = 7", "order = 3"), "zercher")
    write("base = true\nnonsense = 3\n", "unused")
    found = list(load_catalogue(tmp_path, LANGUAGES))
    assert found == [*SHIPPED[:3], "zercher", *SHIPPED[3:]]
    assert load_exercise(FOLDER / "hinge.toml") is None


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"pull": 'extends = "pull"'}, r'extends: there is no other file "pull"; known: .*hinge'),
        ({"pull": 'extends = "nothing"'}, r'extends: there is no other file "nothing"'),
        ({"pull": "extends = 3"}, r"extends: Expected `str`"),
        ({"pull": 'extends = "a"', "a": 'extends = "b"', "b": 'extends = "a"'}, "extends: a leads"),
        ({"pull": 'extends = "a"', "a": 'extends = "pull"'}, "extends: pull leads back"),
    ],
)
def test_what_extends_nothing_or_itself_is_refused(
    write: Write, texts: dict[str, str], message: str
) -> None:
    path, *_ = [write(text, name) for name, text in texts.items()]
    assert re.match(message, refusal(path))


def test_a_fault_is_told_under_the_file_that_holds_it(tmp_path: Path, write: Write) -> None:
    write('base = true\nextends = "hinge"\nrep.bottom_deg = "deep"\n', "deep")
    path = write(GOOD.replace('"hinge"', '"deep"'))
    with pytest.raises(ExerciseError, match=r"deep\.toml: rep\.bottom_deg: Expected `float`"):
        load_exercise(path, LANGUAGES)
    write('base = true\nextends = "hinge"\nchecks.shallow = 3\n', "deep")
    with pytest.raises(ExerciseError, match=r"deep\.toml: checks: Expected `object`"):
        load_exercise(path, LANGUAGES)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('rep.bottom_deg = "deep"', r"rep\.bottom_deg: Expected `float`, got `str`"),
        ("rep.bottom_deg = 181", r"rep\.bottom_deg: .*180"),
        ("rep.bottom_deg = -1", r"rep\.bottom_deg: "),
        ("rep.shortest_s = 0", r"rep\.shortest_s: "),
        ("rep.longest_s = 61", r"rep\.longest_s: .*60"),
        ("rep.feet_moved = true", r"rep\.feet_moved: "),
        ("rep = 3", "rep: Expected `object`"),
        ("smoothing.cutoff_hz = [1, 2]", r"smoothing\.cutoff_hz: "),
        ("rep.partial_deg = 20", r"rep\.partial_deg: must be smaller than rep\.bottom_deg"),
        ("rep.partial_deg = 25", r"rep\.partial_deg: must be smaller than rep\.bottom_deg"),
        ("rep.top_deg = 25", r"rep\.top_deg: must be smaller than rep\.bottom_deg"),
        ("rep.shortest_s = 11", r"rep\.shortest_s: must be smaller than rep\.longest_s"),
        ('id = "pull"', "id: is the file's name"),
        ("swiftness = 3", "swiftness: is an unknown key"),
        ("rep.swiftness = 3", r"rep\.swiftness: is an unknown key"),
        ('pattern = "lunge"', "pattern: Invalid enum value 'lunge'"),
        ('depth_by = "feel"', "depth_by: Invalid enum value 'feel'"),
        ('kind = "game"', "kind: Invalid enum value 'game'"),
        ('kind = "drill"', r"words\.(de|en)\.line: is missing"),
        ('judged = ["balance"]', r'judged: there is no check "balance"; known: .*shallow'),
        ('judged = ["tempo"]', r"checks\.shallow: is not among `judged`"),
        (
            'main = ["stance", "hips_shoot_up"]',
            'main: "hips_shoot_up" is not judged here; .*stance',
        ),
        ('main = ["head_up"]', 'main: "head_up" is not judged here'),
        ('main = ["balance"]', r"main.*: Invalid enum value 'balance'"),
        ("main = []", "main: is missing; choose one or more of .*shallow"),
        ("target = { first_legs = 0.2, step_legs = 0.1, most_legs = 0.1 }", "target: .*most_legs"),
        ("checks.balance.above = 3", r"checks\.balance: is not among `judged`"),
        ('checks.tempo.measure = "grit"', r"checks\.tempo\.measure: Invalid enum value 'grit'"),
        ('checks.tempo.phase = "middle"', r"checks\.tempo\.phase: Invalid enum value 'middle'"),
        ('checks.tempo.unit = "inches"', r"checks\.tempo\.unit: Invalid enum value 'inches'"),
        ('checks.tempo.id = "balance"', r"checks\.tempo\.id: Invalid enum value 'balance'"),
        ("checks.tempo.below = 400", r"checks\.tempo: .*400"),
        ("checks.tempo.above = 4", r"checks\.tempo: .*either `above` or `below`"),
        ("checks.tempo.priority = 0", r"checks\.tempo\.priority: "),
        ("checks.tempo.speak = [3, 2]", r"checks\.tempo: .*more faults than reps"),
        ("appearance.mistakes.stance = { lean_deg = 3 }", None),
        (
            "appearance.mistakes.hips_shoot_up = { lean_deg = 30 }",
            r"appearance\.mistakes\.hips_shoot_up",
        ),
        ("appearance.mistakes.tempo = { up_s = 9 }", r"appearance\.mistakes\.tempo\.up_s: "),
        ('appearance.arms = "wings"', r"appearance\.arms: Invalid enum value 'wings'"),
        ('words.en.cue.balance = "Be still"', r"words\.en\.cue: Invalid enum value 'balance'"),
        ('words.en.cue.tempo = "{count} slow"', r"words\.en\.cue: "),
        ('words.en.motto = "Pull"', r"words\.en\.motto: is an unknown key"),
    ],
)
def test_what_is_not_sound_is_refused_by_file_and_key(
    write: Write, line: str, message: str | None
) -> None:
    # a table that the file opens takes the line, the file's head any other
    table = re.match(r"(appearance|checks|words\.en)\.", line)
    head = f"[{table[1]}]\n" if table else ""
    path = write(GOOD.replace(head, head + line.removeprefix(table[0] if table else "") + "\n", 1))
    if message is None:
        assert load_exercise(path, LANGUAGES) is not None
    else:
        assert re.match(message, refusal(path))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["name", "three", "steps"])
def test_missing_words_are_refused_by_language_and_key(
    write: Write, language: str, key: str
) -> None:
    head, own, rest = GOOD.partition(f"[words.{language}]")
    assert refusal(write(head + own + changed(key, "", rest))) == (
        f"words.{language}.{key}: is missing; mend the file or take it away"
    )
    without = re.sub(rf"(?ms)^\[words\.{language}\].*?(?=^\[|\Z)", "", GOOD)
    assert refusal(write(without)).startswith(f"words.{language}: is missing")


@pytest.mark.parametrize("key", ["cutoff_hz", "bottom_deg", "longest_s", "beta", "arms", "rep"])
def test_a_missing_key_is_refused_by_name(write: Write, key: str) -> None:
    whole = "".join((FOLDER / f"{name}.toml").read_text("utf-8") for name in ("lift",))
    whole = re.sub(rf"(?m)^{key} = .*\n", "", whole.replace("base = true\n", "order = 4\n"))
    message = refusal(write(whole))
    assert "is missing" in message


def test_what_is_no_toml_is_refused(tmp_path: Path, write: Write) -> None:
    assert "line 1" in refusal(write("an exercise, in prose"))
    path = tmp_path / "pull.toml"
    path.write_bytes(b'kind = "\xff\xfe"')
    with pytest.raises(ExerciseError, match="pull"):
        load_exercise(path)


def test_a_file_that_is_not_there_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match=r"nothing\.toml: cannot be read"):
        load_exercise(tmp_path / "nothing.toml")
    with pytest.raises(ExerciseError, match="no exercise file"):
        load_catalogue(tmp_path)


@pytest.mark.parametrize("drill", ["tightrope", "squat"])
def test_a_drill_that_is_none_is_refused(tmp_path: Path, write: Write, drill: str) -> None:
    path = write(GOOD.replace("[checks]", f'[checks]\nshallow.drill = "{drill}"'))
    with pytest.raises(ExerciseError) as error:
        load_catalogue(tmp_path)
    assert str(error.value).startswith(f'{path}: check "shallow": drill "{drill}" is unknown')


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
        word.value
        for call in ast.walk(counter)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_rep"
        for word in (*call.args, *(keyword.value for keyword in call.keywords))
        if isinstance(word, ast.Constant)
    }
    return {reason for reason in found if isinstance(reason, str)}


@pytest.mark.parametrize("language", languages())
def test_every_reason_not_to_count_has_words(language: str) -> None:
    words, named = Words.load(language), reasons()
    assert {"too_shallow", "too_fast", "feet_moved", "not_back_up"} <= named
    assert {reason for reason in named if f"partial.{reason}" not in words} == set()


def test_every_measure_of_the_files_is_a_figure_of_the_coach() -> None:
    assert set(typing.get_args(Measure)) == {*MEASURES, BACK_MEASURE}


PATTERNS = {
    "squat": {
        "coaching/record.py",
        "exercises/exercise.py",
        "ui/screen/gallery/scenes.py",
        "ui/screen/widgets/gauges.py",
    },
    "deadlift": {"history/schema.py"},
}
"""The way of bending bears the name of an exercise; these files mean the way of bending. A
migration names what earlier versions wrote."""


def test_no_exercise_is_named_in_code() -> None:
    for path in (ROOT / "kiosk").rglob("*.py"):
        place = path.relative_to(ROOT / "kiosk").as_posix()
        ids = [one for one in SHIPPED if place not in PATTERNS.get(one, ())]
        named = re.compile(rf"\b({'|'.join(ids)})\b")
        for text in texts(ast.parse(path.read_text("utf-8"))):
            assert not named.search(text), f"{place}: {text!r}"


def texts(tree: ast.AST) -> Iterator[str]:
    """Every string of a file that is not documentation."""
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in set(ast.walk(tree)) - words:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_an_exercise_in_code_is_found() -> None:
    code = '"""Of a squat."""\nchosen = f"exercise.squat.name"\n'
    assert list(texts(ast.parse(code))) == ["exercise.squat.name"]
