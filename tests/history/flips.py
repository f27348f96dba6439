"""Flips a bit of a history's file, and asks what becomes of the sets in it."""

import os
import shutil
from datetime import date
from pathlib import Path

from history.records import MORNING, closed, record, rep

from kiosk.errors import HistoryError
from kiosk.history.history_files import aside_files
from kiosk.history.notice import Event
from kiosk.history.reader import Reader
from kiosk.history.store import Store

PAGE_BITS = 8 * 4096
SETS, REPS = 4, 3


def whole_history(folder: Path) -> bytes:
    """Returns the file of a history of a few sets."""
    store = Store(folder)
    for serial in range(1, SETS + 1):
        reps = (rep(number) for number in range(1, REPS + 1))
        store.save(closed(record(serial, *reps)), MORNING + 3600.0 * serial)
    store.close()
    return store.path.read_bytes()


def fault_of(contents: bytes, bit: int, folder: Path) -> str | None:
    """Flips the bit, starts on the file and saves a set; says what is not as it should be."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    reader, damaged = Reader(folder), bytearray(contents)
    damaged[bit // 8] ^= 1 << bit % 8
    reader.path.write_bytes(damaged)
    try:
        reader.recent(99)
    except HistoryError as error:
        if len(str(error).splitlines()) != 1 or not str(error).isprintable():
            return f"the reader's error is not one line: {error!r}"
    store = Store(folder)
    store.save(closed(record(1, rep(1))), MORNING + 86400.0)
    notice = store.notice
    store.close()
    newest, *old = reader.recent(99)
    for stored in (newest, *old):
        reader.reps_of(stored.id)
    total = reader.overview(date(2026, 11, 23), "hip_hinge").total_sets
    if (newest.reps, total) != (1, len(old) + 1):
        return f"the new set is {newest}, of {total}"
    whole = [stored for stored in old if (stored.reps, stored.exercise) == (REPS, "hip_hinge")]
    aside = [path for path in aside_files(reader.path) if path.read_bytes() == bytes(damaged)]
    if notice is None:
        return None if len(whole) == SETS and not aside else f"{len(old)} sets, and nothing said"
    if len(aside) != 1:
        return "the damaged file is not kept"
    if notice.event not in (Event.RECOVERED, Event.SET_ASIDE):
        return f"it says {notice}"
    told = (notice.recovered, notice.of)
    return None if told == (len(old), SETS) else f"it says {told}, there are {len(old)}"


def sample(count: int) -> list[int]:
    """Returns so many bits of the first page, others each time."""
    return [int.from_bytes(os.urandom(4)) % PAGE_BITS for _ in range(count)]
