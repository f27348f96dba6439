import pytest

from drawing import SCENES, drawn, line_of
from kiosk.ui.words.words import Words


@pytest.mark.parametrize("fault", ["camera", "model", "runtime"])
def test_what_keeps_the_mirror_from_seeing_takes_the_whole_screen(fault: str, words: Words) -> None:
    screen = drawn(SCENES[f"fault-{fault}"], words, (1920, 1080))
    title = " ".join(line_of(screen, f"title.{n}") for n in (0, 1)).strip()
    assert title == words(f"fault.{fault}.title")
    assert not any(name.startswith("notice") for name in screen.canvas.parts)


def test_another_fault_stands_above_it(words: Words) -> None:
    parts = drawn(SCENES["fault-and-history"], words).canvas.parts
    assert {"title.0", "notice.0.0"} <= parts.keys()
    assert "notice.1.0" not in parts


def test_three_dots_swell_one_after_the_other(words: Words) -> None:
    parts = drawn(SCENES["starting"], words).canvas.parts
    assert len({parts[f"dot.{n}"].key for n in range(3)}) == 3
    assert len({parts[f"dot.{n}"].box.centery for n in range(3)}) == 1
