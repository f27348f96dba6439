"""The pin map: which pin of the 40-pin header does what, read from ``pins.toml`` beside it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from kiosk.errors import SettingsError, read_toml

PLACE = Path(__file__).with_name("pins.toml")

POWER: Mapping[int, str] = MappingProxyType({1: "3V3", 2: "5V", 4: "5V", 17: "3V3"})
"""Physical pin to its supply; the same on every Raspberry Pi with 40 pins."""
GROUNDS = frozenset({6, 9, 14, 20, 25, 30, 34, 39})
# fmt: off
BCM: Mapping[int, int] = MappingProxyType({
    3: 2, 5: 3, 7: 4, 8: 14, 10: 15, 11: 17, 12: 18,
    13: 27, 15: 22, 16: 23, 18: 24, 19: 10, 21: 9, 22: 25,
    23: 11, 24: 8, 26: 7, 27: 0, 28: 1, 29: 5, 31: 6,
    32: 12, 33: 13, 35: 19, 36: 16, 37: 26, 38: 20, 40: 21,
})
# fmt: on
"""Physical pin to BCM number (the chip's own), for the 28 pins that are GPIO."""

Part = Literal["buttons", "amplifier", "clock"]


class Wire(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One wire from the header.

    Attributes:
        part: what it goes to.
        terminal: where it goes to there, as it is printed on the part.
        pin: physical pin of the header.
        bcm: the GPIO's number; None for a supply or a ground.
        note: what to know of it.
    """

    part: Part
    terminal: Annotated[str, Meta(min_length=1)]
    pin: Annotated[int, Meta(ge=1, le=40)]
    bcm: Annotated[int, Meta(ge=0, le=27)] | None = None
    note: str = ""


def name_of(pin: int) -> str:
    """Names what a physical pin of the header is: "5V", "GND", "GPIO 17"."""
    return POWER.get(pin) or ("GND" if pin in GROUNDS else f"GPIO {BCM[pin]}")


def button_pin(button: str) -> int:
    """Returns the BCM number of the pin that a button pulls to ground, as the pin map has it.

    Raises:
        SettingsError: there is no pin map, it does not hold together, or it lacks this button.
    """
    wire = load_pin_map(PLACE).get(button)
    if wire is None or wire.part != "buttons" or wire.bcm is None:
        raise SettingsError(f"{PLACE}: has no pin for the button {button}; restore the file")
    return wire.bcm


@cache
def load_pin_map(path: Path = PLACE) -> dict[str, Wire]:
    """Reads and validates a pin map: each wire by its section's name, in the file's order.

    Raises:
        SettingsError: the file is missing, unreadable, not TOML, gives a pin to two wires, or has
            a BCM number that is not at its physical pin.
    """
    remedy = "run the kiosk from its checkout, or restore the file with 'git checkout'"
    tree = read_toml(path, SettingsError, remedy)
    try:
        wires = msgspec.convert(tree, dict[str, Wire])
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: not a pin map: {error}; {remedy}") from error
    users: dict[int, str] = {}
    for name, wire in wires.items():
        if wire.pin in users:
            raise SettingsError(
                f"{path}: pin {wire.pin} is used twice, by {users[wire.pin]} and by {name}; "
                "give one of them another pin"
            )
        users[wire.pin] = name
        if BCM.get(wire.pin) != wire.bcm:
            stated = "no bcm" if wire.bcm is None else f"bcm = {wire.bcm}"
            raise SettingsError(
                f"{path}: {name} says {stated}, but pin {wire.pin} is {name_of(wire.pin)}; "
                "mend one of the two"
            )
    return wires
