import importlib.metadata
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec import to_builtins

from kiosk import settings
from kiosk.commands import cli
from kiosk.exercises.catalogue import catalogue
from kiosk.ui.panel.factory import KEYS
from kiosk.ui.words.words import Words
from kiosk.vision.models.manifest import load_manifest, weights_folder
from paths import ROOT

PAGES = ("checks", "commands", "evidence", "faults", "gym", "installing", "limits")
PAGES += ("performance", "privacy", "settings", "using")
PAPERS = {
    name: (ROOT / name).read_text("utf-8")
    for name in ("README.md", "CONTRIBUTING.md", *(f"docs/{page}.md" for page in PAGES))
}
README, SETTINGS = PAPERS["README.md"], PAPERS["docs/settings.md"]
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
PROJECT = tomllib.loads(PYPROJECT)

PICTURES = {".avi", ".bmp", ".gif", ".heic", ".jpeg", ".jpg", ".mov", ".mp4", ".png", ".webm"}
PICTURES_MAY_LIE_IN = (
    "tests/ui/screen/gallery/reference/",
    "docs/",
    "kiosk/commands/demo/",
    "tests/fixtures/golden/",
)
LARGEST_BYTES = 1_000_000
LARGEST_SCREEN_BYTES = 40_000


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """What git holds or would take in; from the checkout's root."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout")
    ask = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(ask, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]


def commands_of(paper: str) -> list[list[str]]:
    """The arguments of every kiosk in a block, and of `.venv/bin/kiosk`, as its reader types it."""
    in_block = r"^(?:sudo -u \S+ )?(?:\S*/)?kiosk +([^`\n]+)$"
    in_line = r"`\.venv/bin/kiosk\s+([^`]+)`"
    typed = re.findall(f"{in_block}|{in_line}", paper, re.MULTILINE)
    return [shlex.split((alone or inline).partition(" > ")[0]) for alone, inline in typed]


def links_of(paper: str) -> list[tuple[str, str]]:
    """The files that a paper links to or shows, as written there, each with its heading or ""."""
    text = (ROOT / paper).read_text("utf-8")
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r"src=\"([^\"]+)\"", text)
    parts = [link.partition("#") for link in links if not link.startswith("https://")]
    return [(file, heading) for file, _, heading in parts]


def anchor(title: str) -> str:
    """How a link names a heading."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def test_the_python_floor_is_one_figure() -> None:
    major, minor = re.fullmatch(r">=(\d+)\.(\d+)", PROJECT["project"]["requires-python"]).groups()
    installer = (ROOT / "setup.sh").read_text("utf-8")
    assert f"sys.version_info < ({major}, {minor})" in installer
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py{major}{minor}"
    assert f"Python {major}.{minor}" in PAPERS["docs/installing.md"]


def test_the_licence_is_mit_everywhere() -> None:
    assert "MIT" in str(PROJECT["project"]["license"])
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("MIT License\n\nCopyright (c) 2026 ")
    assert "[MIT](LICENSE)" in README


def test_every_dependency_says_why_it_is_there() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    lines = [line.strip() for line in PYPROJECT.splitlines()]
    starts = [f'"{wanted}"' for wanted in PROJECT["project"]["dependencies"]]
    starts += [f"{extra} = [" for extra in extras]
    for start in starts:
        place = next(n for n, line in enumerate(lines) if line.rstrip(",") == start)
        assert lines[place - 1].startswith("# "), start


def test_the_installed_command_is_the_command_line() -> None:
    (script,) = importlib.metadata.entry_points(group="console_scripts", name="kiosk")
    assert script.load() is cli.main


def test_continuous_integration_runs_setup_test_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    ci = Path(shutil.copy(ROOT / ".ci/run", tmp_path / ".ci/run"))
    stand_in = tmp_path / "setup.sh"
    stand_in.write_text('#!/bin/sh\necho "setup.sh $*"\nexit 3\n')
    stand_in.chmod(0o755)
    done = subprocess.run([ci], cwd="/", capture_output=True, check=False, text=True)
    assert (done.stdout, done.returncode) == ("setup.sh test\n", 3)


def test_the_page_of_commands_lists_every_one_and_no_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    known = re.findall(r"^ {4}(\w+) {2,}", capsys.readouterr().out, re.MULTILINE)
    table = PAPERS["docs/commands.md"].partition("| `kiosk` |")[2].partition("\n\n")[0]
    assert sorted(re.findall(r"^\| `(\w+)", table, re.MULTILINE)) == sorted(known)


@pytest.mark.parametrize("name", [name for name in PAPERS if commands_of(PAPERS[name])])
def test_commands_in_the_papers_can_be_typed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[dict[str, object]] = []
    command = SimpleNamespace(run=lambda arguments: parsed.append(vars(arguments)) or 0)
    monkeypatch.setattr(cli, "importlib", SimpleNamespace(import_module=lambda name: command))
    assert [cli.main(arguments) for arguments in commands_of(PAPERS[name])] == [0] * len(parsed)
    assert parsed
    for arguments in parsed:
        source = Path(arguments.get("source") or "FILM.mp4")
        assert source.name == "FILM.mp4" or (ROOT / source).is_file(), arguments


def test_the_settings_on_their_page_are_settings(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(re.search(r"```toml\n(.+?)```", SETTINGS, re.DOTALL)[1])
    assert settings.load(file) != settings.Settings()


def test_the_page_of_settings_has_every_key() -> None:
    example = re.search(r"```toml\n(.+?)```", SETTINGS, re.DOTALL)[1]
    listed = tomllib.loads(re.sub(r"^# (?=\w+ =)", "", example, flags=re.MULTILINE))
    keys = {name: set(table) for name, table in listed.items()}
    known = to_builtins(settings.Settings())
    assert keys == {name: set(table) for name, table in known.items()}


def test_the_readme_names_every_exercise_and_drill() -> None:
    words = Words.load("en")
    listed = README.partition("\nIt knows ")[2].partition("\n\n")[0].replace("\n", " ").lower()
    for name in catalogue():
        assert words(f"exercise.{name}.name").lower() in listed, name


def test_the_keys_of_the_buttons_are_the_keys() -> None:
    rows = re.findall(r"^\| (\w+) \| (`.+?`) \|", PAPERS["docs/using.md"], re.MULTILINE)
    listed = {key: name.lower() for name, keys in rows for key in re.findall(r"`(\w)`", keys)}
    assert listed == {key: button.value for key, button in KEYS.items()}


def test_every_page_is_checked_and_can_be_reached_from_the_readme() -> None:
    assert sorted(PAGES) == sorted(page.stem for page in (ROOT / "docs").glob("*.md"))
    reached, news = {"README.md"}, ["README.md"]
    while news:
        paper = news.pop()
        for link, _ in links_of(paper):
            name = os.path.relpath((ROOT / paper).parent / link, ROOT)
            if name in PAPERS and name not in reached:
                reached.add(name)
                news.append(name)
    assert reached == set(PAPERS)


@pytest.mark.parametrize(
    "paper", [*PAPERS, "CHANGELOG.md", "hardware/README.md", "hardware/image/README.md"]
)
def test_links_lead_somewhere(paper: str) -> None:
    for link, heading in links_of(paper):
        target = (ROOT / paper).parent / link if link else ROOT / paper
        assert target.exists(), link
        if heading:
            titles = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
            assert heading in map(anchor, titles), f"{link}#{heading}"


def test_the_changelog_begins_with_what_is_unreleased() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == "[Unreleased]"


def test_the_wheel_holds_every_file_of_the_package(files: list[Path], tmp_path: Path) -> None:
    whole = [file for file in files if file.parts[0] == "kiosk"]
    for file in (*whole, *map(Path, ("pyproject.toml", "README.md", "LICENSE", "NOTICE"))):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    # what a wheel is made of, made with what is installed here and without a network
    build = "from setuptools import setup; setup()"
    ask = [sys.executable, "-c", build, "--quiet", "build_py", "--build-lib", "built"]
    done = subprocess.run(ask, cwd=tmp_path, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    packed = {file.relative_to(tmp_path / "built") for file in (tmp_path / "built").rglob("*.*")}
    papers = {file for file in whole if file.suffix == ".md"}
    assert packed == set(whole) - papers
    assert {".toml", ".mp4", ".json", ".sql", ".typed"} <= {file.suffix for file in packed}


def test_the_package_reads_nothing_beside_itself() -> None:
    # but in a checkout or a release: its commit, the release's name, and the weights
    outside = re.compile(r"parents\[|__file__\)\.resolve\(\)\.parent|kiosk\.__file__")
    package = ROOT / "kiosk"
    read = {file for file in package.rglob("*.py") if outside.search(file.read_text("utf-8"))}
    assert {str(file.relative_to(package)) for file in read} == {
        "system/version.py",
        "vision/models/manifest.py",
    }


def test_git_holds_no_large_file(files: list[Path]) -> None:
    assert [file for file in files if (ROOT / file).stat().st_size > LARGEST_BYTES] == []


def test_the_readme_shows_every_picture_of_a_screen_and_each_is_small() -> None:
    screens = sorted((ROOT / "docs/screens").iterdir())
    assert sorted(re.findall(r"src=\"docs/screens/(.+?)\"", README)) == [s.name for s in screens]
    assert [s.name for s in screens if s.stat().st_size > LARGEST_SCREEN_BYTES] == []


def test_git_holds_no_weights_and_ignores_those_that_are_fetched(files: list[Path]) -> None:
    assert [file for file in files if file.suffix == ".tflite"] == []
    fetched = [str(weights_folder() / spec.file) for spec in load_manifest().models.values()]
    ask = ["git", "check-ignore", "--no-index", *fetched]
    ignored = subprocess.run(ask, cwd=ROOT, capture_output=True, check=False, text=True)
    assert ignored.stdout.splitlines() == fetched


def test_pictures_lie_only_where_nobody_is_in_them(files: list[Path]) -> None:
    pictures = [file.as_posix() for file in files if file.suffix.lower() in PICTURES]
    assert pictures
    assert [name for name in pictures if not name.startswith(PICTURES_MAY_LIE_IN)] == []
