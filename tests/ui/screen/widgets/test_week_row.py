from dataclasses import replace

import pytest

from drawing import SCENES, drawn, line_of
from kiosk.ui.words.words import Words


def test_the_week_shows_the_days_that_were_trained_on(words: Words) -> None:
    screen = drawn(SCENES["history-week"], words)
    lit = [screen.canvas.parts[f"day.{n}"].key[0] for n in range(7)]
    assert lit == [True, False, True, False, True, False, False]
    assert line_of(screen, "total.days") == "3"
    assert line_of(screen, "goal") == words("history.goal_met")
    quiet = drawn(SCENES["history-quiet-week"], words)
    assert line_of(quiet, "goal") == words("history.goal")


@pytest.mark.parametrize(
    ("trained", "key"),
    [
        (0, "goal"),
        (1, "goal"),
        (2, "goal_met"),
        (4, "goal_met"),
        (5, "goal_over"),
        (7, "goal_over"),
    ],
)
def test_two_to_four_days_meet_the_goal(trained: int, key: str, words: Words) -> None:
    scene = SCENES["history-week"]
    days = scene.history.week
    week = tuple(replace(day, sets=int(n < trained)) for n, day in enumerate(days))
    screen = drawn(replace(scene, history=replace(scene.history, week=week)), words, (1080, 1920))
    parts = screen.canvas.parts
    said = " ".join(part.key[0] for name, part in sorted(parts.items()) if name.startswith("goal."))
    assert said == words(f"history.{key}")
    assert ("sign.goal" in parts) is (key == "goal_met")


def test_today_alone_is_ringed(words: Words) -> None:
    parts = drawn(SCENES["history-week"], words).canvas.parts
    ringed = [n for n in range(7) if parts[f"day.{n}"].key[1]]
    assert ringed == [SCENES["history-week"].today.weekday()]
