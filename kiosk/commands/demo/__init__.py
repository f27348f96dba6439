"""The packaged recording: a person walks up, hinges and walks off."""

from pathlib import Path

WALK_UP = Path(__file__).with_name("walk_up.mp4")
