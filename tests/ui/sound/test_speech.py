import shutil
import wave
from pathlib import Path

import numpy as np
import pytest
from ui.sound.fake_engine import LOUD, FakeEngine

from kiosk.ui.sound import speech
from kiosk.ui.sound.factory import cue_texts, prepare_cues
from kiosk.ui.sound.loudness import LEVEL_DB, loudness_db
from kiosk.ui.sound.speech import prepare, speech_folder, spoken, trimmed
from kiosk.ui.words.words import Words, languages

TEXTS = ["Finish tall", "Hips back", "Hips back"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not yet there" / "speech"


@pytest.fixture
def said() -> list[str]:
    return []


def samples_of(file: Path) -> tuple[np.ndarray, int]:
    with wave.open(str(file)) as sound:
        frames = sound.readframes(sound.getnframes())
        return np.frombuffer(frames, "<i2") / 32767, sound.getframerate()


def test_each_text_is_spoken_once_and_kept(
    engine: FakeEngine, folder: Path, said: list[str]
) -> None:
    assert spoken("Hips back", folder) is None
    assert prepare(TEXTS, folder, said.append) == 2
    assert engine.asked == ["Finish tall", "Hips back"]
    assert prepare([*TEXTS, "Brace"], folder, said.append) == 1
    assert engine.asked == ["Finish tall", "Hips back", "Brace"]
    assert said == []
    files = {spoken(text, folder) for text in [*TEXTS, "Brace"]}
    assert files == set(folder.iterdir())
    assert len(files) == 3


def test_speech_is_trimmed_and_as_loud_as_the_tones(engine: FakeEngine, folder: Path) -> None:
    prepare(["Hips back"], folder, pytest.fail)
    samples, rate_hz = samples_of(spoken("Hips back", folder))
    assert LOUD <= len(samples) <= LOUD + 0.03 * rate_hz
    assert samples[0] == samples[-1] == 0
    assert loudness_db(samples, rate_hz) == pytest.approx(LEVEL_DB, abs=0.3)


def test_a_new_engine_speaks_anew_and_replaces_the_old(engine: FakeEngine, folder: Path) -> None:
    prepare(TEXTS, folder, pytest.fail)
    old = set(folder.iterdir())
    engine.update("1.52")
    assert prepare(TEXTS, folder, pytest.fail) == 2
    new = set(folder.iterdir())
    assert len(new) == 2
    assert not new & old
    assert spoken("Hips back", folder) in new


def test_another_voice_is_another_sound(engine: FakeEngine, folder: Path) -> None:
    prepare(["Hips back"], folder, pytest.fail)
    assert spoken("Hips back", folder, voice="de") is None
    assert prepare(["Hips back"], folder, pytest.fail, voice="de") == 1
    assert spoken("Hips back", folder) != spoken("Hips back", folder, voice="de")


def test_without_the_engine_it_says_so_once_and_keeps_what_there_is(
    engine: FakeEngine, folder: Path, said: list[str]
) -> None:
    prepare(["Hips back"], folder, pytest.fail)
    engine.uninstall()
    assert prepare(["Hips back", "Brace", "Finish tall"], folder, said.append) == 0
    assert len(said) == 1
    assert "espeak-ng is not installed" in said[0]
    assert "apt install espeak-ng" in said[0]
    assert spoken("Hips back", folder) is not None


def test_an_engine_that_fails_is_quoted_and_leaves_nothing_half_done(
    engine: FakeEngine, folder: Path, said: list[str]
) -> None:
    engine.fail("no such voice")
    assert prepare(TEXTS, folder, said.append) == 0
    assert said == ["espeak-ng failed (no such voice); cues are tones until it works"]
    assert list(folder.iterdir()) == []


def test_an_engine_that_hangs_is_left(
    engine: FakeEngine, folder: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.program.write_text("#!/bin/sh\nread never\n")
    monkeypatch.setattr(speech, "_TIMEOUT_S", 0.0)
    assert prepare(TEXTS, folder, said.append) == 0
    assert len(said) == 1
    assert "timed out" in said[0]


def test_silence_is_no_speech(engine: FakeEngine, folder: Path, said: list[str]) -> None:
    assert prepare(["silence"], folder, said.append) == 0
    assert said == ["espeak-ng gave no sound for 'silence'; cues are tones until it does"]
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(
    engine: FakeEngine, tmp_path: Path, said: list[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert prepare(TEXTS, tmp_path / "file" / "speech", said.append) == 0
    assert len(said) == 1
    assert str(tmp_path / "file") in said[0]
    assert "\n" not in said[0]


def test_a_text_is_never_taken_for_an_option(engine: FakeEngine, folder: Path) -> None:
    prepare(["--version", "-w /etc/passwd; $(reboot)"], folder, pytest.fail)
    assert engine.asked == ["--version", "-w /etc/passwd; $(reboot)"]


def test_trimming_takes_silence_from_both_ends() -> None:
    sound = np.concatenate([np.zeros(5000), np.full(3000, 0.5), np.full(4000, 0.001)])
    assert len(trimmed(sound, 10_000)) == 3000 + 2 * 100


def test_trimmed_speech_begins_and_ends_at_nothing() -> None:
    kept = trimmed(np.full(3000, 0.5), 10_000)
    assert len(kept) == 3000
    assert kept[0] == kept[-1] == 0
    assert kept[1500] == 0.5


def test_nothing_but_silence_is_trimmed_away() -> None:
    assert len(trimmed(np.zeros(100), 10_000)) == 0


def test_speech_is_kept_where_the_first_of_three_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("CACHE_DIRECTORY", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert speech_folder() == tmp_path / ".cache/gym-mirror/speech"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/ignored")
    assert speech_folder() == tmp_path / ".cache/gym-mirror/speech"
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    assert speech_folder() == Path("/xdg/gym-mirror/speech")
    monkeypatch.setenv("CACHE_DIRECTORY", "/var/cache/gym-mirror:/var/cache/other")
    assert speech_folder() == Path("/var/cache/gym-mirror/speech")


@pytest.mark.parametrize("language", languages())
def test_cues_are_spoken_in_their_own_language(
    language: str, engine: FakeEngine, folder: Path
) -> None:
    words = Words.load(language)
    assert prepare_cues(words, folder, pytest.fail) == len(set(engine.asked))
    assert set(engine.asked) == set(cue_texts(words).values())
    assert set(engine.voices) == {language}


@pytest.mark.parametrize("language", languages())
def test_every_cue_is_short_enough_to_be_heard_between_two_reps(language: str) -> None:
    texts = cue_texts(Words.load(language))
    assert {key.partition(".")[0] for key in texts} == {"cue", "praise"}
    assert all(len(text.split()) <= 5 for text in texts.values())


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize("language", languages())
def test_the_real_engine_speaks_every_cue(language: str, folder: Path) -> None:
    words = Words.load(language)
    texts = set(cue_texts(words).values())
    assert prepare_cues(words, folder, pytest.fail) == len(texts)
    for text in texts:
        samples, rate_hz = samples_of(spoken(text, folder, voice=language))
        assert 0.4 < len(samples) / rate_hz < 2.0
        assert loudness_db(samples, rate_hz) == pytest.approx(LEVEL_DB, abs=0.5)
