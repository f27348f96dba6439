"""Opens the loudspeaker and reopens it in a thread of its own, with the volume that was set."""

import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from kiosk.system.retry import Reconnecting
from kiosk.system.worker import Mailbox, Worker
from kiosk.ui.sound.mixer import SoundError
from kiosk.ui.sound.speaker import SoundEvent, Speaker

FIRST_S = 1.0
"""The start waits this long for the device, so that what is seen first can be heard."""
HANGS_S = 5.0
"""A sound device that takes longer to open hangs in its driver; most take a tenth of a second."""
_ASK_S = 1.0  # how often the thread looks whether it has to end

_log = logging.getLogger(__name__)


class SpeakerOpener(Worker):
    """The thread in which the sound device is opened: one that hangs keeps nobody else waiting.

    Args:
        opener: returns a speaker; one with a fault is closed and asked for again.

    Attributes:
        device: the open device, or why there is none; None before the first attempt has ended.
        busy: whether an attempt is under way.
    """

    def __init__(self, opener: Callable[[], Speaker]) -> None:
        super().__init__("sound")
        self.device: Reconnecting[Speaker] | None = None
        self.busy = False
        self._opener = opener
        self._times: Mailbox[float] = Mailbox()
        self._tried = threading.Event()

    def start(self) -> Self:
        """Starts the thread, and waits for the end of its first attempt, but not for long."""
        super().start()
        self._tried.wait(FIRST_S)
        return self

    def submit(self, now_s: float) -> None:
        """Has the device opened if that is due, in monotonic seconds. Never waits."""
        self._times.put(now_s)

    def stop(self) -> None:
        """Asks the thread to stop, and wakes it."""
        super().stop()
        self._times.close()

    def run(self) -> None:
        """Opens the device, again whenever it is missing and an attempt is due."""
        self.attempt(None)
        while not self.stopping:
            if (now_s := self._times.take(_ASK_S)) is not None:
                self.attempt(now_s)

    def finished(self) -> None:
        """Ends the wait for the first attempt, also after a crash."""
        self._tried.set()

    def attempt(self, now_s: float | None) -> None:
        """Opens the device if that is due; in this thread. None: for the first time."""
        self.busy = True
        if self.device is None:
            self.device = Reconnecting("sound", self._open)
        lost = self.device.part
        if lost is not None and lost.fault is not None:
            lost.close()
            self.device.lose(SoundError(lost.fault))
        if now_s is not None:
            self.device.retry(now_s)
        self.busy = False
        self._tried.set()

    def _open(self) -> Speaker:
        speaker = self._opener()
        if speaker.fault is not None or self.stopping:
            speaker.close()
        if speaker.fault is not None:
            raise SoundError(speaker.fault)
        return speaker


class ReconnectingSpeaker(Speaker):
    """A `Speaker` that is silent until a sound device can be opened.

    Args:
        opener: returns a speaker, in the thread `opener`, which the owner starts.
        volume: to begin with, 0 to 1.

    Attributes:
        opener: the thread.
    """

    def __init__(self, opener: Callable[[], Speaker], volume: float) -> None:
        self.volume = volume
        self.opener = SpeakerOpener(opener)
        self._newest: Speaker | None = None
        self._busy_since_s: float | None = None
        self._hangs = False

    @property
    def fault(self) -> str | None:  # type: ignore[override]  # the device's own
        """Why there is no sound; None while there is, or none is wanted."""
        if self._hangs:
            return (
                "the sound device hangs while it is opened; unplug it, or start the machine again"
            )
        if (part := self._part()) is not None:
            return part.fault
        return self.opener.device.message if self.opener.device else None

    @property
    def voice_fault(self) -> str | None:  # type: ignore[override]  # the device's own
        """Why cues are not spoken; None while they are, or there is no sound at all."""
        part = self._part()
        return part.voice_fault if part else None

    @property
    def opened(self) -> bool:
        """Whether there is a device."""
        return self._part() is not None

    def retry(self, now_s: float) -> None:
        """Has a sound device opened where one is missing and an attempt is due.

        Args:
            now_s: monotonic seconds.
        """
        if not self.opener.busy:
            self._busy_since_s, self._hangs = None, False
            part = self._part()
            if part is None or part.fault is not None:
                self.opener.submit(now_s)
        elif self._busy_since_s is None:
            self._busy_since_s = now_s
        elif not self._hangs and now_s - self._busy_since_s >= HANGS_S:
            self._hangs = True
            _log.warning("%s", self.fault)

    def play(self, event: SoundEvent) -> None:
        """Starts a sound now, where there is a device."""
        if (part := self._part()) is not None:
            part.play(event)

    def add_speech(self, speech: Mapping[str, Path], fault: str | None) -> None:
        """Gives the words of cues to the device, if it is `opened`."""
        if (part := self._part()) is not None:
            part.add_speech(speech, fault)

    def close(self) -> None:
        """Releases the device; one that is being opened is not waited for. Safe to call twice."""
        self.opener.close()
        if (part := self._part()) is not None:
            part.close()

    def _apply_volume(self) -> None:
        if (part := self._part()) is not None:
            part.set_volume(self.volume)

    def _part(self) -> Speaker | None:
        """The open device, brought to the volume here, in the thread that changes them."""
        part = self.opener.device.part if self.opener.device else None
        if part is not self._newest:
            self._newest = part
            if part is not None:
                part.set_volume(self.volume)
        return part
