from dataclasses import replace

import pytest

from drawing import SCENES, assert_legible
from kiosk.exercises.catalogue import catalogue
from kiosk.ui.screen.scene import Page
from kiosk.ui.screen.screen import Screen
from kiosk.ui.screen.toolkit.canvas import offscreen
from kiosk.ui.words.words import Words, languages


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("exercise", catalogue())
@pytest.mark.parametrize("size", [(1080, 1920), (800, 480)])
def test_every_lesson_of_every_exercise_fits(
    size: tuple[int, int], exercise: str, language: str
) -> None:
    screen = Screen(offscreen(size), Words.load(language))
    scene = SCENES["learn-steps"]
    scene = replace(scene, snapshot=replace(scene.snapshot, exercise=exercise))
    for subpage in range(screen.subpages(scene)):
        screen.draw(replace(scene, subpage=subpage))
        assert_legible(screen)
    screen.draw(replace(scene, page=Page.COACH))
    assert_legible(screen)
