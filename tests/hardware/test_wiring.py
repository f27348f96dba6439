"""The wiring picture is drawn from the pin map as it is, correct and legible."""

import runpy
from importlib.resources import as_file, files
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pygame
import pytest

from kiosk.system.pins import PLACE, Wire, load_pin_map, name_of
from paths import ROOT

HARDWARE = ROOT / "hardware"
SVG = "{http://www.w3.org/2000/svg}"
WIDER = 1.12  # the widest of the typefaces that a browser may put in place of ours, Arial
LEAST_PX = 13

Point = tuple[float, float]


@pytest.fixture(scope="module")
def drawn() -> ET.Element:
    return ET.fromstring((HARDWARE / "wiring.svg").read_text("utf-8"))


def labels(svg: ET.Element) -> list[tuple[str, pygame.FRect]]:
    """Every text with the box that it takes, as wide as it may get."""
    pygame.font.init()
    found = []
    for text in svg.iter(f"{SVG}text"):
        said, size = text.text, float(text.get("font-size"))
        bold = int(text.get("font-weight")) >= 600
        width = pygame.font.Font(None, 200).size(said)[0] if not said else _width(said, bold=bold)
        width *= size * WIDER
        left = (
            float(text.get("x"))
            - {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor")] * width
        )
        # capitals and figures stand 0.72 em above the line, tails 0.22 em below it
        box = pygame.FRect(left, float(text.get("y")) - 0.72 * size, width, 0.94 * size)
        found.append((said, box))
    return found


def _width(said: str, *, bold: bool) -> float:
    """Width in em, in the typeface of the screens."""
    file = f"files/SourceSansPro-{'Bold' if bold else 'Regular'}.ttf"
    with as_file(files("font_source_sans_pro") / file) as path:
        return pygame.font.Font(path, 200).size(said)[0] / 200


def lines(svg: ET.Element, name: str | None = None) -> list[list[Point]]:
    """The corners of every piece of wire, or of one wire's."""
    return [
        [tuple(map(float, point.split(","))) for point in line.get("points").split()]
        for line in svg.iter(f"{SVG}polyline")
        if name in (None, line.get("class"))
    ]


def box(rect: ET.Element) -> pygame.FRect:
    return pygame.FRect(*(float(rect.get(key)) for key in ("x", "y", "width", "height")))


def boxes_of(line: list[Point]) -> list[pygame.FRect]:
    """The straight pieces of a wire, each a little thicker than it is drawn."""
    return [
        pygame.FRect(min(x, u) - 2, min(y, v) - 2, abs(x - u) + 4, abs(y - v) + 4)
        for (x, y), (u, v) in pairwise(line)
    ]


def test_the_picture_is_what_the_pin_map_says_today() -> None:
    draw = runpy.run_path(str(HARDWARE / "wiring.py"))["draw"]
    remedy = "run .venv/bin/python hardware/wiring.py"
    assert draw(load_pin_map()) == (HARDWARE / "wiring.svg").read_text("utf-8"), remedy


def test_every_pin_of_the_header_is_named_in_its_place(drawn: ET.Element) -> None:
    found = labels(drawn)
    for pin in range(1, 41):
        (number,) = [box for said, box in found if said == str(pin)]
        beside = [
            said
            for said, box in found
            if said != str(pin)
            and abs(box.centery - number.centery) < 5
            and 0 < (number.left - box.right if pin % 2 else box.left - number.right) < 50
        ]
        assert beside == [name_of(pin)]
        if pin > 2:
            (above,) = [box for said, box in found if said == str(pin - 2)]
            assert above.centerx == pytest.approx(number.centerx)
            assert above.centery < number.centery
    assert dict(found)["1"].centerx < dict(found)["2"].centerx


@pytest.mark.parametrize(("name", "wire"), load_pin_map().items())
def test_every_wire_leads_from_its_pin_to_its_terminal(
    drawn: ET.Element, name: str, wire: Wire
) -> None:
    found = labels(drawn)
    (number,) = [box for said, box in found if said == str(wire.pin)]
    (chip,) = [box(rect) for rect in drawn.iter(f"{SVG}rect") if rect.get("class") == name]
    assert abs(chip.centery - number.centery) < 2
    first, *others = lines(drawn, name)
    at_chip = chip.inflate(2, 2).collidepoint(first[0]) and first[0][1] == chip.centery
    assert at_chip or (abs(first[0][0] - number.centerx) < 1 and number.bottom < first[0][1])
    so_far = boxes_of(first)
    for line in others:
        assert any(piece.collidepoint(line[0]) for piece in so_far)
        so_far += boxes_of(line)
    ends = [
        (float(dot.get("cx")), float(dot.get("cy")))
        for dot in drawn.iter(f"{SVG}circle")
        if dot.get("class") == name
    ]
    assert ends
    for x, y in ends:
        assert any(line[-1] == (x, y) for line in (first, *others))
        near = {said for said, box in found if box.inflate(60, 0).collidepoint(x, y)}
        assert near == (set() if wire.part == "buttons" else {wire.terminal})
    if wire.part == "buttons" and wire.bcm is not None:
        (title,) = [box for said, box in found if said == wire.terminal]
        assert abs(title.centery - ends[0][1]) < 20


@pytest.fixture(params=["as it is", "buttons on the other row", "sound from below"])
def any_map(request: pytest.FixtureRequest, tmp_path: Path) -> ET.Element:
    """What is drawn of this map, and of maps that somebody may make of it."""
    swaps = {
        "as it is": {},
        "buttons on the other row": {
            "pin = 11\nbcm = 17": "pin = 16\nbcm = 23",
            "pin = 13\nbcm = 27": "pin = 18\nbcm = 24",
            "pin = 14": "pin = 25",
        },
        "sound from below": {"pin = 6": "pin = 34", "pin = 2\n": "pin = 4\n"},
    }
    text = PLACE.read_text("utf-8")
    for old, new in swaps[request.param].items():
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "pins.toml"
    file.write_text(text, encoding="utf-8")
    return ET.fromstring(runpy.run_path(str(HARDWARE / "wiring.py"))["draw"](load_pin_map(file)))


def test_no_label_lies_on_another_or_leaves_the_picture(any_map: ET.Element) -> None:
    _, _, width, height = map(float, any_map.get("viewBox").split())
    found = labels(any_map)
    assert len(found) > 80
    for (one, box), (two, other) in combinations(found, 2):
        assert not box.colliderect(other), (one, two)
    for said, box in found:
        assert pygame.FRect(10, 10, width - 20, height - 20).contains(box), said


def test_no_wire_runs_through_a_label(any_map: ET.Element) -> None:
    found = labels(any_map)
    for line in lines(any_map):
        for piece in boxes_of(line):
            assert [said for said, box in found if piece.colliderect(box)] == []


def test_every_label_can_be_read(any_map: ET.Element) -> None:
    assert min(float(text.get("font-size")) for text in any_map.iter(f"{SVG}text")) >= LEAST_PX
