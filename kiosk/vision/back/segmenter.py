"""MediaPipe's selfie segmenter: which pixels of a picture are a person."""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import ModelError
from kiosk.vision.models.download import PERSON_MASK, file_fault
from kiosk.vision.models.interpreter import load_runtime
from kiosk.vision.models.manifest import MaskSpec, load_manifest, weights_folder

SIDE_PX = 256


class Segmenter(Protocol):
    """Tells people from everything else."""

    def person(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """[256, 256] float32, 0 to 1, of a [256, 256, 3] picture."""


class SelfieSegmenter:
    """Runs the segmenter. Not to be shared between threads; frees the GIL while it runs.

    Args:
        path: the model file.
        spec: what the file must be.
        threads: processor threads for one picture.

    Raises:
        ModelError: the file is missing, damaged or another model, or the runtime cannot open it;
            tflite-runtime lacks the model's last operation.
    """

    def __init__(self, path: Path, spec: MaskSpec, threads: int = 1) -> None:
        if (fault := file_fault(path, spec)) is not None:
            raise ModelError(f"{path}: {fault}; run 'kiosk models' to get {spec.title}")
        engine, runtime = load_runtime()
        try:
            self._engine = engine(model_path=str(path), num_threads=threads)
            self._engine.allocate_tensors()
        except (ValueError, RuntimeError, SystemError) as error:
            raise ModelError(
                f"{path}: {runtime} cannot open it ({error}); install ai-edge-litert"
            ) from error
        given, made = self._engine.get_input_details()[0], self._engine.get_output_details()[0]
        height, width = spec.input_px
        found = (tuple(map(int, given["shape"])), tuple(map(int, made["shape"])))
        if found != ((1, height, width, 3), (1, height, width, 1)):
            raise ModelError(f"{path}: input and output are {found}; it is no {spec.title}")
        self._input_index: int = given["index"]
        self._output_index: int = made["index"]

    def person(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """[256, 256] float32, 0 to 1, of a [256, 256, 3] picture; an array of its own.

        Raises:
            ValueError: the picture has another shape.
        """
        self._engine.set_tensor(self._input_index, np.float32(picture[np.newaxis]) / 255)
        self._engine.invoke()
        return np.array(self._engine.get_tensor(self._output_index)[0, ..., 0], np.float32)


def load_segmenter(threads: int = 1) -> SelfieSegmenter:
    """Opens the checkout's segmenter.

    Raises:
        ModelError: its file is missing, damaged or another model, or cannot be run here.
    """
    spec = load_manifest().mask(PERSON_MASK)
    return SelfieSegmenter(weights_folder() / spec.file, spec, threads)
