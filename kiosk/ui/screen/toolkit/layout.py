"""Cuts boxes into rows and columns, for portrait and landscape screens alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from pygame import Rect

from kiosk.ui.screen.toolkit.theme import Space, Theme


@dataclass(frozen=True, slots=True)
class Area:
    """One area of a screen: a row in portrait, a row of one of two columns in landscape.

    The heights are as `rows` takes them; None in landscape stands for the one in portrait.
    """

    column: Literal["left", "right"]
    portrait: float = 1.0
    landscape: float | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One thing of a stack: the highest rank is left out first, 0 matters most.

    It grows from its least height by a share of the spare one, up to `most_px`.
    """

    rank: int
    height_px: int
    place: Callable[[Rect], object]
    grow: float = 0.0
    most_px: int = 0


def rows(box: Rect, sizes: Sequence[float], gap_px: int = 0) -> list[Rect]:
    """Cuts a box into rows, top to bottom.

    A size is a height in pixels as an int, a share of the height that those leave as a float.
    """
    cuts = _cut(box.top, box.height, sizes, gap_px)
    return [Rect(box.left, top, box.width, height) for top, height in cuts]


def columns(box: Rect, sizes: Sequence[float], gap_px: int = 0) -> list[Rect]:
    """Cuts a box into columns, left to right; the arguments are those of `rows`."""
    cuts = _cut(box.left, box.width, sizes, gap_px)
    return [Rect(left, box.top, width, box.height) for left, width in cuts]


def _cut(start: int, length: int, sizes: Sequence[float], gap_px: int) -> list[tuple[int, int]]:
    """Starts and lengths of the parts of a line."""
    left, shares = length - gap_px * (len(sizes) - 1), 0.0
    for size in sizes:
        if isinstance(size, int):
            left -= size
        else:
            shares += size
    made, at = [], float(start)
    for size in sizes:
        end = at + (size if isinstance(size, int) else max(0, left) * size / shares)
        made.append((round(at), round(end) - round(at)))
        at = end + gap_px
    return made


def arrange(
    theme: Theme,
    box: Rect,
    areas: Sequence[Area],
    *,
    gap: float = Space.GROUP,
    beside: float = Space.LARGE,
    widths: tuple[float, float] = (1.0, 1.0),
) -> list[Rect]:
    """Boxes for the areas of a screen: one column in portrait, two in landscape.

    The areas come from top to bottom. In grid steps are the gap between two rows, and `beside`
    between the two columns, whose widths are as `columns` takes them.
    """
    gap_px = theme.grid(gap)
    if theme.portrait:
        return rows(box, [area.portrait for area in areas], gap_px)
    left, right = columns(box, widths, theme.grid(beside))
    cells = {}
    for side, column in (("left", left), ("right", right)):
        sizes = [(area.portrait, area.landscape) for area in areas if area.column == side]
        heights = [tall if wide is None else wide for tall, wide in sizes]
        cells[side] = iter(rows(column, heights, gap_px))
    return [next(cells[area.column]) for area in areas]


def stack(box: Rect, blocks: Sequence[Block], gap_px: int) -> None:
    """Places as many blocks as the box holds, in their order, centred in its height."""
    kept = list(blocks)
    while len(kept) > 1 and _height(kept, gap_px) > box.height:
        kept.remove(max(kept, key=lambda block: block.rank))
    # a quarter of what is spare goes into the gaps, so that groups stay apart
    gaps = max(1, len(kept) - 1)
    gap_px += max(0, min(gap_px // 2, (box.height - _height(kept, gap_px)) // 4 // gaps))
    spare = max(0, box.height - _height(kept, gap_px))
    shares = sum(block.grow for block in kept) or 1.0
    heights = [
        max(block.height_px, min(block.most_px, block.height_px + int(spare * block.grow / shares)))
        for block in kept
    ]
    used = sum(heights) + gap_px * (len(kept) - 1)
    whole = Rect(box.left, box.top + max(0, box.height - used) // 2, box.width, used)
    for block, cell in zip(kept, rows(whole, heights, gap_px), strict=True):
        block.place(cell)


def _height(blocks: Sequence[Block], gap_px: int) -> int:
    return sum(block.height_px for block in blocks) + gap_px * (len(blocks) - 1)


def centred(box: Rect, width_px: int, height_px: int) -> Rect:
    """A box of this size in the middle of another."""
    inner = Rect(0, 0, width_px, height_px)
    inner.center = box.center
    return inner


def middle(box: Rect, height_px: int) -> Rect:
    """A row of this height across the middle of a box."""
    return centred(box, box.width, height_px)


def sign_beside(box: Rect, size_px: int, gap_px: int) -> tuple[Rect, Rect]:
    """A square at the left end of a row, and the box beyond the gap for what belongs to it."""
    sign, rest = columns(box, (size_px, 1.0), gap_px)
    return middle(sign, size_px), rest
