"""The mixer plays tones over one another, cues one at a time, and never raises."""

from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest
from ui.sound.fake_engine import FakeEngine

from kiosk.ui.sound.mixer import MixerSpeaker, SoundError
from kiosk.ui.sound.speaker import SoundEvent
from kiosk.ui.sound.speech import find_speech, prepare_speech
from kiosk.ui.sound.tones import RATE_HZ, Tone, synthesise

TICK = SoundEvent(Tone.TICK)
CUE = SoundEvent(Tone.FAULT, "cue.shallow")
PRAISE = SoundEvent(Tone.PRAISE, "praise.shallow")
BY_SAMPLES = {synthesise(tone).tobytes(): tone for tone in Tone}


@pytest.fixture
def speech(engine: FakeEngine, folder: Path) -> dict[str, Path]:
    keys = ["cue.shallow", "cue.tempo", "praise.shallow"]
    assert prepare_speech(keys, folder) is None
    return {key: file for key in keys if (file := find_speech(key, folder))}


@pytest.fixture
def speaker(speech: dict[str, Path]) -> Iterator[MixerSpeaker]:
    speaker = MixerSpeaker(0.7, speech)
    yield speaker
    speaker.close()


def channels() -> list[pygame.mixer.Channel]:
    return [pygame.mixer.Channel(n) for n in range(pygame.mixer.get_num_channels())]


def voice() -> pygame.mixer.Channel:
    """The channel of all cues, which is the last."""
    return channels()[-1]


def sounds() -> dict[Tone | None, pygame.mixer.Sound]:
    """What is playing, by its tone; speech has none."""
    playing = (channel.get_sound() for channel in channels())
    return {BY_SAMPLES.get(sound.get_raw()): sound for sound in playing if sound}


def test_the_mixer_is_quick_and_plays_tones_as_they_are_made(speaker: MixerSpeaker) -> None:
    assert pygame.mixer.get_init() == (RATE_HZ, -16, 1)
    speaker.play(TICK)
    assert sounds()[Tone.TICK].get_length() == pytest.approx(0.09, abs=0.001)


def test_a_tick_sounds_over_everything_else(speaker: MixerSpeaker) -> None:
    events = [CUE, *(SoundEvent(tone) for tone in Tone if tone not in (Tone.FAULT, Tone.PRAISE))]
    for event in events:
        speaker.play(event)
    assert set(sounds()) == {event.tone for event in events}


def test_a_cue_chimes_and_then_speaks(speaker: MixerSpeaker, speech: dict[str, Path]) -> None:
    speaker.play(CUE)
    assert set(sounds()) == {Tone.FAULT}
    spoken = voice().get_queue()
    assert spoken is not None
    assert spoken.get_raw() == pygame.mixer.Sound(speech["cue.shallow"]).get_raw()


@pytest.mark.parametrize("key", ["cue.shallow", "cue.tempo", "praise.shallow"])
def test_every_cue_can_be_spoken(speaker: MixerSpeaker, key: str) -> None:
    speaker.play(SoundEvent(Tone.PRAISE, key))
    assert voice().get_queue() is not None


def test_a_cue_never_talks_over_another(speaker: MixerSpeaker) -> None:
    speaker.play(CUE)
    queued = voice().get_queue()
    speaker.play(PRAISE)
    assert set(sounds()) == {Tone.FAULT}
    assert voice().get_queue() == queued
    voice().stop()  # goes on with what is queued
    voice().stop()
    speaker.play(PRAISE)
    assert set(sounds()) == {Tone.PRAISE}


def test_a_cue_without_words_is_its_chime(speaker: MixerSpeaker) -> None:
    speaker.play(SoundEvent(Tone.FAULT, "cue.unheard_of"))
    assert set(sounds()) == {Tone.FAULT}
    assert voice().get_queue() is None


def test_volume_and_mute_reach_what_is_sounding(speaker: MixerSpeaker) -> None:
    speaker.set_volume(1.0)
    speaker.play(CUE)
    chime, words = voice().get_sound(), voice().get_queue()
    assert chime.get_volume() == words.get_volume() == 1.0
    speaker.set_volume(0.5)
    # half as loud is 10 dB less
    assert chime.get_volume() == pytest.approx(10 ** (-10 / 20), abs=0.01)
    speaker.toggle_mute()
    assert speaker.muted
    assert chime.get_volume() == words.get_volume() == 0.0
    speaker.toggle_mute()
    assert not speaker.muted
    assert chime.get_volume() == pytest.approx(0.316, abs=0.01)
    speaker.set_volume(7.0)
    assert speaker.volume == 1.0


def test_muted_nothing_starts(speaker: MixerSpeaker) -> None:
    speaker.toggle_mute()
    speaker.play(TICK)
    speaker.play(CUE)
    assert sounds() == {}


def test_a_device_that_is_gone_is_reported_and_never_raises(speaker: MixerSpeaker) -> None:
    pygame.mixer.quit()
    for event in (TICK, CUE):
        speaker.play(event)
    speaker.set_volume(0.2)
    speaker.toggle_mute()
    assert speaker.fault is not None
    speaker.close()
    speaker.close()


def test_without_a_device_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "absent")
    with pytest.raises(SoundError, match=r"no sound device .*sound\.enabled = false"):
        MixerSpeaker(0.7, {})


def test_a_damaged_file_costs_one_cue_and_is_named(speech: dict[str, Path]) -> None:
    file = speech["cue.tempo"]
    file.write_bytes(b"RIFF but not really")
    speaker = MixerSpeaker(0.7, speech)
    assert speaker.voice_fault is not None
    assert str(file) in speaker.voice_fault
    speaker.play(SoundEvent(Tone.FAULT, "cue.tempo"))
    assert voice().get_queue() is None
    voice().stop()
    speaker.play(CUE)
    assert voice().get_queue() is not None
    speaker.close()
