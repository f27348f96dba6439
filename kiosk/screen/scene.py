"""All that one picture on the screen is drawn from; immutable, so the same scene looks the same."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from kiosk.coaching.snapshot import Snapshot
from kiosk.history.stored import StoredSet
from kiosk.panel.button import Button


class Page(Enum):
    """What the user has turned to."""

    COACH = "coach"  # follows the body: waiting, framing, ready, set, summary
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Hold:
    """A button that is down at this moment.

    Attributes:
        button: which one.
        progress: 0 when it goes down, 1 when it has become a long press.
    """

    button: Button
    progress: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One moment of everything that is shown.

    Attributes:
        now_s: the display's monotonic clock, which drives every animation.
        snapshot: the coach's newest word; None until the first frame was judged.
        page: what the user has turned to.
        history: stored sets, newest first.
        history_page: 0 for the newest; counted round, so that pressing on comes back to the start.
        today: local date; sets of this day are summed up above the list.
        notices: what is wrong at the moment, each a sentence that a user understands.
        pressed: buttons that are down.
    """

    now_s: float
    snapshot: Snapshot | None = None
    page: Page = Page.COACH
    history: tuple[StoredSet, ...] = ()
    history_page: int = 0
    today: date | None = None
    notices: tuple[str, ...] = ()
    pressed: tuple[Hold, ...] = ()
