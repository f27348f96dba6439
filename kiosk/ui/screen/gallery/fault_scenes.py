"""A scene for every fault that a user is told of, through the same table as the mirror's."""

from dataclasses import replace

from kiosk.errors import ModelError, RuntimeMissingError
from kiosk.ui.health_table import Faults, notices
from kiosk.ui.screen.scene import Scene
from kiosk.ui.words.words import Words

_BLIND = (
    Faults(camera="no camera"),
    Faults(model=ModelError("no file")),
    Faults(model=RuntimeMissingError("no runtime")),
)
_WAITING = {
    "history": Faults(history="the disk is full"),
    "history-new": Faults(history_new="set aside"),
    "panel": Faults(panel="no pins"),
    "settings": Faults(settings="an unknown key"),
    "clock": Faults(clock=True),
    "unjudged": Faults(unjudged=True),
    "sound": Faults(sound="no card"),
    "voice": Faults(voice="no engine"),
    "two": Faults(history="the disk is full", settings="an unknown key"),
}


def fault_samples(waiting: Scene, lifting: Scene, done: Scene, words: Words) -> dict[str, Scene]:
    """Each by the name that its picture bears.

    Args:
        waiting: nobody is there.
        lifting: in a set.
        done: with its summary.
        words: of the screen.
    """

    def told(scene: Scene, wrong: Faults, *, sets: bool) -> Scene:
        said = notices(wrong, words, lifting=sets, trained=sets)
        return replace(scene, notices=said, blind=wrong.blind)

    unseen = replace(waiting, now_s=0.9, snapshot=None)
    full = Faults(history="the disk is full")
    return (
        {f"fault-{wrong.blind}": told(unseen, wrong, sets=False) for wrong in _BLIND}
        | {f"waiting-{name}": told(waiting, wrong, sets=False) for name, wrong in _WAITING.items()}
        | {
            "fault-and-history": told(unseen, replace(full, camera="no camera"), sets=False),
            "set-history": told(lifting, full, sets=True),
            "set-unjudged": told(lifting, Faults(unjudged=True), sets=True),
            "summary-camera": told(done, Faults(camera="lost"), sets=True),
        }
    )
