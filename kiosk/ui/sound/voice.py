"""Synthesises the spoken cues in a thread of its own, once: the engine may be slow, or hang."""

from collections.abc import Mapping
from pathlib import Path

from kiosk.system.worker import Worker
from kiosk.ui.sound.speech import load_speech
from kiosk.ui.words.words import Words


class Voice(Worker):
    """Makes the speech files of a language, as far as they are missing.

    Args:
        words: whose cues are spoken.
        folder: of the files, as `speech_folder` gives it.
        pack: folder of the owner's own spoken cues; None without one.

    Attributes:
        speech: file of each key of words; None until the thread has come to its end.
        fault: why some are missing.
    """

    def __init__(self, words: Words, folder: Path | None, pack: Path | None = None) -> None:
        super().__init__("voice")
        self.speech: Mapping[str, Path] | None = None
        self.fault: str | None = None
        self._words = words
        self._folder = folder
        self._pack = pack

    def run(self) -> None:
        """Synthesises what is missing, until asked to stop."""
        speech, self.fault = load_speech(
            self._words, self._folder, lambda: self.stopping, self._pack
        )
        self.speech = speech
