"""`kiosk gym report`: draws a week of many mirrors as one page for coaches."""

import re
from argparse import Namespace
from collections.abc import Callable
from datetime import date

from kiosk.errors import BadInputError
from kiosk.gym.database import check_version, connected
from kiosk.gym.findings import read_findings
from kiosk.gym.page import write_page
from kiosk.settings import load
from kiosk.ui.words.words import Words, load_exercises

_ELSEWHERE = {"check": "mistake", "fault": "notice", "weekday": "weekday"}
"""Sections whose texts the mirror has already; what it does not know is told by its id."""


def run(arguments: Namespace) -> int:
    """Writes the page and says where it is."""
    week = None if arguments.week is None else monday_of(arguments.week)
    settings = load(arguments.settings)
    exercises = load_exercises(settings.coach.exercises)
    words = Words.load(settings.screen.language, exercises)
    with connected(arguments.url, read_only=True) as connection:
        check_version(connection)
        found = read_findings(connection, week, arguments.gym)
    page = write_page(found, teller(words), words.name_of, words.language)
    arguments.out.write_text(page, "utf-8")
    year, number, _ = found.week.isocalendar()
    print(f"{arguments.out}: week {year}-W{number:02}, mirrors known: {found.mirrors}")
    return 0


def monday_of(text: str) -> date:
    """Returns the Monday of a week such as 2026-W48."""
    match = re.fullmatch(r"(\d{4})-?W(\d{1,2})", text, re.ASCII)
    try:
        if match:
            return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        pass
    raise BadInputError(f"--week: {text} is no week; give one such as 2026-W48")


def teller(words: Words) -> Callable[..., str]:
    """Returns what gives the report's keys their texts."""

    def tell(key: str, **values: object) -> str:
        section, _, rest = key.partition(".")
        if (other := _ELSEWHERE.get(section)) is not None:
            return words(f"{other}.{rest}") if f"{other}.{rest}" in words else rest
        return words(f"gym_report.{key}", **values)

    return tell
