"""`kiosk screens`: saves a picture of every screen in every state."""

import os
from argparse import Namespace

from kiosk.settings import load
from kiosk.ui.screen.gallery.scenes import save_all
from kiosk.ui.words.words import Words, load_exercises


def run(arguments: Namespace) -> int:
    """Draws off-screen, and prints how many pictures are where."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    settings = load(arguments.settings)
    exercises = load_exercises(settings.coach.exercises)
    words = Words.load(settings.screen.language, exercises)
    count = save_all(arguments.out, words, settings.panel.edge, small=arguments.small)
    print(f"{count} pictures in {arguments.out}")
    return 0
