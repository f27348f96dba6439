"""A line for every check of every rep that counts."""

import re
from dataclasses import replace

import pytest
from coaching.scripted import rep, result

from kiosk.coaching.record import CheckResult, Ended, Measures, SetRecord, Verdict
from kiosk.commands.explain import explained
from kiosk.commands.report import set_table

FAULT = CheckResult(
    verdict=Verdict.FAULT, value=52.375, limit=40.0, unit="deg", confidence=0.814, reason=None
)
SET = SetRecord(
    serial=1,
    exercise="hip_hinge",
    started_s=4.0,
    reps=(
        rep(1, {"knee_dominance": FAULT, "stance": result("-", "face_me_first")}, score=70),
        rep(1, {"shallow": FAULT}, counted=False),
        rep(2, {"tempo": result("O")}),
    ),
    ended_s=11.0,
    ended=Ended.IDLE,
)


def lines(record: SetRecord) -> list[str]:
    """What comes below the table of reps."""
    table = set_table(record)
    told = explained([record])
    assert told.startswith(f"{table}\n")
    return told.removeprefix(f"{table}\n").splitlines()


def test_a_counted_rep_has_its_score_and_a_line_a_check() -> None:
    told = [line.split(maxsplit=1) for line in lines(SET)]
    assert [name for name, _ in told] == ["rep", "knee_dominance", "stance", "rep", "tempo"]


def test_a_score_is_told_and_so_is_that_there_is_none() -> None:
    assert [line for line in lines(SET) if line.startswith("rep")] == [
        "rep 1: score 70",
        "rep 2: no score",
    ]
    assert "rep 1: score 0" in lines(replace(SET, reps=(replace(SET.reps[0], score=0),)))


@pytest.mark.parametrize(
    ("share", "told"), [(0.8, "rep 2: no score, a hinge"), (0.5, "rep 2: no score, a squat")]
)
def test_what_the_movement_was_is_told(share: float, told: str) -> None:
    seen = replace(SET.reps[2], measures=Measures(hip_share=share))
    assert lines(replace(SET, reps=(seen,)))[0] == told


def test_a_verdict_has_value_limit_unit_and_confidence() -> None:
    name, verdict, value, *rest = lines(SET)[1].split()
    assert (name, verdict) == ("knee_dominance", "fault")
    assert float(value) == pytest.approx(52.375, abs=0.006)
    assert rest == ["against", "40", "deg,", "seen", "81%"]


def test_what_is_not_assessed_says_why_in_words() -> None:
    assert lines(SET)[2].split() == ["stance", "not", "assessed", "(face", "me", "first)"]


def test_too_close_to_call_has_figures_and_a_reason() -> None:
    close = replace(FAULT, verdict=Verdict.NOT_ASSESSED, reason="too_close_to_call")
    (_, line) = lines(replace(SET, reps=(rep(1, {"shallow": close}),)))
    assert "against 40 deg" in line
    assert line.endswith("(too close to call)")


def test_a_figure_of_nought_is_a_figure() -> None:
    (_, line) = lines(replace(SET, reps=(rep(1, {"x": replace(FAULT, value=0.0, limit=0.0)}),)))
    assert re.search(r" 0\.0+ against 0 deg", line)


def test_nothing_is_told_of_a_partial() -> None:
    partial = replace(SET, reps=(SET.reps[1],))
    assert explained([partial]) == set_table(partial)


def test_sets_stand_apart() -> None:
    assert explained([SET, SET]) == f"{explained([SET])}\n\n{explained([SET])}"
    assert explained([]) == ""
