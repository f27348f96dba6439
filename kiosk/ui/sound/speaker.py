"""What the kiosk asks of a loudspeaker."""

from typing import Protocol

from kiosk.ui.sound.events import SoundEvent

STEPS = (0.4, 0.7, 1.0)
"""Volumes that one button steps through, then mute."""


class Speaker(Protocol):
    """Where sounds go. Belongs to the main thread; nothing in it waits, and `play` never raises.

    Attributes:
        volume: 0 to 1, as it is heard: half is half as loud.
        muted: nothing is played, whatever the volume.
        fault: why there is no sound; None while there is, or none is wanted.
        voice_fault: why cues are not spoken; None while they are, or are not meant to be.
    """

    @property
    def volume(self) -> float: ...  # noqa: D102 - told of in the class
    @property
    def muted(self) -> bool: ...  # noqa: D102 - told of in the class
    @property
    def fault(self) -> str | None: ...  # noqa: D102 - told of in the class
    @property
    def voice_fault(self) -> str | None: ...  # noqa: D102 - told of in the class

    def play(self, event: SoundEvent) -> None:
        """Starts a sound now. A cue is dropped while another one is being spoken."""

    def set_volume(self, volume: float) -> None:
        """Takes a volume, held within 0 and 1; what is sounding follows."""

    def toggle_mute(self) -> None:
        """Silent at once, or back to the volume there was."""

    def close(self) -> None:
        """Gives the device back. Safe to call twice."""


class SilentSpeaker:
    """A `Speaker` for a kiosk without sound.

    Args:
        reason: why there is none; None where none is wanted.
        volume: remembered, for nobody to hear.
    """

    def __init__(self, reason: str | None = None, volume: float = 0.0) -> None:
        self.volume = volume
        self.muted = False
        self.fault = reason
        self.voice_fault: str | None = None

    def play(self, event: SoundEvent) -> None:
        """Plays nothing."""

    def set_volume(self, volume: float) -> None:
        """Remembers it."""
        self.volume = min(max(volume, 0.0), 1.0)

    def toggle_mute(self) -> None:
        """Remembers it."""
        self.muted = not self.muted

    def close(self) -> None:
        """Has nothing to give back."""


def step_volume(speaker: Speaker) -> None:
    """One step louder; after the loudest comes mute, and after mute the softest."""
    louder = [step for step in STEPS if step > speaker.volume]
    if speaker.muted:
        speaker.set_volume(STEPS[0])
        speaker.toggle_mute()
    elif louder:
        speaker.set_volume(louder[0])
    else:
        speaker.toggle_mute()
