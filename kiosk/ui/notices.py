"""What is wrong at the moment: which sentences a user reads, and what keeps the mirror from seeing.

Every row of docs/faults.md that a user has to know of ends here.
"""

from dataclasses import dataclass

from kiosk.errors import ModelError, RuntimeMissingError
from kiosk.ui.words.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Why each part does not do its work; empty or None where it does.

    Attributes:
        camera: gives no frames.
        model: finds no poses.
        history: is not written, or cannot be read.
        history_new: a damaged history was set aside.
        panel: no button answers.
        settings: defaults stand in for what the file says.
        clock: shows a time before this release.
        unjudged: the processor is hot, and the exercise too quick to be judged at the eased pace.
        sound: nothing is heard.
        voice: cues are not spoken.
    """

    camera: str | None = None
    model: ModelError | None = None
    history: str | None = None
    history_new: str | None = None
    panel: str | None = None
    settings: str | None = None
    clock: bool = False
    unjudged: bool = False
    sound: str | None = None
    voice: str | None = None

    @property
    def blind(self) -> str | None:
        """What the page of the fault is about, as in the words under `fault`."""
        if self.camera:
            return "camera"
        if isinstance(self.model, RuntimeMissingError):
            return "runtime"
        return "model" if self.model else None


def notices(wrong: Faults, words: Words, *, lifting: bool, trained: bool) -> tuple[str, ...]:
    """The sentences, the weightiest last.

    Args:
        wrong: what is.
        words: of the screen.
        lifting: a set is under way: only what concerns its reps is told.
        trained: there was a set since the start. Whoever trains without sound has then been told.
    """
    told = (
        ("sound", wrong.sound and not trained),
        ("voice", wrong.voice and not trained),
        ("panel", wrong.panel and not lifting),
        ("clock", wrong.clock and not lifting),
        ("settings", wrong.settings and not lifting),
        ("unjudged", wrong.unjudged),
        ("history_new", wrong.history_new),
        ("history", wrong.history),
        (wrong.blind, True),
    )
    return tuple(words(f"notice.{key}") for key, tell in told if key and tell)
