import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.body.pose import Pose
from kiosk.errors import BadInputError, SourceError
from kiosk.vision.pose.trace import MOST_FRAMES, read_trace, write_trace


def poses(count: int = 5, size: tuple[int, int] = (640, 480)) -> list[Pose]:
    rng = np.random.default_rng(3)
    return [
        Pose.of(number / 3, rng.random((17, 3)) * [640, 480, 1], size=size)
        for number in range(count)
    ]


def arrays(count: int = 5) -> dict[str, Any]:
    seen = poses(count)
    return {
        "t": np.array([pose.time_s for pose in seen]),
        "keypoints": np.array([pose.keypoints for pose in seen], np.float32),
        "size": np.array([640, 480]),
    }


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "set.npz"
    written = poses()
    write_trace(path, written)
    trace = read_trace(path)
    assert len(trace.times) == 5
    assert trace.size == (640, 480)
    assert (trace.times.dtype, trace.keypoints.dtype) == (np.float64, np.float64)
    for before, after in zip(written, trace, strict=True):
        assert after.time_s == before.time_s
        assert type(after.time_s) is float
        assert after.size == before.size
        assert np.array_equal(after.keypoints, before.keypoints.astype(np.float32))


def test_files_of_other_makers_are_read(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    plain = arrays()
    np.savez_compressed(
        path,
        t=plain["t"].astype(np.float32),
        keypoints=np.asfortranarray(plain["keypoints"].astype(">f8")),
        size=np.array([640.0, 480.0]),
        note=np.array("more than asked for"),
    )
    trace = read_trace(path)
    assert trace.size == (640, 480)
    assert np.array_equal(trace.keypoints, plain["keypoints"])


def test_scores_a_little_outside_are_clipped(tmp_path: Path) -> None:
    path = tmp_path / "set.npz"
    changed = arrays()
    changed["keypoints"][1, 2, 2] = 1.02
    changed["keypoints"][3, 4, 2] = -0.01
    np.savez(path, **changed)
    scores = read_trace(path).keypoints[..., 2]
    assert (scores[1, 2], scores[3, 4]) == (1.0, 0.0)


def change(name: str, index: Any, value: float) -> Callable[[dict[str, Any]], None]:
    def apply(trace: dict[str, Any]) -> None:
        trace[name][index] = value

    return apply


def replace(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda trace: trace.update({name: np.array(value)})


def drop(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda trace: trace.pop(name)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (drop("t"), "array t is missing"),
        (drop("keypoints"), "array keypoints is missing"),
        (drop("size"), "array size is missing"),
        (replace("t", 3.0), r"t has shape \(\)"),
        (replace("t", []), "t holds no frame"),
        (replace("t", [0.0, 1.0]), r"keypoints has shape \(5, 17, 3\) and should be \(2, 17, 3\)"),
        (replace("keypoints", np.zeros((5, 13, 3))), r"\(5, 13, 3\) and should be \(5, 17, 3\)"),
        (replace("keypoints", np.zeros((5, 17, 2))), r"\(5, 17, 2\) and should be \(5, 17, 3\)"),
        (replace("size", [640]), r"size has shape \(1,\)"),
        (replace("size", [640, 0]), "size is"),
        (replace("size", [640, -480]), "size is"),
        (replace("size", [640, 480.5]), "size is"),
        (replace("size", [np.inf, 480]), "size is"),
        (change("t", 3, np.nan), "t holds NaN or infinity at frame 3"),
        (change("keypoints", (2, 5, 1), np.nan), "keypoints holds NaN or infinity at frame 2"),
        (change("keypoints", (4, 0, 2), np.inf), "keypoints holds NaN or infinity at frame 4"),
        (replace("size", [640, 1e9]), "size is"),
        (change("keypoints", (2, 5, 1), 1e38), "keypoints holds a point far outside the frame"),
        (change("keypoints", (2, 5, 0), -4000), "a point far outside the frame at frame 2"),
        (change("keypoints", (3, 5, 2), 80), "keypoints holds a score beyond 0 to 1 at frame 3"),
        (change("t", 4, 1e300), "t makes no sense at frame 4"),
        (replace("t", np.arange(5, dtype=np.longdouble)), "t holds float128 and should hold"),
        (change("t", 2, 0.1), r"t stands still or runs backwards at frame 2 \(0.1 s\)"),
        (change("t", 4, 1.0), r"t stands still or runs backwards at frame 4 \(1 s\)"),
        (replace("t", ["a", "b", "c", "d", "e"]), "t holds <U1 and should hold numbers"),
        (replace("t", [1j] * 5), "t holds complex128"),
        (replace("t", np.array([None] * 5)), "array t is damaged or holds Python objects"),
    ],
)
def test_a_trace_that_makes_no_sense_is_refused_by_name(
    tmp_path: Path, damage: Callable[[dict[str, Any]], None], words: str
) -> None:
    path = tmp_path / "set.npz"
    trace = arrays()
    damage(trace)
    np.savez(path, **trace)
    with pytest.raises(SourceError, match=words) as refusal:
        read_trace(path)
    message = str(refusal.value)
    assert message.startswith(f"{path}: ")
    assert message.endswith("record it again with `kiosk replay FILM --save-trace`")
    assert "\n" not in message


def test_what_is_no_trace_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.npz"
    text.write_text("Three sets of five.\n")
    single = tmp_path / "single.npy"
    np.save(single, np.zeros(3))
    (tmp_path / "empty.npz").touch()
    for path in (text, single, tmp_path / "empty.npz", tmp_path, tmp_path / "missing.npz"):
        with pytest.raises(SourceError, match=r"; (record it again|give the path)"):
            read_trace(path)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_damage_escapes_as_another_error(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "set.npz"
    np.savez_compressed(path, **arrays(2))
    whole = bytearray(path.read_bytes())
    if data.draw(st.booleans()):
        del whole[data.draw(st.integers(0, len(whole) - 1)) :]
    for _ in range(data.draw(st.integers(0, 4))):
        if whole:
            whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(whole)
    try:
        trace = read_trace(path)
    except SourceError:
        return
    assert np.isfinite(trace.keypoints).all()
    assert (np.diff(trace.times) > 0).all()


def test_a_failed_write_leaves_the_old_trace_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "set.npz"
    write_trace(path, poses(3))

    def fail(file: Any, **_: object) -> None:
        file.write(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", fail)
    with pytest.raises(BadInputError, match=r"set\.npz: .*No space left on device"):
        write_trace(path, poses(5))
    assert len(read_trace(path).times) == 3
    assert list(tmp_path.iterdir()) == [path]


def test_a_trace_cannot_be_written_into_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "set.npz"
    with pytest.raises(BadInputError, match=r"set\.npz: .*cannot be written"):
        write_trace(path, poses())


@pytest.mark.parametrize("seen", [[], poses(1) + poses(1, size=(320, 240))])
def test_a_trace_has_poses_of_one_size(tmp_path: Path, seen: list[Pose]) -> None:
    path = tmp_path / "set.npz"
    with pytest.raises(BadInputError, match="one size"):
        write_trace(path, seen)
    assert not path.exists()


@pytest.mark.parametrize("frames", [4_000_000, MOST_FRAMES])
def test_a_trace_is_refused_before_its_arrays_are_unpacked(tmp_path: Path, frames: int) -> None:
    path = tmp_path / "set.npz"
    nothing = np.broadcast_to(np.int8(0), (frames, 17, 3))
    np.savez_compressed(path, t=np.zeros(frames, np.int8), keypoints=nothing, size=[640, 480])
    assert path.stat().st_size < 1_000_000
    tracemalloc.start()
    with pytest.raises(SourceError, match=r"t (holds 4,000,000 frames|stands still)"):
        read_trace(path)
    most_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most_bytes < 50e6


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999,), }",
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (-5,), }",
        b"{'desc{'desc{'desc(((((((",
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (5L,), }",  # as Python 2 wrote it
        b"(" * 400,
    ],
)
def test_a_header_that_promises_too_much_is_refused(tmp_path: Path, header: bytes) -> None:
    whole, path = tmp_path / "whole.npz", tmp_path / "set.npz"
    np.savez(whole, **arrays())
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "t.npy":
                length = int.from_bytes(content[8:10], "little")
                head = header.ljust(max(length, len(header)))
                content = (
                    content[:8] + len(head).to_bytes(2, "little") + head + content[10 + length :]
                )
            new.writestr(name, content)
    with pytest.raises(SourceError) as refusal:
        read_trace(path)
    assert "\n" not in str(refusal.value)
