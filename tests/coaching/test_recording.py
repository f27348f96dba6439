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


def test_the_poses_of_a_stretch_are_taken_at_once() -> None:
    kept = Recording()
    poses = hinges(2, noise_px=2.0)
    for event in (*poses, READING):
        kept.add(event)
    taken = kept.poses(1.0, 2.0)
    for n in range(3000):
        kept.add(figure(100.0 + n / 10))
    wanted = [pose for pose in poses if 1.0 <= pose.time_s <= 2.0]
    assert [(p.time_s, p.marks) for p in taken] == [(p.time_s, p.marks) for p in wanted]
    assert list(kept.poses(1.0, 2.0)) == []


def test_poses_not_yet_packed_are_taken_too() -> None:
    kept = Recording()
    for n in range(PACKED_AT_ONCE + 5):
        kept.add(figure(n / 10))
    assert len(list(kept.poses(0.0, 100.0))) == PACKED_AT_ONCE + 5


def test_what_was_somebody_else_s_is_left_out_and_kept_in_order() -> None:
    kept = Recording()
    for n in range(100):
        kept.add(figure(n / 10))
        if n in (20, 21, 22, 50):
            kept.disown(n / 10 - 0.35, n / 10)
    times = [round(pose.time_s * 10) for pose in kept.poses(0.0, 100.0)]
    assert times == [n for n in range(100) if not 17 <= n <= 22 and not 47 <= n <= 50]
    assert len(list(kept)) == 100


def test_what_turns_out_to_be_the_person_s_own_is_taken_back() -> None:
    kept = Recording()
    for n in range(100):
        kept.add(figure(n / 10))
        if 20 <= n <= 30:
            kept.disown(n / 10 - 0.35, n / 10)
    kept.reclaim(2.7)
    times = [round(pose.time_s * 10) for pose in kept.poses(0.0, 100.0)]
    assert times == [n for n in range(100) if not 17 <= n <= 26]
    kept.reclaim(9.0)
    assert len(list(kept.poses(0.0, 100.0))) == 90
