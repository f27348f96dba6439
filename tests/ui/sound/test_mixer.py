"""The mixer plays every sound at once; the settings choose the speaker, and faults are named."""

import os
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest
from ui.sound.fake_engine import FakeEngine

from kiosk.settings import SoundSettings
from kiosk.ui.sound import mixer
from kiosk.ui.sound.mixer import MixerSpeaker, SoundError, open_speaker
from kiosk.ui.sound.speaker import SoundEvent, Speaker
from kiosk.ui.sound.speech import cue_texts, find_speech, prepare_speech
from kiosk.ui.sound.tones import RATE_HZ, Tone, synthesise
from kiosk.ui.sound.voice import Voice
from kiosk.ui.words.words import Words, languages

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
    assert SoundEvent(Tone.LAST) in events
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


def test_words_alone_play_at_once_and_never_over_a_cue(
    speaker: MixerSpeaker, speech: dict[str, Path]
) -> None:
    alone = SoundEvent(None, "cue.tempo")
    speaker.play(alone)
    assert voice().get_sound().get_raw() == pygame.mixer.Sound(speech["cue.tempo"]).get_raw()
    assert voice().get_queue() is None
    speaker.play(CUE)
    assert set(sounds()) == {None}
    voice().stop()
    speaker.play(SoundEvent(None, "spoken.unheard_of"))
    assert sounds() == {}


def test_the_volume_reaches_what_is_sounding(speaker: MixerSpeaker) -> None:
    speaker.set_volume(1.0)
    speaker.play(CUE)
    chime, words = voice().get_sound(), voice().get_queue()
    assert chime.get_volume() == words.get_volume() == 1.0
    speaker.set_volume(0.5)
    # half as loud is 10 dB less
    assert chime.get_volume() == pytest.approx(10 ** (-10 / 20), abs=0.01)
    speaker.set_volume(0.0)
    assert chime.get_volume() == words.get_volume() == 0.0
    speaker.set_volume(0.5)
    assert chime.get_volume() == pytest.approx(0.316, abs=0.01)
    speaker.set_volume(7.0)
    assert speaker.volume == 1.0


def test_without_volume_nothing_starts(speaker: MixerSpeaker) -> None:
    speaker.set_volume(0.0)
    speaker.play(TICK)
    speaker.play(CUE)
    assert sounds() == {}


def test_a_device_that_is_gone_is_reported_and_never_raises(speaker: MixerSpeaker) -> None:
    pygame.mixer.quit()
    for event in (TICK, CUE):
        speaker.play(event)
    speaker.set_volume(0.2)
    assert speaker.fault is not None
    speaker.close()
    speaker.close()


def test_without_a_device_the_error_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
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


def opened(settings: SoundSettings, words: Words, folder: Path | None) -> Speaker:
    """The speaker of these settings, whose voice had the time that it needed."""
    voice = Voice(words, folder) if settings.enabled and settings.voice else None
    if voice is not None:
        voice.run()
    return open_speaker(settings, voice)


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
    speaker = opened(SoundSettings(volume=0.3), words, folder)
    assert isinstance(speaker, MixerSpeaker)
    assert speaker.volume == 0.3
    assert speaker.fault is speaker.voice_fault is None
    spoken = {"cue.shallow", "cue.tempo", "hint.hidden_feet", "praise.shallow"}
    assert set(cue_texts(words)) == spoken
    assert cue_texts(words)["hint.hidden_feet"] == words("hint.spoken")
    assert all(speaks(speaker, key) for key in cue_texts(words))
    assert not speaks(speaker, "set.reps")
    speaker.close()


def test_without_a_device_the_speaker_is_silent_and_names_the_reason(
    monkeypatch: pytest.MonkeyPatch, engine: FakeEngine, words: Words, folder: Path
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "absent")
    speaker = opened(SoundSettings(volume=0.3), words, folder)
    assert type(speaker) is Speaker
    assert speaker.volume == 0.3
    assert speaker.fault is not None
    assert speaker.fault.startswith("no sound device can be opened (")
    speaker.close()


def test_sound_that_is_not_wanted_is_no_fault(words: Words, folder: Path) -> None:
    speaker = opened(SoundSettings(enabled=False), words, folder)
    assert type(speaker) is Speaker
    assert speaker.fault is speaker.voice_fault is None
    assert pygame.mixer.get_init() is None


@pytest.mark.parametrize("has_home", [True, False])
def test_without_a_voice_there_are_tones_and_a_reason(
    engine: FakeEngine, words: Words, folder: Path, *, has_home: bool
) -> None:
    engine.uninstall()
    speaker = opened(SoundSettings(), words, folder if has_home else None)
    assert speaker.fault is None
    assert speaker.voice_fault is not None
    assert ("espeak-ng is not installed" if has_home else "no home") in speaker.voice_fault
    assert not any(speaks(speaker, key) for key in cue_texts(words))
    speaker.close()


def test_speech_that_was_kept_needs_no_engine(
    engine: FakeEngine, words: Words, folder: Path
) -> None:
    opened(SoundSettings(), words, folder).close()
    engine.uninstall()
    speaker = opened(SoundSettings(), words, folder)
    assert speaker.voice_fault is None
    assert all(speaks(speaker, key) for key in cue_texts(words))
    speaker.close()


def test_one_missing_cue_is_a_fault_and_the_others_are_spoken(
    engine: FakeEngine, words: Words, folder: Path
) -> None:
    opened(SoundSettings(), words, folder).close()
    engine.uninstall()
    min(folder.iterdir()).unlink()
    speaker = opened(SoundSettings(), words, folder)
    assert speaker.voice_fault is not None
    assert sum(speaks(speaker, key) for key in cue_texts(words)) == 3
    speaker.close()


def test_a_voice_that_is_not_wanted_is_no_fault(
    engine: FakeEngine, words: Words, folder: Path
) -> None:
    speaker = opened(SoundSettings(voice=False), words, folder)
    assert speaker.voice_fault is None
    assert engine.asked == []
    assert not any(speaks(speaker, key) for key in cue_texts(words))
    speaker.close()


def test_a_voice_that_comes_later_is_spoken_from_then_on(
    engine: FakeEngine, words: Words, folder: Path
) -> None:
    voice = Voice(words, folder)
    speaker = open_speaker(SoundSettings(volume=0.3), voice)
    assert speaker.voice_fault is None
    assert not speaks(speaker, "cue.tempo")
    voice.run()
    assert voice.speech is not None
    speaker.add_speech(voice.speech, voice.fault)
    assert all(speaks(speaker, key) for key in cue_texts(words))
    speaker.close()
    speaker.add_speech(voice.speech, voice.fault)  # to a device that is gone: nothing


@pytest.mark.parametrize("language", languages())
def test_cues_are_spoken_in_their_own_language(
    language: str, engine: FakeEngine, folder: Path
) -> None:
    words = Words.load(language)
    opened(SoundSettings(), words, folder).close()
    assert sorted(engine.asked) == sorted(set(cue_texts(words).values()))
    assert set(engine.voices) == {language}


@pytest.mark.parametrize("language", languages())
def test_every_cue_is_short_enough_to_be_heard_between_two_reps(language: str) -> None:
    texts = cue_texts(Words.load(language))
    assert {key.partition(".")[0] for key in texts} == {"cue", "hint", "praise", "spoken"}
    assert all(len(text.split()) <= 5 for text in texts.values())


CARDS = ["vc4-hdmi-0, MAI PCM i2s-hifi-0", "MAX98357A, bcm2835-i2s-HiFi HiFi-0"]


@pytest.mark.parametrize(
    ("wanted", "name"), [("max98357a", CARDS[1]), ("hdmi", CARDS[0]), ("", None)]
)
def test_the_card_is_chosen_by_a_part_of_its_name(
    monkeypatch: pytest.MonkeyPatch, wanted: str, name: str | None
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(mixer, "device_names", lambda: CARDS)
    init = pygame.mixer.init

    def note(*args: object, devicename: str | None = None, **how: object) -> None:
        asked.append(devicename)
        init(*args, **how)

    monkeypatch.setattr(pygame.mixer, "init", note)
    monkeypatch.setattr(mixer, "try_device", asked.append)
    open_speaker(SoundSettings(device=wanted)).close()
    assert asked == [name, name]


def test_a_card_that_is_not_there_is_a_fault_that_lists_those_that_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mixer, "device_names", lambda: CARDS)
    speaker = open_speaker(SoundSettings(device="USB"))
    assert speaker.fault == (
        f"there is no sound card 'USB'; set sound.device to one of: {', '.join(CARDS)}"
    )


def test_an_alsa_device_is_handed_to_alsa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIODEV", "")
    assert mixer.choose_device("plughw:CARD=MAX98357A") is None
    assert os.environ["AUDIODEV"] == "plughw:CARD=MAX98357A"


def test_the_real_list_can_be_had() -> None:
    assert isinstance(mixer.device_names(), list)
    assert pygame.mixer.get_init() is None
