"""Memory goes back once for every person who leaves."""

import ctypes

import pytest

from kiosk.system.memory import Tidying, give_back


def test_it_is_given_back_once_each_time_that_somebody_has_left() -> None:
    given: list[int] = []
    tidying = Tidying(lambda: given.append(len(given)))
    for empty, times in ((True, 1), (True, 1), (False, 1), (False, 1), (True, 2), (True, 2)):
        tidying.note(empty=empty)
        assert len(given) == times


def test_the_c_library_takes_it() -> None:
    give_back()


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    give_back()
