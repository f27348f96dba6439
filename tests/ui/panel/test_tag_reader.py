"""A reader of tags that types like a keyboard, played through a pipe with the kernel's events."""

import os
import re
import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typed_tags import (
    ENTER,
    LETTER_A,
    NUM_LOCK,
    PAD,
    PAD_ENTER,
    PRESSED,
    RELEASED,
    REPEATED,
    SHIFT,
    TOP,
    Plug,
    event,
    key,
    tag,
    typed,
)

from kiosk.ui.panel import tag_reader
from kiosk.ui.panel.tag_reader import EVENT, LONGEST, PAUSE_S, WAITS_S, TagReader


def opened() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def plug(tmp_path: Path) -> Iterator[Plug]:
    plug = Plug(tmp_path / "reader")
    yield plug
    plug.close()


@pytest.fixture
def reader(plug: Plug) -> Iterator[TagReader]:
    plug.plug_in()
    reader = plug.reader()
    assert reader.fault is None
    yield reader
    reader.close()


def test_an_event_has_the_kernels_size() -> None:
    # two longs, two shorts, an int: linux/input.h
    assert EVENT.size == 2 * struct.calcsize("l") + 8


@pytest.mark.parametrize(("keys", "enter"), [(TOP, ENTER), (PAD, PAD_ENTER), (PAD, ENTER)])
def test_a_number_is_read_from_both_rows_of_digits(
    plug: Plug, reader: TagReader, keys: dict[str, int], enter: int
) -> None:
    plug.send(tag("0123456789", keys, enter))
    assert reader.poll(0) == "0123456789"
    assert reader.poll(0) is None


def test_a_reader_that_is_silent_is_not_waited_for(reader: TagReader) -> None:
    assert [reader.poll(0) for _ in range(3)] == [None] * 3
    assert reader.fault is None


def test_a_number_that_comes_in_parts_is_read_whole(plug: Plug, reader: TagReader) -> None:
    events, found = tag("0004217733"), []
    for at in range(0, len(events), EVENT.size):
        plug.send(events[at : at + EVENT.size])
        found.append(reader.poll(0))
    assert [one for one in found if one] == ["0004217733"]


def test_of_two_numbers_between_two_looks_the_newest_counts(plug: Plug, reader: TagReader) -> None:
    plug.send(tag("11") + tag("22") + typed("3"))
    assert reader.poll(0) == "22"
    plug.send(tag("4"))
    assert reader.poll(0) == "34"


def test_only_keys_that_go_down_count(plug: Plug, reader: TagReader) -> None:
    held = [event(1, TOP["5"], value, 1) for value in (PRESSED, REPEATED, REPEATED, RELEASED)]
    plug.send(b"".join(held) + event(1, ENTER, RELEASED, 1) + event(4, 4, 2, 1) + tag("6"))
    assert reader.poll(0) == "56"


def test_keys_that_change_others_are_no_part_of_a_number(plug: Plug, reader: TagReader) -> None:
    plug.send(key(NUM_LOCK) + typed("12") + key(SHIFT) + tag("3"))
    assert reader.poll(0) == "123"


def test_a_number_with_a_letter_is_left_out_and_the_next_one_is_read(
    plug: Plug, reader: TagReader
) -> None:
    # else 12A3 and 123 would be the same tag
    plug.send(typed("12") + key(LETTER_A) + tag("3"))
    assert reader.poll(0) is None
    plug.send(tag("123"))
    assert reader.poll(0) == "123"


def test_a_number_with_an_event_that_was_dropped_is_left_out(plug: Plug, reader: TagReader) -> None:
    plug.send(typed("12") + event(0, 3, 0, 1) + tag("45"))
    assert reader.poll(0) is None
    plug.send(tag("12345"))
    assert reader.poll(0) == "12345"


@pytest.mark.parametrize(("length", "read"), [(LONGEST, True), (LONGEST + 1, False), (300, False)])
def test_a_number_that_is_too_long_is_left_out_whole(
    plug: Plug, reader: TagReader, length: int, *, read: bool
) -> None:
    plug.send(tag("7" * length))
    found = [reader.poll(0) for _ in range(20)]
    assert [one for one in found if one] == (["7" * length] if read else [])
    plug.send(tag("8"))
    assert reader.poll(0) == "8"


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    events=st.lists(
        st.tuples(
            st.floats(0, 1e6),
            st.sampled_from([0, 1, 1, 1, 4, 0x14]),
            st.one_of(st.sampled_from([*TOP.values(), ENTER, PAD_ENTER]), st.integers(0, 0x2FF)),
            st.sampled_from([PRESSED, PRESSED, RELEASED, REPEATED, -1]),
        ),
        max_size=250,
    )
)
def test_whatever_is_typed_a_number_is_some_digits_and_no_more(
    plug: Plug, reader: TagReader, events: list[tuple[float, int, int, int]]
) -> None:
    plug.send(b"".join(event(kind, code, value, at_s) for at_s, kind, code, value in events))
    found = reader.poll(0)
    assert found is None or re.fullmatch(f"[0-9]{{1,{LONGEST}}}", found)


def test_enter_alone_is_no_number(plug: Plug, reader: TagReader) -> None:
    plug.send(key(ENTER) + key(PAD_ENTER))
    assert reader.poll(0) is None


def test_what_was_not_finished_is_forgotten_after_a_pause(plug: Plug, reader: TagReader) -> None:
    plug.send(typed("99", at_s=10.0))
    assert reader.poll(0) is None
    plug.send(tag("12", at_s=10.0 + PAUSE_S + 0.1))
    assert reader.poll(0) == "12"
    plug.send(typed("9", at_s=20.0) + key(LETTER_A, at_s=20.0))
    plug.send(tag("34", at_s=30.0))
    assert reader.poll(0) == "34"


def test_a_main_loop_that_was_late_cuts_no_number_in_two(plug: Plug, reader: TagReader) -> None:
    plug.send(typed("12", at_s=10.0))
    assert reader.poll(10.0) is None
    plug.send(tag("34", at_s=10.1))
    assert reader.poll(10.1 + 5 * PAUSE_S) == "1234"


def test_a_flood_of_keys_takes_a_bounded_part_of_a_turn(
    plug: Plug, reader: TagReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    plug.send(typed("1" * 250) + tag("2"))
    asked: list[int] = []
    read = os.read

    def counted(descriptor: int, size: int) -> bytes:
        asked.append(size)
        return read(descriptor, size)

    monkeypatch.setattr(tag_reader.os, "read", counted)
    reader.poll(0)
    assert asked == [256 * EVENT.size]


def test_the_device_is_claimed_for_the_mirror_alone(plug: Plug, reader: TagReader) -> None:
    assert len(plug.claimed) == 1


def test_an_unplugged_reader_is_a_fault_that_is_logged_once_and_ends_when_it_is_back(
    plug: Plug, reader: TagReader, caplog: pytest.LogCaptureFixture
) -> None:
    plug.send(typed("99"))
    assert reader.poll(0) is None
    before, now_s = opened(), 0.0
    plug.unplug()
    for _ in range(100):
        now_s += WAITS_S[1] / 4
        assert reader.poll(now_s) is None
        assert "is not plugged in; plug it in" in (reader.fault or "")
    assert opened() == before - 2  # both ends are closed
    assert [record.message for record in caplog.records] == [reader.fault]
    plug.plug_in()
    plug.send(tag("12"))
    found = [reader.poll(now_s + step) for step in (0.0, WAITS_S[1], WAITS_S[1] + 1)]
    assert "12" in found  # and not 9912
    assert reader.fault is None
    assert len(plug.claimed) == 2


def test_a_reader_that_is_missing_is_looked_for_less_and_less_often(
    plug: Plug, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, looked = plug.reader(), list[float]()
    real = os.open

    def watched(path: str, flags: int) -> int:
        looked.append(now_s)
        return real(path, flags)

    monkeypatch.setattr(tag_reader.os, "open", watched)
    for tenth in range(600):
        now_s = tenth / 10
        reader.poll(now_s)
    waits = [later - earlier for earlier, later in pairwise(looked)]
    assert looked[0] == pytest.approx(WAITS_S[0])
    assert waits == sorted(waits)
    assert waits[-1] == pytest.approx(WAITS_S[1], abs=0.2)


def test_a_device_that_cannot_be_claimed_is_named_with_the_reason_and_closed(
    plug: Plug, tmp_path: Path
) -> None:
    plug.plug_in()
    before = opened()
    reader = TagReader(str(plug.path))  # a pipe is no input device
    assert f"{plug.path} cannot be used (Inappropriate ioctl" in (reader.fault or "")
    assert opened() == before
    assert reader.poll(0) is None


def test_a_reader_can_be_closed_twice(plug: Plug) -> None:
    plug.plug_in()
    before = opened()
    reader = plug.reader()
    reader.close()
    reader.close()
    assert opened() == before
