"""Switches the panel of the screen off and on by the owner's commands, in a thread of its own."""

import contextlib
import logging
import shlex
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from kiosk.system.program import run_program
from kiosk.system.retry import RETRY_S, Backoff
from kiosk.system.worker import Worker

TIMEOUT_S = 5.0
"""A command that takes longer hangs: `ddcutil` takes two seconds where its bus is named. The end of
the service waits for one of them, and systemd kills what has not ended after 10 s."""

Run = Callable[[Sequence[str], Callable[[], bool]], object]
"""Runs a command, and asks again and again whether to end it; raises OSError where it fails."""

LEFT_OFF = "panel-on"
"""A shell script in the service's runtime folder that switches the panel on. It is there while the
panel may be off; gym-mirror.service runs it after a mirror that could not do so itself."""

_log = logging.getLogger(__name__)


class PanelSwitch(Worker):
    """Runs a command whenever the panel is to be switched, and again with back-off until it works.

    Whatever the panel was before, it is switched on at the start, and at the end if it is not
    known to be on. A command under way is ended as soon as the panel is wanted otherwise. Without
    commands there is no thread.

    Args:
        off_command, on_command: program and arguments; empty for none.
        folder: for what switches the panel on after the mirror was killed; None for nowhere.
        run: runs a command; None for the real one.
        waits_s: first and longest wait before a command that has failed is run again.
    """

    def __init__(
        self,
        off_command: Sequence[str],
        on_command: Sequence[str],
        *,
        folder: Path | None = None,
        run: Run | None = None,
        waits_s: tuple[float, float] = RETRY_S,
    ) -> None:
        super().__init__("panel switch")
        self._commands = {False: tuple(off_command), True: tuple(on_command)}
        self._left_off = folder and folder / LEFT_OFF
        self._run = run or (lambda command, ends: run_program(command, TIMEOUT_S, stopping=ends))
        self._backoff = Backoff(*waits_s)
        self._changed = threading.Condition()
        self._wanted = True
        self._faults: dict[bool, str] = {}

    @property
    def fault(self) -> str | None:
        """Why a command failed, that to switch on before the other; None once it has worked.

        Logged once, and so is its end.
        """
        return self._faults.get(True) or self._faults.get(False)

    def start(self) -> Self:
        """Starts the thread if there is anything to do for it."""
        return super().start() if any(self._commands.values()) else self

    def submit(self, *, on: bool) -> None:
        """Takes whether the panel is to be on. It waits for nothing, and any thread may call it."""
        if on is self._wanted or self.stopping:
            return
        with self._changed:
            self._wanted = on
            self._backoff.reset()  # however often the other command has failed
            self._changed.notify()

    def run(self) -> None:
        """Switches the panel until asked to stop, and then on."""
        is_on: bool | None = None  # nobody knows
        while True:
            on, last = self._wanted, self.stopping
            if is_on is not on:
                # a command that failed may have switched the panel all the same
                is_on = on if self._switch(on=on) else None
            if last:
                return
            with self._changed:
                again_s = self._backoff.next_s() if is_on is None else None
                self._changed.wait_for(
                    lambda on=on: self.stopping or self._wanted is not on,  # type: ignore[misc]
                    again_s,
                )

    def stop(self) -> None:
        """Switches the panel on for the last time, and does not wait for it."""
        with self._changed:
            self._wanted = True
            super().stop()
            self._changed.notify()

    def close(self) -> None:
        """Waits until the panel was switched on, as long as one attempt may take."""
        self.stop()
        self.join(TIMEOUT_S + 1.0)

    def _switch(self, *, on: bool) -> bool:
        """Runs a command; returns whether it worked."""
        command = self._commands[on]
        try:
            if command:
                if not on:  # from here on: also a command that fails may have switched it off
                    self._note(on=False)
                self._run(command, lambda: self._wanted is not on)
        except OSError as error:
            if self._wanted is on:  # and nobody has ended it
                self._fail(f"screen.{'on' if on else 'off'}_command: {error}", on=on)
            return False
        if on:
            self._note(on=True)
        self._backoff.reset()
        if self._faults.pop(on, None) is not None:
            _log.info("screen.%s_command works again", "on" if on else "off")
        return True

    def _note(self, *, on: bool) -> None:
        """Leaves the script that switches the panel on, or takes it away where the panel is on."""
        if self._left_off is None:
            return
        with contextlib.suppress(OSError):  # the mirror itself switches the panel as before
            if on:
                self._left_off.unlink(missing_ok=True)
            else:
                self._left_off.write_text(f"{shlex.join(self._commands[True])}\n", "utf-8")

    def _fail(self, fault: str, *, on: bool) -> None:
        if on not in self._faults:
            _log.warning("%s; run it by hand, and see hardware/README.md", fault)
        self._faults[on] = fault
