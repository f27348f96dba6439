"""What a record says of itself."""

import pytest
from coaching.scripted import rep

from kiosk.coaching.record import HINGE_FROM, SQUAT_TO, Measures, SetRecord


@pytest.mark.parametrize(
    ("share", "pattern"),
    [
        (None, None),
        (0.9, "hinge"),
        (HINGE_FROM, "hinge"),
        (HINGE_FROM - 0.001, None),
        (SQUAT_TO + 0.001, None),
        (SQUAT_TO, "squat"),
        (0.2, "squat"),
    ],
)
def test_the_hips_share_of_the_bend_names_the_movement(
    share: float | None, pattern: str | None
) -> None:
    assert rep(1, measures=Measures(hip_share=share)).pattern == pattern


def test_a_set_parts_what_counts_from_what_does_not() -> None:
    reps = (rep(1), rep(1, counted=False), rep(2))
    record = SetRecord(serial=1, exercise="squat", started_s=4.0, reps=reps)
    assert record.counted == (reps[0], reps[2])
    assert record.partials == (reps[1],)
