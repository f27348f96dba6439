"""A loudspeaker that is sought while there is none."""

from collections.abc import Callable

from kiosk.system.retry import Retried
from kiosk.ui.sound.mixer import SoundError
from kiosk.ui.sound.speaker import SilentSpeaker, SoundEvent, Speaker


class ReconnectingSpeaker:
    """A `Speaker` that is silent until a sound device can be opened.

    Args:
        opener: gives a speaker; one with a fault is closed and asked for again.
    """

    def __init__(self, opener: Callable[[], Speaker]) -> None:
        self._opener = opener
        self._silent = SilentSpeaker()
        self._heard: Retried[Speaker] = Retried("sound", self._open)

    @property
    def volume(self) -> float:
        """See `Speaker`."""
        return self._speaker.volume

    @property
    def muted(self) -> bool:
        """See `Speaker`."""
        return self._speaker.muted

    @property
    def fault(self) -> str | None:
        """See `Speaker`."""
        return str(self._heard.fault) if self._heard.fault else self._speaker.fault

    @property
    def voice_fault(self) -> str | None:
        """See `Speaker`."""
        return self._speaker.voice_fault

    def look(self, now_s: float) -> None:
        """Seeks a sound device where one is missing and an attempt is due.

        It can take longer than a picture may, so not for a set under way.

        Args:
            now_s: monotonic seconds.
        """
        speaker = self._heard.part
        if speaker is not None and speaker.fault is not None:
            self._heard.lose(SoundError(speaker.fault))
            self._give_up(speaker)
        if self._heard.part is None and (found := self._heard.get(now_s)) is not None:
            # as loud as whoever pressed the button last wanted it
            found.set_volume(self._silent.volume)
            if found.muted is not self._silent.muted:
                found.toggle_mute()

    def play(self, event: SoundEvent) -> None:
        """See `Speaker`."""
        self._speaker.play(event)

    def set_volume(self, volume: float) -> None:
        """See `Speaker`."""
        self._speaker.set_volume(volume)

    def toggle_mute(self) -> None:
        """See `Speaker`."""
        self._speaker.toggle_mute()

    def close(self) -> None:
        """See `Speaker`."""
        self._speaker.close()

    @property
    def _speaker(self) -> Speaker:
        return self._heard.part or self._silent

    def _open(self) -> Speaker:
        speaker = self._opener()
        if speaker.fault is None:
            return speaker
        fault = SoundError(speaker.fault)
        if not self._silent.volume:
            self._silent.set_volume(speaker.volume)
        speaker.close()
        raise fault

    def _give_up(self, speaker: Speaker) -> None:
        self._silent.set_volume(speaker.volume)
        self._silent.muted = speaker.muted
        speaker.close()
