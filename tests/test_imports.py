"""Packages import only what lies below them, and the pure ones touch no device, clock or file."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from paths import ROOT
from people import hinges
from replaying import coached

PACKAGE = ROOT / "kiosk"
ALLOWED: dict[str, set[str]] = {
    "body": set(),
    "exercises": {"body"},
    "coaching": {"body", "exercises"},
    "training": {"body", "exercises", "coaching"},
    "history": {"body", "exercises", "coaching", "training"},
    "system": set(),
    "settings": {"system"},
    "vision": {"body", "system"},
    "ui": {"body", "exercises", "coaching", "training", "history", "system", "settings", "vision"},
}
ALLOWED["outbox"] = ALLOWED["history"] | {"history", "system", "settings"}
ALLOWED["app"] = ALLOWED["ui"] | {"ui"}
ALLOWED["gym"] = ALLOWED["outbox"] | {"outbox"}
ALLOWED["commands"] = ALLOWED["app"] | {"app", "outbox", "gym"}
ALLOWED["__main__"] = {"commands"}
ALLOWED["errors"] = ALLOWED["__init__"] = set()
FOR_ALL = {"errors"}
REPEATED = {"__init__.py", "factory.py", "reconnecting.py"}
"""The only file names that several folders may have."""
PURE = ("body", "exercises", "coaching", "training")
WORLD = {
    *("ai_edge_litert", "av", "gpiozero", "picamera2", "pygame", "sqlite3"),
    *("io", "os", "pathlib", "socket", "subprocess", "threading"),
    *("datetime", "random", "secrets", "time", "uuid"),
}
READS_FILES = {PACKAGE / "exercises" / "catalogue.py"}
"""The one file of the pure packages that opens files: those of the exercises."""
MODULES = sorted(PACKAGE.rglob("*.py"))
SCREEN = {"toolkit": set[str](), "widgets": {"toolkit"}, "views": {"toolkit", "widgets"}}
"""What the shelves of the screen may import of each other."""


def part_of(path: Path) -> str:
    """The package of kiosk that a file belongs to, or its own name if it stands beside them."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(tree: ast.AST) -> Iterator[str]:
    """Full names of all that a file imports, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def forbidden(part: str, tree: ast.AST) -> set[str]:
    """The packages that a file of `part` imports and may not."""
    own = {name.split(".")[1] for name in imported(tree) if name.startswith("kiosk.")}
    return own - ALLOWED[part] - FOR_ALL - {part}


def worldly(tree: ast.AST) -> set[str]:
    """What a pure file may not have: modules that reach the world, and calls that do."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    names = {name.partition(".")[0] for name in imported(tree)} & WORLD
    return names | (
        {call.id for call in calls if isinstance(call, ast.Name)}
        & {"open", "print", "input", "__import__", "eval", "exec"}
    )


def test_the_packages_are_those_of_the_list() -> None:
    assert {part_of(path) for path in MODULES} == set(ALLOWED)


def test_the_list_leads_one_way() -> None:
    below: set[str] = set()
    for part, allowed in ALLOWED.items():
        assert allowed <= below, part
        below.add(part)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_imports_only_what_its_package_may(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert forbidden(part_of(path), tree) == set()
    if part_of(path) in PURE and path not in READS_FILES:
        assert worldly(tree) == set()
    folder = path.parent.relative_to(PACKAGE).as_posix()
    if folder.startswith("ui/screen/") and (shelf := folder.removeprefix("ui/screen/")) in SCREEN:
        others = {
            name.split(".")[3] for name in imported(tree) if name.startswith("kiosk.ui.screen.")
        }
        assert others & set(SCREEN) - {shelf} <= SCREEN[shelf]


def test_a_file_name_stands_for_one_file() -> None:
    names = Counter(path.name for path in MODULES)
    assert {name for name, times in names.items() if times > 1} == REPEATED


@pytest.mark.parametrize(
    ("part", "line"),
    [
        ("body", "from kiosk.exercises.exercise import Exercise"),
        ("exercises", "from kiosk.coaching.coach import Coach"),
        ("coaching", "from kiosk.vision.camera.frame import Frame"),
        ("coaching", "from kiosk import settings"),
        ("history", "def late():\n    from kiosk.system.retry import Retry"),
        ("system", "import kiosk.settings"),
        ("vision", "from kiosk.exercises.exercise import Exercise"),
        ("ui", "from kiosk.app.mirror import Mirror"),
        ("app", "from kiosk.outbox.home import run_home"),
        ("ui", "from kiosk.outbox.home import run_home"),
        ("outbox", "from kiosk.app.mirror import Mirror"),
        ("app", "from kiosk.commands.cli import main"),
        ("app", "from kiosk.outbox.sender import Sender"),
        ("ui", "from kiosk.outbox.outbox_state import OutboxState"),
        ("app", "from kiosk.gym.database import connected"),
        ("history", "from kiosk.gym.database import connected"),
    ],
)
def test_an_import_upwards_is_found(part: str, line: str) -> None:
    assert forbidden(part, ast.parse(line))


@pytest.mark.parametrize("line", ["import time", "from pathlib import Path", "open('x')"])
def test_a_clock_or_a_file_in_a_pure_package_is_found(line: str) -> None:
    assert worldly(ast.parse(line))


def test_the_same_poses_give_the_same_sets_to_the_bit() -> None:
    poses = hinges(3, noise_px=2)
    assert repr(coached(poses, "hip_hinge")[0]) == repr(coached(poses, "hip_hinge")[0])
