"""Blocks one under the other: what matters least makes way, what can grow takes the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pygame import Rect

from kiosk.ui.screen.toolkit.layout import cut_top


@dataclass(frozen=True, slots=True)
class Block:
    """One thing of a stack.

    Attributes:
        rank: 0 for what matters most; the highest rank is left out first.
        height_px: least height.
        place: puts it into its box.
        grow: share of the spare height that it takes.
        most_px: greatest height of a block that grows.
    """

    rank: int
    height_px: int
    place: Callable[[Rect], object]
    grow: float = 0.0
    most_px: int = 0


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
    rest = Rect(box.left, box.top + max(0, box.height - used) // 2, box.width, used)
    for block, height in zip(kept, heights, strict=True):
        cell, rest = cut_top(rest, height, gap_px)
        block.place(cell)


def _height(blocks: Sequence[Block], gap_px: int) -> int:
    return sum(block.height_px for block in blocks) + gap_px * (len(blocks) - 1)
