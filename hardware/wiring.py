"""Draws wiring.svg from kiosk/system/pins.toml.

After every change of it: ``.venv/bin/python hardware/wiring.py``.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from kiosk.system.pins import GROUNDS, POWER, Wire, load_pin_map, name_of

PICTURE = Path(__file__).with_name("wiring.svg")

WIDTH, HEIGHT = 1240, 880
FONT = "'Source Sans Pro', 'Source Sans 3', 'Liberation Sans', Arial, sans-serif"
INK, QUIET, PAPER, CARD, LINE = "#1d2730", "#5c6873", "#fbfaf7", "#ffffff", "#c9ced3"
GROUND_COLOUR = "#3a3f45"
SUPPLIES = {"5V": "#c5221f", "3V3": "#c75b00"}
# one for each GPIO wire in turn; each at 4.5:1 or more under white letters (WCAG 2 AA)
SIGNALS = ("#1666b0", "#0f7a4d", "#7a43b6", "#00747f", "#b02a78", "#80600a", "#4b5bb8", "#9a3f1d")

ROW = 32  # from pin to pin
TOP = 168  # the first row
COLUMNS = (602, 638)
CHIP = (72, 22)  # the name beside a pin
CHIP_AT = 22  # from the pin's middle to its name
CHANNEL = 25  # from one upright stretch of wire to the next
LEFT_CARD, RIGHT_CARD = (90, 330), (910, 1120)  # left and right edge of the parts
BUTTON_PITCH, BUTTON_HEIGHT = 128, 104
FIRST_BUTTON = 468


def draw(wires: Mapping[str, Wire]) -> str:
    """Draws these wires as SVG, the header in the middle."""
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {HEIGHT}",
            "font-family": FONT,
            "role": "img",
        },
    )
    ET.SubElement(svg, "title").text = "Wiring of the mirror to the Raspberry Pi's 40-pin header"
    _box(svg, 0, 0, WIDTH, HEIGHT, fill=PAPER)
    _text(svg, 90, 62, "Wiring", size=34, weight=700)
    _text(
        svg, 90, 92, "Raspberry Pi 4 or 5, seen from above, the USB sockets pointing down.", size=17
    )
    _text(svg, 90, 116, "Unplug the supply before you touch a wire.", size=17)
    colours = _colours(wires)
    ends = _Parts(svg, wires, colours).ends
    _header(svg, wires, colours)
    for side in ("left", "right"):
        _wires(svg, wires, colours, ends, side)
    for name, points in ends.items():
        for point in points:
            _dot(svg, point, fill=colours[name]).set("class", name)
    _board(svg, 960, 84)
    _text(svg, 90, 838, "A pin whose name has no colour stays free.", size=14, fill=QUIET)
    ET.indent(svg)
    return ET.tostring(svg, encoding="unicode") + "\n"


class _Parts:
    """Draws the parts around the header; `ends` are the points of their terminals, by wire."""

    def __init__(
        self, svg: ET.Element, wires: Mapping[str, Wire], colours: Mapping[str, str]
    ) -> None:
        self.ends: dict[str, list[tuple[int, int]]] = {name: [] for name in wires}
        self._svg = svg
        self._wires = wires
        self._colours = colours
        self._clock()
        self._buttons()
        self._amplifier()

    def _of(self, part: str) -> dict[str, Wire]:
        return {name: wire for name, wire in self._wires.items() if wire.part == part}

    def _clock(self) -> None:
        left, right = LEFT_CARD
        rows = {name: _row(wire.pin) for name, wire in self._of("clock").items()}
        top, bottom = min(rows.values()) - 26, max(rows.values()) + 26
        _card(self._svg, left, top, right, bottom)
        _text(self._svg, left + 20, top + 34, "Clock", size=20, weight=700)
        for n, line in enumerate(
            ("DS3231 module,", "Pi 4 only. A Pi 5", "takes a battery", "instead.")
        ):
            _text(self._svg, left + 20, top + 58 + 19 * n, line, size=14, fill=QUIET)
        for name, y in rows.items():
            self._terminal(name, right, y, self._wires[name].terminal)

    def _buttons(self) -> None:
        left, right = LEFT_CARD
        wires = self._of("buttons")
        grounds = [name for name, wire in wires.items() if wire.bcm is None]
        signals = [name for name in wires if name not in grounds]
        for n, name in enumerate(signals):
            middle = FIRST_BUTTON + BUTTON_PITCH * n
            _card(self._svg, left, middle - BUTTON_HEIGHT // 2, right, middle + BUTTON_HEIGHT // 2)
            for radius, fill in ((30, "#e4e7ea"), (22, self._colours[name])):
                place = {"cx": str(left + 46), "cy": str(middle), "r": str(radius)}
                ET.SubElement(self._svg, "circle", {**place, "fill": fill})
            _text(self._svg, left + 90, middle - 18, wires[name].terminal, size=20, weight=700)
            for line, note in enumerate(wires[name].note.split("; ")):
                _text(self._svg, left + 90, middle + 8 + 20 * line, note, size=14, fill=QUIET)
            self._terminal(name, right, middle - 30)
            for ground in grounds:
                self._terminal(ground, right, middle + 30)

    def _amplifier(self) -> None:
        left, right = RIGHT_CARD
        wires = self._of("amplifier")
        # as printed on the breakout, the row of seven seen with its loudspeaker to the right
        row = ["Vin", "GND", "SD", "GAIN", "DIN", "BCLK", "LRC"]
        top = 352
        _card(self._svg, left, top, right, top + 368)
        _text(self._svg, left + 20, top + 36, "Amplifier", size=20, weight=700)
        _text(self._svg, left + 20, top + 58, "MAX98357A breakout", size=14, fill=QUIET)
        by_terminal = {wire.terminal: name for name, wire in wires.items()}
        for n, terminal in enumerate(row):
            y = top + 98 + 40 * n
            name = by_terminal.get(terminal)
            if name is None:
                _text(self._svg, left + 20, y + 5, terminal, size=15, weight=600, fill=QUIET)
                _text(self._svg, left + 76, y + 5, "stays open", size=14, fill=QUIET)
                _dot(self._svg, (left, y), fill=PAPER).set("stroke", QUIET)
            else:
                _text(self._svg, left + 76, y + 5, wires[name].note, size=14, fill=QUIET)
                self._terminal(name, left, y, terminal)
        self._loudspeaker(right, top + 178)

    def _loudspeaker(self, x: int, y: int) -> None:
        for sign, dy in (("+", -14), ("−", 14)):  # noqa: RUF001 - a minus
            points = f"{x},{y + dy} {x + 36},{y + dy}"
            _line(self._svg, points, GROUND_COLOUR)
            _text(self._svg, x - 10, y + dy + 5, sign, size=15, weight=700, anchor="end")
        cone = f"M{x + 36} {y - 24} h18 l26 -24 v96 l-26 -24 h-18 z"
        ET.SubElement(self._svg, "path", {"d": cone, "fill": GROUND_COLOUR})
        _text(self._svg, x + 58, y + 80, "Loudspeaker", size=14, weight=600, anchor="middle")
        for n, line in enumerate(("4 or 8 Ω, 3 W;", "neither end", "to ground")):
            _text(self._svg, x + 58, y + 100 + 18 * n, line, size=13, fill=QUIET, anchor="middle")

    def _terminal(self, name: str, x: int, y: int, label: str = "") -> None:
        self.ends[name].append((x, y))
        anchor, at = ("end", x - 14) if x == LEFT_CARD[1] else ("start", x + 20)
        _text(self._svg, at, y + 5, label, size=15, weight=600, anchor=anchor)


def _header(svg: ET.Element, wires: Mapping[str, Wire], colours: Mapping[str, str]) -> None:
    names = {wire.pin: name for name, wire in wires.items()}
    used = {pin: colours[name] for pin, name in names.items()}
    height = ROW * 19 + 44
    _box(svg, COLUMNS[0] - 19, TOP - 22, 74, height, fill="#dde1e5", rx="7")
    for pin in range(1, 41):
        x, y = COLUMNS[(pin - 1) % 2], _row(pin)
        if pin == 1:  # its pad is square on the board
            _box(svg, x - 12, y - 12, 24, 24, fill="#e3b341")
        else:
            place = {"cx": str(x), "cy": str(y), "r": "12"}
            ET.SubElement(svg, "circle", {**place, "fill": "#e3b341" if pin in used else PAPER})
        _text(svg, x, y + 4.5, str(pin), size=13, weight=700, anchor="middle")
        outer = -1 if pin % 2 else 1
        middle = x + outer * (CHIP_AT + CHIP[0] / 2)
        if pin in used:
            left = middle - CHIP[0] / 2
            chip = _box(svg, left, y - CHIP[1] / 2, *CHIP, fill=used[pin], rx="5")
            chip.set("class", names[pin])
        style = {"fill": "#ffffff", "weight": 700} if pin in used else {"fill": QUIET}
        _text(svg, middle, y + 5, name_of(pin), size=14, anchor="middle", **style)


def _wires(
    svg: ET.Element,
    wires: Mapping[str, Wire],
    colours: Mapping[str, str],
    ends: Mapping[str, list[tuple[int, int]]],
    side: str,
) -> None:
    """Draws one side's wires with few crossings, so that the picture is easy to check."""
    outer = -1 if side == "left" else 1
    mine = {n: w for n, w in wires.items() if (w.part == "amplifier") == (side == "right")}
    starts = {name: _start(wire.pin, outer) for name, wire in mine.items()}
    bent = [name for name in mine if {y for _, y in ends[name]} != {starts[name][-1][1]}]
    # wires that bend the same way are nested: the first to bend has the innermost channel
    falling = [n for n in bent if max(y for _, y in ends[n]) > starts[n][-1][1]]
    falling.sort(key=lambda name: starts[name][-1][1])
    rising = [name for name in bent if name not in falling]
    rising.sort(key=lambda name: -starts[name][-1][1])
    edge = LEFT_CARD[1] + 50 if side == "left" else RIGHT_CARD[0] - 55
    channels = {name: edge - outer * CHANNEL * n for n, name in enumerate([*falling, *rising])}
    for name, start in starts.items():
        if start[1:]:
            _line(svg, _points(start), colours[name]).set("class", name)
        reach = channels.get(name)
        last = max(ends[name], key=lambda end: abs(end[1] - start[-1][1]))
        if reach is None:
            _wire(svg, [start[-1], last], colours[name], name)
            continue
        bend = [(reach, start[-1][1]), (reach, last[1])]
        _wire(svg, [start[-1], *bend, last], colours[name], name)
        for end in ends[name]:
            if end != last:
                _wire(svg, [(reach, end[1]), end], colours[name], name)
                _dot(svg, (reach, end[1]), fill=colours[name])


def _start(pin: int, outer: int) -> list[tuple[int, int]]:
    """Returns the points from a pin past the names, through the gap below if it has to cross."""
    column, y = (pin - 1) % 2, _row(pin)
    clear = COLUMNS[outer > 0] + outer * (CHIP_AT + CHIP[0])
    if (outer > 0) == (column == 1):
        return [(clear, y)]
    gap = y + ROW // 2
    return [(COLUMNS[column], y + 12), (COLUMNS[column], gap), (clear, gap)]


def _board(svg: ET.Element, x: int, y: int) -> None:
    """Draws the whole board, small, to show which way round the header lies; 1 mm is 2.6 px."""
    _box(svg, x, y, 146, 221, fill="#2f7d4f", rx="8")
    _box(svg, x + 122, y + 18, 14, 133, fill="#23292f", rx="2")
    _box(svg, x + 122, y + 18, 7, 7, fill="#e3b341")
    _box(svg, x + 46, y - 8, 40, 20, fill="#a8afb6", rx="2")
    for left, width, height in ((8, 38, 44), (54, 38, 44), (100, 40, 52)):
        _box(svg, x + left, y + 229 - height, width, height, fill="#c3c8cd", rx="2")
    _box(svg, x - 5, y + 22, 18, 24, fill="#c3c8cd", rx="2")
    _box(svg, x + 40, y + 66, 44, 44, fill="#23292f", rx="3")
    _line(svg, f"{x + 130},{y + 21} {x + 166},{y + 21}", INK, width=1.5)
    _text(svg, x + 172, y + 26, "pin 1", size=15, weight=700)
    _text(svg, x + 66, y - 16, "SD card (below)", size=13, fill=QUIET, anchor="middle")
    _text(svg, x + 73, y + 248, "USB and network", size=13, fill=QUIET, anchor="middle")
    _text(svg, x - 12, y + 38, "supply", size=13, fill=QUIET, anchor="end")


def _colours(wires: Mapping[str, Wire]) -> dict[str, str]:
    signals = [name for name, wire in wires.items() if wire.bcm is not None]
    colours = {name: SIGNALS[n % len(SIGNALS)] for n, name in enumerate(signals)}
    for name, wire in wires.items():
        if wire.pin in GROUNDS:
            colours[name] = GROUND_COLOUR
        elif wire.pin in POWER:
            colours[name] = SUPPLIES[POWER[wire.pin]]
    return colours


def _row(pin: int) -> int:
    return TOP + ROW * ((pin - 1) // 2)


def _wire(svg: ET.Element, points: Iterable[tuple[int, int]], colour: str, name: str) -> None:
    path = _points(points)
    _line(svg, path, PAPER, width=8)  # a gap in the wires that it crosses
    _line(svg, path, colour).set("class", name)


def _points(points: Iterable[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _dot(svg: ET.Element, at: tuple[int, int], *, fill: str) -> ET.Element:
    place = {"cx": str(at[0]), "cy": str(at[1]), "r": "5.5", "stroke-width": "2"}
    return ET.SubElement(svg, "circle", {**place, "fill": fill})


def _line(svg: ET.Element, points: str, colour: str, *, width: float = 3.5) -> ET.Element:
    style = {"fill": "none", "stroke": colour, "stroke-width": f"{width:g}"}
    return ET.SubElement(svg, "polyline", {"points": points, **style, "stroke-linejoin": "round"})


def _card(svg: ET.Element, left: int, top: int, right: int, bottom: int) -> None:
    box = _box(svg, left, top, right - left, bottom - top, fill=CARD, rx="10")
    box.set("stroke", LINE)


def _box(
    svg: ET.Element, x: float, y: float, width: float, height: float, **style: str
) -> ET.Element:
    place = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{width:g}", "height": f"{height:g}"}
    return ET.SubElement(svg, "rect", {**place, **style})


def _text(
    svg: ET.Element,
    x: float,
    y: float,
    content: str,
    *,
    size: int,
    weight: int = 400,
    fill: str = INK,
    anchor: str = "start",
) -> None:
    if not content:
        return
    place = {"x": f"{x:g}", "y": f"{y:g}", "font-size": str(size), "text-anchor": anchor}
    text = ET.SubElement(svg, "text", {**place, "font-weight": str(weight), "fill": fill})
    text.text = content


if __name__ == "__main__":
    PICTURE.write_text(draw(load_pin_map()), encoding="utf-8")
