"""The manifest of models: what it holds, and what it refuses."""

import hashlib
from pathlib import Path

import pytest

import kiosk
from kiosk.errors import ModelError
from kiosk.vision.models.manifest import (
    Manifest,
    ModelSpec,
    WheelSource,
    load_manifest,
    weights_folder,
)

CONTENT = b"\x1c\x00\x00\x00TFL3" + bytes(range(56))
ENTRY = f"""
[models.tiny]
title = "Tiny"
file = "tiny.tflite"
size_bytes = {len(CONTENT)}
sha256 = "{hashlib.sha256(CONTENT).hexdigest()}"
input_px = 192
dtype = "uint8"
coco_map = 60.0
licence = "MIT"
sources = [{{ type = "url", url = "https://example.org/tiny.tflite" }}]
"""


@pytest.fixture
def spec(tmp_path: Path) -> ModelSpec:
    return written(tmp_path, ENTRY).spec("tiny")


def written(folder: Path, text: str) -> Manifest:
    path = folder / "manifest.toml"
    path.write_text(text, encoding="utf-8")
    return load_manifest(path)


def test_names_the_four_variants_with_their_inputs() -> None:
    models = load_manifest().models
    assert {variant: spec.input_px for variant, spec in models.items()} == {
        "lightning_f16": 192,
        "lightning_int8": 192,
        "thunder_f16": 256,
        "thunder_int8": 256,
    }
    assert len({spec.sha256 for spec in models.values()}) == 4
    assert len({spec.file for spec in models.values()}) == 4


def test_the_default_can_come_from_the_python_registry_as_a_last_resort() -> None:
    *publishers, registry = load_manifest().spec("lightning_f16").sources
    assert publishers
    assert isinstance(registry, WheelSource)


def test_hashes_that_were_only_quoted_say_so() -> None:
    models = load_manifest().models
    assert [name for name, spec in models.items() if spec.note] == ["thunder_f16", "thunder_int8"]


def test_weights_lie_in_the_checkout() -> None:
    assert (weights_folder() / "README.md").is_file()
    assert (weights_folder().parent / "pyproject.toml").is_file()


def test_without_a_checkout_weights_lie_with_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "lib/site-packages/kiosk"
    (package.parent / "models").mkdir(parents=True)  # of another package
    monkeypatch.setattr(kiosk, "__file__", str(package / "__init__.py"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert weights_folder() == tmp_path / ".local/share/gym-mirror/models"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert weights_folder() == tmp_path / "data/gym-mirror/models"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setattr(Path, "home", lambda: Path("~no-such-user").expanduser())
    with pytest.raises(ModelError, match=r"no home folder.*XDG_DATA_HOME"):
        weights_folder()


def test_an_unknown_variant_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r"unknown model 'posenet'.*lightning_f16.*thunder_int8"):
        load_manifest().spec("posenet")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('sha256 = "', 'sha256 = "x', "sha256"),
        ("size_bytes = ", "size_bytes = -", "size_bytes"),
        ('file = "', 'file = "../', "file"),
        ("https://", "http://", "url"),
        ('type = "url"', 'type = "ftp"', "ftp"),
        ('dtype = "uint8"', 'dtype = "float32"', "float32"),
        ("licence", "license", "license"),
        ("[models.tiny]", "[models.tiny", "not valid TOML"),
        ("[models.tiny]", "[tiny]", "tiny"),
    ],
)
def test_a_manifest_that_does_not_hold_together_is_refused_by_name(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(ModelError, match=rf"manifest\.toml.*{message}"):
        written(tmp_path, ENTRY.replace(old, new, 1))


def test_a_manifest_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ModelError, match=r"manifest\.toml: not a text file in UTF-8"):
        load_manifest(tmp_path / "manifest.toml")


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.toml: cannot be read \(No such file"):
        load_manifest(tmp_path / "gone.toml")


def test_the_right_bytes_have_no_fault(spec: ModelSpec) -> None:
    assert spec.fault_in(CONTENT) is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no TFL3"),
        (b"<html>404</html>" * 4, "no TFL3"),
        (CONTENT[:-1], "cut short: 63 of 64 bytes"),
        (CONTENT + b"\0", "another model: 65 bytes, not 64"),
        (CONTENT[:-1] + b"\0", "another model: sha256"),
    ],
)
def test_other_bytes_are_told_apart(spec: ModelSpec, content: bytes, message: str) -> None:
    assert message in (spec.fault_in(content) or "")
