"""The panel is switched as wanted last, whatever the commands do."""

import logging
import queue
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.system.program import ProgramError
from kiosk.ui.screen import panel_switch
from kiosk.ui.screen.panel_switch import LEFT_OFF, PanelSwitch

OFF, ON = ("panel", "off"), ("panel", "on")
AT_ONCE, NEVER = (0.0, 0.0), (600.0, 600.0)
PATIENCE_S = 30.0


class Panel:
    """A panel whose commands do what a test asks of them.

    Attributes:
        failing: commands that fail.
        hanging: commands that end when they are asked to, and not before.
    """

    def __init__(self) -> None:
        self.failing: set[Sequence[str]] = set()
        self.hanging: set[Sequence[str]] = set()
        self._ran: queue.Queue[Sequence[str]] = queue.Queue()

    def run(self, command: Sequence[str], ends: Callable[[], bool]) -> None:
        self._ran.put(command)
        while command in self.hanging:
            if ends():
                raise ProgramError("panel failed (it gave nothing for 5 s)")
        if command in self.failing:
            raise ProgramError("panel failed (no monitor)")

    def ran(self) -> Sequence[str]:
        """The next command that was run."""
        return self._ran.get(timeout=PATIENCE_S)

    def rest(self) -> list[Sequence[str]]:
        """The commands that were run and not asked for."""
        return [self._ran.get() for _ in range(self._ran.qsize())]


@pytest.fixture
def panel() -> Panel:
    return Panel()


@contextmanager
def started(
    panel: Panel, waits_s: tuple[float, float] = NEVER, folder: Path | None = None
) -> Iterator[PanelSwitch]:
    switch = PanelSwitch(OFF, ON, folder=folder, run=panel.run, waits_s=waits_s)
    switch.start()
    yield switch
    switch.close()
    assert not switch.alive
    assert switch.crash is None


def until(met: Callable[[], object]) -> None:
    gave_up = threading.Event()
    timer = threading.Timer(PATIENCE_S, gave_up.set)
    timer.start()
    while not met():
        assert not gave_up.is_set(), "it never came to that"
    timer.cancel()
    timer.join()


def test_it_is_switched_on_at_the_start_and_then_as_wanted(panel: Panel) -> None:
    with started(panel) as switch:
        assert panel.ran() == ON
        switch.submit(on=False)
        assert panel.ran() == OFF
        switch.submit(on=False)
        switch.submit(on=True)
        assert panel.ran() == ON
    assert panel.rest() == []  # it was on already


def test_a_panel_that_is_off_is_switched_on_at_the_end(panel: Panel) -> None:
    with started(panel) as switch:
        assert panel.ran() == ON
        switch.submit(on=False)
        assert panel.ran() == OFF
    assert panel.rest() == [ON]
    switch.submit(on=False)
    assert panel.rest() == []


def test_switching_on_is_tried_until_it_works(panel: Panel) -> None:
    panel.failing = {ON}
    with started(panel, AT_ONCE) as switch:
        assert [panel.ran() for _ in range(3)] == [ON] * 3
        assert switch.fault == "screen.on_command: panel failed (no monitor)"
        panel.failing = set()
        until(lambda: switch.fault is None)


def test_switching_off_is_tried_again_too(panel: Panel) -> None:
    panel.failing = {OFF}
    with started(panel, AT_ONCE) as switch:
        assert panel.ran() == ON
        switch.submit(on=False)
        assert [panel.ran() for _ in range(3)] == [OFF] * 3
        panel.failing = set()
        until(lambda: switch.fault is None)


def test_a_panel_that_could_not_be_switched_off_is_switched_on_all_the_same(panel: Panel) -> None:
    panel.failing = {OFF}
    with started(panel, NEVER) as switch:
        assert panel.ran() == ON
        switch.submit(on=False)
        assert panel.ran() == OFF
        until(lambda: switch.fault)
        switch.submit(on=True)  # which waits for no further attempt
        assert panel.ran() == ON
        # so that somebody can read it
        assert switch.fault == "screen.off_command: panel failed (no monitor)"


class Impatient:
    """A back-off whose third wait has no end."""

    def __init__(self, *_: float) -> None:
        self._waits = 0

    def next_s(self) -> float:
        self._waits += 1
        return 0.0 if self._waits < 3 else 600.0

    def reset(self) -> None:
        self._waits = 0


def test_a_night_of_failures_to_switch_off_does_not_delay_switching_on(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panel_switch, "Backoff", Impatient)
    with started(panel) as switch:
        assert panel.ran() == ON
        panel.failing = {OFF, ON}
        switch.submit(on=False)
        assert [panel.ran() for _ in range(3)] == [OFF] * 3
        switch.submit(on=True)
        assert [panel.ran() for _ in range(3)] == [ON] * 3


def test_the_end_tries_once_more_to_switch_it_on(panel: Panel) -> None:
    panel.failing = {ON}
    with started(panel, NEVER) as switch:
        assert panel.ran() == ON
        until(lambda: switch.fault)
    assert panel.rest() == [ON]


@pytest.mark.parametrize("ends", [False, True])
def test_a_command_that_hangs_keeps_nobody_in_the_dark(panel: Panel, *, ends: bool) -> None:
    panel.hanging = {OFF}
    with started(panel) as switch:
        assert panel.ran() == ON
        switch.submit(on=False)
        assert panel.ran() == OFF
        if not ends:
            switch.submit(on=True)
            assert panel.ran() == ON
            assert switch.fault is None  # it was ended, and did not fail
    assert panel.rest() == ([ON] if ends else [])


def test_while_it_may_be_off_a_script_is_there_that_switches_it_on(
    panel: Panel, tmp_path: Path
) -> None:
    script, switched = tmp_path / LEFT_OFF, tmp_path / "switched on"
    on = ("touch", str(switched))
    switch = PanelSwitch(OFF, on, folder=tmp_path, run=panel.run, waits_s=NEVER)
    switch.start()
    assert panel.ran() == on
    assert not script.exists()
    panel.failing = {OFF}  # it may have switched the panel all the same
    switch.submit(on=False)
    assert panel.ran() == OFF
    subprocess.run(["/bin/sh", script], check=True)
    assert switched.exists()
    switch.submit(on=True)
    assert panel.ran() == on
    until(lambda: not script.exists())
    switch.close()


def test_without_a_folder_that_can_be_written_it_is_switched_as_well(
    panel: Panel, tmp_path: Path
) -> None:
    with started(panel, folder=tmp_path / "nowhere") as switch:
        assert panel.ran() == ON
        switch.submit(on=False)
        assert panel.ran() == OFF
    assert panel.rest() == [ON]


def test_the_end_does_not_wait_for_ever(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    panel.hanging = {ON}
    switch = PanelSwitch(OFF, ON, run=panel.run)
    switch.start()
    assert panel.ran() == ON
    monkeypatch.setattr(panel_switch, "TIMEOUT_S", -1.0)
    switch.close()
    assert switch.alive
    panel.hanging = set()
    switch.join(PATIENCE_S)
    assert not switch.alive


def test_a_fault_is_logged_once_and_so_is_its_end(
    panel: Panel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    panel.failing = {OFF}
    with started(panel, AT_ONCE) as switch:
        switch.submit(on=False)
        until(lambda: switch.fault)
        switch.submit(on=True)
        panel.rest()
        switch.submit(on=False)
        until(lambda: panel.rest().count(OFF))
        panel.failing = set()
        until(lambda: switch.fault is None)
    told = [record.getMessage() for record in caplog.records]
    assert told == [
        "screen.off_command: panel failed (no monitor); run it by hand, and see hardware/README.md",
        "screen.off_command works again",
    ]


@pytest.mark.parametrize(("off", "on"), [((), ON), ((), ())])
def test_a_command_that_is_not_named_is_not_run(
    panel: Panel, off: Sequence[str], on: Sequence[str]
) -> None:
    switch = PanelSwitch(off, on, run=panel.run)
    switch.start()
    assert switch.alive is bool(on)
    switch.submit(on=False)
    switch.submit(on=True)
    switch.close()
    assert set(panel.rest()) <= {on}
    assert switch.fault is None
