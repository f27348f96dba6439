"""The segmenter's adapter, its entry in the manifest, and how its wheel is asked for."""

import io
import subprocess
import zipfile
from pathlib import Path

import msgspec
import numpy as np
import pytest

from kiosk.commands.models import format_models
from kiosk.errors import ModelError
from kiosk.vision.back.back_observer import SIDE_PX
from kiosk.vision.models import download as fetch
from kiosk.vision.models.interpreter import Segmenter, load_segmenter
from kiosk.vision.models.manifest import MaskSpec, WheelSource, load_manifest, weights_folder


@pytest.fixture(scope="module")
def spec() -> MaskSpec:
    return load_manifest().masks[fetch.PERSON_MASK]


@pytest.fixture(scope="module")
def segmenter(spec: MaskSpec) -> Segmenter:
    if not (weights_folder() / spec.file).is_file():
        pytest.skip("the segmenter's file is not here")
    return load_segmenter()


def test_it_answers_with_a_mask_of_its_own(segmenter: Segmenter) -> None:
    picture = np.full((SIDE_PX, SIDE_PX, 3), 127, np.uint8)
    first = segmenter.person(picture)
    assert first.shape == (SIDE_PX, SIDE_PX)
    assert first.dtype == np.float32
    assert 0 <= first.min() <= first.max() <= 1
    kept = first.copy()
    segmenter.person(np.zeros_like(picture))
    assert np.array_equal(first, kept)


def test_another_picture_is_refused(segmenter: Segmenter) -> None:
    with pytest.raises(ValueError, match=r"(?i)tensor"):
        segmenter.person(np.zeros((128, 128, 3), np.uint8))


def test_a_wrong_file_is_refused_by_name(tmp_path: Path, spec: MaskSpec) -> None:
    with pytest.raises(ModelError, match=r"gone\.tflite: missing.*kiosk models"):
        Segmenter(tmp_path / "gone.tflite", spec)
    (tmp_path / "bad.tflite").write_bytes(b"<html>")
    with pytest.raises(ModelError, match=r"bad\.tflite: not a TensorFlow Lite model"):
        Segmenter(tmp_path / "bad.tflite", spec)


def test_a_runtime_that_lacks_an_operation_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, spec: MaskSpec
) -> None:
    class Old:
        def __init__(self, **_: object) -> None:
            raise ValueError("Encountered unresolved custom op: Convolution2DTransposeBias")

    content = b"\x1c\x00\x00\x00TFL3"
    (tmp_path / "mask.tflite").write_bytes(content)
    monkeypatch.setattr(
        "kiosk.vision.models.interpreter.load_runtime", lambda: (Old, "tflite-runtime 2.14.0")
    )
    monkeypatch.setattr("kiosk.vision.models.interpreter.file_fault", lambda *_: None)
    with pytest.raises(ModelError, match=r"2\.14\.0 cannot open it \(Encountered unresolved"):
        Segmenter(tmp_path / "mask.tflite", spec)


def test_the_manifest_keeps_masks_apart_from_poses(spec: MaskSpec) -> None:
    manifest = load_manifest()
    assert spec.input_px == (SIDE_PX, SIDE_PX)
    assert fetch.PERSON_MASK not in manifest.models
    assert f"{spec.size_bytes:,}" in format_models()


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [("input_px", 256, "input_px"), ("dtype", "uint8", "uint8"), ("kind", "masks", "kind")],
)
def test_an_entry_that_does_not_hold_together_is_refused(
    tmp_path: Path, spec: MaskSpec, key: str, value: object, message: str
) -> None:
    entry = {**msgspec.to_builtins(spec), "sources": [], key: value}
    path = tmp_path / "manifest.toml"
    path.write_bytes(msgspec.json.encode(entry))
    lines = [f"{k} = {msgspec.json.encode(v).decode()}" for k, v in entry.items()]
    path.write_text("models = {}\n[masks.mine]\n" + "\n".join(lines), encoding="utf-8")
    with pytest.raises(ModelError, match=rf"manifest\.toml.*{message}"):
        load_manifest(path)


def test_the_wheel_is_asked_for_as_one_machine_whatever_this_one_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, spec: MaskSpec
) -> None:
    (source,) = spec.sources
    assert isinstance(source, WheelSource)
    asked: list[str] = []

    def pip(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.extend(command)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(source.member, b"weights")
        folder = Path(command[command.index("--dest") + 1])
        (folder / "mediapipe.whl").write_bytes(packed.getvalue())
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", pip)
    monkeypatch.setenv("KIOSK_MODELS", "")
    monkeypatch.setattr(fetch, "weights_folder", lambda: tmp_path)
    reports: list[str] = []
    with pytest.raises(ModelError, match="could not be had"):
        fetch.obtain_mask(reports.append)  # the double's weights are not the real ones
    assert asked[asked.index("--python-version") + 1] == "3.12"
    assert asked[asked.index("--platform") + 1] == "manylinux_2_17_x86_64"
    assert asked[-1] == "mediapipe==0.10.18"
