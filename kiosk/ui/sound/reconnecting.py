"""Opens the loudspeaker and reopens it, with the volume that was set."""

from collections.abc import Callable

from kiosk.system.retry import Reconnecting
from kiosk.ui.sound.mixer import SoundError
from kiosk.ui.sound.speaker import SilentSpeaker, SoundEvent, Speaker


class ReconnectingSpeaker:
    """A `Speaker` that is silent until a sound device can be opened.

    Args:
        opener: returns a speaker; one with a fault is closed and asked for again.

    Attributes:
        muted: nothing is played, whatever the volume.
    """

    def __init__(self, opener: Callable[[], Speaker]) -> None:
        self.muted = False
        self._volume: float | None = None
        self._opener = opener
        self._device = Reconnecting("sound", self._open)
        self._silent = SilentSpeaker()

    @property
    def volume(self) -> float:
        """From 0 to 1: what the first speaker had, or what was set since."""
        return self._volume or 0.0

    @property
    def fault(self) -> str | None:
        """Why there is no sound; None while there is, or none is wanted."""
        return self._device.part.fault if self._device.part else self._device.message

    @property
    def voice_fault(self) -> str | None:
        """Why cues are not spoken; None while they are, or there is no sound at all."""
        return self._current.voice_fault

    def retry(self, now_s: float) -> None:
        """Opens a sound device where one is missing and an attempt is due, in monotonic seconds.

        It can take longer than a picture may, so not for a set under way.
        """
        device = self._device.part
        if device is not None and device.fault is not None:
            device.close()
            self._device.lose(SoundError(device.fault))
        self._device.retry(now_s)

    def play(self, event: SoundEvent) -> None:
        """Starts a sound now, where there is a device."""
        self._current.play(event)

    def set_volume(self, volume: float) -> None:
        """Takes a volume, held within 0 and 1."""
        self._volume = min(max(volume, 0.0), 1.0)
        self._current.set_volume(volume)

    def toggle_mute(self) -> None:
        """Silent at once, or back to the volume there was."""
        self.muted = not self.muted
        self._current.toggle_mute()

    def close(self) -> None:
        """Gives the device back. Safe to call twice."""
        self._current.close()

    @property
    def _current(self) -> Speaker:
        return self._device.part or self._silent

    def _open(self) -> Speaker:
        speaker = self._opener()
        if self._volume is None:
            self._volume = speaker.volume
        if speaker.fault is not None:
            fault = SoundError(speaker.fault)
            speaker.close()
            raise fault
        speaker.set_volume(self.volume)
        if speaker.muted is not self.muted:
            speaker.toggle_mute()
        return speaker
