import json
import re
from datetime import date
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import psycopg
import pytest
from gym.samples import DAY_S, MONDAY_S, health, mirror, put, rep, set_of

from kiosk.commands.cli import main
from kiosk.commands.gym_report import monday_of
from kiosk.errors import BadInputError
from kiosk.gym.page import BACKGROUNDS, COLOURS, QUESTIONS

NASTY = """<a href='http://evil.example'>x</a></script><script>alert(1)</script>"""


class Page(HTMLParser):
    """What a browser would find in the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.charts: list[str] = []
        self.links: list[str] = []
        self.scripts: list[str] = []
        self.lang = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self._inside = tag
        self.lang = known.get("lang") or self.lang
        self.links += [str(known[key]) for key in ("src", "href", "action") if key in known]
        if tag == "script":
            self.scripts.append("")
        if "plotly-graph-div" in (known.get("class") or ""):
            self.charts.append(str(known["id"]))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside in {"h1", "h2"}:
            self.headings.append(data)


@pytest.fixture
def busy(gym_url: str) -> str:
    """A gym of three mirrors and two weeks; one has a name that is none."""
    with psycopg.connect(gym_url, autocommit=True) as connection:
        for number, week in product((1, 2, 3), (0, 1)):
            who = mirror(number, name=NASTY if number == 3 else f"Mirror {number}")
            at_s = MONDAY_S + (7 * week - 7 + number) * DAY_S + 36000 + 3600 * number
            for place in range(3):
                reps = [rep(count, *["knee"] * (count < 3 - week)) for count in range(12)]
                said = 11 if place == 2 else None
                put(
                    connection,
                    who,
                    set_of(*reps, at_s=at_s, lifter=place, load_kg=40 + place, corrected=said),
                )
        health(connection, mirror(2), "camera")
    return gym_url


def write(url: str, out: Path, *more: str) -> Page:
    assert main(["gym", "report", url, "--out", str(out), "--week", "2026-W48", *more]) == 0
    return Page(out.read_text("utf-8"))


def test_the_page_has_a_chart_per_question_and_fetches_nothing(busy: str, tmp_path: Path) -> None:
    page = write(busy, tmp_path / "week.html")
    assert page.charts == [f"chart-{question}" for question in QUESTIONS]
    assert len(page.headings) == 1 + len(QUESTIONS)
    assert "week 48 of 2026" in page.headings[0]
    assert page.links == ["data:,"]
    assert "default-src 'none'" in (tmp_path / "week.html").read_text()


def test_the_charts_show_what_the_database_holds(busy: str, tmp_path: Path) -> None:
    page = write(busy, tmp_path / "week.html")
    drawn = {
        found[1]: json.loads(found[2])
        for script in page.scripts
        for found in re.finditer(
            r'Plotly\.newPlot\(\s*"chart-(\w+)",\s*(\[.*?\]),\s*\{"template"', script, re.DOTALL
        )
    }
    assert set(drawn) == set(QUESTIONS)
    assert sum(map(sum, drawn["usage"][0]["z"])) == 9
    assert [trace["name"] for trace in drawn["faults"]] == ["Hip hinge: knee"]
    assert drawn["accuracy"][0]["customdata"] == [[9, 6]]
    assert len(drawn["lifters"]) == 6


def test_a_mirrors_name_is_text_and_nothing_else(busy: str, tmp_path: Path) -> None:
    write(busy, tmp_path / "week.html")
    text = (tmp_path / "week.html").read_text()
    assert "alert(1)</script>" not in text
    assert "<a href='http://evil" not in text


def test_the_headings_are_in_the_language_of_the_settings(busy: str, tmp_path: Path) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text('[screen]\nlanguage = "de"\n')
    page = write(busy, tmp_path / "week.html", "--settings", str(settings))
    assert page.lang == "de"
    assert "Wie genau sind die Zählungen?" in page.headings


def test_where_there_is_nothing_to_draw_a_line_says_so(gym_url: str, tmp_path: Path) -> None:
    with psycopg.connect(gym_url, autocommit=True) as connection:
        put(connection, mirror(), set_of(rep(0)))
    page = write(gym_url, tmp_path / "week.html")
    assert "chart-lifters" not in page.charts
    assert "Nobody chose a place in this week." in (tmp_path / "week.html").read_text()


def test_a_mirror_that_does_not_run_is_one_to_look_after(gym_url: str, tmp_path: Path) -> None:
    with psycopg.connect(gym_url, autocommit=True) as connection:
        put(connection, mirror(), set_of(rep(0)))
        health(connection, mirror(), state="stopped")
    write(gym_url, tmp_path / "week.html")
    assert "not running" in (tmp_path / "week.html").read_text()


def test_one_gym_of_a_chain(busy: str, tmp_path: Path) -> None:
    with psycopg.connect(busy, autocommit=True) as connection:
        put(connection, mirror(9, gym="south"), set_of(rep(0)))
    out = tmp_path / "week.html"
    write(busy, out, "--gym", "south")
    text = out.read_text()
    assert "mirror 9" in text
    assert "Mirror 1" not in text


def test_without_sets_or_tables_it_is_one_line(
    gym_url: str, empty: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for url in (gym_url, empty):
        assert main(["gym", "report", url, "--out", str(tmp_path / "x.html")]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "x.html").exists()


def test_weeks_are_those_of_iso_8601() -> None:
    assert monday_of("2026-W48") == date(2026, 11, 23)
    assert monday_of("2020-W53") == date(2020, 12, 28)


@pytest.mark.parametrize("text", ["2026-W54", "2026-48", "W48", "2025-W53", "x", "9999-W60"])
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="2026-W48"):
        monday_of(text)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("colour", "paper"), [*product(COLOURS, BACKGROUNDS)])
def test_colours_are_seen_on_light_and_on_dark(colour: str, paper: str) -> None:
    """WCAG 2.1, 1.4.11: graphics need a contrast of 3 to 1."""
    dark, light = sorted((luminance(colour), luminance(paper)))
    assert (light + 0.05) / (dark + 0.05) >= 3
