"""What hardware/README.md states, where it can be calculated."""

import math
import re

import pytest

from kiosk.system.pins import GROUNDS, load_pin_map
from paths import ROOT

FOLDER = ROOT / "hardware"
PAPER = (FOLDER / "README.md").read_text("utf-8")


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"", PAPER)
    assert links
    for link in (a or b for a, b in links):
        assert (FOLDER / link).exists(), link
    headings = {
        title.lower().replace(" ", "-").rstrip("?")
        for title in re.findall(r"^## (.+)$", PAPER, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", PAPER)) <= headings


@pytest.mark.parametrize("angle_deg", [67, 41])
def test_what_a_camera_sees_is_geometry(angle_deg: int) -> None:
    (cells,) = re.findall(
        rf"^\| Camera Module 3[^|]*\({angle_deg}°[^|]*\|(.+)\|$", PAPER, re.MULTILINE
    )
    (head,) = re.findall(r"^\| distance \|(.+)\|$", PAPER, re.MULTILINE)
    distances_m = [float(cell.removesuffix(" m ")) for cell in head.split("|")]
    stated_m = [float(cell) for cell in cells.split("|")]
    seen_m = [2 * d * math.tan(math.radians(angle_deg) / 2) for d in distances_m]
    assert stated_m == pytest.approx(seen_m, abs=0.051)


def test_the_other_ground_that_it_offers_is_one_and_is_free() -> None:
    (pin,) = re.findall(r"amplifier's ground may go to pin (\d+)", PAPER)
    assert int(pin) in GROUNDS
    assert int(pin) not in {wire.pin for wire in load_pin_map().values()}
