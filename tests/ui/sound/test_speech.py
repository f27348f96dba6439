import os
import select
import shutil
import wave
from pathlib import Path

import numpy as np
import pytest
from ui.sound.fake_engine import LOUD, FakeEngine

from kiosk.ui.sound import speech
from kiosk.ui.sound.speech import (
    cue_texts,
    find_speech,
    installed_engines,
    prepare_speech,
    speech_folder,
)
from kiosk.ui.sound.tones import LEVEL_DB, loudness_db
from kiosk.ui.sound.wav import trim
from kiosk.ui.words.words import Words, languages

TEXTS = ["Finish tall", "Hips back", "Hips back"]


def samples_of(file: Path) -> tuple[np.ndarray, int]:
    with wave.open(str(file)) as sound:
        frames = sound.readframes(sound.getnframes())
        return np.frombuffer(frames, "<i2") / 32767, sound.getframerate()


def test_each_text_is_synthesised_once_and_kept(engine: FakeEngine, folder: Path) -> None:
    assert find_speech("Hips back", folder) is None
    assert prepare_speech(TEXTS, folder) is None
    assert engine.asked == ["Finish tall", "Hips back"]
    assert prepare_speech([*TEXTS, "Brace"], folder) is None
    assert engine.asked == ["Finish tall", "Hips back", "Brace"]
    files = {find_speech(text, folder) for text in [*TEXTS, "Brace"]}
    assert files == set(folder.iterdir())
    assert len(files) == 3


def test_speech_is_trimmed_and_as_loud_as_the_tones(engine: FakeEngine, folder: Path) -> None:
    assert prepare_speech(["Hips back"], folder) is None
    samples, rate_hz = samples_of(find_speech("Hips back", folder))
    assert LOUD <= len(samples) <= LOUD + 0.03 * rate_hz
    assert samples[0] == samples[-1] == 0
    assert loudness_db(samples, rate_hz) == pytest.approx(LEVEL_DB, abs=0.3)


def test_a_new_engine_synthesises_anew_and_replaces_the_old(
    engine: FakeEngine, folder: Path
) -> None:
    assert prepare_speech(TEXTS, folder) is None
    old = set(folder.iterdir())
    engine.update("1.52")
    assert prepare_speech(TEXTS, folder) is None
    assert len(engine.asked) == 4
    new = set(folder.iterdir())
    assert len(new) == 2
    assert not new & old
    assert find_speech("Hips back", folder) in new


def test_another_voice_is_another_sound(engine: FakeEngine, folder: Path) -> None:
    assert prepare_speech(["Hips back"], folder) is None
    assert find_speech("Hips back", folder, voice="de") is None
    assert prepare_speech(["Hips back"], folder, voice="de") is None
    assert engine.voices == ["en", "de"]
    assert find_speech("Hips back", folder) != find_speech("Hips back", folder, voice="de")


def test_without_the_engine_the_fault_is_named_and_the_files_stay(
    engine: FakeEngine, folder: Path
) -> None:
    assert prepare_speech(["Hips back"], folder) is None
    engine.uninstall()
    fault = prepare_speech(["Hips back", "Brace", "Finish tall"], folder)
    assert fault is not None
    assert "espeak-ng is not installed" in fault
    assert "apt install espeak-ng" in fault
    assert find_speech("Hips back", folder) is not None


def test_an_engine_that_fails_is_quoted_and_leaves_nothing_half_done(
    engine: FakeEngine, folder: Path
) -> None:
    engine.fail("no such voice")
    assert (
        prepare_speech(TEXTS, folder)
        == "espeak-ng failed (no such voice); cues are tones until it works"
    )
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("hangs", ["sleep 600", "sleep 600 & sleep 600", "exec sleep 600"])
def test_an_engine_that_hangs_is_ended_with_all_that_it_started(
    engine: FakeEngine, folder: Path, monkeypatch: pytest.MonkeyPatch, hangs: str
) -> None:
    pids, living = engine.folder / "pids", engine.folder / "living"
    os.mkfifo(living)
    ear = os.open(living, os.O_RDONLY | os.O_NONBLOCK)
    engine.program.write_text(
        f"#!/bin/sh\nPATH=/usr/bin:/bin\necho $$ >>{pids}\nexec 9>{living}\n{hangs}\n"
    )
    monkeypatch.setattr(speech, "TIMEOUT_S", 0.5)
    fault = prepare_speech(TEXTS, folder)
    assert fault == "espeak-ng failed (it gave nothing for 0.5 s); cues are tones until it works"
    (pid,) = pids.read_text().split()  # asked once and no more
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)
    heard = select.poll()
    heard.register(ear)
    assert heard.poll(10_000) == [(ear, select.POLLHUP)]  # nobody has the other end open any more
    os.close(ear)


def test_a_mirror_that_ends_does_not_wait_for_the_engine(engine: FakeEngine, folder: Path) -> None:
    engine.program.write_text("#!/bin/sh\nexec /bin/sleep 600\n")
    asked: list[bool] = []

    def stopping() -> bool:
        asked.append(True)
        return len(asked) > 1

    assert prepare_speech(TEXTS, folder, stopping=stopping) is not None
    assert len(asked) == 2


def test_silence_is_no_speech(engine: FakeEngine, folder: Path) -> None:
    assert (
        prepare_speech(["silence"], folder)
        == "espeak-ng gave no sound for 'silence'; cues are tones until it works"
    )
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(engine: FakeEngine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    fault = prepare_speech(TEXTS, tmp_path / "file" / "speech")
    assert fault is not None
    assert str(tmp_path / "file") in fault
    assert "\n" not in fault


def test_a_text_is_never_taken_for_an_option(engine: FakeEngine, folder: Path) -> None:
    assert prepare_speech(["--version", "-w /etc/passwd; $(reboot)"], folder) is None
    assert engine.asked == ["--version", "-w /etc/passwd; $(reboot)"]


def test_trimming_takes_silence_from_both_ends() -> None:
    sound = np.concatenate([np.zeros(5000), np.full(3000, 0.5), np.full(4000, 0.001)])
    assert len(trim(sound, 10_000)) == 3000 + 2 * 100


def test_trimmed_speech_begins_and_ends_at_nothing() -> None:
    kept = trim(np.full(3000, 0.5), 10_000)
    assert len(kept) == 3000
    assert kept[0] == kept[-1] == 0
    assert kept[1500] == 0.5


def test_nothing_but_silence_is_trimmed_away() -> None:
    assert len(trim(np.zeros(100), 10_000)) == 0


def test_the_folder_is_the_services_else_that_of_xdg_else_the_users(
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


def test_pico_speaks_where_it_is_installed_and_espeak_is_not_asked(
    engine: FakeEngine, folder: Path
) -> None:
    engine.install_pico()
    assert prepare_speech([*TEXTS, "--version"], folder) is None
    assert engine.pico_asked == ["--version", "Finish tall", "Hips back"]
    assert set(engine.pico_voices) == {"--lang=en-GB"}
    assert prepare_speech(TEXTS, folder, voice="de") is None
    assert engine.pico_voices[-1] == "--lang=de-DE"
    assert engine.asked == []
    samples, rate_hz = samples_of(find_speech("Hips back", folder))
    assert loudness_db(samples, rate_hz) == pytest.approx(LEVEL_DB, abs=0.3)
    asked = len(engine.pico_asked)
    assert prepare_speech(TEXTS, folder) is None
    assert len(engine.pico_asked) == asked


def test_pico_replaces_what_espeak_had_made_and_stays_when_it_is_gone(
    engine: FakeEngine, folder: Path
) -> None:
    assert prepare_speech(TEXTS, folder) is None
    worse = find_speech("Hips back", folder)
    pico = engine.install_pico()
    assert prepare_speech(TEXTS, folder) is None
    better = find_speech("Hips back", folder)
    assert better != worse
    pico.unlink()
    asked = len(engine.asked)
    assert prepare_speech(TEXTS, folder) is None
    assert find_speech("Hips back", folder) == better
    assert len(engine.asked) == asked


def test_a_language_that_pico_has_not_is_spoken_by_espeak(engine: FakeEngine, folder: Path) -> None:
    engine.install_pico()
    assert prepare_speech(["Rug recht"], folder, voice="nl") is None
    assert (engine.pico_asked, engine.voices) == ([], ["nl"])
    assert installed_engines("nl") == ("espeak-ng",)
    assert installed_engines("de") == ("pico2wave", "espeak-ng")


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exec /bin/sleep 600", "pico2wave failed (it gave nothing for 0.5 s)"),
        ("echo cannot load >&2; exit 3", "pico2wave failed (cannot load)"),
        ("exit 0", "pico2wave gave no sound for 'Finish tall'"),
        ('echo garbage >"${2#--wave=}"', "pico2wave gave no sound for 'Finish tall'"),
        (
            'printf "RIFF\\377\\377\\377\\377WAVEfmt " >"${2#--wave=}"',
            "pico2wave gave no sound for 'Finish tall'",
        ),
        (
            '/bin/cp {folder}/silence.wav "${2#--wave=}"',
            "pico2wave gave no sound for 'Finish tall'",
        ),
    ],
)
def test_a_pico_that_fails_is_asked_once_and_espeak_speaks_instead(
    engine: FakeEngine,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    script: str,
    why: str,
) -> None:
    monkeypatch.setattr(speech, "TIMEOUT_S", 0.5)
    engine.install_pico(f"#!/bin/sh\necho $4 >>{engine.folder}/pico_asked\n{script}\n")
    assert prepare_speech(TEXTS, folder) is None
    assert engine.pico_asked == ["Finish tall"]
    assert engine.asked == ["Finish tall", "Hips back"]
    assert caplog.messages == [f"{why}; espeak-ng speaks instead"]
    assert len(list(folder.iterdir())) == 2


def test_where_every_engine_fails_the_fault_is_the_last_ones(
    engine: FakeEngine, folder: Path
) -> None:
    engine.install_pico("#!/bin/sh\nexit 3\n")
    engine.fail("no such voice")
    fault = prepare_speech(TEXTS, folder)
    assert fault == "espeak-ng failed (no such voice); cues are tones until it works"


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize("language", languages())
def test_the_real_engine_speaks_every_cue(language: str, folder: Path) -> None:
    texts = set(cue_texts(Words.load(language)).values())
    assert prepare_speech(texts, folder, voice=language) is None
    for text in texts:
        samples, rate_hz = samples_of(find_speech(text, folder, voice=language))
        assert 0.4 < len(samples) / rate_hz < 2.0
        assert loudness_db(samples, rate_hz) == pytest.approx(LEVEL_DB, abs=0.5)
