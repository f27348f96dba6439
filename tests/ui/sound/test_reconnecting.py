"""A loudspeaker that comes, goes and comes back: as loud as it was last wanted."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from doubles import FakeSpeaker
from kiosk.system import worker
from kiosk.ui.sound import reconnecting
from kiosk.ui.sound.reconnecting import HANGS_S, ReconnectingSpeaker
from kiosk.ui.sound.speaker import SoundEvent, Speaker
from kiosk.ui.sound.tones import Tone

TICK = SoundEvent(Tone.TICK)
PATIENCE_S = 30.0
ABSENT = "no sound device; connect a loudspeaker"


class Socket:
    """Where a loudspeaker is plugged in; it has the volume of the settings, 0.7."""

    def __init__(self, fault: str | None = None) -> None:
        self.fault = fault
        self.opened: list[FakeSpeaker] = []

    def open(self) -> FakeSpeaker:
        self.opened.append(FakeSpeaker(self.fault))
        return self.opened[-1]


def opened(opener: Callable[[], Speaker]) -> ReconnectingSpeaker:
    """A speaker whose opening takes no thread and no time."""
    speaker = ReconnectingSpeaker(opener, 0.7)
    speaker.opener.attempt(None)
    speaker.opener.submit = speaker.opener.attempt  # type: ignore[method-assign]
    return speaker


def wait(speaker: ReconnectingSpeaker, from_s: float) -> float:
    """Lets enough time pass for another attempt; the time then."""
    speaker.retry(from_s)
    speaker.retry(from_s + 60.0)
    return from_s + 60.0


def test_a_speaker_that_is_there_is_played_at_its_own_volume() -> None:
    socket = Socket()
    speaker = opened(socket.open)
    speaker.play(TICK)
    assert socket.opened[0].played == [TICK]
    assert (speaker.volume, speaker.fault) == (0.7, None)
    speaker.close()
    assert socket.opened[0].closed


def test_without_a_speaker_it_is_silent_names_the_fault_and_closes_what_it_was_given(
    caplog: pytest.LogCaptureFixture,
) -> None:
    socket = Socket(ABSENT)
    speaker = opened(socket.open)
    speaker.play(TICK)
    assert (speaker.volume, speaker.fault, speaker.voice_fault) == (0.7, ABSENT, None)
    assert (socket.opened[0].played, socket.opened[0].closed) == ([], True)
    assert caplog.messages == [ABSENT]
    speaker.close()


@pytest.mark.parametrize("volume", [0.0, 0.4])
def test_what_was_set_without_a_speaker_holds_for_the_one_that_comes(volume: float) -> None:
    socket = Socket(ABSENT)
    speaker = opened(socket.open)
    speaker.set_volume(volume)
    now_s = wait(speaker, 0.0)
    socket.fault = None
    wait(speaker, now_s)
    assert speaker.opened
    found = socket.opened[-1]
    assert (found.volume, found.closed) == (volume, False)
    assert (speaker.volume, speaker.fault) == (volume, None)


def test_a_speaker_that_is_lost_is_closed_and_its_volume_kept(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    socket = Socket()
    speaker = opened(socket.open)
    speaker.set_volume(3.0)
    first = socket.opened[0]
    assert first.volume == 1.0
    first.fault = "the sound device was closed"
    assert speaker.fault == first.fault
    speaker.retry(0.0)
    assert (first.closed, speaker.fault, speaker.volume) == (True, first.fault, 1.0)
    wait(speaker, 0.0)
    assert (speaker.fault, socket.opened[-1].volume) == (None, 1.0)
    assert caplog.messages == ["the sound device was closed", "sound: all is well again"]


def test_a_missing_voice_is_the_speakers_own_fault() -> None:
    socket = Socket()
    speaker = opened(socket.open)
    socket.opened[0].voice_fault = "no voice"
    assert (speaker.fault, speaker.voice_fault) == (None, "no voice")


class Hanging:
    """A sound device that does not open before it is let go."""

    def __init__(self) -> None:
        self.opening, self.let_go = threading.Event(), threading.Event()
        self.speaker = FakeSpeaker()

    def open(self) -> FakeSpeaker:
        self.opening.set()
        self.let_go.wait(PATIENCE_S)
        return self.speaker


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hanging]:
    monkeypatch.setattr(reconnecting, "FIRST_S", 0.01)
    monkeypatch.setattr(worker, "END_S", 0.01)
    hanging = Hanging()
    yield hanging
    hanging.let_go.set()


def test_a_device_that_hangs_while_it_opens_is_named_and_keeps_nobody_waiting(
    hanging: Hanging, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    speaker = ReconnectingSpeaker(hanging.open, 0.4)
    speaker.opener.start()
    assert hanging.opening.wait(PATIENCE_S)
    for now_s in (0.0, HANGS_S - 0.1):
        speaker.retry(now_s)
        assert speaker.fault is None
    for now_s in (HANGS_S, HANGS_S + 100.0):
        speaker.retry(now_s)
        assert speaker.fault is not None
        assert "hangs while it is opened" in speaker.fault
    assert caplog.messages == [speaker.fault]
    speaker.play(TICK)
    speaker.set_volume(1.0)
    hanging.let_go.set()
    while not speaker.opened:
        time.sleep(0.001)
    while speaker.opener.busy:
        time.sleep(0.001)
    speaker.retry(200.0)
    assert (speaker.fault, hanging.speaker.volume) == (None, 1.0)
    speaker.play(TICK)
    assert hanging.speaker.played == [TICK]
    speaker.close()
    assert hanging.speaker.closed


def test_closing_does_not_wait_for_a_device_that_hangs_and_leaves_it_closed(
    hanging: Hanging,
) -> None:
    speaker = ReconnectingSpeaker(hanging.open, 0.4)
    speaker.opener.start()
    assert hanging.opening.wait(PATIENCE_S)
    speaker.close()
    assert speaker.opener.alive
    assert not hanging.speaker.closed
    hanging.let_go.set()
    speaker.opener.join(PATIENCE_S)
    assert hanging.speaker.closed


def test_a_program_error_while_opening_is_raised_where_it_is_asked_for() -> None:
    def broken() -> Speaker:
        raise ZeroDivisionError

    speaker = ReconnectingSpeaker(broken, 0.4)
    speaker.opener.start()
    speaker.opener.join(PATIENCE_S)
    with pytest.raises(ZeroDivisionError):
        speaker.opener.raise_crash()
    speaker.close()


def test_a_real_device_that_hangs_stops_no_other_thread(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # whoever opens it to write waits for a reader, as ALSA may for a card
    environment = {**os.environ, "SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(pipe)}
    command = [sys.executable, "-c", PROGRAM]
    told = subprocess.check_output(command, env=environment, timeout=PATIENCE_S)
    assert told.decode().split()[-2:] == ["turned", "ended"]


PROGRAM = """
import pygame
from kiosk.settings import SoundSettings
from kiosk.ui.sound.mixer import open_speaker
from kiosk.system import worker
from kiosk.ui.sound import reconnecting
from kiosk.ui.sound.reconnecting import HANGS_S, ReconnectingSpeaker

pygame.display.init()
speaker = ReconnectingSpeaker(lambda: open_speaker(SoundSettings()), 0.7)
speaker.opener.start()
for turn in range(10):
    speaker.retry(float(turn))
assert speaker.opener.busy and "hangs" in speaker.fault
print("turned", flush=True)
speaker.close()
pygame.quit()
print("ended", flush=True)
"""
