import pytest

from drawing import SCENES, drawn, line_of
from kiosk.ui.words.words import Words


def test_the_trend_leaves_a_gap_for_a_week_without_sets(words: Words) -> None:
    screen = drawn(SCENES["history-trend"], words)
    for name in ("depth", "clean"):
        shares = screen.canvas.parts[name].key[0]
        assert [number for number, share in enumerate(shares) if share is None] == [4]


def test_the_newest_week_is_told_in_figures(words: Words) -> None:
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


def test_weeks_without_any_set_are_said_to_be_none(words: Words) -> None:
    screen = drawn(SCENES["history-no-trend"], words, (1920, 1080))
    assert line_of(screen, "none") == words("history.no_trend")
    assert "depth" not in screen.canvas.parts
