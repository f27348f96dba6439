"""Which frames are looked at: by lean, whatever the frame rate."""

import math

import pytest
from drawn import bent, body_of
from msgspec.structs import replace

from kiosk.vision.back.frame_gate import LEAST_LEAN_DEG, FrameGate

BODY = body_of(bent())


def chosen(leans: list[float | None]) -> list[float]:
    chooser = FrameGate()
    return [
        lean
        for lean in leans
        if chooser.wants(replace(BODY, trunk_lean_deg=lean)) and lean is not None
    ]


def rep(fps: float, deepest: float = 75.0, seconds: float = 3.0) -> list[float | None]:
    steps = round(fps * seconds)
    return [deepest * math.sin(math.pi * k / steps) ** 2 for k in range(steps + 1)]


@pytest.mark.parametrize("fps", [10, 15, 30, 60])
@pytest.mark.parametrize("seconds", [1.5, 3.0, 6.0])
def test_a_full_hinge_is_looked_at_a_few_times(fps: float, seconds: float) -> None:
    looks = chosen(rep(fps, seconds=seconds))
    assert 5 <= len(looks) <= 9
    assert min(looks) >= LEAST_LEAN_DEG
    assert max(looks) > 65


def test_the_leans_hardly_depend_on_the_frame_rate() -> None:
    slow, fast = chosen(rep(20)), chosen(rep(60))
    assert len(slow) == len(fast)
    assert all(abs(a - b) < 9 for a, b in zip(slow, fast, strict=True))


def test_a_rest_at_the_bottom_is_looked_at_once() -> None:
    down = [float(lean) for lean in range(0, 71, 2)]
    resting = [70 + 0.5 * math.sin(k) for k in range(300)]
    assert len(chosen([*down, *resting])) == len(chosen(down))


def test_a_shallow_rep_is_not_looked_at() -> None:
    assert chosen(rep(15, deepest=38)) == []


def test_nobody_there_is_as_between_two_reps() -> None:
    chooser = FrameGate()
    assert not chooser.wants(None)
    first = chosen(rep(15))
    assert chosen([*rep(15), None, *rep(15)]) == first + first
