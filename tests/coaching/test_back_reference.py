"""The person's own good reps, and the verdict against them."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.body.back import BackProfile, Reason
from kiosk.coaching.back_reference import MOST_REPS, BackReference, Departure
from people import FEW

LIMIT = 0.013
LEANS = (42.0, 52.0, 62.0, 70.0, 60.0, 50.0)


def rep(
    more: float = 0.0,
    *,
    leans: Sequence[float] = LEANS,
    hip_drop: float = 0.02,
    slope: float = 0.0,
    noise: Sequence[float] = (0.003, -0.002, 0.001, -0.003, 0.002, -0.001),
) -> list[BackProfile | Reason]:
    """A rep whose back is `more` rounder than the person's own."""
    return [
        BackProfile(
            bulge=0.11 + more + slope * (lean - 60) + noise[k % len(noise)],
            lean_deg=lean,
            hip_drop=hip_drop,
            confidence=0.8,
        )
        for k, lean in enumerate(leans)
    ]


def reference(reps: int = 2, **how: float) -> BackReference:
    made = BackReference(LIMIT)
    for _ in range(reps):
        made.learn(rep(**how))
    return made


def test_two_good_reps_make_a_reference() -> None:
    made = BackReference(LIMIT)
    for _ in range(2):
        assert made.judge(rep()) is Reason.NO_REFERENCE
        made.learn(rep())
    assert isinstance(made.judge(rep()), Departure)


@pytest.mark.parametrize("more", [0.0, 0.03, -0.03, 0.01])
def test_a_departure_is_measured_rounder_or_more_hollow(more: float) -> None:
    found = reference().judge(rep(more))
    assert found.bulge == pytest.approx(more, abs=0.002)
    assert found.limit == LIMIT
    assert found.confidence == pytest.approx(0.8)


def beyond(made: BackReference, more: float) -> bool:
    found = made.judge(rep(more))
    return abs(found.bulge) > found.limit


@FEW
@given(shape=st.floats(-0.5, 0.5), more=st.floats(-0.06, 0.06))
def test_the_bodys_own_shape_does_not_matter(shape: float, more: float) -> None:
    made = BackReference(LIMIT)
    for _ in range(2):
        made.learn(rep(shape))
    assert made.judge(rep(shape + more)).bulge == pytest.approx(more, abs=0.002)


def test_reps_are_compared_at_equal_lean() -> None:
    """A contour that bows more the deeper it goes is no fault of a deeper rep."""
    steep = 0.0012
    made = reference(slope=steep)
    deeper = rep(slope=steep, leans=(55.0, 62.0, 70.0, 75.0, 66.0))
    assert abs(made.judge(deeper).bulge) < LIMIT / 2


def test_a_load_that_rounds_every_rise_is_no_fault_and_no_noise() -> None:
    """The first lift from the floor has a rise alone."""

    def loaded(leans: Sequence[float] = LEANS, more: float = 0.0) -> list[BackProfile | Reason]:
        profiles = [p for p in rep(more, leans=leans) if isinstance(p, BackProfile)]
        deepest = max(range(len(leans)), key=lambda k: leans[k])
        return [
            replace(p, bulge=p.bulge + (0.03 if k >= deepest else 0.0))
            for k, p in enumerate(profiles)
        ]

    made = BackReference(LIMIT)
    for _ in range(3):
        made.learn(loaded())
    for leans in (LEANS, (70.0, 62.0, 55.0, 48.0, 42.0)):
        good, bad = made.judge(loaded(leans)), made.judge(loaded(leans, more=0.03))
        assert abs(good.bulge) < LIMIT / 2
        assert bad.bulge > bad.limit


def test_leans_that_the_reference_never_saw_are_not_compared() -> None:
    made = reference()
    deeper = rep(0.05, leans=(80.0, 85.0, 90.0, 84.0))
    assert isinstance(made.judge(rep(leans=(60.0, 65.0, 70.0, 90.0))), Departure)
    for _ in range(2):
        assert made.judge(deeper) is Reason.NO_REFERENCE
        made.learn(deeper)
    assert made.judge(deeper).bulge == pytest.approx(0.0, abs=0.002)


def test_another_posture_needs_good_reps_of_its_own() -> None:
    """Whoever began with bent knees is not refused for ever after."""
    made, other = reference(hip_drop=0.1), rep(0.01, hip_drop=0.02)
    for _ in range(2):
        assert made.judge(other) is Reason.NO_REFERENCE
        made.learn(other)
    assert made.judge(other).bulge == pytest.approx(0.0, abs=0.002)
    assert made.judge(rep(hip_drop=0.1)).bulge == pytest.approx(0.0, abs=0.002)
    assert isinstance(made.judge(rep(hip_drop=0.15)), Departure)


@pytest.mark.parametrize("more", [0.05, -0.05])
def test_what_no_posture_explains_is_known_in_any_posture(more: float) -> None:
    """Stiff legs and a round back come together: such reps make no reference of their own."""
    made, other = reference(hip_drop=0.1), rep(more, hip_drop=0.02)
    for _ in range(3):
        found = made.judge(other)
        assert found.bulge == pytest.approx(more, abs=0.002)
        assert LIMIT < found.limit < abs(more)
        made.learn(other)


def test_hips_that_come_down_with_the_lean_are_no_other_posture_of_a_deeper_rep() -> None:
    def sinking(leans: Sequence[float]) -> list[BackProfile | Reason]:
        profiles = [p for p in rep(leans=leans) if isinstance(p, BackProfile)]
        return [replace(p, hip_drop=0.01 * (p.lean_deg - 40)) for p in profiles]

    made = BackReference(LIMIT)
    for _ in range(2):
        made.learn(sinking(LEANS))
    assert isinstance(made.judge(sinking((60.0, 65.0, 70.0, 74.0, 66.0))), Departure)


def test_noisy_readings_widen_the_limit_and_then_call_no_back_good() -> None:
    noise = (0.012, -0.012, 0.010, -0.010, 0.008, -0.008)
    assert reference(noise=noise).judge(rep(noise=noise, leans=LEANS[:5])).limit > LIMIT
    worse = [3 * n for n in noise]
    for more in (0.0, 0.02):
        assert reference(noise=worse).judge(rep(more)) is Reason.UNCLEAR
    assert reference(noise=worse).judge(rep(0.09)).bulge == pytest.approx(0.09, abs=0.005)


def test_how_far_noise_may_widen_the_limit_follows_the_limit() -> None:
    """What is too noisy for a narrow limit is calm enough for a wide one."""
    noise = (0.02, -0.02, 0.018, -0.018, 0.015, -0.015)
    narrow, wide = BackReference(LIMIT / 3), BackReference(3 * LIMIT)
    for made in (narrow, wide):
        for _ in range(2):
            made.learn(rep())
    assert narrow.judge(rep(noise=noise)) is Reason.UNCLEAR
    assert wide.judge(rep(noise=noise)).limit == 3 * LIMIT


def test_how_alike_the_first_reps_must_be_follows_the_limit() -> None:
    for limit, ready in ((LIMIT, False), (2 * LIMIT, True)):
        made = BackReference(limit)
        made.learn(rep())
        made.learn(rep(0.015))
        assert isinstance(made.judge(rep()), Departure) is ready


def test_the_first_two_that_agree_make_a_reference_whatever_lies_between() -> None:
    made = BackReference(LIMIT)
    for more in (0.0, 0.04, 0.0):
        assert made.judge(rep(more)) is Reason.NO_REFERENCE
        made.learn(rep(more))
    assert made.judge(rep()).bulge == pytest.approx(0.0, abs=0.002)
    assert beyond(made, 0.04)


def test_a_rounded_rep_never_joins() -> None:
    made = reference()
    for _ in range(8):
        made.learn(rep(0.05))
    assert beyond(made, 0.05)


def test_a_slow_drift_does_not_become_the_rule() -> None:
    made, more = reference(), 0.0
    for _ in range(40):
        more += 0.002
        made.learn(rep(more))
    assert beyond(made, more)
    assert beyond(made, -0.03)


def test_only_the_first_good_reps_are_kept() -> None:
    made = reference(MOST_REPS)
    for _ in range(20):
        made.learn(rep(0.006))
    assert made.judge(rep()).bulge == pytest.approx(0.0, abs=0.001)


@pytest.mark.parametrize(
    ("looks", "reason"),
    [
        ([], Reason.NOT_BENT_ENOUGH),
        (rep()[:2], Reason.NOT_BENT_ENOUGH),
        ([*rep()[:2], Reason.UNCLEAR], Reason.UNCLEAR),
        ([*rep()[:3], *[Reason.BAR_COVERS_BACK] * 3], Reason.BAR_COVERS_BACK),
        ([Reason.TURN_SIDE_ON] * 5, Reason.TURN_SIDE_ON),
    ],
)
def test_a_rep_that_cannot_be_judged_says_why_and_teaches_nothing(
    looks: list[BackProfile | Reason], reason: Reason
) -> None:
    assert reference().judge(looks) is reason
    made = BackReference(LIMIT)
    for _ in range(3):
        made.learn(looks)
    assert made.judge(rep()) is Reason.NO_REFERENCE
