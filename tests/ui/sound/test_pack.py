"""The owner's own sound files come first, key by key; what cannot be used is named once."""

import os
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ui.sound.fake_engine import FakeEngine

from kiosk.commands.doctor.device_checks import check_voice
from kiosk.commands.doctor.finding import State
from kiosk.settings import Settings, SoundSettings
from kiosk.ui.sound.pack import LARGEST_BYTES, load_pack, pack_folder, read_pack
from kiosk.ui.sound.speech import cue_texts, load_speech
from kiosk.ui.sound.tones import LEVEL_DB, loudness_db
from kiosk.ui.sound.wav import read_wav
from kiosk.ui.words.words import Words

KEYS = ("cue.shallow", "cue.tempo", "hint.hidden_feet", "praise.shallow")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "pack/de").mkdir(parents=True)
    return tmp_path / "pack"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    (tmp_path / "kept").mkdir()
    return tmp_path / "kept"


def record(
    file: Path, pitch: float = 0.1, *, width: int = 2, channels: int = 1, s: float = 0.3
) -> Path:
    """A recording of a sine."""
    one = 0.4 * np.sin(pitch * np.arange(round(s * 16_000)))
    samples = np.repeat(one, channels)
    with wave.open(str(file), "wb") as sound:
        sound.setparams((channels, width, 16_000, 0, "NONE", ""))
        if width == 1:
            sound.writeframes(np.round(128 + 127 * samples).astype("u1").tobytes())
        else:
            upper = (samples * 2**31).astype("<i4").view("u1").reshape(-1, 4)[:, 4 - width :]
            sound.writeframes(upper.tobytes())
    return file


def test_each_key_is_taken_from_the_pack_and_the_rest_is_synthesised(
    engine: FakeEngine, words: Words, folder: Path, pack: Path
) -> None:
    record(pack / "cue.shallow.wav")
    speech, fault = load_speech(words, folder, pack=pack)
    assert fault is None
    assert set(speech) == set(cue_texts(words))
    assert speech["cue.shallow"].name.startswith("pack-")
    assert sorted(engine.asked) == ["Good", "Slower going down", "Turn"]
    again, _ = load_speech(words, folder, pack=pack)
    assert again == speech
    (pack / "cue.shallow.wav").unlink()
    without, _ = load_speech(words, folder, pack=pack)
    assert "Reach further back" in engine.asked
    assert not speech["cue.shallow"].exists()  # and what is not needed is gone
    assert without["cue.tempo"] == speech["cue.tempo"]


def test_a_pack_needs_no_engine(engine: FakeEngine, words: Words, folder: Path, pack: Path) -> None:
    engine.uninstall()
    for key in cue_texts(words):
        record(pack / f"{key}.wav")
    speech, fault = load_speech(words, folder, pack=pack)
    assert (set(speech), fault) == (set(cue_texts(words)), None)


def test_the_folder_of_the_language_comes_first(pack: Path, kept: Path) -> None:
    record(pack / "cue.shallow.wav", 0.1)
    record(pack / "cue.tempo.wav", 0.1)
    record(pack / "de/cue.shallow.wav", 0.3)
    english, german = (load_pack(pack, language, KEYS, kept) for language in ("en", "de"))
    assert english["cue.shallow"] == english["cue.tempo"] == german["cue.tempo"]
    assert german["cue.shallow"] != english["cue.shallow"]


def test_one_sound_serves_every_hint_without_its_own(pack: Path, kept: Path) -> None:
    record(pack / "hint.spoken.wav", 0.1)
    keys = ("hint.hidden_feet", "hint.hidden_hips")
    assert set(load_pack(pack, "en", keys, kept)) >= set(keys)
    record(pack / "hint.hidden_hips.wav", 0.3)
    found = load_pack(pack, "en", keys, kept)
    assert found["hint.hidden_hips"] != found["hint.hidden_feet"] == found["hint.spoken"]


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_recording_of_any_width_is_as_loud_as_the_tones(
    pack: Path, kept: Path, width: int, channels: int
) -> None:
    record(pack / "cue.shallow.wav", width=width, channels=channels)
    samples, rate_hz = read_wav(load_pack(pack, "en", KEYS, kept)["cue.shallow"])
    assert len(samples) == pytest.approx(0.3 * 16_000, abs=20)
    assert loudness_db(samples, rate_hz) == pytest.approx(LEVEL_DB, abs=0.3)


def wrong(name: str, file: Path) -> None:
    """Puts something else there than a sound."""
    match name:
        case "empty":
            file.touch()
        case "text":
            file.write_text("no sound")
        case "cut off":
            file.write_bytes(record(file).read_bytes()[:30])
        case "huge":
            os.truncate(record(file), LARGEST_BYTES + 1)
        case "long":
            record(file, s=5.1)
        case "silent":
            record(file, 0.0)
        case "folder":
            file.mkdir()
        case "pipe":
            os.mkfifo(file)
        case "loop":
            file.symlink_to(file)


WRONG = {
    **dict.fromkeys(("empty", "text", "cut off"), "no WAV file that can be read"),
    "huge": "larger than 4 MB",
    "long": "longer than 5 s",
    "silent": "silence",
    **dict.fromkeys(("folder", "pipe", "loop"), "take it away"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_cannot_be_used_is_named_once_and_costs_no_other(
    engine: FakeEngine,
    words: Words,
    folder: Path,
    pack: Path,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    record(pack / "cue.tempo.wav")
    wrong(name, pack / "cue.shallow.wav")
    speech, fault = load_speech(words, folder, pack=pack)
    assert fault is None
    [line] = caplog.messages
    assert line.startswith(f"{pack / 'cue.shallow.wav'}: ")
    assert WRONG[name] in line
    assert "\n" not in line
    assert set(speech) == set(cue_texts(words))
    assert speech["cue.tempo"].name.startswith("pack-")
    assert "Reach further back" in engine.asked


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("cue.shalow.wav", "no cue has this name; rename it to cue.shallow.wav"),
        ("doorbell.wav", "no cue has this name; take it away"),
        (
            "cue.tempo.ogg",
            "convert it, as by 'ffmpeg -i cue.tempo.ogg -c:a pcm_s16le cue.tempo.wav'",
        ),
    ],
)
def test_a_wrong_name_is_told_the_right_one(
    pack: Path, kept: Path, caplog: pytest.LogCaptureFixture, name: str, remedy: str
) -> None:
    record(pack / name)
    (pack / "LICENSE.txt").touch()
    assert load_pack(pack, "en", KEYS, kept) == {}
    assert [line.startswith(f"{pack / name}: ") and remedy in line for line in caplog.messages] == [
        True
    ]


def test_a_folder_of_other_things_is_not_listed_whole(
    pack: Path, kept: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(300):
        (pack / f"song {number}.mp3").touch()
    load_pack(pack, "en", KEYS, kept)
    assert len(caplog.messages) == 11
    assert "290 more" in caplog.messages[-1]


def test_a_pack_that_is_not_there_is_named(
    engine: FakeEngine,
    words: Words,
    folder: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    speech, fault = load_speech(words, folder, pack=tmp_path / "nowhere")
    assert (set(speech), fault) == (set(cue_texts(words)), None)
    assert caplog.messages == [
        f"{tmp_path / 'nowhere'}: no sound pack (No such file or directory); check sound.pack"
    ]


def test_the_home_folder_may_be_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert pack_folder("~/pack") == Path("/home/me/pack")
    assert pack_folder("~nobody-here/pack") == Path("~nobody-here/pack")
    assert pack_folder("") is None


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 255)), max_size=8), st.integers(0, 400)
)
def test_no_damage_of_a_header_is_more_than_a_fault(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[int, int]], length: int
) -> None:
    pack = tmp_path_factory.mktemp("pack")
    data = bytearray(record(pack / "cue.shallow.wav", s=0.02).read_bytes())
    for place, value in damage:
        data[place] = value
    (pack / "cue.shallow.wav").write_bytes(data[:length])
    assert len(list(read_pack(pack, "en", KEYS))) == 1
    load_pack(pack, "en", KEYS, pack)


def test_the_doctor_says_which_voice_speaks(engine: FakeEngine, pack: Path) -> None:
    def told(pack: str = "", *, voice: bool = True) -> tuple[State, str]:
        finding = check_voice(Settings(sound=SoundSettings(pack=pack, voice=voice)))
        return finding.state, finding.fact

    assert told(voice=False)[0] is State.ABSENT
    assert told() == (State.OK, "the voice of espeak-ng")
    engine.install_pico()
    record(pack / "cue.shallow.wav")
    state, fact = told(str(pack))
    assert state is State.OK
    assert fact.startswith("1 of ")
    assert fact.endswith(f"cues from {pack}, else the voice of pico2wave")
    record(pack / "cue.tempo.wav").write_bytes(b"")
    assert told(str(pack)) == (State.FAIL, f"1 sounds of {pack}")
