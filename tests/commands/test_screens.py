"""`kiosk screens` draws what the settings ask for; the pictures themselves have their own tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.commands import screens
from kiosk.commands.cli import main
from kiosk.settings import Edge
from kiosk.ui.words.words import Words


@pytest.mark.parametrize("small", [True, False])
def test_the_language_and_the_edge_are_those_of_the_settings(
    write: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    small: bool,
) -> None:
    asked: list[tuple[Path, str, Edge, bool]] = []

    def save_all(folder: Path, words: Words, edge: Edge, *, small: bool) -> int:
        asked.append((folder, words.language, edge, small))
        return 7

    monkeypatch.setattr(screens, "save_all", save_all)
    write('screen.language = "de"\npanel.edge = "left"\n')
    assert main(["screens", "--out", str(tmp_path), *(["--small"] if small else [])]) == 0
    assert asked == [(tmp_path, "de", "left", small)]
    assert capsys.readouterr().out == f"7 pictures in {tmp_path}\n"
