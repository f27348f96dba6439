"""The design system holds: views take their sizes, distances and paces from one place."""

import ast
from pathlib import Path

import pytest

from kiosk.ui import screen
from kiosk.ui.screen.toolkit.theme import Level, Pace, Space

VIEWS = sorted((Path(screen.__file__).parent / "views").glob("*.py"))
PLAIN = {-1, 0, 1, 2, 0.5}
"""Nothing, one, the other half: figures that need no name."""
RANKED = ("Area", "Block", "_line")
"""Calls whose plain arguments are shares, ranks and counts."""


def bare_numbers(tree: ast.Module) -> list[tuple[int, object]]:
    """Numbers outside the named constants at the top of a file, with their lines."""
    named = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    kept = {id(inner) for node in named for inner in ast.walk(node)}
    # shares of columns and rows are read beside the boxes they make
    kept |= {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("columns", "rows")
        for inner in ast.walk(node.args[1] if len(node.args) > 1 else node)
    }
    # a shape's proportions are a drawing and no layout; ranks and numbers of lines are counts
    for node in ast.walk(tree):
        drawing = isinstance(node, ast.FunctionDef) and node.name.lstrip("_").startswith("draw_")
        if drawing or (isinstance(node, ast.keyword) and node.arg == "lines"):
            kept |= {id(inner) for inner in ast.walk(node)}
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in RANKED:
            kept |= {id(inner) for inner in node.args}
        elif isinstance(node, ast.keyword) and node.arg == "widths":
            kept |= {id(inner) for inner in ast.walk(node)}
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
        and node.value not in PLAIN
        and id(node) not in kept
    ]


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
def test_a_view_holds_no_number_without_a_name(path: Path) -> None:
    assert bare_numbers(ast.parse(path.read_text("utf-8"))) == []


def test_the_search_for_numbers_finds_one() -> None:
    assert bare_numbers(ast.parse("def f(box):\n    return box.height * 0.17")) == [(2, 0.17)]


def test_scales_rise() -> None:
    spaces = [value for name, value in vars(Space).items() if name.isupper()]
    for steps in (spaces, [level.value for level in Level]):
        assert len(steps) > 4
        assert steps == sorted(set(steps))
    paces = [value for name, value in vars(Pace).items() if name.endswith("_S")]
    assert min(paces) > 0
