"""Same input, same output: the middle of the kiosk touches no device, clock, file or screen."""

import ast
from pathlib import Path

import pytest

import kiosk
from people import hinges
from replaying import coached

PACKAGE = Path(kiosk.__file__).parent
PURE = [
    *(PACKAGE / "body").glob("*.py"),
    *(PACKAGE / "coaching").glob("*.py"),
    PACKAGE / "exercises" / "exercise.py",
    PACKAGE / "exercises" / "form.py",
]
WORLD = {
    "ai_edge_litert",
    "av",
    "datetime",
    "gpiozero",
    "io",
    "os",
    "pathlib",
    "picamera2",
    "pygame",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "threading",
    "time",
    "uuid",
}
PURE_PACKAGES = ("kiosk.body", "kiosk.coaching", "kiosk.exercises")


def imports(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            names.add(node.module or "")
    return names


def calls(tree: ast.AST) -> set[str]:
    found = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {func.id for func in found if isinstance(func, ast.Name)}


def test_there_is_something_to_look_at() -> None:
    assert len(PURE) > 12


@pytest.mark.parametrize("path", PURE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_device_clock_or_file_is_imported(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    names = imports(tree)
    assert {name.partition(".")[0] for name in names} & WORLD == set()
    own = {name for name in names if name.partition(".")[0] == "kiosk"}
    assert {name for name in own if not name.startswith(PURE_PACKAGES)} == set()
    assert calls(tree) & {"open", "print", "input", "__import__", "eval", "exec"} == set()


def test_the_same_poses_give_the_same_sets_to_the_bit() -> None:
    poses = hinges(3, noise_px=2)
    assert repr(coached(poses, "hip_hinge")[0]) == repr(coached(poses, "hip_hinge")[0])
