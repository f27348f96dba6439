import pytest

from drawing import contrast
from kiosk.ui.screen.toolkit.theme import Level, Role, Theme, mix


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast((255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


ROLES = {name: colour for name, colour in vars(Role).items() if name.isupper()}


@pytest.mark.parametrize("name", sorted(ROLES.keys() - {"TRACK"}))
def test_every_text_colour_stands_out_from_black(name: str) -> None:
    assert contrast(ROLES[name]) >= 7


def test_good_and_warn_differ_in_lightness_too() -> None:
    assert contrast(Role.GOOD, Role.WARN) > 1.1


def test_the_scale_rises_and_is_the_same_angle_in_both_directions() -> None:
    portrait, landscape = Theme((1080, 1920)), Theme((1920, 1080))
    sizes = [portrait.cap_px(level) for level in Level]
    assert sizes == sorted(sizes)
    assert sizes == [landscape.cap_px(level) for level in Level]
    assert portrait.portrait
    assert not landscape.portrait


def test_mix_meets_both_ends() -> None:
    assert mix((0, 10, 20), (100, 110, 120), 0) == (0, 10, 20)
    assert mix((0, 10, 20), (100, 110, 120), 1) == (100, 110, 120)
