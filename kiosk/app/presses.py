"""Collects what people press on the panel and the keyboard, and which tags they show."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from kiosk.settings import Settings
from kiosk.system.retry import Reconnecting
from kiosk.ui.panel.button import Button, ButtonEvent
from kiosk.ui.panel.contacts import Contacts
from kiosk.ui.panel.factory import KeyboardPanel, open_panel
from kiosk.ui.panel.tag_reader import TagReader
from kiosk.ui.screen.display import WindowEvent
from kiosk.ui.screen.scene import Hold

LEAVE_KEYS = frozenset({"escape", "q"})
_FLIPPED = dict(zip(Button, reversed(Button), strict=True))
"""Which button each of them is where they sit the other way round."""


class Pressed(NamedTuple):
    """What was pressed since the last picture.

    Attributes:
        events: the presses, in no order of time.
        holds: the buttons that are down, and how far each is on its way to a long press.
        clicks: whether a button went down.
    """

    events: tuple[ButtonEvent, ...]
    holds: tuple[Hold, ...]
    clicks: bool


class Presses:
    """Polls the panel, the keyboard and the reader of tags. Belongs to the main loop.

    Args:
        settings: of this installation.
        reconnects: a panel that cannot be opened is opened later; False raises it.

    Attributes:
        reversed: the buttons sit the other way round; may be changed at any time.

    Raises:
        PanelError: the panel cannot be opened, unless it reconnects.
    """

    def __init__(self, settings: Settings, *, reconnects: bool) -> None:
        panel, lifters = settings.panel, settings.lifters
        self._panel: Reconnecting[Contacts] = Reconnecting(
            "buttons", lambda: open_panel(panel), reconnects=reconnects
        )
        self._keys = KeyboardPanel(
            hold_s=panel.hold_s, enabled=panel.kind == "keyboard" or panel.keyboard
        )
        self._tags = TagReader(lifters.tag_reader) if lifters.tags else None
        self._down: frozenset[Button] = frozenset()
        self.reversed = panel.reversed

    @property
    def panel_fault(self) -> str | None:
        """Why there is no panel; None while there is one."""
        return self._panel.message

    @property
    def tags_fault(self) -> str | None:
        """Why no tag can be read; None while they can, or where there is to be no reader."""
        return self._tags.fault if self._tags else None

    def stuck(self, now_s: float) -> tuple[Button, ...]:
        """The buttons of the panel that have been down for too long to be held."""
        stuck = self._panel.part.stuck(now_s) if self._panel.part else ()
        return tuple(map(self._placed, stuck))

    def retry(self, now_s: float) -> None:
        """Opens the panel again if it is missing and an attempt is due."""
        self._panel.retry(now_s)

    def feed_window(self, events: Iterable[WindowEvent], now_s: float) -> bool:
        """Hands the window's keys on; False when the user wants to leave."""
        for event in events:
            if event.key is None:
                return False
            if not self._keys.enabled:
                continue
            if event.key in LEAVE_KEYS and event.down:
                return False
            self._keys.feed(event.key, now_s, down=event.down, scancode=event.scancode)
        return True

    def poll(self, now_s: float, also: Iterable[ButtonEvent] = ()) -> Pressed:
        """Returns what was pressed since the last call, and on top what the caller has."""
        panels: list[Contacts] = [self._keys, *([self._panel.part] if self._panel.part else [])]
        found = [press for panel in panels for press in panel.poll(now_s)]
        events = (*also, *(replace(one, button=self._placed(one.button)) for one in found))
        held = {
            self._placed(button): progress
            for panel in panels
            for button, progress in panel.progress(now_s).items()
        }
        down = frozenset(held)
        # one that went down and up between two pictures was never seen held
        unseen = any(press.button not in self._down | down for press in events)
        clicks = bool(down - self._down or unseen)
        self._down = down
        return Pressed(events, tuple(Hold(button, done) for button, done in held.items()), clicks)

    def _placed(self, button: Button) -> Button:
        """The button by its place, whichever way round they are wired."""
        return _FLIPPED[button] if self.reversed else button

    def poll_tag(self, now_s: float) -> str | None:
        """Returns the number of a tag that was shown since the last call."""
        return self._tags.poll(now_s) if self._tags else None

    def close(self) -> None:
        """Lets go of the devices."""
        if self._panel.part is not None:
            self._panel.part.close()
        if self._tags is not None:
            self._tags.close()
