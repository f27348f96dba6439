"""Only what changed is drawn again, and the picture is the frame's alone."""

import pygame
import pytest
from pygame import Rect, Surface

from kiosk.ui.screen.toolkit.canvas import Align, Canvas, offscreen
from kiosk.ui.screen.toolkit.theme import Role, Theme
from kiosk.ui.words.words import Words

BOX = Rect(10, 10, 20, 20)
RED, BLUE = (200, 0, 0), (0, 0, 200)


@pytest.fixture
def canvas(words: Words) -> Canvas:
    return Canvas(offscreen((100, 60)), Theme((800, 480)), words)


def fill(surface: Surface, colour: tuple[int, int, int]) -> None:
    surface.fill(colour)


def colour_at(canvas: Canvas, x: int, y: int) -> tuple[int, ...]:
    return tuple(canvas.surface.get_at((x, y)))[:3]


def test_a_part_is_drawn_once_while_its_values_stay(canvas: Canvas) -> None:
    drawn = []

    def count(surface: Surface, value: int) -> None:
        drawn.append(value)

    for value in (1, 1, 2, 2, 1):
        canvas.place("it", BOX, count, value)
        canvas.finish()
    assert drawn == [1, 2, 1]


def test_what_changed_is_returned_with_its_box(canvas: Canvas) -> None:
    canvas.place("it", BOX, fill, RED)
    assert canvas.finish() == [BOX]
    canvas.place("it", BOX, fill, RED)
    assert canvas.finish() == []
    moved = BOX.move(30, 0)
    canvas.place("it", moved, fill, RED)
    assert canvas.finish() == [moved, BOX]
    assert colour_at(canvas, 15, 15) == (0, 0, 0)
    assert colour_at(canvas, 45, 15) == RED


def test_a_part_that_is_not_placed_again_is_wiped(canvas: Canvas) -> None:
    canvas.place("it", BOX, fill, RED)
    canvas.finish()
    assert canvas.finish() == [BOX]
    assert canvas.parts == {}
    assert not pygame.surfarray.array3d(canvas.surface).any()


def test_a_part_beyond_the_picture_is_cut_or_left_out(canvas: Canvas) -> None:
    canvas.place("half", Rect(90, 0, 20, 20), fill, RED)
    canvas.place("out", Rect(200, 0, 20, 20), fill, BLUE)
    canvas.finish()
    assert {name: part.box for name, part in canvas.parts.items()} == {"half": Rect(90, 0, 10, 20)}


def test_less_light_dims_every_colour_and_draws_all_again(canvas: Canvas) -> None:
    for light in (1.0, 0.5):
        canvas.light = light
        canvas.place("it", BOX, fill, RED)
        assert canvas.finish() == [BOX]
    assert colour_at(canvas, 15, 15)[0] == pytest.approx(100, abs=2)


def test_lines_stand_where_they_are_aligned(canvas: Canvas) -> None:
    row = Rect(0, 20, 100, 20)
    for align in Align:
        canvas.text(align.name, "H", row, 10, align=align)
    canvas.finish()
    boxes = {name: part.box for name, part in canvas.parts.items()}
    assert boxes["LEFT.0"].left < 5
    assert abs(boxes["CENTRE.0"].centerx - 50) <= 1
    assert boxes["RIGHT.0"].right > 95
    assert all(abs(box.centery - row.centery) <= 1 for box in boxes.values())


def test_a_label_is_quiet_and_thinner_than_a_text(canvas: Canvas) -> None:
    row = Rect(0, 0, 100, 20)
    canvas.text("text", "Hinge", row, 10)
    canvas.label("label", "Hinge", row.move(0, 30), 10)
    canvas.finish()
    (text, bold, _, bright), (_, thin, _, quiet) = (
        canvas.parts[f"{name}.0"].key for name in ("text", "label")
    )
    assert (text, bright, quiet) == ("Hinge", Role.TEXT, Role.QUIET)
    assert bold != thin
