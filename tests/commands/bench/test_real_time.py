"""The mirror measured in a process of its own."""

import pytest

from kiosk.commands.bench.real_time import measure_idle, measure_live
from kiosk.errors import BadInputError


def test_the_mirror_tells_its_start_and_its_size_from_a_process_of_its_own() -> None:
    live = measure_live("lightning_f16", 1, plays_s=0.3)
    parts = ("import", "settings", "model", "display", "first_frame")
    assert live["start_s"] == pytest.approx(sum(live[f"start_{part}_s"] or 0 for part in parts))
    assert live["count_delay_ms"] is not None
    assert (live["rss_mb"] or 0) > 20


def test_an_empty_room_is_measured_in_a_process_of_its_own() -> None:
    figures = measure_idle("lightning_f16", 1, lasts_s=0.5)
    assert figures.keys() == {"idle_share", "asleep_share"}
    assert all(0 < (share or 0) < 2 for share in figures.values())


def test_a_mirror_that_does_not_run_is_told_in_one_line() -> None:
    with pytest.raises(BadInputError, match=r"posenet.*kiosk doctor"):
        measure_live("posenet", 1)
