"""Defines the base of every loudspeaker, which is silent, and the steps of the volume."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.ui.sound.tones import Tone


@dataclass(frozen=True, slots=True)
class SoundEvent:
    """One sound to play.

    Attributes:
        tone: what it sounds like; None for words alone.
        words: key of the words spoken after the tone; None for the tone alone.
    """

    tone: Tone | None
    words: str | None = None


@dataclass(eq=False)
class Speaker:
    """The base of every loudspeaker: silent by itself, it keeps the volume.

    For the main thread: no method waits, and `play` never raises.

    Attributes:
        fault: why there is no sound; None while there is, or none is wanted.
        volume: 0 to 1, as it is heard: half is half as loud; at 0 nothing is played.
        voice_fault: why cues are not spoken; None while they are, or are not meant to be.
    """

    fault: str | None = None
    volume: float = 0.0
    voice_fault: str | None = None

    def play(self, event: SoundEvent) -> None:
        """Starts a sound now. A cue is dropped while another one is being spoken."""

    def set_volume(self, volume: float) -> None:
        """Sets the volume, limited to 0 to 1, also of what is playing."""
        self.volume = min(max(volume, 0.0), 1.0)
        self._apply_volume()

    def add_speech(self, speech: Mapping[str, Path], fault: str | None) -> None:
        """Takes the words of cues, a WAV file for each key, and why some are missing."""

    def close(self) -> None:
        """Releases the device, where there is one. Safe to call twice."""

    def _apply_volume(self) -> None:
        """Brings the device to the volume."""
