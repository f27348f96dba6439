import itertools
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from pygame import Rect

from kiosk.ui.screen.toolkit.layout import (
    Area,
    Block,
    arrange,
    centred,
    columns,
    middle,
    rows,
    sign_beside,
    stack,
)
from kiosk.ui.screen.toolkit.theme import Theme


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


BOX = Rect(10, 20, 300, 200)
SIZES = st.lists(st.one_of(st.integers(1, 30), st.floats(0.5, 5)), min_size=1, max_size=6)


def test_an_int_is_pixels_and_a_float_a_share_of_the_rest() -> None:
    head, one, two, foot = rows(BOX, (40, 1.0, 3.0, 20), 10)
    assert [cell.height for cell in (head, one, two, foot)] == [40, 28, 82, 20]
    assert head.topleft == BOX.topleft
    assert foot.bottom == BOX.bottom
    assert {cell.width for cell in (head, one, two, foot)} == {BOX.width}
    assert [cell.left for cell in columns(BOX, (100, 1.0))] == [10, 110]


@given(SIZES, st.integers(0, 8))
def test_cells_keep_their_order_and_their_gaps_and_fill_the_box(
    sizes: list[float], gap_px: int
) -> None:
    cells = columns(BOX, sizes, gap_px)
    for before, after in itertools.pairwise(cells):
        assert abs(after.left - before.right - gap_px) <= 1
    assert cells[0].left == BOX.left
    if any(isinstance(size, float) for size in sizes):
        assert cells[-1].right == BOX.right
    for size, cell in zip(sizes, cells, strict=True):
        # behind a share that ends between two pixels it may be one more or less
        assert isinstance(size, float) or abs(cell.width - size) <= 1


def test_what_has_no_room_left_is_empty_and_never_negative() -> None:
    head, rest = rows(Rect(0, 0, 50, 30), (40, 1.0), 10)
    assert (head.height, rest.height) == (40, 0)


AREAS = (Area("right", 30, 1.0), Area("left"), Area("right", 20))


def test_areas_are_one_column_in_portrait() -> None:
    theme = Theme((480, 800))
    cells = arrange(theme, BOX, AREAS, gap=1)
    assert cells == rows(BOX, (30, 1.0, 20), theme.grid(1))


def test_areas_are_two_columns_in_landscape_and_keep_their_order() -> None:
    theme = Theme((800, 480))
    head, picture, foot = arrange(theme, BOX, AREAS, gap=1, beside=2, widths=(1.0, 2.0))
    left, right = columns(BOX, (1.0, 2.0), theme.grid(2))
    assert picture == left
    assert [head, foot] == rows(right, (1.0, 20), theme.grid(1))


def test_a_sign_is_a_square_in_the_middle_of_its_row() -> None:
    sign, text = sign_beside(Rect(0, 0, 100, 40), 20, 5)
    assert sign == Rect(0, 10, 20, 20)
    assert text == Rect(25, 0, 75, 40)
    assert centred(BOX, 30, 10).center == BOX.center
    assert middle(BOX, 10).width == BOX.width
