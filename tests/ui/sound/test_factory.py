"""The settings choose the speaker; what is missing is replaced and named."""

from pathlib import Path

import pygame
import pytest
from ui.sound.fake_engine import FakeEngine

from kiosk.settings import SoundSettings
from kiosk.ui.sound.factory import cue_texts, open_speaker
from kiosk.ui.sound.mixer import MixerSpeaker
from kiosk.ui.sound.speaker import SilentSpeaker, SoundEvent, Speaker
from kiosk.ui.sound.tones import Tone
from kiosk.ui.words.words import Words, languages


def speaks(speaker: Speaker, key: str) -> bool:
    """Whether a cue is queued behind its chime."""
    voice = pygame.mixer.Channel(pygame.mixer.get_num_channels() - 1)
    voice.stop()
    voice.stop()
    speaker.play(SoundEvent(Tone.FAULT, key))
    assert voice.get_busy()
    return voice.get_queue() is not None


def test_every_cue_is_loaded_and_the_volume_is_that_of_the_settings(
    engine: FakeEngine, words: Words, folder: Path
) -> None:
    speaker = open_speaker(SoundSettings(volume=0.3), words, folder)
    assert isinstance(speaker, MixerSpeaker)
    assert speaker.volume == 0.3
    assert speaker.fault is speaker.voice_fault is None
    assert set(cue_texts(words)) == {"cue.shallow", "cue.tempo", "praise.shallow"}
    assert all(speaks(speaker, key) for key in cue_texts(words))
    assert not speaks(speaker, "set.reps")
    speaker.close()


def test_without_a_device_the_speaker_is_silent_and_names_the_reason(
    monkeypatch: pytest.MonkeyPatch, engine: FakeEngine, words: Words, folder: Path
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "absent")
    speaker = open_speaker(SoundSettings(volume=0.3), words, folder)
    assert isinstance(speaker, SilentSpeaker)
    assert speaker.volume == 0.3
    assert speaker.fault is not None
    assert speaker.fault.startswith("no sound device can be opened (")
    speaker.close()


def test_sound_that_is_not_wanted_is_no_fault(words: Words, folder: Path) -> None:
    speaker = open_speaker(SoundSettings(enabled=False), words, folder)
    assert isinstance(speaker, SilentSpeaker)
    assert speaker.fault is speaker.voice_fault is None
    assert pygame.mixer.get_init() is None


@pytest.mark.parametrize("has_home", [True, False])
def test_without_a_voice_there_are_tones_and_a_reason(
    engine: FakeEngine, words: Words, folder: Path, *, has_home: bool
) -> None:
    engine.uninstall()
    speaker = open_speaker(SoundSettings(), words, folder if has_home else None)
    assert speaker.fault is None
    assert speaker.voice_fault is not None
    assert ("espeak-ng is not installed" if has_home else "no home") in speaker.voice_fault
    assert not any(speaks(speaker, key) for key in cue_texts(words))
    speaker.close()


def test_speech_that_was_kept_needs_no_engine(
    engine: FakeEngine, words: Words, folder: Path
) -> None:
    open_speaker(SoundSettings(), words, folder).close()
    engine.uninstall()
    speaker = open_speaker(SoundSettings(), words, folder)
    assert speaker.voice_fault is None
    assert all(speaks(speaker, key) for key in cue_texts(words))
    speaker.close()


def test_one_missing_cue_is_a_fault_and_the_others_are_spoken(
    engine: FakeEngine, words: Words, folder: Path
) -> None:
    open_speaker(SoundSettings(), words, folder).close()
    engine.uninstall()
    min(folder.iterdir()).unlink()
    speaker = open_speaker(SoundSettings(), words, folder)
    assert speaker.voice_fault is not None
    assert sum(speaks(speaker, key) for key in cue_texts(words)) == 2
    speaker.close()


def test_a_voice_that_is_not_wanted_is_no_fault(
    engine: FakeEngine, words: Words, folder: Path
) -> None:
    speaker = open_speaker(SoundSettings(voice=False), words, folder)
    assert speaker.voice_fault is None
    assert engine.asked == []
    assert not any(speaks(speaker, key) for key in cue_texts(words))
    speaker.close()


@pytest.mark.parametrize("language", languages())
def test_cues_are_spoken_in_their_own_language(
    language: str, engine: FakeEngine, folder: Path
) -> None:
    words = Words.load(language)
    open_speaker(SoundSettings(), words, folder).close()
    assert sorted(engine.asked) == sorted(set(cue_texts(words).values()))
    assert set(engine.voices) == {language}


@pytest.mark.parametrize("language", languages())
def test_every_cue_is_short_enough_to_be_heard_between_two_reps(language: str) -> None:
    texts = cue_texts(Words.load(language))
    assert {key.partition(".")[0] for key in texts} == {"cue", "praise"}
    assert all(len(text.split()) <= 5 for text in texts.values())
