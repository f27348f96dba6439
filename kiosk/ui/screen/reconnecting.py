"""A display that is sought while there is none: late at start, or unplugged."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pygame

from kiosk.errors import DisplayError
from kiosk.system.retry import Retried
from kiosk.ui.screen.display import Display, WindowEvent, draws_for_nobody, has_display
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.screen import Screen

LOOK_S = 1.0
"""How often to ask the kernel whether the panel is still connected: reading one small file."""


class ReconnectingDisplay:
    """Shows scenes on the display; while there is none, it draws for nobody and all else goes on.

    Belongs to the thread that made it.

    Args:
        opener: opens the display for True, and a picture for nobody for False.
        on_screen: True opens it whatever `connected` says; False draws for nobody, and that is no
            fault; None seeks a display, unless SDL_VIDEODRIVER says that none is wanted.
        patient: False raises the `DisplayError` of the first attempt, and draws for nobody where
            no display is connected.
        connected: whether there is a display to open.
    """

    def __init__(
        self,
        opener: Callable[[bool], Display],
        *,
        on_screen: bool | None = None,
        patient: bool = True,
        connected: Callable[[], bool] = has_display,
    ) -> None:
        self._opener = opener
        self._connected = connected if on_screen is None else lambda: True
        self._looked_s: float | None = None
        self._nobody: Display | None = None
        self._shown: Retried[Display] | None = None
        seeks = connected() or (patient and not draws_for_nobody())
        if seeks if on_screen is None else on_screen:
            self._shown = Retried("display", self._open, patient=patient)
        else:
            self._nobody = opener(False)

    @property
    def fault(self) -> str | None:
        """Why nobody sees anything; None while the display shows it, or nobody is to."""
        return str(self._shown.fault) if self._shown and self._shown.fault else None

    @property
    def screen(self) -> Screen:
        """What draws; another one after every loss."""
        return self._display.screen

    def look(self, now_s: float) -> None:
        """Gives up a display that is gone, and opens one that has come.

        Args:
            now_s: monotonic seconds.
        """
        early = self._looked_s is not None and now_s - self._looked_s < LOOK_S
        if self._shown is None or early:
            return
        self._looked_s = now_s
        if self._shown.part is not None and not self._connected():
            self._lose(self._shown, _absent())
        self._shown.get(now_s)

    def show(self, scene: Scene) -> None:
        """Draws what changed and sends it to the panel."""
        try:
            self._display.show(scene)
        except pygame.error as error:
            if self._shown is None or self._shown.part is None:
                raise
            fault = DisplayError(f"the display takes no picture ({error}); check its cable")
            self._lose(self._shown, fault)

    def events(self) -> Iterator[WindowEvent]:
        """What happened since the last call, oldest first."""
        return self._display.events()

    def save_png(self, path: Path) -> None:
        """See `Display.save_png`."""
        self._display.save_png(path)

    def close(self) -> None:
        """Gives the panel back. Safe to call twice."""
        self._display.close()

    @property
    def _display(self) -> Display:
        display = (self._shown and self._shown.part) or self._nobody
        assert display is not None
        return display

    def _open(self) -> Display:
        if not self._connected():
            self._nobody = self._nobody or self._opener(False)
            raise _absent()
        # SDL has one display at a time
        if self._nobody is not None:
            self._nobody.close()
        try:
            display = self._opener(True)
        except DisplayError:
            self._nobody = self._opener(False)
            raise
        self._nobody = None
        return display

    def _lose(self, shown: Retried[Display], fault: DisplayError) -> None:
        if shown.part is not None:
            shown.part.close()
        self._nobody = self._opener(False)
        shown.lose(fault)


def _absent() -> DisplayError:
    return DisplayError("no display is connected; plug it in, and switch it on")
