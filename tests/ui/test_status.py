"""What the operator's page reports of the kiosk and of the machine."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace as replace_struct

from kiosk.system.cooling import HOT_C
from kiosk.system.firmware import Limit, Throttling
from kiosk.system.health import Health
from kiosk.system.outbox_status import HomeStatus, OutboxStatus
from kiosk.system.recent_errors import LoggedError
from kiosk.ui.health_table import LOW_DISK_MB, Faults
from kiosk.ui.status import Fact, OperatorFacts, Running, operator_facts
from kiosk.ui.words.words import Words, languages

WELL = Health(
    temperature_c=51.3,
    throttling=Throttling(),
    disk_free_mb=21_400,
    disk_read_only=False,
    rss_mb=140,
    uptime_s=100_000.0,
    version="0.1.0 (abc)",
)
RUNNING = Running(
    pictures_per_s=29.6,
    draw_ms=2.14,
    poses_per_s=14.8,
    invoke_ms=61.0,
    camera="Pi camera imx708",
    model="lightning-int8",
    faults=Faults(),
)
TROUBLE = LoggedError(datetime(2026, 11, 25, 18, 2, tzinfo=UTC), "no frame for 2 s", 3)


def page(
    health: Health | None = WELL, running: Running = RUNNING, language: str = "en"
) -> OperatorFacts:
    return operator_facts(running, health, (TROUBLE,), 0.7, Words.load(language))


def fact(shown: OperatorFacts, key: str) -> Fact:
    return next(fact for fact in shown.facts if fact.key == key)


def test_a_healthy_mirror_is_shown_in_figures_and_nothing_is_marked() -> None:
    shown = page()
    assert all(fact.good for fact in shown.facts)
    assert fact(shown, "screen").value == "30 pictures/s, 2.1 ms each"
    assert fact(shown, "inference").value == "15 a second, 61 ms each"
    assert fact(shown, "temperature").value == "51 °C"
    assert fact(shown, "uptime").value == "1 d 3 h"
    assert shown.troubles == ("18:02 no frame for 2 s (3 times)",)


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("temperature", {"temperature_c": HOT_C}),
        ("power", {"throttling": Throttling(now=frozenset({Limit.UNDER_VOLTAGE}))}),
        ("power", {"throttling": Throttling(since_boot=frozenset({Limit.THROTTLED}))}),
        ("disk", {"disk_free_mb": LOW_DISK_MB - 1}),
        ("disk", {"disk_read_only": True}),
    ],
)
def test_what_is_wrong_with_the_machine_is_marked(key: str, change: dict[str, object]) -> None:
    shown = page(replace(WELL, **change))  # type: ignore[arg-type]  # its own fields
    assert [fact.key for fact in shown.facts if not fact.good] == [key]


def test_a_camera_that_gives_nothing_names_the_reason() -> None:
    shown = page(running=replace(RUNNING, faults=Faults(camera="no frame for 2 s")))
    assert fact(shown, "camera") == Fact("camera", "no frame for 2 s", good=False)


def test_what_was_not_measured_is_left_out_or_said_so() -> None:
    unknown = replace(WELL, temperature_c=None, throttling=None, disk_free_mb=None, rss_mb=None)
    assert {fact.key for fact in page(unknown).facts}.isdisjoint(
        {"temperature", "power", "disk", "memory"}
    )
    begun = page(None, replace(RUNNING, pictures_per_s=None, invoke_ms=None))
    assert fact(begun, "screen").value == fact(begun, "inference").value == "not measured yet"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("limit", Limit)
def test_every_limit_has_its_words(limit: Limit, language: str) -> None:
    words = Words.load(language)
    now = page(replace(WELL, throttling=Throttling(now=frozenset({limit}))), language=language)
    assert fact(now, "power").value == words(f"operator.limit.{limit.name.lower()}")


@pytest.mark.parametrize("language", languages())
def test_the_outbox_is_a_line_where_there_is_one(language: str) -> None:
    assert all(one.key != "outbox" for one in page(language=language).facts)
    told = OutboxStatus(target="db:5432/gym", waiting=7)
    line = fact(page(running=replace(RUNNING, outbox=told), language=language), "outbox")
    assert ("7" in line.value, line.good) == (True, True)
    told = OutboxStatus(target="db:5432/gym", waiting=7, last_sent_at=1795428900.0)
    line = fact(page(running=replace(RUNNING, outbox=told), language=language), "outbox")
    assert all(part in line.value for part in ("7", "23.11."))
    told = replace_struct(told, error="db:5432/gym: the disk is full; make room")
    line = fact(page(running=replace(RUNNING, outbox=told), language=language), "outbox")
    assert line.value.endswith(": the disk is full")
    assert not line.good


def test_a_panel_that_cannot_be_switched_is_a_line() -> None:
    assert all(one.key != "switch" for one in page().facts)
    faults = Faults(switch="screen.off_command: ddcutil failed (no bus)")
    line = fact(page(running=replace(RUNNING, faults=faults)), "switch")
    assert (line.value, line.good) == ("ddcutil failed (no bus)", False)


@pytest.mark.parametrize("language", languages())
def test_home_assistant_is_a_line_where_it_is_told(language: str) -> None:
    assert all(one.key != "home" for one in page(language=language).facts)
    told = HomeStatus(broker="hass", since=1.0)
    line = fact(page(running=replace(RUNNING, home=told), language=language), "home")
    assert (line.value, line.good) == (Words.load(language)("operator.value.home"), True)
    told = replace_struct(told, error="MQTT broker hass:8883: cannot be reached; check home.broker")
    line = fact(page(running=replace(RUNNING, home=told), language=language), "home")
    assert (line.value, line.good) == ("cannot be reached", False)
