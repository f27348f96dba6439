"""The runtime adapter, on the real model and on doubles of it."""

import hashlib
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest

from kiosk.errors import ModelError
from kiosk.vision.models import interpreter
from kiosk.vision.models.interpreter import Interpreter
from kiosk.vision.models.manifest import ModelSpec, load_manifest, weights_folder

CONTENT = b"\x1c\x00\x00\x00TFL3" + bytes(range(56))


@pytest.fixture(scope="module")
def real() -> tuple[Path, ModelSpec]:
    spec = load_manifest().spec("lightning_f16")
    path = weights_folder() / spec.file
    assert path.is_file(), f"{path} is missing: run .venv/bin/kiosk models --variant lightning_f16"
    return path, spec


@pytest.fixture
def tiny(tmp_path: Path) -> tuple[Path, ModelSpec]:
    path = tmp_path / "tiny.tflite"
    path.write_bytes(CONTENT)
    spec = ModelSpec(
        title="Tiny",
        file=path.name,
        size_bytes=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        input_px=192,
        dtype="uint8",
        coco_map=60.0,
        licence="MIT",
        sources=(),
    )
    return path, spec


class FakeEngine:
    """MoveNet's interface; keeps one output buffer, as the oldest runtime does."""

    input_shape = (1, 192, 192, 3)
    input_dtype: type = np.uint8
    output_shape = (1, 1, 17, 3)
    output_dtype: type = np.float32

    def __init__(self, model_path: str, num_threads: int) -> None:
        self.output = np.zeros(self.output_shape, self.output_dtype)

    def allocate_tensors(self) -> None: ...

    def get_input_details(self) -> list[dict[str, object]]:
        return [{"index": 0, "shape": np.array(self.input_shape), "dtype": self.input_dtype}]

    def get_output_details(self) -> list[dict[str, object]]:
        return [{"index": 9, "shape": np.array(self.output_shape), "dtype": self.output_dtype}]

    def set_tensor(self, index: int, value: np.ndarray) -> None:
        assert (index, value.shape) == (0, self.input_shape)
        self.value = float(value.max())

    def invoke(self) -> None:
        self.output[:] = self.value

    def get_tensor(self, index: int) -> np.ndarray:
        assert index == 9
        return self.output


def fake_runtime(monkeypatch: pytest.MonkeyPatch, engine: type, **found: str) -> None:
    """Makes `engine` the only runtime: found maps an importable module to its version."""

    def import_module(name: str) -> SimpleNamespace:
        if name.partition(".")[0] not in found:
            raise ModuleNotFoundError(f"No module named '{name}'")
        return SimpleNamespace(Interpreter=engine)

    def version(package: str) -> str:
        return found[package.replace("-", "_")]

    double = SimpleNamespace(import_module=import_module, metadata=SimpleNamespace(version=version))
    monkeypatch.setattr(interpreter, "importlib", double)


def test_the_real_model_answers_with_seventeen_keypoints(real: tuple[Path, ModelSpec]) -> None:
    model = Interpreter(*real, threads=1)
    assert (model.input_size, model.threads) == (192, 1)
    assert model.runtime.split()[0] in {"LiteRT", "tflite-runtime"}
    keypoints = np.array(model.run(np.full((192, 192, 3), 127, np.uint8)))
    assert keypoints.shape == (17, 3)
    assert np.all((keypoints[:, 2] >= 0) & (keypoints[:, 2] <= 1))


def test_the_real_model_takes_a_strided_view_for_what_it_shows(
    real: tuple[Path, ModelSpec],
) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (192, 192, 3), np.uint8)
    padded = np.zeros((192, 200, 3), np.uint8)
    padded[:, :192] = picture
    model = Interpreter(*real, threads=1)
    assert model.run(padded[:, :192]) == model.run(picture)


@pytest.mark.parametrize(
    "picture",
    [np.zeros((256, 256, 3), np.uint8), np.zeros((192, 192, 3), np.float32)],
    ids=["size", "dtype"],
)
def test_the_real_model_refuses_another_picture(
    real: tuple[Path, ModelSpec], picture: np.ndarray
) -> None:
    with pytest.raises(ValueError, match=r"(?i)tensor"):
        Interpreter(*real, threads=1).run(picture)


def test_the_real_model_is_refused_under_another_input_size(real: tuple[Path, ModelSpec]) -> None:
    path, spec = real
    with pytest.raises(ModelError, match=r"input is uint8 \[1, 192, 192, 3\], not .*256"):
        Interpreter(path, msgspec.structs.replace(spec, input_px=256))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "missing"),
        (b"", "no TFL3"),
        (b"<html>not found</html>", "no TFL3"),
        (CONTENT[:50], "cut short"),
        (CONTENT + b"\0", "another model"),
        (CONTENT[:-1] + b"\0", "another model"),
    ],
)
def test_a_wrong_file_is_refused_by_name(
    tiny: tuple[Path, ModelSpec], content: bytes | None, message: str
) -> None:
    path, spec = tiny
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=rf"tiny\.tflite: .*{message}.*kiosk models"):
        Interpreter(path, spec)


@pytest.mark.parametrize(
    ("attribute", "value", "message"),
    [
        ("input_shape", (1, 256, 256, 3), "input is uint8"),
        ("input_dtype", np.float32, "input is float32"),
        ("output_shape", (1, 6, 56), "output is float32"),
        ("output_dtype", np.uint8, "output is uint8"),
    ],
)
def test_another_network_is_refused_by_name(
    tiny: tuple[Path, ModelSpec],
    monkeypatch: pytest.MonkeyPatch,
    attribute: str,
    value: object,
    message: str,
) -> None:
    engine = type("Other", (FakeEngine,), {attribute: value})
    fake_runtime(monkeypatch, engine, ai_edge_litert="2.3.0")
    with pytest.raises(ModelError, match=rf"tiny\.tflite: {message}"):
        Interpreter(*tiny)


@pytest.mark.parametrize("error", [ValueError, RuntimeError, SystemError])
def test_what_the_runtime_says_of_a_model_is_passed_on(
    tiny: tuple[Path, ModelSpec], monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    class Broken(FakeEngine):
        def allocate_tensors(self) -> None:
            raise error("does not fit numpy")

    fake_runtime(monkeypatch, Broken, tflite_runtime="2.14.0")
    with pytest.raises(ModelError, match=r"2\.14\.0 cannot open it \(does not fit numpy\)"):
        Interpreter(*tiny)


def test_a_result_survives_the_next_picture(
    tiny: tuple[Path, ModelSpec], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_runtime(monkeypatch, FakeEngine, tflite_runtime="2.14.0")
    model = Interpreter(*tiny)
    first = model.run(np.full((192, 192, 3), 1, np.uint8))
    model.run(np.full((192, 192, 3), 2, np.uint8))
    assert first == [[1.0] * 3] * 17


def test_litert_comes_before_its_predecessor(
    tiny: tuple[Path, ModelSpec], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_runtime(monkeypatch, FakeEngine, ai_edge_litert="2.3.0", tflite_runtime="2.14.0")
    assert Interpreter(*tiny).runtime == "LiteRT 2.3.0"


def test_without_a_runtime_the_error_says_how_to_get_one(
    tiny: tuple[Path, ModelSpec], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_runtime(monkeypatch, FakeEngine)
    with pytest.raises(ModelError, match=r"no runtime.*setup\.sh"):
        Interpreter(*tiny)


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 1), (4, 3)])
def test_one_core_is_left_free(
    tiny: tuple[Path, ModelSpec], monkeypatch: pytest.MonkeyPatch, cores: int, threads: int
) -> None:
    fake_runtime(monkeypatch, FakeEngine, ai_edge_litert="2.3.0")
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: set(range(cores)))
    assert Interpreter(*tiny).threads == threads
