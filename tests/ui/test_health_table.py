"""The table of probes: its positions, its words, and which notices it gives at which moment."""

from dataclasses import fields, replace
from typing import get_args

import pytest

from kiosk.errors import ModelError, RuntimeMissingError
from kiosk.history.notice import Event, Notice
from kiosk.system.cooling import HOT_C
from kiosk.system.firmware import Limit, Throttling
from kiosk.system.health import Health
from kiosk.system.stick_state import Stick
from kiosk.ui.health_table import (
    LOW_DISK_MB,
    PROBES,
    Faults,
    Place,
    Severity,
    fault_keys,
    notices,
    probe_of,
    shown,
)
from kiosk.ui.words.words import Words, languages

WORDS = Words.load("en")
ALL = Faults(
    camera="lost",
    model=ModelError("no file"),
    failing="RuntimeError: node 31 failed",
    unseen="dark",
    history="the disk is full",
    history_new=Notice(Event.SET_ASIDE, "set aside"),
    panel="no pins",
    switch="screen.off_command: ddcutil failed (no monitor)",
    tags="no reader",
    stick="remove",
    settings="an unknown key",
    clock=True,
    eased=True,
    unjudged=True,
    sound="no card",
    voice="no engine",
    unsaved="failed",
)
WELL = Health(
    temperature_c=50.0,
    throttling=Throttling(),
    disk_free_mb=LOW_DISK_MB,
    disk_read_only=False,
    rss_mb=140,
    uptime_s=9.0,
    version="0.1.0",
)


def keys(faults: Faults, *, lifting: bool = False, trained: bool = False) -> list[str]:
    """The notices of the faults, by their key among the words."""
    found = notices(faults, WORDS, lifting=lifting, trained=trained)
    by_text = {
        WORDS(f"notice.{probe.words or probe.key}"): probe.words or probe.key
        for probe in shown("notice")
    }
    return [by_text[text] for text in found]


@pytest.mark.parametrize("place", get_args(Place))
def test_a_place_shows_its_probes_in_one_order_without_a_gap(place: Place) -> None:
    positions = [getattr(probe, place) for probe in shown(place)]
    assert positions == list(range(1, len(positions) + 1))


def test_every_probe_has_a_key_of_its_own_and_is_shown_somewhere() -> None:
    assert len({probe.key for probe in PROBES}) == len(PROBES)
    assert {probe for place in get_args(Place) for probe in shown(place)} == set(PROBES)
    assert all((probe.notice is None) == (probe.severity is None) for probe in PROBES)


@pytest.mark.parametrize("language", languages())
def test_what_the_screen_shows_has_words(language: str) -> None:
    words = Words.load(language)
    assert all(words(f"operator.{probe.key}") for probe in shown("operator"))
    assert all(words(f"notice.{probe.words or probe.key}") for probe in shown("notice"))
    blinding = [probe.key for probe in PROBES if probe.severity is Severity.BLIND]
    assert all(words(f"fault.{key}.title") for key in blinding)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("event", Event)
def test_each_event_of_the_file_has_its_sentence_with_its_figures(
    event: Event, language: str
) -> None:
    faults = Faults(history_new=Notice(event, "a file", 38, 40))
    (line,) = notices(faults, Words.load(language), lifting=False, trained=True)
    assert ("38" in line and "40" in line) == (event is Event.RECOVERED)


@pytest.mark.parametrize("language", languages())
def test_each_state_of_a_stick_has_a_sentence_and_only_flushed_files_may_be_taken_out(
    language: str,
) -> None:
    words = Words.load(language)
    said = {
        stick: notices(Faults(stick=stick), words, lifting=False, trained=True)
        for stick in get_args(Stick)
    }
    assert said["copied"] == said["copying"]
    assert len(set(said.values())) == len(said) - 1
    assert all(len(lines) == 1 for lines in said.values())


def test_a_stick_that_is_well_is_no_fault_to_whoever_asks_for_faults() -> None:
    assert fault_keys(Faults(stick="copying"), None) == fault_keys(Faults(stick="remove"), None)
    assert fault_keys(Faults(stick="remove", camera="lost"), WELL) == ("camera",)
    assert fault_keys(Faults(stick="full"), WELL) == ("stick",)
    assert fault_keys(Faults(), replace(WELL, temperature_c=99.0)) == ("temperature",)


@pytest.mark.parametrize("field", fields(Faults), ids=lambda field: field.name)
def test_every_fault_of_the_mirror_is_shown(field: object) -> None:
    alone = Faults(**{field.name: getattr(ALL, field.name)})  # type: ignore[attr-defined]
    assert any(probe.fault(alone) for probe in shown("notice") + shown("operator"))


def test_the_weightiest_notice_is_the_last_and_only_one_names_why_it_is_blind() -> None:
    assert keys(ALL) == [
        *("unsaved.failed", "sound", "voice", "switch", "stick_remove", "tags", "panel", "clock"),
        "settings",
        *("unjudged", "history_set_aside", "history", "camera"),
    ]
    assert keys(Faults()) == []


def test_a_set_is_disturbed_only_by_what_concerns_its_reps() -> None:
    lifting = ["unjudged", "history_set_aside", "history", "camera"]
    assert keys(ALL, lifting=True, trained=True) == lifting
    assert keys(ALL, lifting=True) == ["sound", "voice", *lifting]
    assert keys(ALL, trained=True) == [
        *("unsaved.failed", "switch", "stick_remove", "tags", "panel", "clock", "settings"),
        *lifting,
    ]


@pytest.mark.parametrize(
    ("faults", "blind"),
    [
        (Faults(), None),
        (replace(ALL, camera=None, model=None, failing=None, unseen=None), None),
        (replace(ALL, camera=None, model=None, failing=None), "dark"),
        (Faults(unseen="sideways"), "sideways"),
        (replace(ALL, camera=None, model=None), "failing"),
        (Faults(model=ModelError("no file")), "model"),
        (Faults(model=RuntimeMissingError("no runtime")), "runtime"),
        (Faults(model=RuntimeMissingError("no runtime"), camera="lost"), "camera"),
    ],
)
def test_what_blinds_the_mirror_is_one_thing(faults: Faults, blind: str | None) -> None:
    assert faults.blind == blind


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("temperature", {"temperature_c": HOT_C}),
        ("power", {"throttling": Throttling(since_boot=frozenset({Limit.UNDER_VOLTAGE}))}),
        ("disk", {"disk_free_mb": LOW_DISK_MB - 1}),
        ("disk", {"disk_read_only": True}),
    ],
)
def test_the_machine_is_held_against_its_limits(key: str, change: dict[str, object]) -> None:
    over = replace(WELL, **change)  # type: ignore[arg-type]  # its own fields
    assert [probe.key for probe in PROBES if probe.exceeds(over)] == [key]
    assert not any(probe.exceeds(WELL) or probe.exceeds(None) for probe in PROBES)


def test_what_was_not_measured_is_over_no_limit() -> None:
    unknown = replace(
        WELL, temperature_c=None, throttling=None, disk_free_mb=None, disk_read_only=None
    )
    assert not any(probe.exceeds(unknown) for probe in PROBES)
    assert probe_of("power").remedy != probe_of("temperature").remedy != ""
