"""What `kiosk bench` tells; no figure itself is held against a limit here."""

import json

import pytest

from kiosk.commands import cli
from kiosk.commands.bench import whole
from kiosk.commands.bench.live import measure_live
from kiosk.commands.bench.loop import STAGES, measure_loop
from kiosk.commands.bench.stopwatch import Stopwatch
from kiosk.commands.bench.whole import Figures, measure_all, text
from kiosk.errors import BadInputError
from kiosk.vision.pose.loader import load_interpreter

PROMISED = (
    "loop_over_inference",
    "invoke_ms",
    "crop_ms",
    "body_coach_ms",
    "back_line_ms",
    "draw_ms",
    "count_delay_ms",
    "start_s",
    "rss_mb",
    "frames_per_s",
)


@pytest.fixture(scope="module")
def looped() -> Stopwatch:
    return measure_loop(load_interpreter("lightning_f16", 1)[0], most_s=0)


@pytest.fixture
def figures(looped: Stopwatch, monkeypatch: pytest.MonkeyPatch) -> Figures:
    lived = {"start_s": 1.5, "count_delay_ms": 20.0, "rss_mb": 150.0}
    monkeypatch.setattr(whole, "measure_live", lambda *_: lived)
    monkeypatch.setattr(whole, "measure_loop", lambda *_, **__: looped)
    return measure_all("lightning_f16", 1)


def test_a_stopwatch_times_a_method_and_hands_on_what_it_gives() -> None:
    watch, word = Stopwatch(), type("Word", (), {"twice": lambda self, text: 2 * text})()
    watch.on(word, "twice", "twice")
    assert word.twice("ha") == "haha"
    assert watch.count("twice") == 1


def test_a_stopwatch_tells_medians_and_nothing_where_nothing_was_timed() -> None:
    watch = Stopwatch()
    for took_ms in (5.0, 1.0, 3.0):
        watch.note("crop", took_ms)
    assert (watch.median_ms("crop"), watch.newest_ms("crop")) == (3.0, 3.0)
    assert watch.median_ms("draw") is watch.p95_ms("draw") is None
    watch.restart()
    assert watch.count("crop") == 0


def test_every_stage_of_a_frame_is_measured_and_the_model_alone_as_often_as_the_loop(
    looped: Stopwatch,
) -> None:
    assert all(looped.count(stage) for stage in STAGES)
    assert looped.count("bare") - looped.count("loop") in {0, 1}
    assert looped.count("ratio") == looped.count("loop") // 2


def test_the_stages_of_a_frame_make_up_the_loop(looped: Stopwatch) -> None:
    parts = ("invoke", "decode_smooth", "body", "coach")  # a set is cut ahead
    sums = [sum(of) for of in zip(*(looped.all_ms(part) for part in parts), strict=True)]
    assert all(part <= loop for part, loop in zip(sums, looped.all_ms("staged"), strict=True))


def test_the_document_is_flat_and_holds_what_others_read(figures: Figures) -> None:
    assert set(PROMISED) <= set(figures)
    assert not any(isinstance(value, dict | list) for value in figures.values())
    assert json.loads(json.dumps(figures)) == figures


def test_the_text_names_what_is_over_its_limit(figures: Figures) -> None:
    within: Figures = dict.fromkeys(whole._LIMITS, 0.0)
    assert "all within" in text({**figures, **within})
    assert "over its limit: rss_mb 181.00" in text({**figures, **within, "rss_mb": 181.0})


def test_heat_is_told_where_the_machine_tells_it(figures: Figures) -> None:
    cool = {"temperature_c": None, "throttled_since_boot": None}
    assert "°C" not in text({**figures, **cool})
    hot = {"temperature_c": 81.0, "throttled_now": False, "throttled_since_boot": True}
    assert "81 °C" in text({**figures, **hot})
    assert "since boot, not now" in text({**figures, **hot})


def test_the_mirror_tells_its_start_and_its_size_from_a_process_of_its_own() -> None:
    live = measure_live("lightning_f16", 1, plays_s=0.3)
    parts = ("import", "settings", "model", "display", "first_frame")
    assert live["start_s"] == pytest.approx(sum(live[f"start_{part}_s"] or 0 for part in parts))
    assert live["count_delay_ms"] is not None
    assert (live["rss_mb"] or 0) > 20


def test_a_mirror_that_does_not_run_is_told_in_one_line() -> None:
    with pytest.raises(BadInputError, match=r"posenet.*kiosk doctor"):
        measure_live("posenet", 1)


def test_the_command_prints_one_object(
    figures: Figures, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["bench", "--json", "--model", "lightning_f16", "--threads", "1"]) == 0
    assert set(PROMISED) <= set(json.loads(capsys.readouterr().out))
