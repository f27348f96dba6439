"""Sets and verdicts as lines of text: a line for every check of every rep that counts."""

import re
from dataclasses import replace

import pytest
from coaching.scripted import rep, result

from kiosk.coaching.record import (
    CheckResult,
    Ended,
    Grade,
    Measures,
    Rep,
    SetRecord,
    Tempo,
    Verdict,
)
from kiosk.commands.report import HEAD, format_reps, format_set, format_sets, format_verdicts

REP = Rep(
    number=1,
    start_s=8.24,
    bottom_s=9.86,
    end_s=11.31,
    counted=True,
    tempo=Tempo(eccentric_s=1.6, pause_s=0.25, concentric_s=1.2),
    measures=Measures(trunk_lean_deg=73.6, knee_flexion_deg=12.4, hip_share=0.884),
)
PARTIAL = replace(REP, counted=False, partial_reason="too_shallow", measures=Measures())
SET = SetRecord(
    serial=1,
    exercise="hip_hinge",
    started_s=8.24,
    reps=(REP, PARTIAL, replace(REP, number=2)),
    ended_s=11.31,
    ended=Ended.WALKED_OFF,
)


def test_a_set_has_a_heading_and_a_line_a_rep() -> None:
    title, head, *lines = format_set(SET).splitlines()
    assert title.startswith("hip_hinge: 2 reps, 1 partial (walked off)")
    assert head == HEAD
    assert len(lines) == 3


def test_the_columns_stand_under_their_names() -> None:
    line = format_reps("hip_hinge", None, [REP]).splitlines()[-1]
    assert line.split() == ["1", "8.2", "9.9", "11.3", "1.6", "0.2", "1.2", "74", "12", "0.88"]
    names, ends = HEAD.split(), []
    for value in line.split():
        ends.append(line.index(value, ends[-1] if ends else 0) + len(value))
    assert ends[1:] == [HEAD.index(name) + len(name) for name in names[1:]]


def test_a_partial_has_no_number_and_says_why() -> None:
    line = format_set(SET).splitlines()[3]
    assert line.split()[0] == "-"
    assert line.endswith("too shallow")


def test_what_was_not_measured_is_a_dash() -> None:
    assert format_set(SET).splitlines()[3].split()[7:10] == ["-", "-", "-"]
    assert "None" not in format_set(SET)
    assert "nan" not in format_set(SET)


@pytest.mark.parametrize(
    ("ended", "words"), [(None, "(open)"), (Ended.SOURCE_ENDED, "(source ended)")]
)
def test_how_a_set_ended_is_said_in_words(ended: Ended | None, words: str) -> None:
    assert words in format_set(replace(SET, ended=ended)).splitlines()[0]


def test_a_set_without_partials_does_not_speak_of_them() -> None:
    assert "partial" not in format_set(replace(SET, reps=(REP,)))


def test_sets_stand_apart_and_no_set_is_said() -> None:
    assert format_sets([SET, SET]).count("\n\n") == 1
    assert format_sets([]) == "no set"


FAULT = CheckResult(
    verdict=Verdict.FAULT, value=52.375, limit=40.0, unit="deg", confidence=0.814, reason=None
)
JUDGED = SetRecord(
    serial=1,
    exercise="hip_hinge",
    started_s=4.0,
    reps=(
        rep(
            1,
            {"knee_dominance": FAULT, "stance": result("-", "face_me_first")},
            grade=Grade.FAULTY,
            score=70,
        ),
        rep(1, {"shallow": FAULT}, counted=False),
        rep(2, {"tempo": result("O")}, grade=Grade.PARTLY),
    ),
    ended_s=11.0,
    ended=Ended.IDLE,
)


def lines(record: SetRecord) -> list[str]:
    """What comes below the table of reps."""
    table = format_set(record)
    text = format_verdicts([record])
    assert text.startswith(f"{table}\n")
    return text.removeprefix(f"{table}\n").splitlines()


def test_a_counted_rep_has_its_score_and_a_line_a_check() -> None:
    text = [line.split(maxsplit=1) for line in lines(JUDGED)]
    assert [name for name, _ in text] == ["rep", "knee_dominance", "stance", "rep", "tempo"]


def test_grade_and_score_are_told_and_so_is_that_there_is_none() -> None:
    assert [line for line in lines(JUDGED) if line.startswith("rep")] == [
        "rep 1: faulty, score 70",
        "rep 2: partly, no score",
    ]
    assert "rep 1: faulty, score 0" in lines(
        replace(JUDGED, reps=(replace(JUDGED.reps[0], score=0),))
    )


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.8, "rep 2: partly, no score, a hinge"), (0.5, "rep 2: partly, no score, a squat")],
)
def test_what_the_movement_was_is_told(share: float, text: str) -> None:
    seen = replace(JUDGED.reps[2], measures=Measures(hip_share=share))
    assert lines(replace(JUDGED, reps=(seen,)))[0] == text


def test_a_verdict_has_value_limit_unit_and_confidence() -> None:
    name, verdict, value, *rest = lines(JUDGED)[1].split()
    assert (name, verdict) == ("knee_dominance", "fault")
    assert float(value) == pytest.approx(52.375, abs=0.006)
    assert rest == ["against", "40", "deg,", "seen", "81%"]


def test_what_is_not_assessed_says_why_in_words() -> None:
    assert lines(JUDGED)[2].split() == ["stance", "not", "assessed", "(face", "me", "first)"]


def test_too_close_to_call_has_figures_and_a_reason() -> None:
    close = replace(FAULT, verdict=Verdict.NOT_ASSESSED, reason="too_close_to_call")
    (_, line) = lines(replace(JUDGED, reps=(rep(1, {"shallow": close}),)))
    assert "against 40 deg" in line
    assert line.endswith("(too close to call)")


def test_a_figure_of_nought_is_a_figure() -> None:
    (_, line) = lines(replace(JUDGED, reps=(rep(1, {"x": replace(FAULT, value=0.0, limit=0.0)}),)))
    assert re.search(r" 0\.0+ against 0 deg", line)


def test_nothing_is_told_of_a_partial() -> None:
    partial = replace(JUDGED, reps=(JUDGED.reps[1],))
    assert format_verdicts([partial]) == format_set(partial)


def test_sets_with_verdicts_stand_apart() -> None:
    assert (
        format_verdicts([JUDGED, JUDGED])
        == f"{format_verdicts([JUDGED])}\n\n{format_verdicts([JUDGED])}"
    )
    assert format_verdicts([]) == ""
