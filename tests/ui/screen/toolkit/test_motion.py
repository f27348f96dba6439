import math

import pytest

from kiosk.ui.screen.toolkit.motion import ChangeTimer, Follow, ease_out, swell


def test_follow_starts_at_its_target_and_glides_from_there() -> None:
    follow = Follow(0.1)
    assert follow.update(5.0, 0.0) == 5.0
    assert follow.update(6.0, 0.1) == pytest.approx(5 + 1 - math.exp(-1))
    assert follow.update(6.0, 0.1) == pytest.approx(5 + 1 - math.exp(-1))


def test_follow_is_the_same_at_any_frame_rate() -> None:
    slow, fast = Follow(0.2), Follow(0.2)
    slow.update(0, 0)
    fast.update(0, 0)
    for step in range(1, 11):
        last = fast.update(1, step / 20)
    assert slow.update(1, 0.5) == pytest.approx(last)


def test_follow_starts_afresh_after_a_gap_and_bears_a_clock_that_turns_back() -> None:
    follow = Follow(10.0)
    follow.update(0, 0)
    assert follow.update(1, 5) == 1
    assert follow.update(2, 4) == 1


def test_a_timer_knows_no_change_at_first() -> None:
    changed = ChangeTimer()
    assert changed.age_s(3, 10) == math.inf
    assert changed.age_s(4, 11) == 0
    assert changed.age_s(4, 12.5) == 1.5


def test_eases_stay_between_nothing_and_all() -> None:
    assert (ease_out(-1), ease_out(0), ease_out(1), ease_out(9)) == (0, 0, 1, 1)
    assert swell(0, 4) == 0
    assert swell(2, 4) == pytest.approx(1)
