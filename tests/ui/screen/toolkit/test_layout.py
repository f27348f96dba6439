from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from pygame import Rect

from kiosk.ui.screen.toolkit.layout import Block, stack


def placed(box: Rect, blocks: list[tuple[int, int, int]], gap_px: int = 2) -> dict[int, Rect]:
    """Boxes by place in the stack, of blocks given as (rank, height, greatest height)."""
    boxes: dict[int, Rect] = {}

    def keep(number: int) -> Callable[[Rect], None]:
        return lambda box: boxes.__setitem__(number, box)

    stack(
        box,
        [
            Block(rank, height, keep(number), float(most > height), most)
            for number, (rank, height, most) in enumerate(blocks)
        ],
        gap_px,
    )
    return boxes


def test_what_matters_least_makes_way() -> None:
    blocks = [(0, 10, 0), (3, 10, 0), (1, 10, 0), (2, 10, 0)]
    assert set(placed(Rect(0, 0, 50, 46), blocks)) == {0, 1, 2, 3}
    assert set(placed(Rect(0, 0, 50, 45), blocks)) == {0, 2, 3}
    assert set(placed(Rect(0, 0, 50, 25), blocks)) == {0, 2}
    assert set(placed(Rect(0, 0, 50, 3), blocks)) == {0}


def test_what_can_grow_takes_the_rest_and_no_more() -> None:
    boxes = placed(Rect(0, 0, 50, 100), [(0, 10, 40), (1, 10, 0)])
    assert boxes[0].height == 40
    assert boxes[1].height == 10


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(1, 60), st.integers(0, 120)),
        min_size=1,
        max_size=8,
    ),
    st.integers(60, 400),
)
def test_blocks_stay_in_the_box_in_their_order(
    blocks: list[tuple[int, int, int]], height: int
) -> None:
    box = Rect(3, 5, 50, height)
    boxes = placed(box, blocks)
    bottom = box.top
    for number, cell in sorted(boxes.items()):
        assert cell.top >= bottom
        assert cell.height >= blocks[number][1]
        bottom = cell.bottom
    assert bottom <= box.bottom
