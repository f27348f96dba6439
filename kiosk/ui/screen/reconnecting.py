"""Opens the display and reopens it: when it comes late at the start, or was unplugged."""

import math
from collections.abc import Callable
from pathlib import Path

import pygame

from kiosk.errors import DisplayError
from kiosk.system.retry import Reconnecting
from kiosk.ui.screen.display import Display, has_display, is_off_screen
from kiosk.ui.screen.scene import Scene

ASK_S = 1.0
"""How often the kernel is asked whether the panel is still connected: reading one small file."""


class ReconnectingDisplay:
    """Shows scenes on the display, and draws them off-screen while there is none.

    Belongs to the thread that made it.

    Args:
        opener: opens the display for True, and an off-screen one for False.
        on_screen: True opens it whatever `connected` says; False draws off-screen, and that is no
            fault; None opens a display where SDL_VIDEODRIVER does not ask for none.
        reconnects: False raises the `DisplayError` of the first attempt, and draws off-screen
            where no display is connected.
        connected: whether there is a display to open.
    """

    def __init__(
        self,
        opener: Callable[[bool], Display],
        *,
        on_screen: bool | None = None,
        reconnects: bool = True,
        connected: Callable[[], bool] = has_display,
    ) -> None:
        self._opener = opener
        self._connected = connected if on_screen is None else lambda: True
        self._asked_s = -math.inf
        self._current: Display | None = None
        self._device: Reconnecting[Display] | None = None
        wanted = connected() or (reconnects and not is_off_screen())
        if wanted if on_screen is None else on_screen:
            self._device = Reconnecting("display", self._open, reconnects=reconnects)
        else:
            self._replace(shown=False)

    @property
    def current(self) -> Display:
        """The display that draws now, on the screen or off it; another one after every loss."""
        assert self._current is not None
        return self._current

    @property
    def fault(self) -> str | None:
        """Why there is no display; None while there is one, or none is wanted."""
        return self._device.message if self._device else None

    def retry(self, now_s: float) -> None:
        """Closes a display that is gone and opens one that has come; in monotonic seconds."""
        if self._device is None or now_s - self._asked_s < ASK_S:
            return
        self._asked_s = now_s
        if self._device.part is not None and not self._connected():
            self._lose(self._device, _absent())
        self._device.retry(now_s)

    def show(self, scene: Scene) -> None:
        """Draws what changed and sends it to the panel."""
        try:
            self.current.show(scene)
        except pygame.error as error:
            if self._device is None or self._device.part is None:
                raise
            fault = DisplayError(f"the display takes no picture ({error}); check its cable")
            self._lose(self._device, fault)

    def save_png(self, path: Path) -> None:
        """Writes the picture that is shown now."""
        self.current.save_png(path)

    def close(self) -> None:
        """Gives the panel back. Safe to call twice."""
        self.current.close()

    def _open(self) -> Display:
        if not self._connected():
            if self._current is None:
                self._replace(shown=False)
            raise _absent()
        try:
            return self._replace(shown=True)
        except DisplayError:
            self._replace(shown=False)
            raise

    def _lose(self, device: Reconnecting[Display], fault: DisplayError) -> None:
        self._replace(shown=False)
        device.lose(fault)

    def _replace(self, *, shown: bool) -> Display:
        """Opens a display in place of the current one: SDL has one at a time."""
        if self._current is not None:
            self._current.close()
        self._current = self._opener(shown)
        return self._current


def _absent() -> DisplayError:
    return DisplayError("no display is connected; plug it in, and switch it on")
