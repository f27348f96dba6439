"""Runs model files by LiteRT or by its predecessor tflite-runtime."""

import importlib
import importlib.metadata
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import ModelError, RuntimeMissingError
from kiosk.vision.models.download import PERSON_MASK, file_fault
from kiosk.vision.models.manifest import (
    FileSpec,
    MaskSpec,
    ModelSpec,
    load_manifest,
    weights_folder,
)

_RUNTIMES = (
    ("LiteRT", "ai-edge-litert", "ai_edge_litert.interpreter"),
    ("tflite-runtime", "tflite-runtime", "tflite_runtime.interpreter"),
)

_ShapeDtype = tuple[tuple[int, ...], str]


class LoadedModel:
    """One verified model of one input and one output. Not to be shared between threads.

    Args:
        path: the model file.
        spec: what the file must be.
        threads: processor threads for one picture.
        given, made: shape and dtype of the input and of the output.

    Attributes:
        runtime: name and version of the runtime, as "LiteRT 2.3.0".

    Raises:
        ModelError: the file is missing, cut short or another model, its input or output is not as
            given, or no runtime can open it; tflite-runtime lacks an operation of the segmenter.
    """

    def __init__(
        self, path: Path, spec: FileSpec, threads: int, given: _ShapeDtype, made: _ShapeDtype
    ) -> None:
        # First of all: tflite-runtime takes the whole process down over a damaged file.
        if (fault := file_fault(path, spec)) is not None:
            raise ModelError(f"{path}: {fault}; run 'kiosk models' to get {spec.title}")
        self.threads = threads
        engine, self.runtime = load_runtime()
        try:
            self._engine = engine(model_path=str(path), num_threads=threads)
            self._engine.allocate_tensors()
        # A runtime that does not fit its numpy raises SystemError.
        except (ValueError, RuntimeError, SystemError) as error:
            raise ModelError(
                f"{path}: {self.runtime} cannot open it ({error}); reinstall the "
                "runtime, or install ai-edge-litert instead"
            ) from error
        inputs, outputs = self._engine.get_input_details(), self._engine.get_output_details()
        for end, tensors, wanted in (("input", inputs, given), ("output", outputs, made)):
            found = [
                (tuple(map(int, one["shape"])), np.dtype(one["dtype"]).name) for one in tensors
            ]
            if found != [wanted]:
                is_now = " and ".join(f"{dtype} {list(shape)}" for shape, dtype in found)
                raise ModelError(
                    f"{path}: {end} is {is_now or 'nothing'}, not {wanted[1]} {list(wanted[0])}; "
                    f"it is no {spec.title}"
                )
        self._input_index: int = inputs[0]["index"]
        self._output_index: int = outputs[0]["index"]

    def compute(self, tensor: NDArray[Any]) -> NDArray[np.float32]:
        """Runs one input through the model and frees the GIL; the next may overwrite the output.

        Raises:
            ValueError: the input has another shape or dtype.
        """
        self._engine.set_tensor(self._input_index, tensor)
        self._engine.invoke()
        output: NDArray[np.float32] = self._engine.get_tensor(self._output_index)
        return output

    def again(self) -> None:
        """Runs the last input once more, for nobody: what the model costs and nothing else."""
        self._engine.invoke()


class Interpreter(LoadedModel):
    """Finds keypoints in pictures by MoveNet; takes and raises what `LoadedModel` does.

    By default it uses all cores but one, which is left to the camera and the screen. Its input is
    square, of side `input_size` in pixels.
    """

    def __init__(self, path: Path, spec: ModelSpec, threads: int | None = None) -> None:
        side = self.input_size = spec.input_px
        given, made = ((1, side, side, 3), spec.dtype), ((1, 1, 17, 3), "float32")
        super().__init__(path, spec, threads or default_threads(), given, made)

    def run(self, picture: NDArray[np.uint8]) -> list[list[float]]:
        """Finds the keypoints in one picture, [S, S, 3] uint8; frees the GIL meanwhile.

        Returns:
            17 rows of y, x (0 to 1 of the picture) and score (0 to 1), in the order of `Keypoint`:
            plain floats, for an array made of so few takes twice as long right after the model.

        Raises:
            ValueError: the picture has another shape or dtype.
        """
        keypoints: list[list[float]] = self.compute(picture[np.newaxis]).tolist()[0][0]
        return keypoints


class Segmenter(LoadedModel):
    """Finds the pixels that are a person, by MediaPipe's selfie segmenter."""

    def __init__(self, path: Path, spec: MaskSpec, threads: int = 1) -> None:
        height, width = spec.input_px
        given, made = (1, height, width, 3), (1, height, width, 1)
        super().__init__(path, spec, threads, (given, spec.dtype), (made, "float32"))

    def person(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Finds the person: [256, 256] float32, 0 to 1, of a [256, 256, 3] picture; a new array.

        Raises:
            ValueError: the picture has another shape.
        """
        tensor = picture[np.newaxis].astype(np.float32) / 255
        return np.array(self.compute(tensor)[0, ..., 0], np.float32)


def load_segmenter() -> Segmenter:
    """Opens the checkout's segmenter.

    Raises:
        ModelError: its file is missing, damaged or another model, or cannot be run here.
    """
    spec = load_manifest().masks[PERSON_MASK]
    return Segmenter(weights_folder() / spec.file, spec)


def default_threads() -> int:
    """Counts the cores that this process may use, less one, and at least one."""
    return max(1, len(os.sched_getaffinity(0)) - 1)


def load_runtime() -> tuple[Any, str]:
    """Loads the runtime: its Interpreter class, and its name and version.

    Raises:
        RuntimeMissingError: neither runtime can be imported.
    """
    reasons = []
    for title, package, module in _RUNTIMES:
        try:
            engine = importlib.import_module(module).Interpreter
            return engine, f"{title} {importlib.metadata.version(package)}"
        except ImportError as error:
            reasons.append(f"{title}: {error}")
    raise RuntimeMissingError(
        f"no runtime for the model ({'; '.join(reasons)}); run ./setup.sh "
        "in a checkout, or pip install ai-edge-litert"
    )
