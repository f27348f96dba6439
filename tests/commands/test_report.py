"""Sets as lines of text."""

from dataclasses import replace

import pytest

from kiosk.coaching.record import Ended, Measures, Rep, SetRecord, Tempo
from kiosk.commands.report import HEAD, rep_table, set_table, sets_table

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
    title, head, *lines = set_table(SET).splitlines()
    assert title.startswith("hip_hinge: 2 reps, 1 partial (walked off)")
    assert head == HEAD
    assert len(lines) == 3


def test_the_columns_stand_under_their_names() -> None:
    line = rep_table("hip_hinge", None, [REP]).splitlines()[-1]
    assert line.split() == ["1", "8.2", "9.9", "11.3", "1.6", "0.2", "1.2", "74", "12", "0.88"]
    names, ends = HEAD.split(), []
    for value in line.split():
        ends.append(line.index(value, ends[-1] if ends else 0) + len(value))
    assert ends[1:] == [HEAD.index(name) + len(name) for name in names[1:]]


def test_a_partial_has_no_number_and_says_why() -> None:
    line = set_table(SET).splitlines()[3]
    assert line.split()[0] == "-"
    assert line.endswith("too shallow")


def test_what_was_not_measured_is_a_dash() -> None:
    assert set_table(SET).splitlines()[3].split()[7:10] == ["-", "-", "-"]
    assert "None" not in set_table(SET)
    assert "nan" not in set_table(SET)


@pytest.mark.parametrize(
    ("ended", "words"), [(None, "(open)"), (Ended.SOURCE_ENDED, "(source ended)")]
)
def test_how_a_set_ended_is_said_in_words(ended: Ended | None, words: str) -> None:
    assert words in set_table(replace(SET, ended=ended)).splitlines()[0]


def test_a_set_without_partials_does_not_speak_of_them() -> None:
    assert "partial" not in set_table(replace(SET, reps=(REP,)))


def test_sets_stand_apart_and_no_set_is_said() -> None:
    assert sets_table([SET, SET]).count("\n\n") == 1
    assert sets_table([]) == "no set"
