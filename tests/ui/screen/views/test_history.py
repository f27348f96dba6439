from dataclasses import replace
from datetime import timedelta

import pytest

from drawing import SCENES, SIZES, drawn, line_of, pixels
from kiosk.ui.screen.toolkit.theme import Role
from kiosk.ui.screen.views.history import format_duration, format_score, format_time
from kiosk.ui.words.words import Words


@pytest.mark.parametrize("size", SIZES)
def test_history_shows_every_set_once_and_comes_round(size: tuple[int, int], words: Words) -> None:
    scene = replace(SCENES["history"], pressed=())
    screen = drawn(scene, words, size)
    subpages = screen.subpages(scene)
    shown = []
    for subpage in range(subpages):
        screen.draw(replace(scene, subpage=subpage))
        rows = [name for name in screen.canvas.parts if name.startswith("row.")]
        shown.append(sum(name.endswith(".exercise.0") for name in rows))
    assert subpages > 3
    assert sum(shown) == len(scene.history.latest)
    assert shown[1] == shown[2] == 0
    screen.draw(scene)
    first = pixels(screen)
    screen.draw(replace(scene, subpage=subpages))
    # the page's number is the same too
    assert pixels(screen) == first
    assert screen.subpages(SCENES["history-empty"]) == 1


def test_a_history_that_cannot_be_read_is_not_called_empty(words: Words) -> None:
    shown = {
        name: line_of(drawn(SCENES[name], words, (1080, 1920)), "empty")
        for name in SCENES
        if name in ("history-empty", "history-unreadable")
    }
    assert shown["history-empty"] == words("history.empty")
    assert shown["history-unreadable"] in words("history.unreadable")
    assert shown["history-unreadable"]


def test_a_row_of_history_shows_a_score_where_there_is_one(words: Words) -> None:
    scene = SCENES["history"]
    screen = drawn(scene, words, (1080, 1920))
    for number, stored in enumerate(scene.history.latest[:4]):
        expected = "" if stored.score is None else str(stored.score)
        assert line_of(screen, f"row.{number}.score") == expected
    assert {stored.score is None for stored in scene.history.latest[:4]} == {True, False}


@pytest.mark.parametrize(
    ("checks", "exercise", "text"),
    [
        (("knee_dominance", "no_lockout"), "deadlift", "from knees +1"),
        # the main ones first
        (("tempo", "stance", "no_lockout", "lean_back"), "deadlift", "from lockout +3"),
        (("tempo", "stance", "lean_back"), "gone_one", "from tempo +2"),
        # a set of before it was kept
        ((), "deadlift", "score"),
    ],
)
def test_a_score_says_what_it_rests_on(
    checks: tuple[str, ...], exercise: str, text: str, words: Words
) -> None:
    stored = replace(STORED, exercise=exercise, rests_on=checks)
    assert format_score(stored, words) == text


def test_a_score_is_grey_where_most_reps_are_neither_clean_nor_faulty(words: Words) -> None:
    history = SCENES["history"].history
    kinds = ((5, 1, Role.TEXT), (0, 7, Role.TEXT), (3, 2, Role.QUIET), (0, 0, Role.QUIET))
    latest = tuple(
        replace(STORED, reps=11 if colour == Role.QUIET else 12, clean=clean, faulty=faulty)
        for clean, faulty, colour in kinds
    )
    scene = replace(SCENES["history"], history=replace(history, latest=latest))
    parts = drawn(scene, words, (1080, 1920)).canvas.parts
    colours = [parts[f"row.{n}.score.0"].key[3] for n in range(len(kinds))]
    assert colours == [colour for *_, colour in kinds]


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
    text = " ".join(part.key[0] for name, part in sorted(parts.items()) if name.startswith("goal."))
    assert text == words(f"history.{key}")
    assert ("sign.goal" in parts) is (key == "goal_met")


def test_today_alone_is_ringed(words: Words) -> None:
    parts = drawn(SCENES["history-week"], words).canvas.parts
    ringed = [n for n in range(7) if parts[f"day.{n}"].key[1]]
    assert ringed == [SCENES["history-week"].today.weekday()]


def test_the_trend_leaves_a_gap_for_a_week_without_sets(words: Words) -> None:
    screen = drawn(SCENES["history-trend"], words)
    for name in ("depth", "clean"):
        shares = screen.canvas.parts[name].key[0]
        assert [number for number, share in enumerate(shares) if share is None] == [4]


def test_the_newest_week_is_shown_in_figures(words: Words) -> None:
    scene = SCENES["history-trend"]
    screen = drawn(scene, words, (1080, 1920))
    newest = scene.history.trend[-1]
    assert line_of(screen, "depth.newest") == f"{newest.depth:.0%}"
    assert line_of(screen, "clean.newest") == f"{newest.clean_share:.0%}"


def test_full_depth_has_a_line_and_all_clean_is_the_upper_edge(words: Words) -> None:
    parts = drawn(SCENES["history-trend"], words).canvas.parts
    assert 0.8 < parts["depth"].key[1] < 0.95
    newest = SCENES["history-trend"].history.trend[-1].depth
    assert parts["depth"].key[0][-1] == pytest.approx(newest * parts["depth"].key[1])
    assert parts["clean"].key[1] == 1
    assert max(share for share in parts["clean"].key[0] if share is not None) <= 1


def test_weeks_without_any_set_are_text_to_be_none(words: Words) -> None:
    screen = drawn(SCENES["history-no-trend"], words, (1920, 1080))
    assert line_of(screen, "none") == words("history.no_trend")
    assert "depth" not in screen.canvas.parts
