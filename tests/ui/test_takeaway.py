"""A set as text for a phone."""

from dataclasses import replace
from datetime import date

import pytest

from kiosk.coaching.record import SetRecord
from kiosk.coaching.summary import Summary
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.ui.screen.gallery.scenes import samples
from kiosk.ui.takeaway import takeaway
from kiosk.ui.words.words import Words

DAY = date(2026, 11, 25)


def text(name: str, words: Words, day: date | None = DAY) -> list[str]:
    snapshot = samples()[name].snapshot
    assert snapshot is not None
    assert snapshot.current is not None
    assert snapshot.summary is not None
    return takeaway(snapshot.current, snapshot.summary, day, words).splitlines()


@pytest.fixture
def words() -> Words:
    return Words.load("en")


def test_it_tells_what_the_summary_tells(words: Words) -> None:
    lines = text("summary-faults", words)
    assert lines[0] == "Hip hinge 2026-11-25"
    assert lines[1] == "9 reps, score 83"
    assert lines[-2].startswith("Work on: Send your hips back")
    assert lines[-1] == "Drill: Wall tap"


def test_depths_stand_rep_by_rep_with_a_sign_for_the_verdict(words: Words) -> None:
    depths = next(line for line in text("summary-mixed", words) if line.startswith("Depth"))
    told = depths.partition(": ")[2].split()
    assert len(told) == 9  # the partial one is no rep
    assert {figure[-1] for figure in told} == {"+", "!", "."}


def test_a_long_set_tells_its_last_reps_alone(words: Words) -> None:
    longest = max(len(line.split()) for line in text("summary-hundred", words))
    assert longest < 40


def test_without_a_score_or_a_day_neither_is_told(words: Words) -> None:
    lines = text("summary-hidden", words, None)
    assert lines[:2] == ["Hip hinge", "8 reps"]
    assert not any("Work on" in line for line in lines)


def test_an_empty_set_has_no_tempo(words: Words) -> None:
    record = SetRecord(serial=1, exercise="squat", started_s=0.0, reps=())
    summary = Summary.of(record, exercise_by_id("squat").checks)
    assert takeaway(replace(record), summary, DAY, words) == "Squat 2026-11-25\n0 reps"
