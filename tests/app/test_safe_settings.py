"""Settings that are invalid in part: the rest is kept, and the fault is named in one line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.app.safe_settings import load_or_default, load_programme
from kiosk.exercises.catalogue import catalogue
from kiosk.settings import Settings

Write = Callable[[str | bytes], Path]


@pytest.mark.parametrize("content", ["[panel\n", b"\xff\xfe", "colour = 3\n"])
def test_a_file_that_says_nothing_leaves_the_defaults(write: Write, content: str | bytes) -> None:
    path = write(content)
    settings, fault = load_or_default()
    assert settings == Settings()
    assert fault is not None
    assert str(path) in fault


def test_a_named_file_that_is_missing_leaves_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_SETTINGS", str(tmp_path / "none.toml"))
    settings, fault = load_or_default()
    assert settings == Settings()
    assert "no such settings file" in (fault or "")


def test_a_slip_in_one_section_leaves_the_others_as_they_are(write: Write) -> None:
    write("[screen]\nrotate = 90\n[sound]\nvolume = 7\nvoice = false\n")
    settings, fault = load_or_default()
    assert settings.screen.rotate == 90
    assert settings.sound == Settings().sound
    assert "sound.volume = 7 is not allowed" in (fault or "")


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("coach", "exercise", "juggling"),
        ("screen", "language", "xx"),
        ("pose", "model", "posenet"),
        ("camera", "source", "usb:left"),
        ("camera", "source", "no/such/film.mp4"),
        ("training", "programme", "no/such/programme.toml"),
    ],
)
def test_a_name_that_nothing_goes_by_falls_back_alone(
    write: Write, section: str, key: str, value: str
) -> None:
    path = write(f'[{section}]\n{key} = "{value}"\n[panel]\nhold_s = 1.5\n')
    settings, fault = load_or_default()
    assert getattr(getattr(settings, section), key) == getattr(getattr(Settings(), section), key)
    assert settings.panel.hold_s == 1.5
    assert str(path) in (fault or "")
    assert value in (fault or "")


def test_a_programme_with_a_slip_is_ignored_and_the_slip_is_named(
    write: Write, tmp_path: Path
) -> None:
    programme = tmp_path / "programme.toml"
    programme.write_text("[all.squat]\nreps = 500\n")
    write(f'[training]\nprogramme = "{programme}"\nunit = "lb"\n')
    settings, fault = load_or_default()
    assert (settings.training.programme, settings.training.unit) == ("", "lb")
    assert f"{programme}: all.squat.reps = 500 is not allowed" in (fault or "")
    programme.write_text("[all.squat]\nreps = 50\n")
    settings, fault = load_or_default()
    assert (settings.training.programme, fault) == (str(programme), None)
    plans = load_programme(settings.training.programme, catalogue())
    assert {(place, plan.reps) for (place, _), plan in plans.items()} == {
        (place, 50) for place in range(9)
    }


def test_without_a_programme_nothing_is_planned() -> None:
    assert load_programme("", catalogue()) == {}


def test_settings_that_hold_together_are_no_fault(write: Write) -> None:
    write('[coach]\nexercise = "squat"\n')
    settings, fault = load_or_default()
    assert (settings.coach.exercise, fault) == ("squat", None)


def test_of_two_faults_the_file_is_named_and_both_sections_fall_back(write: Write) -> None:
    path = write('[sound]\nvolume = 7\n[coach]\nexercise = "juggling"\n[screen]\nrotate = 90\n')
    settings, fault = load_or_default()
    assert (settings.sound, settings.coach) == (Settings().sound, Settings().coach)
    assert settings.screen.rotate == 90
    assert (fault or "").startswith(f"{path}: sound.volume = 7")


def test_without_a_file_all_is_at_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIOSK_SETTINGS", raising=False)
    monkeypatch.setattr("kiosk.settings.PLACES", ())
    assert load_or_default() == (Settings(), None)


def choose(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "state/gym-mirror/chosen.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "text", ["[training\n", 'history.folder = "/"\n', "[sound]\nvolume = 7\n", 'screen = "de"\n']
)
def test_choices_that_are_no_good_leave_what_the_settings_say(
    write: Write, tmp_path: Path, text: str
) -> None:
    write("[sound]\nvolume = 0.2\n")
    file = choose(tmp_path, text)
    settings, fault = load_or_default()
    assert settings.sound.volume == 0.2
    assert (fault or "").startswith(f"{file}: ")


def test_a_language_that_is_gone_is_named_with_the_file_that_chose_it(
    write: Write, tmp_path: Path
) -> None:
    write("[sound]\nvolume = 0.2\n")
    file = choose(tmp_path, '[screen]\nlanguage = "xx"\nrotate = 90\n')
    settings, fault = load_or_default()
    assert (settings.screen.language, settings.screen.rotate) == ("en", 90)
    assert (fault or "").startswith(f"{file}: ")


def test_choices_hold_though_the_settings_file_is_broken(write: Write, tmp_path: Path) -> None:
    path = write("[panel\n")
    choose(tmp_path, '[screen]\nlanguage = "de"\n')
    settings, fault = load_or_default()
    assert settings.screen.language == "de"
    assert (fault or "").startswith(f"{path}: ")
