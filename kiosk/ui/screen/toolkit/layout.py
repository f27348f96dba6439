"""Boxes cut from boxes."""

from collections.abc import Sequence

from pygame import Rect


def inset(box: Rect, by_px: int) -> Rect:
    """The box without a border."""
    return box.inflate(-2 * by_px, -2 * by_px)


def cut_top(box: Rect, height_px: int, gap_px: int = 0) -> tuple[Rect, Rect]:
    """A strip off the top, and what is left under the gap."""
    strip = Rect(box.left, box.top, box.width, height_px)
    used = height_px + gap_px
    return strip, Rect(box.left, box.top + used, box.width, max(0, box.height - used))


def cut_bottom(box: Rect, height_px: int, gap_px: int = 0) -> tuple[Rect, Rect]:
    """A strip off the bottom, and what is left above the gap."""
    strip = Rect(box.left, box.bottom - height_px, box.width, height_px)
    return strip, Rect(box.left, box.top, box.width, max(0, box.height - height_px - gap_px))


def cut_left(box: Rect, width_px: int, gap_px: int = 0) -> tuple[Rect, Rect]:
    """A strip off the left, and what is left beyond the gap."""
    strip = Rect(box.left, box.top, width_px, box.height)
    used = width_px + gap_px
    return strip, Rect(box.left + used, box.top, max(0, box.width - used), box.height)


def cut_right(box: Rect, width_px: int, gap_px: int = 0) -> tuple[Rect, Rect]:
    """A strip off the right, and what is left before the gap."""
    strip = Rect(box.right - width_px, box.top, width_px, box.height)
    return strip, Rect(box.left, box.top, max(0, box.width - width_px - gap_px), box.height)


def middle(box: Rect, height_px: int) -> Rect:
    """A strip across the middle of the box."""
    return Rect(box.left, box.centery - height_px // 2, box.width, height_px)


def columns(box: Rect, shares: Sequence[float], gap_px: int = 0) -> list[Rect]:
    """Boxes side by side, as wide as their shares."""
    room = box.width - gap_px * (len(shares) - 1)
    made: list[Rect] = []
    left = float(box.left)
    for share in shares:
        width = room * share / sum(shares)
        made.append(Rect(round(left), box.top, round(left + width) - round(left), box.height))
        left += width + gap_px
    return made


def rows(box: Rect, shares: Sequence[float], gap_px: int = 0) -> list[Rect]:
    """Boxes one under the other, as tall as their shares."""
    room = box.height - gap_px * (len(shares) - 1)
    made: list[Rect] = []
    top = float(box.top)
    for share in shares:
        height = room * share / sum(shares)
        made.append(Rect(box.left, round(top), box.width, round(top + height) - round(top)))
        top += height + gap_px
    return made
