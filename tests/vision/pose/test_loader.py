from pathlib import Path

import pytest

import kiosk
from kiosk.errors import ModelError
from kiosk.vision.models.manifest import ModelSpec, load_manifest, weights_folder
from kiosk.vision.pose import loader as loading
from kiosk.vision.pose.loader import load_estimator, load_interpreter

MANIFEST = weights_folder() / "manifest.toml"
F16, INT8 = "lightning_f16", "lightning_int8"


class Opened:
    """Stands in for `Interpreter`: notes what it was to open."""

    input_size = 192

    def __init__(self, path: Path, spec: ModelSpec, threads: int | None) -> None:
        self.path, self.spec, self.threads = path, spec, threads


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of weights of another checkout: a manifest and no weights yet."""
    models = tmp_path / "models"
    models.mkdir()
    (models / MANIFEST.name).write_bytes(MANIFEST.read_bytes())
    monkeypatch.setattr(kiosk, "__file__", str(tmp_path / "kiosk" / "__init__.py"))
    return models


@pytest.fixture
def opened_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "Interpreter", Opened)


def put(folder: Path, variant: str, content: bytes = b"") -> Path:
    path = folder / load_manifest().spec(variant).file
    path.write_bytes(content)
    return path


@pytest.mark.usefixtures("opened_anything")
@pytest.mark.parametrize(
    ("here", "taken"), [([F16, INT8], F16), ([F16], F16), ([INT8], INT8), ([], F16)]
)
def test_auto_takes_the_best_that_is_there(folder: Path, here: list[str], taken: str) -> None:
    for variant in here:
        put(folder, variant)
    opened, variant = load_interpreter()
    assert isinstance(opened, Opened)
    assert (variant, opened.path) == (taken, folder / load_manifest().spec(taken).file)
    assert opened.spec == load_manifest().spec(taken)


@pytest.mark.usefixtures("opened_anything")
@pytest.mark.parametrize(("asked", "given"), [(0, None), (3, 3)])
def test_threads_are_handed_on_and_none_means_the_interpreters_own_choice(
    folder: Path, asked: int, given: int | None
) -> None:
    opened, variant = load_interpreter("thunder_f16", asked)
    assert (variant, opened.threads) == ("thunder_f16", given)


def test_an_unknown_model_lists_the_known_ones() -> None:
    with pytest.raises(ModelError, match=f"posenet.*{F16}.*{INT8}"):
        load_estimator("posenet")


def test_a_missing_model_is_named_with_the_command_that_gets_it(folder: Path) -> None:
    with pytest.raises(ModelError, match=rf"{folder}.*missing.*kiosk models"):
        load_estimator()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>not found</html>", "not a TensorFlow Lite model"),
        (b"\x1c\0\0\0TFL3" + bytes(1000), "cut short"),
        (b"\x1c\0\0\0TFL3" + bytes(20_000_000), "another model"),
    ],
)
def test_a_model_that_is_not_the_one_is_refused_by_name(
    folder: Path, content: bytes, said: str
) -> None:
    path = put(folder, F16, content)
    with pytest.raises(ModelError, match=said) as caught:
        load_estimator(F16)
    assert str(path) in str(caught.value)


def test_the_real_model_opens() -> None:
    estimator, variant = load_estimator(F16, threads=1)
    assert (variant, estimator.crop.held) == (F16, False)
