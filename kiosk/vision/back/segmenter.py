"""Finds the pixels of a picture that are a person, by MediaPipe's selfie segmenter."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.vision.models.download import PERSON_MASK
from kiosk.vision.models.interpreter import LoadedModel
from kiosk.vision.models.manifest import MaskSpec, load_manifest, weights_folder

SIDE_PX = 256


class Segmenter(LoadedModel):
    """Tells people from everything else; takes and raises what `LoadedModel` does."""

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


def load_segmenter(threads: int = 1) -> Segmenter:
    """Opens the checkout's segmenter.

    Raises:
        ModelError: its file is missing, damaged or another model, or cannot be run here.
    """
    spec = load_manifest().masks[PERSON_MASK]
    return Segmenter(weights_folder() / spec.file, spec, threads)
