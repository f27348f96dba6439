"""The loop against the model alone, and its stages."""

import pytest

from kiosk.commands.bench.loop import measure_loop
from kiosk.commands.bench.stopwatch import Stopwatch
from kiosk.commands.bench.whole import STAGES
from kiosk.vision.models.selection import load_interpreter


@pytest.fixture(scope="module")
def looped() -> Stopwatch:
    return measure_loop(load_interpreter("lightning_f16", 1)[0], most_s=0)


def test_every_stage_of_a_frame_is_measured_and_the_model_alone_as_often_as_the_loop(
    looped: Stopwatch,
) -> None:
    assert all(looped.count(stage) for stage in STAGES)
    assert looped.count("invoke") - looped.count("loop") in {0, 1}
    assert looped.count("ratio") == looped.count("loop") // 2


def test_the_stages_of_a_frame_make_up_the_loop(looped: Stopwatch) -> None:
    parts = ("model", "decode_smooth", "body", "coach")  # a set is cut ahead
    sums = [sum(of) for of in zip(*(looped.took_ms[part] for part in parts), strict=True)]
    assert all(part <= loop for part, loop in zip(sums, looped.took_ms["staged"], strict=True))
