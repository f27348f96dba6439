"""The packaged recording: a person walks up, hinges and walks off."""

import json
from pathlib import Path

WALK_UP = Path(__file__).with_name("walk_up.mp4")


def walk_up_exercise() -> str:
    """The id of the exercise that the recording shows, from the facts beside it."""
    exercise: str = json.loads(WALK_UP.with_suffix(".json").read_text("utf-8"))["exercise"]
    return exercise
