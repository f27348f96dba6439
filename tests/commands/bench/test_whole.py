"""What `kiosk bench` prints; no figure itself is held against a limit here."""

import json
from types import SimpleNamespace

import pytest

from kiosk.commands import cli
from kiosk.commands.bench import whole
from kiosk.commands.bench.stopwatch import Stopwatch
from kiosk.commands.bench.whole import LIMITS, STAGES, Figures, format_figures, measure_all

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
    "idle_share",
)


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> Figures:
    looped = Stopwatch()
    for number, stage in enumerate((*STAGES, "ratio")):
        looped.took_ms[stage] = [1.0 + number, 2.0 + number]
    lived = {"start_s": 1.5, "count_delay_ms": 20.0, "rss_mb": 150.0}
    alone = {"idle_share": 0.04, "asleep_share": 0.03}
    monkeypatch.setattr(whole, "measure_live", lambda *_: lived)
    monkeypatch.setattr(whole, "measure_idle", lambda *_: alone)
    monkeypatch.setattr(whole, "measure_loop", lambda *_, **__: looped)
    engine = SimpleNamespace(threads=1, runtime="LiteRT")
    monkeypatch.setattr(whole, "load_interpreter", lambda *_: (engine, "lightning_f16"))
    return measure_all("lightning_f16", 1)


def test_a_figure_is_rounded_and_stands_under_its_name(figures: Figures) -> None:
    assert [figures[f"{name}_ms"] for name in STAGES] == [1.5 + n for n in range(len(STAGES))]
    assert figures["capture_ms_p95"] == 1.95
    assert figures["frames_per_s"] == round(1000 / 10.5, 3)
    assert (figures["frames"], figures["loop_over_inference"]) == (2, 13.5)


def test_the_document_is_flat_and_holds_what_others_read(figures: Figures) -> None:
    assert set(PROMISED) <= set(figures)
    assert not any(isinstance(value, dict | list) for value in figures.values())
    assert json.loads(json.dumps(figures)) == figures


def test_the_text_names_what_is_over_its_limit(figures: Figures) -> None:
    within: Figures = dict.fromkeys(LIMITS, 0.0)
    assert "all within" in format_figures({**figures, **within})
    assert "over its limit: rss_mb 181.00" in format_figures({**figures, **within, "rss_mb": 181.0})


def test_heat_is_told_where_the_machine_tells_it(figures: Figures) -> None:
    cool = {"temperature_c": None, "throttled_since_boot": None}
    assert "°C" not in format_figures({**figures, **cool})
    hot = {"temperature_c": 81.0, "throttled_now": False, "throttled_since_boot": True}
    assert "81 °C" in format_figures({**figures, **hot})
    assert "since boot, not now" in format_figures({**figures, **hot})


def test_the_command_prints_one_object(
    figures: Figures, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["bench", "--json", "--model", "lightning_f16", "--threads", "1"]) == 0
    assert set(PROMISED) <= set(json.loads(capsys.readouterr().out))
