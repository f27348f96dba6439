from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest
from ui.sound.fake_engine import FakeEngine

from kiosk.settings import SoundSettings
from kiosk.ui.sound.events import SoundEvent
from kiosk.ui.sound.factory import cue_texts, open_speaker
from kiosk.ui.sound.mixer import MixerSpeaker, SoundError
from kiosk.ui.sound.speaker import SilentSpeaker, Speaker, step_volume
from kiosk.ui.sound.tones import Tone
from kiosk.ui.words.words import Words

TICK = SoundEvent(Tone.TICK)
CUE = SoundEvent(Tone.FAULT, "cue.shallow")
PRAISE = SoundEvent(Tone.PRAISE, "praise.shallow")


@pytest.fixture(scope="module")
def words() -> Words:
    texts = {"shallow": "Reach further back", "tempo": "Slower going down"}
    return Words("en", {"cue": texts, "praise": {"shallow": "Good"}, "set": {"reps": "unsaid"}})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "speech"


@pytest.fixture
def speaker(engine: FakeEngine, words: Words, folder: Path) -> Iterator[MixerSpeaker]:
    speaker = open_speaker(SoundSettings(), words, folder)
    assert isinstance(speaker, MixerSpeaker)
    yield speaker
    speaker.close()


def sounding(speaker: MixerSpeaker) -> set[pygame.mixer.Sound]:
    channels = [*speaker._channels.values(), speaker._voice]
    return {sound for channel in channels if (sound := channel.get_sound())}


def test_every_tone_and_every_cue_is_there_beforehand(speaker: MixerSpeaker, words: Words) -> None:
    assert set(speaker._tones) == set(Tone)
    assert set(speaker._words) == {"cue.shallow", "cue.tempo", "praise.shallow"}
    assert speaker.fault is speaker.voice_fault is None


def test_the_mixer_is_quick_and_plays_tones_as_they_are_made(speaker: MixerSpeaker) -> None:
    assert pygame.mixer.get_init() == (44_100, -16, 1)
    assert speaker._tones[Tone.TICK].get_length() == pytest.approx(0.09, abs=0.001)


def test_a_tick_sounds_over_everything_else(speaker: MixerSpeaker) -> None:
    events = [CUE, *(SoundEvent(tone) for tone in Tone if tone not in (Tone.FAULT, Tone.PRAISE))]
    for event in events:
        speaker.play(event)
    assert sounding(speaker) == {speaker._tones[event.tone] for event in events}


def test_a_cue_chimes_and_then_speaks(speaker: MixerSpeaker) -> None:
    speaker.play(CUE)
    assert speaker._voice.get_sound() == speaker._tones[Tone.FAULT]
    assert speaker._voice.get_queue() == speaker._words["cue.shallow"]


def test_a_cue_never_talks_over_another(speaker: MixerSpeaker) -> None:
    speaker.play(CUE)
    speaker.play(PRAISE)
    assert sounding(speaker) == {speaker._tones[Tone.FAULT]}
    assert speaker._voice.get_queue() == speaker._words["cue.shallow"]
    speaker._voice.stop()  # goes on with what is queued
    speaker._voice.stop()
    speaker.play(PRAISE)
    assert sounding(speaker) == {speaker._tones[Tone.PRAISE]}


def test_a_cue_without_words_is_its_chime(speaker: MixerSpeaker) -> None:
    speaker.play(SoundEvent(Tone.FAULT, "cue.unheard_of"))
    assert sounding(speaker) == {speaker._tones[Tone.FAULT]}
    assert speaker._voice.get_queue() is None


def test_volume_and_mute_reach_what_is_sounding(speaker: MixerSpeaker) -> None:
    tick, word = speaker._tones[Tone.TICK], speaker._words["cue.shallow"]
    speaker.set_volume(1.0)
    speaker.play(CUE)
    assert tick.get_volume() == word.get_volume() == 1.0
    speaker.set_volume(0.5)
    # half as loud is 10 dB less
    assert tick.get_volume() == pytest.approx(10 ** (-10 / 20), abs=0.01)
    speaker.toggle_mute()
    assert speaker.muted
    assert tick.get_volume() == word.get_volume() == 0.0
    speaker.toggle_mute()
    assert not speaker.muted
    assert tick.get_volume() == pytest.approx(0.316, abs=0.01)
    speaker.set_volume(7.0)
    assert speaker.volume == 1.0


def test_muted_nothing_starts(speaker: MixerSpeaker) -> None:
    speaker.toggle_mute()
    speaker.play(TICK)
    speaker.play(CUE)
    assert sounding(speaker) == set()


def test_a_device_that_is_gone_is_told_of_and_never_raises(speaker: MixerSpeaker) -> None:
    pygame.mixer.quit()
    for event in (TICK, CUE):
        speaker.play(event)
    speaker.set_volume(0.2)
    speaker.toggle_mute()
    assert speaker.fault is not None
    speaker.close()
    speaker.close()


def test_without_a_device_the_coach_is_silent_and_says_why(
    monkeypatch: pytest.MonkeyPatch, engine: FakeEngine, words: Words, folder: Path
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "absent")
    speaker = open_speaker(SoundSettings(), words, folder)
    assert isinstance(speaker, SilentSpeaker)
    assert speaker.fault is not None
    assert speaker.fault.startswith("no sound device can be opened (")
    assert "sound.enabled = false" in speaker.fault
    with pytest.raises(SoundError):
        MixerSpeaker(0.7, {})
    speaker.play(TICK)
    speaker.close()


def test_sound_that_is_not_wanted_is_no_fault(words: Words, folder: Path) -> None:
    speaker = open_speaker(SoundSettings(enabled=False), words, folder)
    assert isinstance(speaker, SilentSpeaker)
    assert speaker.fault is speaker.voice_fault is None
    assert pygame.mixer.get_init() is None


@pytest.mark.parametrize("has_home", [True, False])
def test_without_a_voice_there_are_tones_and_a_word_why(
    engine: FakeEngine, words: Words, folder: Path, *, has_home: bool
) -> None:
    engine.uninstall()
    speaker = open_speaker(SoundSettings(), words, folder if has_home else None)
    assert speaker.fault is None
    assert speaker.voice_fault is not None
    assert ("espeak-ng is not installed" if has_home else "no home") in speaker.voice_fault
    assert isinstance(speaker, MixerSpeaker)
    speaker.play(CUE)
    assert sounding(speaker) == {speaker._tones[Tone.FAULT]}
    speaker.close()


def test_a_voice_that_was_heard_before_needs_no_engine(
    engine: FakeEngine, words: Words, folder: Path
) -> None:
    open_speaker(SoundSettings(), words, folder).close()
    engine.uninstall()
    speaker = open_speaker(SoundSettings(), words, folder)
    assert speaker.voice_fault is None
    assert isinstance(speaker, MixerSpeaker)
    assert set(speaker._words) == set(cue_texts(words))
    speaker.close()


def test_a_voice_that_is_not_wanted_is_no_fault(
    engine: FakeEngine, words: Words, folder: Path
) -> None:
    speaker = open_speaker(SoundSettings(voice=False), words, folder)
    assert speaker.voice_fault is None
    assert engine.asked == []
    assert isinstance(speaker, MixerSpeaker)
    assert speaker._words == {}
    speaker.close()


def test_a_damaged_file_costs_one_cue_and_is_named(
    engine: FakeEngine, words: Words, folder: Path
) -> None:
    open_speaker(SoundSettings(), words, folder).close()
    file = min(folder.iterdir())
    file.write_bytes(b"RIFF but not really")
    speaker = open_speaker(SoundSettings(), words, folder)
    assert isinstance(speaker, MixerSpeaker)
    assert speaker.voice_fault is not None
    assert str(file) in speaker.voice_fault
    assert 0 < len(speaker._words) < len(cue_texts(words))
    speaker.close()


def test_one_button_steps_from_soft_to_loud_to_mute() -> None:
    speaker: Speaker = SilentSpeaker(volume=0.4)
    heard = []
    for _ in range(5):
        step_volume(speaker)
        heard.append(0.0 if speaker.muted else speaker.volume)
    assert heard == [0.7, 1.0, 0.0, 0.4, 0.7]
