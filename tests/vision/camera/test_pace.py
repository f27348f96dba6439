from functools import partial
from itertools import pairwise

import pytest
from contract import CHECKS, Factory

from doubles import FakeCamera, FakeClock, blank_frame
from kiosk.vision.camera.pace import Paced


def film(*times: float) -> FakeCamera:
    return FakeCamera([blank_frame(time_s) for time_s in times], name="film")


def time_of_next(paced: Paced) -> float:
    frame = paced.read()
    assert frame
    return frame.time_s


@pytest.mark.parametrize("check", CHECKS)
def test_contract(check: "partial[None]") -> None:
    def open_paced() -> Paced:
        clock = FakeClock()
        return Paced(film(*(number / 30 for number in range(100))), clock, clock.sleep)

    factory: Factory = open_paced
    check(factory)


def test_a_punctual_reader_gets_every_frame_at_its_time() -> None:
    clock = FakeClock(100.0)
    paced = Paced(film(0.0, 0.1, 0.5, 2.5), clock, clock.sleep)
    seen = [(time_of_next(paced), clock()) for _ in range(4)]
    assert [time_s for time_s, _ in seen] == [0.0, 0.1, 0.5, 2.5]
    assert [now_s for _, now_s in seen] == pytest.approx([100.0, 100.1, 100.5, 102.5])
    assert paced.read() is None


def test_a_film_starts_at_its_first_read_not_at_its_opening() -> None:
    clock = FakeClock()
    paced = Paced(film(0.0, 0.1), clock, clock.sleep)
    clock.advance(50)
    assert time_of_next(paced) == 0.0
    assert time_of_next(paced) == 0.1
    assert clock.slept == pytest.approx([0.1])


def test_a_late_reader_gets_the_newest_frame_that_is_due() -> None:
    clock = FakeClock()
    paced = Paced(film(0.0, 0.1, 0.2, 0.3, 0.4), clock, clock.sleep)
    assert time_of_next(paced) == 0.0
    clock.advance(0.25)
    assert time_of_next(paced) == 0.2
    assert clock.slept == []
    assert time_of_next(paced) == 0.3
    assert clock() == pytest.approx(0.3)


def test_the_last_frame_is_given_however_late() -> None:
    clock = FakeClock()
    paced = Paced(film(0.0, 0.1, 0.2), clock, clock.sleep)
    paced.read()
    clock.advance(60)
    assert time_of_next(paced) == 0.2
    assert paced.read() is None


class SlowFilm(FakeCamera):
    """Takes three frames' time to decode one."""

    clock: FakeClock

    def read(self):  # noqa: ANN201 - as FakeCamera's
        self.clock.advance(0.3)
        return super().read()


def test_a_film_that_decodes_too_slowly_plays_on_slower() -> None:
    clock = FakeClock()
    slow = SlowFilm(blank_frame(number / 10) for number in range(100))
    slow.clock = clock
    paced = Paced(slow, clock, clock.sleep)
    started_s = [clock()]
    times = []
    while (frame := paced.read()) is not None:
        times.append(frame.time_s)
        started_s.append(clock())
    assert len(times) > 20
    longest_s = max(after - before for before, after in pairwise(started_s))
    assert longest_s < 2.0


def test_a_closed_film_is_over_and_lets_its_source_go() -> None:
    clock = FakeClock()
    source = film(0.0, 0.1, 5.0)
    paced = Paced(source, clock, clock.sleep)
    paced.read()
    clock.advance(0.2)
    paced.read()  # has looked ahead: the frame of 5.0 is in hand
    paced.close()
    assert paced.read() is None
    assert source.closed


def test_it_is_called_as_its_film_is() -> None:
    assert Paced(film(0.0)).name == "film"
