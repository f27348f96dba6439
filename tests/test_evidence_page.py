import re
from dataclasses import replace

import pytest

from evidence_page import Evidence
from kiosk.coaching.record import Rep
from labelled import Clip
from paths import ROOT
from test_labelled import FAULT, OK, SILENT, clip, rep

LIMITS = (ROOT / "docs/limits.md").read_text("utf-8")
PAGE = (ROOT / "docs/evidence.md").read_text("utf-8")


def page(*measured: tuple[Clip, list[Rep]]) -> str:
    evidence = Evidence()
    for labels, counted in measured:
        evidence.add(labels, labels.exercise, counted)
    return evidence.page()


def row(text: str, *cells: str) -> list[str]:
    """The rest of the first table row that begins with these cells."""
    start = f"| {' | '.join(cells)} | "
    line = next(line for line in text.splitlines() if line.startswith(start))
    return line.removeprefix(start).removesuffix(" |").split(" | ")


def test_reps_are_grouped_by_exercise_and_view() -> None:
    oblique = replace(clip(1), view="oblique", person="b")
    text = page(
        (clip(1, 4), [rep(1)]), (clip(1), [rep(1, lean_back=OK), rep(9)]), (oblique, [rep(1)])
    )
    side = ["2", "1", "2 of 3 (21 to 94%)", "1 of 3 (6 to 79%)", "1 of 3 (6 to 79%)"]
    assert row(text, "deadlift", "side-on") == side
    assert row(text, "deadlift", "oblique")[:3] == ["1", "1", "1 of 1 (21 to 100%)"]
    assert row(text, "all", "all")[:3] == ["3", "2", "3 of 4 (30 to 95%)"]


def test_real_and_rendered_people_are_never_added_up() -> None:
    rendered = replace(clip(1, 4), real=False)
    text = page((clip(1), [rep(1)]), (rendered, [rep(1), rep(4)]))
    real, drawn = text.split("## Reps of rendered people")
    assert row(real, "all", "all")[2] == "1 of 1 (21 to 100%)"
    assert row(drawn, "all", "all")[2] == "2 of 2 (34 to 100%)"


def test_a_check_has_its_figures_and_a_note_on_one_person() -> None:
    faulty, clean = clip(1, 4, lean_back=True), clip(1, lean_back=False)
    counted = [rep(1, lean_back=FAULT), rep(4, lean_back=SILENT)]
    one = [(faulty, counted), (clean, [rep(1, lean_back=OK)])]
    figures = ["1 of 2 (9 to 91%)", "1", "0 of 1 (0 to 79%)", "2 of 3"]
    assert row(page(*one), "lean back", "side-on") == ["1", *figures, "one person"]
    two = [one[0], (replace(clean, person="b"), [rep(1, lean_back=OK)])]
    note = "faults found and false alarms: one person"
    assert row(page(*two), "lean back", "side-on") == ["2", *figures, note]


def test_other_movements_are_counted_apart() -> None:
    walk = replace(clip(), no_rep=True, exercise="squat")
    text = page((walk, [rep(1), rep(3)]), (clip(1), [rep(1)]))
    assert row(text, "squat") == ["1", "1", "1 of 1 (21 to 100%)", "2"]
    assert row(text, "all", "all")[3] == "0 of 1 (0 to 79%)"


def test_suggestions_are_right_needless_or_missing() -> None:
    evidence = Evidence()
    twice = clip(1, 4)
    evidence.add(twice, "deadlift", [rep(1), rep(4)])
    evidence.add_suggestions(twice, "deadlift", [])
    evidence.add_suggestions(twice, "squat", ["hip_hinge", "deadlift"])
    evidence.add_suggestions(twice, "hip_hinge", ["squat"])
    evidence.add_suggestions(twice, "good_morning", [])
    evidence.add_suggestions(clip(1), "squat", [])  # one rep is too few
    text = " ".join(evidence.page().split())
    assert "suggested in 0 of 1 clips (0 to 79%) replayed as what is done" in text
    assert "in 2 of 3 clips (21 to 94%) replayed as another exercise" in text
    assert "in 1 of 2 (9 to 91%) of these the right one." in text


@pytest.mark.parametrize(
    ("checks", "limit"),
    [
        ({}, "The back is not measured here"),
        ({"tempo": SILENT}, "Hardly ever judged side-on: tempo."),
        ({"tempo": OK}, "No label shows a fault of tempo; how many are found is unknown."),
        ({"shallow": OK}, "Shallow: found in 0 of 1 reps of one person that show the fault (0 to"),
    ],
)
def test_limits_follow_from_the_figures(checks: dict[str, object], limit: str) -> None:
    text = page((clip(1, shallow=True), [rep(1, **checks)])).partition("## Reps")[0]
    assert limit in " ".join(text.split())


def test_a_page_names_no_person_and_no_clip() -> None:
    somebody = replace(clip(1, lean_back=True), name="clipname", person="author/films")
    assert not re.search("clipname|author|npz", page((somebody, [rep(1, lean_back=FAULT)])))


def section() -> str:
    return LIMITS.partition("<!-- evidence -->\n")[2].partition("<!-- end of evidence -->")[0]


def test_the_page_of_limits_repeats_those_of_the_evidence() -> None:
    assert "\n- " in section()
    assert f"## In short\n\n{section()}\n" in PAGE


def test_every_figure_of_the_limits_is_in_the_page() -> None:
    about = LIMITS.partition("## How well it works")[2].partition("\n## ")[0]
    numbers = re.findall(r"\d+(?:\.\d+)?", about)
    assert numbers
    assert [n for n in numbers if not re.search(rf"(?<![\d.]){re.escape(n)}(?![\d.])", PAGE)] == []
