from dataclasses import replace
from datetime import timedelta

import pytest

from drawing import SCENES, drawn, line_of
from kiosk.ui.screen.widgets.set_row import format_duration, format_time
from kiosk.ui.words.words import Words


def test_a_row_of_history_shows_a_score_where_there_is_one(words: Words) -> None:
    scene = SCENES["history"]
    screen = drawn(scene, words, (1080, 1920))
    for number, stored in enumerate(scene.history.latest[:4]):
        told = "" if stored.score is None else str(stored.score)
        assert line_of(screen, f"row.{number}.score") == told
    assert {stored.score is None for stored in scene.history.latest[:4]} == {True, False}


STORED = SCENES["history"].history.latest[1]
TODAY = STORED.started_at.date()


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, "18:01"),
        (1, "Yesterday 18:01"),
        (2, "23 November"),
        (300, "23 November"),
        (None, "23 November"),
    ],
)
def test_a_set_of_yesterday_has_a_time_and_an_older_one_a_day(
    days: int | None, expected: str, words: Words
) -> None:
    today = None if days is None else TODAY + timedelta(days=days)
    assert format_time(STORED, today, words) == expected


def test_a_set_that_never_ended_has_no_length(words: Words) -> None:
    assert format_duration(replace(STORED, duration_s=None), words) == words("history.open")
    minute = format_duration(replace(STORED, duration_s=89.6), words)
    assert minute == words("history.lasted", minutes=1, seconds=30)


def test_an_exercise_that_is_gone_is_shown_by_its_id(words: Words) -> None:
    history = replace(SCENES["history"].history, latest=(replace(STORED, exercise="gone_one"),))
    screen = drawn(replace(SCENES["history"], history=history), words, (1080, 1920))
    assert line_of(screen, "row.0.exercise") == "gone_one"
