"""Reads a history's file page by page, without SQLite: its header, its rows, its log.

SQLite refuses a file whose first page is damaged, although every set may still be in the others.
Its own way out, `.recover` of the program `sqlite3`, needs a table that Debian 12 compiles without
(`no such table: sqlite_dbpage`), and loses the meaning of all columns with the schema. So this
reads the format itself: https://www.sqlite.org/fileformat2.html, whose terms it uses.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

HEADER_BYTES = 100
PAGE_BYTES = 4096
"""SQLite's page size since 2016, which the history never changes."""
_MAGIC = b"SQLite format 3\0"
_PAGE_SIZES = frozenset(1 << exponent for exponent in range(9, 17))
_FIXED: Mapping[int, bytes] = {
    20: bytes((0, 64, 32, 32)),  # no reserved space; payload fractions, which the format fixes
    44: struct.pack(">I", 4),  # schema format: that of every file since 2006
    48: bytes(8),  # cache size and largest root page: neither is used
    56: struct.pack(">I", 1),  # UTF-8
    64: bytes(4),  # no incremental vacuum
    72: bytes(20),  # reserved for expansion
}
"""Bytes of the header by their offset that are the same in every history. SQLite accepts some other
values and then reads the file in another way."""
_LEAF_TABLE, _LEAF_INDEX, _INTERIOR_INDEX = 0x0D, 0x0A, 0x02
LOG_HEADER_BYTES = 32
_FRAME_HEADER = 24
_WAL_MAGIC = 0x377F0682  # the last bit says that its checksums are big-endian
_INTEGER_BYTES: Mapping[int, int] = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

Value = None | int | float | str | bytes


@dataclass(frozen=True, slots=True)
class Row:
    """One record. The rowid is None in a table without one; its own column is then None too."""

    rowid: int | None
    values: tuple[Value, ...]


def header_fault(header: bytes, *, logged: bool = False) -> str | None:
    """Says what is wrong with the first 100 bytes of a file; None where nothing is.

    Of a new history, `logged` in its log, the file may be an empty one: that knows no format of its
    schema and no encoding.
    """
    if len(header) < HEADER_BYTES or not header.startswith(_MAGIC):
        return "it does not begin as a history does"
    if header[18:20] not in (b"\x01\x01", b"\x02\x02"):
        return "its header names another format"
    if page_size(header) not in _PAGE_SIZES:
        return "its header names a page size that there is not"
    empty = logged and not any(header[44:48] + header[56:60])
    for offset, fixed in _FIXED.items():
        if empty and offset in (44, 56):
            continue
        if header[offset : offset + len(fixed)] != fixed:
            return f"its header is wrong at byte {offset}"
    return None


def user_version(header: bytes) -> int:
    """Returns the version of the schema that the header names."""
    return int(struct.unpack_from(">i", header, 60)[0]) if len(header) >= HEADER_BYTES else 0


def rows_of(file: BinaryIO, log: Path | None = None) -> Iterator[Row]:
    """Yields every row of every page that still reads as one, in the order of the pages.

    Which table a row belongs to is not known here, nor whether its values are right. Rows on pages
    that are free are left out, where the list of those is whole.

    Args:
        file: the damaged file.
        log: its log, whose committed pages take the place of the file's.
    """
    header = file.read(HEADER_BYTES)
    size = page_size(header)
    size = size if size in _PAGE_SIZES else PAGE_BYTES
    pages = _Pages(file, size, {} if log is None else committed_pages(log, size))
    free = pages.free()
    for number in range(1, pages.count + 1):
        if number not in free:
            yield from _rows_on(pages, number)


def committed_pages(log: Path, page_bytes: int = PAGE_BYTES) -> dict[int, bytes]:
    """Returns the newest committed state of each page in a log, by the page's number.

    Frames of an earlier round and those behind a torn one do not count, as SQLite has it.
    """
    try:
        contents = log.read_bytes()
    except OSError:
        return {}
    if len(contents) < LOG_HEADER_BYTES:
        return {}
    magic, _, size, _, salts, *_ = struct.unpack_from(">IIII8sII", contents)
    if magic & ~1 != _WAL_MAGIC or size != page_bytes:
        return {}
    words = ">" if magic & 1 else "<"
    sums = _checksum(contents[: LOG_HEADER_BYTES - 8], words, (0, 0))
    if sums != struct.unpack_from(">II", contents, LOG_HEADER_BYTES - 8):
        return {}
    pages: dict[int, bytes] = {}
    open_frames: dict[int, bytes] = {}
    frame_bytes = _FRAME_HEADER + size
    for start in range(LOG_HEADER_BYTES, len(contents) - frame_bytes + 1, frame_bytes):
        number, pages_after = struct.unpack_from(">II", contents, start)
        body = contents[start + _FRAME_HEADER : start + frame_bytes]
        sums = _checksum(body, words, _checksum(contents[start : start + 8], words, sums))
        stated = struct.unpack_from(">II", contents, start + 16)
        if contents[start + 8 : start + 16] != salts or sums != stated:
            break
        open_frames[number] = body
        if pages_after:
            pages |= open_frames
            open_frames = {}
    return pages


class _Pages:
    """The pages of a file, those of its log before its own."""

    def __init__(self, file: BinaryIO, size: int, newer: Mapping[int, bytes]) -> None:
        self.size = size
        self._file = file
        self._newer = newer
        self.count = max(file.seek(0, 2) // size, *newer, 0)

    def __getitem__(self, number: int) -> bytes:
        if (newer := self._newer.get(number)) is not None:
            return newer
        self._file.seek((number - 1) * self.size)
        return self._file.read(self.size)

    def free(self) -> set[int]:
        """Returns the pages on the list of free ones, as far as it can be followed."""
        found: set[int] = set()
        (trunk,) = struct.unpack_from(">I", self[1].ljust(HEADER_BYTES, b"\0"), 32)
        while 1 < trunk <= self.count and trunk not in found:
            page = self[trunk]
            if page[0] == _LEAF_TABLE:  # the list is damaged; rows matter more
                return set()
            following, leaves = struct.unpack_from(">II", page)
            if leaves > self.size // 4 - 2:
                return set()
            found |= {trunk, *struct.unpack_from(f">{leaves}I", page, 8)}
            trunk = following
        return found


def _rows_on(pages: _Pages, number: int) -> Iterator[Row]:
    page = pages[number]
    start = HEADER_BYTES if number == 1 else 0
    if len(page) < pages.size or page[start] not in (_LEAF_TABLE, _LEAF_INDEX, _INTERIOR_INDEX):
        return
    kind = page[start]
    (cells,) = struct.unpack_from(">H", page, start + 3)
    pointers = start + (12 if kind == _INTERIOR_INDEX else 8)
    for place in range(pointers, min(pointers + 2 * cells, len(page) - 1), 2):
        (at,) = struct.unpack_from(">H", page, place)
        try:
            yield _row_at(pages, page, at, kind)
        except (IndexError, ValueError, struct.error):
            continue  # this cell is damaged; the others may not be


def _row_at(pages: _Pages, page: bytes, at: int, kind: int) -> Row:
    if kind == _INTERIOR_INDEX:
        at += 4  # its left child
    length, at = _varint(page, at)
    rowid: int | None = None
    if kind == _LEAF_TABLE:
        rowid, at = _varint(page, at)
        rowid -= (rowid >> 63) << 64
    payload = _payload(pages, page, at, length, kind)
    if len(payload) != length:
        raise ValueError("the record is cut off")
    return Row(rowid, tuple(_values(payload)))


def _payload(pages: _Pages, page: bytes, at: int, length: int, kind: int) -> bytes:
    """Collects a record from its cell and its chain of overflow pages."""
    usable = pages.size
    most = usable - 35 if kind == _LEAF_TABLE else (usable - 12) * 64 // 255 - 23
    if length <= most:
        return page[at : at + length]
    least = (usable - 12) * 32 // 255 - 23
    local = least + (length - least) % (usable - 4)
    local = local if local <= most else least
    parts, left = [page[at : at + local]], length - local
    (following,) = struct.unpack_from(">I", page, at + local)
    while left > 0:
        if not 1 < following <= pages.count:
            raise ValueError("the chain of the record is broken")
        overflow = pages[following]
        (following,) = struct.unpack_from(">I", overflow)
        parts.append(overflow[4 : 4 + min(left, usable - 4)])
        left -= usable - 4
    return b"".join(parts)


def _values(record: bytes) -> Iterator[Value]:
    end, at = _varint(record, 0)
    body = end
    while at < end:
        kind, at = _varint(record, at)
        if kind in _INTEGER_BYTES:
            size = _INTEGER_BYTES[kind]
            yield int.from_bytes(_cut(record, body, size), signed=True)
        elif kind == 7:
            size = 8
            yield struct.unpack(">d", _cut(record, body, size))[0]
        elif kind < 10:
            size = 0
            yield None if kind == 0 else kind - 8
        else:
            size = (kind - 12) // 2
            value = _cut(record, body, size)
            yield value.decode() if kind % 2 else value
        body += size


def _cut(record: bytes, at: int, size: int) -> bytes:
    if size < 0 or at + size > len(record):
        raise ValueError("a value is cut off")
    return record[at : at + size]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Returns a number of one to nine bytes, and where the next one begins."""
    value = 0
    for place in range(at, at + 8):
        value = value << 7 | data[place] & 0x7F
        if data[place] < 0x80:
            return value, place + 1
    return value << 8 | data[at + 8], at + 9


def page_size(header: bytes) -> int:
    """Returns how many bytes a page has, as the header says."""
    size = int.from_bytes(header[16:18])
    return 65536 if size == 1 else size


def _checksum(data: bytes, words: str, sums: tuple[int, int]) -> tuple[int, int]:
    first, second = sums
    numbers = iter(struct.unpack(f"{words}{len(data) // 4}I", data))
    for even, odd in zip(numbers, numbers, strict=True):
        first = first + even + second & 0xFFFFFFFF
        second = second + odd + first & 0xFFFFFFFF
    return first, second
