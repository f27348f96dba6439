"""A loudspeaker that comes, goes and comes back: as loud as it was last wanted."""

import logging

import pytest

from doubles import FakeSpeaker
from kiosk.ui.sound.reconnecting import ReconnectingSpeaker
from kiosk.ui.sound.speaker import SoundEvent
from kiosk.ui.sound.tones import Tone

TICK = SoundEvent(Tone.TICK)
ABSENT = "no sound device; connect a loudspeaker"


class Socket:
    """Where a loudspeaker is plugged in; it has the volume of the settings, 0.7."""

    def __init__(self, fault: str | None = None) -> None:
        self.fault = fault
        self.opened: list[FakeSpeaker] = []

    def open(self) -> FakeSpeaker:
        self.opened.append(FakeSpeaker(self.fault))
        return self.opened[-1]


def wait(speaker: ReconnectingSpeaker, from_s: float) -> float:
    """Lets enough time pass for another attempt; the time then."""
    speaker.retry(from_s)
    speaker.retry(from_s + 60.0)
    return from_s + 60.0


def test_a_speaker_that_is_there_is_played_at_its_own_volume() -> None:
    socket = Socket()
    speaker = ReconnectingSpeaker(socket.open)
    speaker.play(TICK)
    assert socket.opened[0].played == [TICK]
    assert (speaker.volume, speaker.muted, speaker.fault) == (0.7, False, None)
    speaker.close()
    assert socket.opened[0].closed


def test_without_a_speaker_it_is_silent_names_the_fault_and_closes_what_it_was_given(
    caplog: pytest.LogCaptureFixture,
) -> None:
    socket = Socket(ABSENT)
    speaker = ReconnectingSpeaker(socket.open)
    speaker.play(TICK)
    assert (speaker.volume, speaker.fault, speaker.voice_fault) == (0.7, ABSENT, None)
    assert (socket.opened[0].played, socket.opened[0].closed) == ([], True)
    assert caplog.messages == [ABSENT]
    speaker.close()


@pytest.mark.parametrize("volume", [0.0, 0.4])
def test_what_was_set_without_a_speaker_holds_for_the_one_that_comes(volume: float) -> None:
    socket = Socket(ABSENT)
    speaker = ReconnectingSpeaker(socket.open)
    speaker.set_volume(volume)
    speaker.toggle_mute()
    now_s = wait(speaker, 0.0)
    socket.fault = None
    wait(speaker, now_s)
    found = socket.opened[-1]
    assert (found.volume, found.muted, found.closed) == (volume, True, False)
    assert (speaker.volume, speaker.muted, speaker.fault) == (volume, True, None)


def test_a_speaker_that_is_lost_is_closed_and_its_volume_kept(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    socket = Socket()
    speaker = ReconnectingSpeaker(socket.open)
    speaker.set_volume(3.0)
    speaker.toggle_mute()
    first = socket.opened[0]
    assert (first.volume, first.muted) == (1.0, True)
    first.fault = "the sound device was closed"
    assert speaker.fault == first.fault
    speaker.retry(0.0)
    assert (first.closed, speaker.fault, speaker.volume) == (True, first.fault, 1.0)
    speaker.toggle_mute()
    wait(speaker, 0.0)
    assert (speaker.fault, socket.opened[-1].volume, socket.opened[-1].muted) == (None, 1.0, False)
    assert caplog.messages == ["the sound device was closed", "sound: all is well again"]


def test_a_missing_voice_is_the_speakers_own_fault() -> None:
    socket = Socket()
    speaker = ReconnectingSpeaker(socket.open)
    socket.opened[0].voice_fault = "no voice"
    assert (speaker.fault, speaker.voice_fault) == (None, "no voice")
