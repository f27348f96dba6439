"""What was seen of a person comes out again as it went in, for as long as it is kept."""

from kiosk.body.load import LoadReading
from kiosk.coaching.recording import KEPT_S, Recording
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
    for n in range(int(3 * KEPT_S)):
        kept.add(figure(10.0 + n))
    assert not kept.whole
    assert len(list(kept)) == KEPT_S + 1
    assert kept.from_s == next(iter(kept)).time_s == 10.0 + 2 * KEPT_S - 1
