"""The packaged recording: a person walks up, hinges and walks off."""

import json
from pathlib import Path
from typing import Any

from kiosk.settings import Settings, checked

WALK_UP = Path(__file__).with_name("walk_up.mp4")


def walk_up_exercise() -> str:
    """The id of the exercise that the recording shows, from the facts beside it."""
    exercise: str = json.loads(WALK_UP.with_suffix(".json").read_text("utf-8"))["exercise"]
    return exercise


def demo_settings(history: Path, **tables: dict[str, Any]) -> Settings:
    """The settings of a silent mirror that plays the recording; the tables go before these."""
    defaults = {
        "coach": {"exercise": walk_up_exercise()},
        "screen": {"fullscreen": False},
        "panel": {"kind": "keyboard"},
        "sound": {"enabled": False},
        "history": {"folder": str(history)},
    }
    return checked(defaults | tables, WALK_UP)
