"""Opens the loudspeaker and reopens it, with the volume that was set."""

from collections.abc import Callable, Mapping
from pathlib import Path

from kiosk.system.retry import Reconnecting
from kiosk.ui.sound.mixer import SoundError
from kiosk.ui.sound.speaker import SoundEvent, Speaker


class ReconnectingSpeaker(Speaker):
    """A `Speaker` that is silent until a sound device can be opened.

    Its volume is what the first device had, or what was set since.

    Args:
        opener: returns a speaker; one with a fault is closed and asked for again.
    """

    def __init__(self, opener: Callable[[], Speaker]) -> None:
        self.muted = False
        self._opener = opener
        self._opened = False
        self._device = Reconnecting("sound", self._open)

    @property
    def fault(self) -> str | None:  # type: ignore[override]  # the device's own
        """Why there is no sound; None while there is, or none is wanted."""
        return self._device.part.fault if self._device.part else self._device.message

    @property
    def voice_fault(self) -> str | None:  # type: ignore[override]  # the device's own
        """Why cues are not spoken; None while they are, or there is no sound at all."""
        return self._device.part.voice_fault if self._device.part else None

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
        if self._device.part is not None:
            self._device.part.play(event)

    def add_speech(self, speech: Mapping[str, Path], fault: str | None) -> None:
        """Gives the words of cues to the device; one that is opened later has them already."""
        if self._device.part is not None:
            self._device.part.add_speech(speech, fault)

    def close(self) -> None:
        """Releases the device. Safe to call twice."""
        if self._device.part is not None:
            self._device.part.close()

    def _apply_volume(self) -> None:
        if self._device.part is not None:
            self._set(self._device.part)

    def _open(self) -> Speaker:
        speaker = self._opener()
        if not self._opened:
            self.volume, self._opened = speaker.volume, True
        if speaker.fault is not None:
            fault = SoundError(speaker.fault)
            speaker.close()
            raise fault
        self._set(speaker)
        return speaker

    def _set(self, speaker: Speaker) -> None:
        speaker.set_volume(self.volume)
        if speaker.muted is not self.muted:
            speaker.toggle_mute()
