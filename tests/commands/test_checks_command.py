"""The page of the checks."""

from kiosk.commands.checks_command import format_checks_page
from kiosk.exercises.catalogue import catalogue
from paths import ROOT


def test_the_page_of_checks_is_what_the_files_say() -> None:
    page = ROOT / "docs" / "checks.md"
    assert page.read_text() == format_checks_page(catalogue().values())
