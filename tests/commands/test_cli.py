"""The command line: what it prints, what it refuses, and with which exit code."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from vision.camera.filming import write_film, write_sound

from kiosk.commands import cli
from kiosk.commands.cli import main
from kiosk.commands.demo.show import WALK_UP
from kiosk.commands.doctor import host
from kiosk.commands.doctor.examine import CHECKS
from kiosk.errors import SettingsError
from kiosk.exercises.catalogue import catalogue
from kiosk.history.reader import Reader
from kiosk.system.health import Roots
from kiosk.ui.words.words import languages
from kiosk.vision.models import selection
from kiosk.vision.models.manifest import load_manifest, weights_folder
from paths import TRACES

COMMANDS = ("replay", "run", "demo", "history", "doctor", "models")
TRUTH = json.loads(WALK_UP.with_suffix(".json").read_text())
TRACE = TRACES / "jc_good.npz"
WEIGHTS = weights_folder()

Said = Callable[[list[str]], str]

pytestmark = pytest.mark.usefixtures("bare")


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def replaying(source: object, *more: object, exercise: str = "hip_hinge") -> list[str]:
    return ["replay", str(source), "--exercise", exercise, *map(str, more)]


# -- films and traces that are none --------------------------------------------------------------


def no_such_file(folder: Path) -> Path:
    return folder / "gone.mp4"


def text(folder: Path) -> Path:
    return written(folder / "text.mp4", "Dear diary, today I hinged.\n" * 99)


def nothing(folder: Path) -> Path:
    return written(folder / "empty.mp4", b"")


def sound(folder: Path) -> Path:
    return write_sound(folder / "sound.mp4")


def without_frames(folder: Path) -> Path:
    path = write_film(folder / "cut.mp4")
    content = bytearray(path.read_bytes())
    start, end = content.index(b"mdat") + 4, content.index(b"moov") - 4
    content[start:end] = bytes(end - start)
    return written(path, bytes(content))


def a_folder(folder: Path) -> Path:
    return folder


@pytest.mark.parametrize(
    "make", [no_such_file, text, nothing, sound, without_frames, a_folder], ids=lambda f: f.__name__
)
def test_what_is_no_film_is_refused_by_every_command_that_plays_one(
    tmp_path: Path, refused: Said, make: Callable[[Path], Path]
) -> None:
    path = make(tmp_path)
    assert str(path) in refused(replaying(path))
    assert str(path) in refused(["run", "--source", str(path)])
    assert not (tmp_path / "state").exists()


def sane() -> dict[str, Any]:
    return {"t": np.arange(9) / 9, "keypoints": np.ones((9, 17, 3)), "size": np.array([640, 480])}


def lacking(name: str) -> dict[str, Any]:
    return {key: value for key, value in sane().items() if key != name}


def with_(**arrays: object) -> dict[str, Any]:
    return {key: np.asarray(value) for key, value in (sane() | arrays).items()}


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (lacking("t"), "array t is missing"),
        (lacking("keypoints"), "array keypoints is missing"),
        (lacking("size"), "array size is missing"),
        (with_(t=[*range(8), np.nan]), "t holds NaN"),
        (with_(keypoints=np.full((9, 17, 3), np.nan)), "keypoints holds NaN"),
        (with_(keypoints=np.ones((9, 33, 3))), "keypoints has shape (9, 33, 3)"),
        (with_(keypoints=np.ones((8, 17, 3))), "keypoints has shape (8, 17, 3)"),
        (with_(t=np.ones((9, 1))), "t has shape (9, 1)"),
        (with_(t=[], keypoints=np.ones((0, 17, 3))), "t holds no frame"),
        (with_(size=[640]), "size has shape (1,)"),
        (with_(t=[0, 1, 2, 3, 2.5, 5, 6, 7, 8]), "runs backwards at frame 4"),
    ],
)
def test_a_trace_that_makes_no_sense_is_refused(
    tmp_path: Path, refused: Said, arrays: dict[str, Any], message: str
) -> None:
    path = tmp_path / "set.npz"
    np.savez(path, **arrays)
    line = refused(replaying(path))
    assert str(path) in line
    assert message in line


def test_a_trace_that_is_no_trace_is_refused(tmp_path: Path, refused: Said) -> None:
    assert "gone.npz" in refused(replaying(tmp_path / "gone.npz"))
    assert "not a pose trace" in refused(replaying(written(tmp_path / "set.npz", "what?")))


def test_a_trace_has_no_pictures_to_run_on(refused: Said) -> None:
    assert "kiosk replay" in refused(["run", "--source", str(TRACE)])


# -- names, settings, models, places -------------------------------------------------------------


@pytest.mark.parametrize("command", ["replay", "run", "settings"])
def test_an_unknown_exercise_lists_the_known_ones(
    tmp_path: Path, refused: Said, film: Path, command: str
) -> None:
    settings = written(tmp_path / "k.toml", '[coach]\nexercise = "juggling"\n')
    line = refused(
        {
            "replay": replaying(film, exercise="juggling"),
            "run": ["run", "--source", str(film), "--exercise", "juggling"],
            "settings": ["run", "--source", str(film), "--settings", str(settings)],
        }[command]
    )
    assert '"juggling"' in line
    assert all(known in line for known in catalogue())


def test_an_unknown_language_lists_the_known_ones(
    tmp_path: Path, refused: Said, film: Path
) -> None:
    settings = written(tmp_path / "k.toml", '[screen]\nlanguage = "xx"\n')
    line = refused(["run", "--source", str(film), "--settings", str(settings)])
    assert "'xx'" in line
    assert line.endswith(f"known: {', '.join(languages())}")


@pytest.mark.parametrize("command", ["run", "history", "doctor"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[panel]\nhold = 1\n", "panel.hold is an unknown key; did you mean hold_s?"),
        ('[screen]\nwidth = "wide"\n', 'screen.width = "wide" is not allowed'),
        ("[panel.pins]\nfinish = 17\n", "pin 17 is used twice"),
        ("[panel\n", "not valid TOML"),
        (b"\xff\xfe\x00", "not a text file"),
        (None, "no such settings file"),
    ],
)
def test_settings_that_do_not_hold_together_are_refused(
    tmp_path: Path, refused: Said, command: str, content: str | bytes | None, message: str
) -> None:
    path = tmp_path / "kiosk.toml"
    if content is not None:
        written(path, content)
    line = refused([command, "--settings", str(path)])
    assert line.startswith(f"kiosk: {path}: ")
    assert message in line


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "missing"),
        (b"<html>404</html>", "not a TensorFlow Lite model"),
        (b"\x1c\0\0\0TFL3" + bytes(1000), "cut short"),
        (b"\x1c\0\0\0TFL3" + bytes(9_000_000), "another model"),
        ("scratched", "sha256"),
    ],
)
def test_a_model_that_cannot_be_used_is_refused_by_name(
    models: Path, film: Path, refused: Said, content: bytes | str | None, message: str
) -> None:
    path = models / load_manifest().spec("lightning_f16").file
    if content == "scratched":
        good = (WEIGHTS / path.name).read_bytes()
        content = good[:-1] + bytes([good[-1] ^ 1])
    if content is not None:
        written(path, content)
    for argv in (replaying(film), ["run", "--source", str(film)]):
        line = refused(argv)
        assert str(path) in line
        assert message in line
        assert "kiosk models" in line


def test_an_unknown_model_lists_the_known_ones(tmp_path: Path, film: Path, refused: Said) -> None:
    settings = written(tmp_path / "k.toml", '[pose]\nmodel = "posenet"\n')
    for argv in (
        replaying(film, "--model", "posenet"),
        ["run", "--source", str(film), "--settings", str(settings)],
        ["models", "--variant", "posenet"],
    ):
        line = refused(argv)
        assert "'posenet'" in line
        assert all(variant in line for variant in load_manifest().models)


def test_a_history_that_cannot_be_written_is_refused(
    tmp_path: Path, film: Path, refused: Said
) -> None:
    below = written(tmp_path / "file", "") / "history"
    settings = written(tmp_path / "k.toml", f'[history]\nfolder = "{below}"\n')
    line = refused(["run", "--source", str(film), "--settings", str(settings)])
    assert str(below) in line
    assert "history.folder" in line


def test_a_place_for_the_demo_that_cannot_be_written_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    blocked = written(tmp_path / "out" / "history", "")
    for out, message in ((blocked / "demo", "--out"), (tmp_path / "out", str(blocked))):
        assert main(["demo", "--out", str(out)]) == cli.BAD_INPUT
        (line,) = capfd.readouterr().err.splitlines()
        assert line.startswith("kiosk: ")
        assert message in line


@pytest.mark.parametrize("option", ["--json", "--save-trace"])
@pytest.mark.parametrize("place", ["folder", "no folder", "not ours"])
def test_what_could_not_be_kept_is_refused_before_the_work(
    tmp_path: Path,
    refused: Said,
    monkeypatch: pytest.MonkeyPatch,
    option: str,
    place: str,
) -> None:
    def replay(*_: object) -> None:
        pytest.fail("the work was done and would be lost")

    monkeypatch.setattr("kiosk.commands.replay.replay", replay)
    target = tmp_path / "gone" / "file" if place == "no folder" else tmp_path / "file"
    if place == "folder":
        target.mkdir()
    if place == "not ours":
        monkeypatch.setattr(os, "access", lambda path, mode: False)
    line = refused(replaying(TRACE, option, target))
    assert str(target) in line


def test_a_disk_that_is_full_after_the_work_is_told_in_one_line(refused: Said) -> None:
    assert "/dev/full: cannot be written" in refused(replaying(TRACE, "--json", "/dev/full"))


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "command"),
        (["juggle"], "juggle"),
        (["replay", "film.mp4"], "--exercise"),
        (["replay", "--exercise", "squat"], "source"),
        (["history", "--json", "--csv"], "not allowed with"),
        (["history", "--limit", "0"], "0 is not a whole number from 1 on"),
        (["history", "--limit", "few"], "few is not a whole number from 1 on"),
        (["doctor", "--hurry"], "--hurry"),
    ],
)
def test_a_command_that_is_none_ends_like_bad_input(
    capsys: pytest.CaptureFixture[str], argv: list[str], message: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == cli.BAD_INPUT
    assert message in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("argv", [["--help"], *([command, "--help"] for command in COMMANDS)])
def test_help(capsys: pytest.CaptureFixture[str], argv: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 0
    output = capsys.readouterr().out
    assert output.startswith("usage: kiosk")
    assert all(command in output for command in COMMANDS if argv == ["--help"])


# -- replay --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def walk_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path, str]:
    """The packaged recording through the real model: document, trace, and what was printed."""
    folder = tmp_path_factory.mktemp("walk_up")
    document, trace, output = folder / "o.json", folder / "o.npz", io.StringIO()
    with contextlib.redirect_stdout(output):
        assert main(replaying(WALK_UP, "--json", document, "--save-trace", trace)) == 0
    return json.loads(document.read_text()), trace, output.getvalue()


def test_the_packaged_recording_counts_as_it_was_made(
    walk_up: tuple[dict[str, Any], Path, str],
) -> None:
    document, _, output = walk_up
    (found,) = document["sets"]
    counted = [rep for rep in found["reps"] if rep["counted"]]
    partial = [rep for rep in found["reps"] if not rep["counted"]]
    made = [rep for rep in TRUTH["reps"] if rep["counted"]]
    assert (len(counted), len(partial), document["partial_reps"]) == (5, 1, 1)
    assert partial[0]["partial_reason"] == "too_shallow"
    for seen, true in zip(counted, made, strict=True):
        assert seen["bottom_s"] == pytest.approx(true["bottom_s"], abs=0.15)
    assert found["ended"] == "walked_off"
    assert (document["frames"], document["model"]) == (TRUTH["frames"], "lightning_f16")
    assert "hip_hinge: 5 reps, 1 partial (walked off)" in output


def test_the_document_has_the_contracts_shape(walk_up: tuple[dict[str, Any], Path, str]) -> None:
    document, _, _ = walk_up
    assert (document["schema"], document["exercise"]) == (1, "hip_hinge")
    assert document["source"] == str(WALK_UP)
    assert document["duration_s"] == pytest.approx(TRUTH["duration_s"], abs=0.1)
    assert {"pose_ms_p50", "other_ms_p50"} <= set(document["timing"])
    for found in document["sets"]:
        assert found["started_s"] < found["ended_s"]
        assert [rep["number"] for rep in found["reps"] if rep["counted"]] == [1, 2, 3, 4, 5]
        for one in found["reps"]:
            assert one["start_s"] < one["bottom_s"] < one["end_s"]
            assert one["score"] is None or 0 <= one["score"] <= 100
            measures = {"trunk_lean_deg", "hip_flexion_deg", "knee_flexion_deg", "hip_share"}
            assert measures <= set(one["measures"])
            for check in one["checks"].values():
                assert check["verdict"] in {"ok", "fault", "not_assessed"}
                assert check["verdict"] != "not_assessed" or check["reason"]


def test_its_trace_replays_to_the_same_and_to_the_byte(
    tmp_path: Path, walk_up: tuple[dict[str, Any], Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    of_film, trace, _ = walk_up
    texts = []
    for name in ("a.json", "b.json"):
        assert main(replaying(trace, "--json", tmp_path / name)) == 0
        texts.append((tmp_path / name).read_text().partition('"timing"')[0])
    assert texts[0] == texts[1]
    of_trace = json.loads((tmp_path / "a.json").read_text())
    assert of_trace["model"] == "trace"
    for key in ("duration_s", "frames", "partial_reps"):
        assert of_trace[key] == of_film[key]
    bottoms = [
        [rep["bottom_s"] for found in document["sets"] for rep in found["reps"]]
        for document in (of_film, of_trace)
    ]
    assert bottoms[0] == pytest.approx(bottoms[1], abs=0.01)


@pytest.mark.usefixtures("scripted")
@pytest.mark.parametrize("stated_s", [None, 0.0, 0.1, 99.0])
def test_the_bar_bears_with_what_a_film_says_of_its_length(
    film: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    stated_s: float | None,
) -> None:
    monkeypatch.setattr("kiosk.vision.camera.film.stated_duration_s", lambda *_: stated_s)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(replaying(film)) == 0
    out, err = capsys.readouterr()
    assert " s\n" in err
    assert out.startswith("no set")


@pytest.mark.usefixtures("scripted")
def test_without_a_terminal_there_is_no_bar(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(replaying(film)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "10 frames" in out


@pytest.mark.usefixtures("scripted")
def test_at_the_speed_of_life_the_film_is_paced(
    film: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    paced = []
    monkeypatch.setattr(
        "kiosk.commands.replay.Paced", lambda source: paced.append(source) or source
    )
    assert main(replaying(film)) == 0
    assert paced == []
    assert main(replaying(film, "--realtime")) == 0
    assert [source.name for source in paced] == [str(film)]


# -- doctor --------------------------------------------------------------------------------------


def test_the_doctor_finds_this_machine_well_and_a_missing_film_ill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(host, "ROOTS", Roots(sys=tmp_path, proc=tmp_path, dev=tmp_path))
    # a busy machine is no failure of the doctor
    monkeypatch.setattr(selection, "time_model_ms", lambda *_: 5.0)
    assert main(["doctor"]) == 0, capsys.readouterr().out
    assert len(capsys.readouterr().out.splitlines()) == len(CHECKS)
    settings = written(tmp_path / "k.toml", '[camera]\nsource = "gone.mp4"\n')
    assert main(["doctor", "--settings", str(settings)]) == 1
    assert "gone.mp4" in capsys.readouterr().out


# -- as a process --------------------------------------------------------------------------------


def test_ctrl_c_ends_as_a_shell_expects(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Reader, "recent", interrupted)
    assert main(["history"]) == 130


def python(*argv: str, **how: Any) -> subprocess.CompletedProcess[str]:
    # buffered, as it is for users: a pipe that has gone then shows only at the end
    environ = {key: text for key, text in os.environ.items() if key != "PYTHONUNBUFFERED"}
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environ} | how
    how |= {"errors": "backslashreplace"}
    return subprocess.run([sys.executable, *argv], check=False, text=True, timeout=60, **how)


def test_bad_input_as_a_process(tmp_path: Path) -> None:
    done = python("-m", "kiosk", *replaying(text(tmp_path)))
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"kiosk: {tmp_path / 'text.mp4'}: ")


def test_a_reader_that_has_gone_is_no_error(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = python("-m", "kiosk", "history", "--folder", str(tmp_path), stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


PRINTING = {
    "checks": ["checks"],
    "help": ["--help"],
    "history": ["history"],
    "replay": replaying(TRACE, "--explain"),
}


@pytest.mark.parametrize("argv", PRINTING.values(), ids=PRINTING)
def test_an_output_that_is_full_is_told_in_one_line(argv: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = python("-m", "kiosk", *argv, stdout=full)
    assert done.returncode == cli.BAD_INPUT
    (line,) = done.stderr.splitlines()
    assert line == (
        "kiosk: the output cannot be written (No space left on device); send it elsewhere"
    )


@pytest.mark.parametrize("argv", PRINTING.values(), ids=PRINTING)
@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_an_output_that_is_closed_is_no_error(argv: list[str], closed: str) -> None:
    number = {"stdout": 1, "stderr": 2}[closed]
    shell = ["/bin/sh", "-c", f'exec "$@" {number}>&-', "sh", sys.executable, "-m", "kiosk", *argv]
    done = subprocess.run(shell, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout) == (closed == "stderr")


def test_a_complaint_that_nobody_can_read_changes_no_exit_code(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = python("-m", "kiosk", *replaying(tmp_path / "gone.npz"), stderr=full)
    assert done.returncode == cli.BAD_INPUT


def test_no_file_gets_the_number_of_a_closed_output() -> None:
    script = (
        "import os, sys; from kiosk.commands import cli; cli._prepare_outputs(); "
        "sys.exit({os.readlink(f'/proc/self/fd/{number}') for number in range(3)} != {os.devnull})"
    )
    shell = ["/bin/sh", "-c", 'exec "$@" 0<&- 1>&- 2>&-', "sh", sys.executable, "-c", script]
    assert subprocess.run(shell, check=False, timeout=60).returncode == 0


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "latin-1"},
    ],
    ids=["ascii", "no UTF-8", "latin"],
)
def test_a_locale_without_utf8_loses_no_output(tmp_path: Path, locale: dict[str, str]) -> None:
    environ = {**os.environ, **locale}
    gone = tmp_path / "K\u00fcche \u65e5.npz"
    done = python("-m", "kiosk", *replaying(gone), env=environ)
    assert (done.returncode, done.stdout) == (cli.BAD_INPUT, "")
    (line,) = done.stderr.splitlines()
    assert "No such file" in line
    done = python("-m", "kiosk", "checks", env=environ)
    assert (done.returncode, done.stderr) == (0, "")
    named = {"name": "Küche 日 🏋"}
    printed = f"import json; print(json.dumps({named!a}, ensure_ascii=False))"
    script = f"import kiosk.commands.cli as cli; cli._prepare_outputs(); {printed}"
    done = python("-c", script, env=environ | {"PYTHONIOENCODING": "ascii"})
    assert json.loads(done.stdout) == named


def test_an_error_of_the_system_is_one_line(monkeypatch: pytest.MonkeyPatch, refused: Said) -> None:
    def fails(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "/sets\n/history")

    monkeypatch.setattr(Reader, "recent", fails)
    assert refused(["history"]) == r"kiosk: /sets\n/history: Permission denied"


def test_a_film_whose_name_is_no_text_is_replayed(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff\n.npz"
    Path(os.fsdecode(name)).write_bytes(TRACE.read_bytes())
    document = tmp_path / "found.json"
    done = python("-m", "kiosk", *replaying(os.fsdecode(name), "--json", document))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(document.read_text())["source"].endswith("/\\udcff\n.npz")


def test_more_sets_than_there_can_be_are_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "--limit", "9" * 30]) == 0
    assert capsys.readouterr().out == "no sets yet\n"


@pytest.mark.usefixtures("scripted")
def test_a_replay_tells_what_was_guessed_in_words_and_in_its_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_film(tmp_path / "raw.h264", codec="libx264")
    assert main(replaying(path, "--json", tmp_path / "found.json")) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("note: ")]
    assert "have no times and are numbered at 25 a second" in line
    assert json.loads((tmp_path / "found.json").read_text())["notes"] == [line[len("note: ") :]]


def test_history_starts_without_screen_film_decoder_and_runtime(tmp_path: Path) -> None:
    heavy = ("pygame", "av", "ai_edge_litert", "gpiozero", "tqdm", "kiosk.app.mirror")
    script = (
        "import sys; from kiosk.commands.cli import main; "
        f"code = main(['history', '--folder', {str(tmp_path)!r}]); "
        f"print([name for name in {heavy!r} if name in sys.modules]); sys.exit(code)"
    )
    done = python("-c", script)
    assert (done.returncode, done.stdout) == (0, "no sets yet\n[]\n")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of another user")
@pytest.mark.parametrize("ends", [0, SettingsError("no"), RuntimeError("crash")])
def test_a_command_run_as_root_leaves_nothing_that_the_service_cannot_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends: int | Exception
) -> None:
    os.chown(tmp_path, 1234, 1234)
    monkeypatch.setattr(cli, "SERVICE_FOLDERS", (tmp_path,))

    def run(_: object) -> int:
        (tmp_path / "history.sqlite3").touch()
        if isinstance(ends, Exception):
            raise ends
        return ends

    monkeypatch.setattr(cli.importlib, "import_module", lambda _: SimpleNamespace(run=run))
    with contextlib.suppress(RuntimeError):
        cli.main(["doctor"])
    assert (tmp_path / "history.sqlite3").stat().st_uid == 1234
