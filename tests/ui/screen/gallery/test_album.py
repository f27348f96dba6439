"""Every screen in every state against the picture of it that was looked at and kept."""

from itertools import product
from pathlib import Path

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from kiosk.commands.cli import main
from kiosk.ui.screen.gallery.album import SIZES, SMALL, picture, shrunk
from kiosk.ui.screen.gallery.scenes import kept_samples
from kiosk.ui.words.words import Words

NAMES = tuple(kept_samples(Words.load("en")))
KEPT = Path(__file__).parent / "reference"
"""Drawn anew by `kiosk screens --small --out` with this folder, after a look at each."""
BLOCK = 10  # pixels
APART = 24.0
"""Mean difference of a block's light, of 255: another release of the fonts' renderer shifts edges
by less, a word or a bar in another place by more."""


def light(surface: pygame.Surface) -> NDArray[np.float64]:
    return pygame.surfarray.array3d(surface).mean(axis=2)


def apart(one: pygame.Surface, other: pygame.Surface) -> float:
    """Difference of the two blocks that are least alike."""
    difference = np.abs(light(one) - light(other))
    wide, tall = (size // BLOCK for size in difference.shape)
    blocks = difference[: wide * BLOCK, : tall * BLOCK].reshape(wide, BLOCK, tall, BLOCK)
    return float(blocks.mean(axis=(1, 3)).max())


@pytest.mark.parametrize(("name", "orientation"), list(product(NAMES, SIZES)))
def test_a_screen_looks_as_it_did(name: str, orientation: str, words: Words) -> None:
    drawn = shrunk(picture(name, SIZES[orientation], words))
    kept = pygame.image.load(str(KEPT / orientation / f"{name}.png"))
    assert kept.get_size() == drawn.get_size()
    assert apart(drawn, kept) < APART


def test_a_bar_in_another_place_is_noticed(words: Words) -> None:
    drawn = shrunk(picture("summary", SIZES["portrait"], words))
    other = shrunk(picture("summary-faults", SIZES["portrait"], words))
    assert apart(drawn, other) > APART
    assert apart(drawn, drawn) == 0


def test_no_picture_is_kept_of_a_screen_that_is_gone() -> None:
    kept = {f"{path.parent.name}/{path.stem}" for path in KEPT.glob("*/*.png")}
    assert kept == {f"{orientation}/{name}" for orientation, name in product(SIZES, NAMES)}


def test_the_command_draws_them_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["screens", "--small", "--out", str(tmp_path)]) == 0
    drawn = sorted(tmp_path.glob("*/*.png"))
    assert len(drawn) == len(SIZES) * len(NAMES)
    assert f"{len(drawn)} pictures" in capsys.readouterr().out
    size = pygame.image.load(str(drawn[0])).get_size()
    assert size in {(w // SMALL, h // SMALL) for w, h in SIZES.values()}


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("here")
    assert main(["screens", "--out", str(tmp_path / "file")]) == 2
    assert str(tmp_path / "file") in capsys.readouterr().err
