"""One MoveNet model in memory, run by LiteRT or by its predecessor tflite-runtime."""

import importlib
import importlib.metadata
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import ModelError, RuntimeMissingError
from kiosk.vision.models.download import file_fault
from kiosk.vision.models.manifest import ModelSpec

_RUNTIMES = (
    ("LiteRT", "ai-edge-litert", "ai_edge_litert.interpreter"),
    ("tflite-runtime", "tflite-runtime", "tflite_runtime.interpreter"),
)
_OUTPUT_SHAPE = (1, 1, 17, 3)


class Interpreter:
    """Runs pictures through one model. Not to be shared between threads; frees the GIL in `run`.

    Args:
        path: the model file.
        spec: what the file must be.
        threads: processor threads for one picture; by default all cores but one, which is left to
            the camera and the screen.

    Raises:
        ModelError: the file is missing, cut short or another model, its input or output is not what
            MoveNet's is, or no runtime can open it.
    """

    def __init__(self, path: Path, spec: ModelSpec, threads: int | None = None) -> None:
        # First of all: tflite-runtime takes the whole process down over a damaged file.
        if (fault := file_fault(path, spec)) is not None:
            raise ModelError(f"{path}: {fault}; run 'kiosk models' to get {spec.title}")
        self._threads = threads or default_threads()
        engine, self._runtime = load_runtime()
        try:
            self._engine = engine(model_path=str(path), num_threads=self._threads)
            self._engine.allocate_tensors()
        # A runtime that does not fit its numpy raises SystemError.
        except (ValueError, RuntimeError, SystemError) as error:
            raise ModelError(
                f"{path}: {self._runtime} cannot open it ({error}); reinstall the runtime"
            ) from error
        self._input_size = spec.input_px
        side = spec.input_px
        given = self._engine.get_input_details()
        made = self._engine.get_output_details()
        _require(path, "input", given, (1, side, side, 3), np.dtype(spec.dtype))
        _require(path, "output", made, _OUTPUT_SHAPE, np.dtype(np.float32))
        self._input_index: int = given[0]["index"]
        self._output_index: int = made[0]["index"]

    @property
    def input_size(self) -> int:
        """Side of the square input in pixels."""
        return self._input_size

    @property
    def threads(self) -> int:
        """Processor threads that one picture uses."""
        return self._threads

    @property
    def runtime(self) -> str:
        """Name and version of the runtime, as "LiteRT 2.3.0"."""
        return self._runtime

    def run(self, picture: NDArray[np.uint8]) -> list[list[float]]:
        """The keypoints in one picture.

        Args:
            picture: [S, S, 3] uint8, R G B, S = `input_size`.

        Returns:
            17 rows of y, x (0 to 1 of the picture) and score (0 to 1), in the order of `Keypoint`:
            plain floats, for an array made of so few takes twice as long right after the model.

        Raises:
            ValueError: the picture has another shape or dtype.
        """
        self._engine.set_tensor(self._input_index, picture[np.newaxis])
        self._engine.invoke()
        keypoints: list[list[float]] = self._engine.get_tensor(self._output_index).tolist()[0][0]
        return keypoints

    def again(self) -> None:
        """Runs the last picture once more, for nobody: what the model costs and nothing else."""
        self._engine.invoke()


def default_threads() -> int:
    """All cores that this process may use but one, and at least one."""
    return max(1, len(os.sched_getaffinity(0)) - 1)


def load_runtime() -> tuple[Any, str]:
    """The runtime's Interpreter class, and its name and version.

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
        f"no runtime for the model ({'; '.join(reasons)}); run ./setup.sh, "
        "or pip install ai-edge-litert"
    )


def _require(
    path: Path,
    end: str,
    tensors: list[dict[str, Any]],
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
) -> None:
    found = [(tuple(map(int, tensor["shape"])), np.dtype(tensor["dtype"])) for tensor in tensors]
    if found != [(shape, dtype)]:
        is_now = " and ".join(f"{kind} {list(size)}" for size, kind in found) or "nothing"
        raise ModelError(
            f"{path}: {end} is {is_now}, not {dtype} {list(shape)}; it is no MoveNet single pose "
            "model of this size"
        )
