"""A set in figures, on sets whose every figure is known."""

from collections.abc import Sequence
from typing import get_args

import pytest
from coaching.scripted import rep, reps, result, rule
from hypothesis import given
from hypothesis import strategies as st

from kiosk.coaching.record import Measures, Rep, SetRecord
from kiosk.coaching.set_summary import Fade, Summary, Tally, rep_score
from kiosk.exercises.catalogue import catalogue
from kiosk.exercises.exercise import CheckId, CheckRule
from kiosk.ui.words.words import Words, languages
from people import FEW

KNEE = rule("knee_dominance", 2, cost=30, drill="wall_tap")
LOCKOUT = rule("no_lockout", 3, cost=20, drill="band_resisted")
LEAN = rule("lean_back", 1, cost=20)
BACK = rule("rounded_back", 4, (2, 3), cost=100, drill="dowel_rod")
HEAD = rule("head_up", 1, cost=50, experimental=True)
RULES = (HEAD, KNEE, LOCKOUT, LEAN, BACK)


def record(ended: Sequence[Rep]) -> SetRecord:
    return SetRecord(serial=1, exercise="hip_hinge", started_s=0.0, reps=tuple(ended))


def summary(ended: Sequence[Rep], rules: Sequence[CheckRule] = RULES) -> Summary:
    return Summary.of(record(ended), rules)


@pytest.mark.parametrize(
    ("checks", "score"),
    [
        ({}, None),
        ({"knee_dominance": "-", "no_lockout": "-"}, None),
        ({"head_up": "F"}, None),
        ({"knee_dominance": "O"}, 100),
        ({"knee_dominance": "O", "no_lockout": "-", "head_up": "F"}, 100),
        ({"knee_dominance": "F", "no_lockout": "-"}, 70),
        ({"knee_dominance": "F", "no_lockout": "F", "lean_back": "O"}, 50),
        ({"knee_dominance": "F", "rounded_back": "F"}, 0),
        ({"tempo": "F"}, None),
    ],
)
def test_a_rep_loses_the_points_of_its_faults(checks: dict[str, str], score: int | None) -> None:
    assert rep_score({check: result(v) for check, v in checks.items()}, RULES) == score


def test_two_rules_of_one_check_cost_once() -> None:
    other = rule("knee_dominance", 5, cost=40)
    assert rep_score({"knee_dominance": result("F")}, (other, KNEE)) == 70


@given(st.dictionaries(st.sampled_from(get_args(CheckId)), st.sampled_from("FO-")))
@FEW
def test_a_score_is_between_0_and_100_and_falls_with_each_fault(checks: dict[str, str]) -> None:
    results = {check: result(verdict) for check, verdict in checks.items()}
    score = rep_score(results, RULES)
    assert score is None or 0 <= score <= 100
    worse = rep_score({**results, "lean_back": result("F")}, RULES)
    assert worse is not None
    if score is not None and checks.get("lean_back") != "F":
        assert worse == max(0, score - LEAN.cost)


def test_a_set_counts_scores_and_tells_clean_reps() -> None:
    fault, fine, unknown = (
        one.checks for one in reps({"knee_dominance": "FO-", "head_up": "OFF", "no_lockout": "-O-"})
    )
    ended = [
        rep(1, fault, score=70),
        rep(1, fine, counted=False, score=10),
        rep(2, fine, score=100),
        rep(3, unknown),
        rep(4, fine, score=99),
    ]
    one = summary(ended)
    assert (one.reps, one.partials, one.score, one.clean_reps) == (4, 1, 90, 2)
    assert one.assessed["knee_dominance"] == Tally(ok=2, fault=1, not_assessed=1)
    assert one.assessed["no_lockout"] == Tally(ok=2, not_assessed=2)
    assert one.assessed["head_up"].fault == 3
    assert one.assessed["lean_back"] == Tally(not_assessed=4)
    assert list(one.assessed)[-1] == "rounded_back"


def test_a_set_without_reps_has_nothing_to_tell() -> None:
    one = summary([])
    assert (one.reps, one.score, one.clean_reps, one.one_thing) == (0, None, 0, None)
    assert one.fade == Fade()


def test_the_most_common_reason_is_told() -> None:
    reasons = [None, "hidden", None, "turn_side_on", "turn_side_on", None]
    ended = [rep(n, {"knee_dominance": result("-", why)}) for n, why in enumerate(reasons, 1)]
    tally = summary(ended).assessed["knee_dominance"]
    assert tally == Tally(not_assessed=6, reason="turn_side_on")


def lifted(
    leans: Sequence[float | None],
    shares: Sequence[float | None] = (),
    strokes_s: Sequence[float] = (),
) -> list[Rep]:
    return [
        rep(
            n,
            measures=Measures(trunk_lean_deg=lean, hip_share=shares[n] if shares else None),
            stroke_s=strokes_s[n] if strokes_s else 1.0,
        )
        for n, lean in enumerate(leans)
    ]


def test_the_fade_holds_the_last_third_against_the_first() -> None:
    ended = lifted(
        [80, 76, 74, 0, 0, 64, 62, 60],
        [0.8, 0.9, 0, 0, 0, 0, 0.6, 0.7],
        [1.0, 1.2, 9, 9, 9, 9, 0.7, 0.8],
    )
    fade = summary(ended).fade
    assert fade.trunk_lean_deg == 61 - 78
    # down and up, without the pause
    assert fade.tempo_s == pytest.approx(1.5 - 2.2)
    assert fade.hip_share == pytest.approx(-0.2)


def test_partial_reps_do_not_fade() -> None:
    partial = rep(3, counted=False, measures=Measures(trunk_lean_deg=10.0))
    ended = [partial, *lifted([80.0] * 6), partial, partial]
    assert summary(ended).fade.trunk_lean_deg == 0


@pytest.mark.parametrize(
    ("leans", "known"),
    [
        ([70.0] * 5, False),
        ([70.0] * 6, True),
        ([None, 70.0, 70.0, 70.0, 70.0, 70.0], False),
        ([70.0, 70.0, 70.0, 70.0, 70.0, None], False),
        ([70.0, 70.0, None, None, 70.0, 70.0], True),
        ([None, 70.0, 70.0, 70.0, 70.0, 70.0, None, 70.0, 70.0], True),
    ],
)
def test_too_little_known_is_no_fade(leans: list[float | None], known: bool) -> None:
    fade = summary(lifted(leans)).fade
    assert (fade.trunk_lean_deg is not None) == known
    assert (fade.tempo_s is not None) == (len(leans) >= 6)
    assert fade.hip_share is None


@pytest.mark.parametrize(
    ("script", "advice"),
    [
        ({"knee_dominance": "OOO", "no_lockout": "---"}, None),
        ({"knee_dominance": "FOO", "no_lockout": "OOO"}, ("knee_dominance", "wall_tap")),
        # more faults, then dearer ones, then the priority
        ({"knee_dominance": "FOO", "no_lockout": "FFO"}, ("no_lockout", "band_resisted")),
        ({"knee_dominance": "FFO", "no_lockout": "FFO"}, ("knee_dominance", "wall_tap")),
        ({"lean_back": "FFO", "no_lockout": "FFO"}, ("lean_back", "")),
        # too few to be told, and experimental
        ({"rounded_back": "FOO"}, None),
        ({"rounded_back": "FOF", "knee_dominance": "FFF"}, ("rounded_back", "dowel_rod")),
        ({"head_up": "FFF"}, None),
    ],
)
def test_the_one_thing_to_work_on(script: dict[str, str], advice: tuple[str, str] | None) -> None:
    found = summary(reps(script)).one_thing
    assert (found and (found.id, found.drill)) == advice


@pytest.mark.parametrize("language", languages())
def test_every_advice_and_drill_has_its_words(language: str) -> None:
    words = Words.load(language)
    assert len(words("advice.score_rule")) <= 64, "one line of the screen"
    for check in get_args(CheckId):
        assert words(f"advice.{check}")
    drills = {
        one.drill for exercise in catalogue().values() for one in exercise.checks if one.drill
    }
    for drill in drills | {"wall_tap", "dowel_rod", "band_resisted"}:
        assert words(f"drill.{drill}.name")
