"""What was seen of a person comes out again as it went in, for as long as it is kept."""

from kiosk.body.load import LoadReading
from kiosk.coaching.recording import KEPT_S, PACKED_AT_ONCE, Recording
from people import figure, hinges

READING = LoadReading(from_s=1.0, time_s=2.0, rest_s=0.5, low=0.1, changed=True)


def test_everything_comes_out_in_the_order_it_came() -> None:
    poses = hinges(1, noise_px=2.0)
    kept = Recording()
    for event in (*poses[:20], READING, *poses[20:]):
        kept.add(event)
    events = list(kept)
    assert events.pop(20) == READING
    assert kept.whole
    for was, now in zip(poses, events, strict=True):
        assert (was.time_s, was.marks, was.size) == (now.time_s, now.marks, now.size)


def test_what_is_older_is_dropped() -> None:
    kept = Recording()
    kept.add(READING)
    for n in range(3000):
        kept.add(figure(10.0 + n / 10))
    assert not kept.whole
    events = list(kept)
    assert kept.from_s == events[0].time_s
    assert KEPT_S <= events[-1].time_s - events[0].time_s <= KEPT_S + PACKED_AT_ONCE / 10
