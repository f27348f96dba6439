"""The pin map: what it may hold, and that the kiosk's defaults are what is wired."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from kiosk.errors import SettingsError
from kiosk.settings import Settings, load
from kiosk.system import pins
from kiosk.system.pins import BCM, GROUNDS, POWER, load_pin_map, name_of
from kiosk.ui.panel.button import Button

I2S = frozenset({18, 19, 20, 21})
"""BCM numbers that the chip's digital sound takes as soon as it is switched on; 20 is its input."""
SPOKEN_FOR: Mapping[int, str] = {
    **dict.fromkeys((0, 1), "a board on top answers the question who it is"),
    **dict.fromkeys((2, 3), "I2C, with pull-ups of 1.8 kΩ on the board"),
    **dict.fromkeys((14, 15), "the serial console"),
    **dict.fromkeys(I2S, "digital sound"),
}
"""BCM numbers that are no good for a button, and why."""

GOOD = '[exercise]\npart = "buttons"\nterminal = "Exercise"\npin = 11\nbcm = 17\n'


@pytest.fixture
def no_pin_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    gone = tmp_path / "gone/pins.toml"
    monkeypatch.setattr(pins, "PLACE", gone)
    return gone


def refusal(tmp_path: Path, text: str) -> str:
    file = tmp_path / "pins.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_pin_map(file)
    message = str(caught.value)
    assert message.startswith(f"{file}: ")
    assert "\n" not in message
    return message


def test_the_header_has_forty_pins_and_each_is_one_thing() -> None:
    assert sorted([*BCM, *POWER, *GROUNDS]) == list(range(1, 41))
    assert sorted(BCM.values()) == list(range(28))
    assert [name_of(pin) for pin in (1, 2, 6, 11, 40)] == ["3V3", "5V", "GND", "GPIO 17", "GPIO 21"]


def test_the_settings_take_their_pins_from_the_map() -> None:
    wires = load_pin_map()
    for button in Button:
        assert getattr(Settings().panel.pins, button.value) == wires[button.value].bcm


def test_another_map_is_another_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "pins.toml"
    text = pins.PLACE.read_text("utf-8").replace("pin = 13\nbcm = 27", "pin = 16\nbcm = 23")
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(pins, "PLACE", file)
    assert Settings().panel.pins.finish == 23


def test_no_button_sits_where_sound_or_the_board_itself_needs_the_pin() -> None:
    wires = load_pin_map()
    used = {wire.bcm for wire in wires.values() if wire.part == "buttons"} - {None}
    assert len(used) == len(Button)
    assert used.isdisjoint(SPOKEN_FOR)
    assert {wire.bcm for wire in wires.values() if wire.part == "amplifier"} - {None} < I2S


def test_every_part_has_a_ground_and_no_supply_goes_to_a_button() -> None:
    wires = load_pin_map().values()
    for part in {wire.part for wire in wires}:
        assert any(wire.part == part and wire.pin in GROUNDS for wire in wires), part
    assert not any(wire.part == "buttons" and wire.pin in POWER for wire in wires)


def test_a_missing_map_is_one_line_that_names_it_and_the_remedy(no_pin_map: Path) -> None:
    for ask in (Settings, lambda: load(None)):
        with pytest.raises(SettingsError) as caught:
            ask()
        message = str(caught.value)
        assert message.startswith(f"{no_pin_map}: cannot be read (No such file")
        assert "git checkout" in message
        assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            GOOD + GOOD.replace("exercise]", "finish]"),
            "pin 11 is used twice, by exercise and by fin",
        ),
        (GOOD.replace("17", "18"), "exercise says bcm = 18, but pin 11 is GPIO 17"),
        (GOOD.replace("bcm = 17\n", ""), "exercise says no bcm, but pin 11 is GPIO 17"),
        (GOOD.replace("11", "9"), "exercise says bcm = 17, but pin 9 is GND"),
        (GOOD.replace("11", "41"), "<= 40"),
        (GOOD.replace('"buttons"', '"lamp"'), "'lamp'"),
        (GOOD + "colour = 1", "colour"),
        ("[exercise", "not valid TOML"),
    ],
)
def test_a_map_that_cannot_be_wired_is_refused(tmp_path: Path, text: str, message: str) -> None:
    assert message in refusal(tmp_path, text)


def test_a_map_without_a_button_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "pins.toml"
    file.write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr(pins, "PLACE", file)
    with pytest.raises(SettingsError, match="no pin for the button finish"):
        Settings()
