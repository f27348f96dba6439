"""The back against the person's own good reps, from readings that are written down here."""

from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from kiosk.body.back import LEAST_LEAN_DEG, BackProfile, BackReading, Reason
from kiosk.body.observer import BodyObserver
from kiosk.body.state import BodyState
from kiosk.coaching.back_check import REST_S, BackCheck
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import CheckResult, Measures, Rep, Tempo, Verdict
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.exercises.exercise import Exercise
from people import figure, film, hinges

RDL = exercise_by_id("romanian_deadlift")
RED, BLUE = (0.8, 0.1, 0.1) * 3, (0.1, 0.1, 0.8) * 3
LEANS = (44.0, 56.0, 68.0, 66.0, 54.0)


def rep(number: int, **how: object) -> Rep:
    start_s = 10.0 * number
    made = Rep(
        number=number, start_s=start_s, bottom_s=start_s + 2, end_s=start_s + 4, counted=True,
        tempo=Tempo(eccentric_s=2, pause_s=0, concentric_s=2), measures=Measures(),
    )  # fmt: skip
    return replace(made, **how)  # type: ignore[arg-type]  # fields of a rep


def reading(time_s: float, back: BackProfile | Reason, yaw_deg: float = 5.0) -> BackReading:
    return BackReading(time_s=time_s, yaw_deg=yaw_deg, back=back)


def seen(
    check: BackCheck,
    one: Rep,
    bulge: float,
    *,
    yaw_deg: float = 5.0,
    clothes: tuple[float, ...] = RED,
    exercise: Exercise = RDL,
) -> dict[str, CheckResult]:
    """The rep with readings of this bulge in it."""
    for part, lean in enumerate(LEANS):
        time_s = one.start_s + 0.5 + part * 0.6
        bow = bulge + 0.001 * (part % 2)
        profile = BackProfile(
            bulge=bow, lean_deg=lean, hip_drop=0.02, confidence=0.8, clothes=clothes
        )
        check.record(reading(time_s, profile, yaw_deg))
    return check.judge(one, exercise)


def verdicts(results: dict[str, CheckResult]) -> tuple[Verdict, Verdict]:
    return results["rounded_back"].verdict, results["over_arched_back"].verdict


def test_two_good_reps_come_first() -> None:
    check = BackCheck()
    for number in (1, 2):
        results = seen(check, rep(number), 0.05)
        assert {r.reason for r in results.values()} == {"no_reference"}
    assert verdicts(seen(check, rep(3), 0.05)) == (Verdict.OK, Verdict.OK)


def test_rounder_and_more_hollow_than_ones_own_are_told_apart() -> None:
    check = BackCheck()
    for number in (1, 2, 3):
        seen(check, rep(number), 0.05)
    round_back = seen(check, rep(4), 0.05 + 0.03)
    assert verdicts(round_back) == (Verdict.FAULT, Verdict.OK)
    assert round_back["rounded_back"].value == pytest.approx(0.03, abs=0.003)
    assert round_back["rounded_back"].unit == "trunks"
    assert verdicts(seen(check, rep(5), 0.05 - 0.03)) == (Verdict.OK, Verdict.FAULT)


def test_another_checks_fault_keeps_no_rep_from_the_reference() -> None:
    check = BackCheck()
    bad = {"knee_dominance": CheckResult(verdict=Verdict.FAULT)}
    for number in (1, 2):
        seen(check, rep(number, checks=bad), 0.05)
    assert verdicts(seen(check, rep(3, checks=bad), 0.05)) == (Verdict.OK, Verdict.OK)


def test_readings_of_another_rep_do_not_count() -> None:
    check = BackCheck()
    for number in (1, 2, 3):
        seen(check, rep(number), 0.05)
    assert {r.verdict for r in check.judge(rep(9), RDL).values()} == {Verdict.NOT_ASSESSED}


def test_what_kept_the_back_from_being_read_is_the_reason() -> None:
    check = BackCheck()
    one = rep(1)
    for part in range(5):
        check.record(reading(one.start_s + 0.5 + part * 0.6, Reason.ARMS_COVER_BACK))
    assert {r.reason for r in check.judge(one, RDL).values()} == {"arms_cover_back"}


@pytest.mark.parametrize(
    ("lean_deg", "reason"),
    [
        (LEAST_LEAN_DEG - 1, "not_bent_enough"),
        (LEAST_LEAN_DEG + 1, "no_back_line"),
        (None, "no_back_line"),
    ],
)
def test_without_readings_either_nobody_bent_or_nobody_looked(
    lean_deg: float | None, reason: str
) -> None:
    one = rep(1, measures=Measures(trunk_lean_deg=lean_deg))
    assert {r.reason for r in BackCheck().judge(one, RDL).values()} == {reason}


def test_somebody_turned_farther_than_the_rule_allows_is_not_judged() -> None:
    """Whatever else was in the way of the reading."""
    check = BackCheck()
    (rule,) = (rule for rule in RDL.checks if rule.id == "rounded_back")
    beyond = rule.most_yaw_deg + 1
    for number in (1, 2, 3):
        turned = seen(check, rep(number), 0.05, yaw_deg=beyond)
        assert {r.reason for r in turned.values()} == {"turn_side_on"}
    assert {r.reason for r in seen(check, rep(4), 0.05).values()} == {"no_reference"}
    one = rep(5)
    for part in range(5):
        time_s = one.start_s + 0.5 + part * 0.6
        check.record(reading(time_s, Reason.ARMS_COVER_BACK, beyond))
    assert {r.reason for r in check.judge(one, RDL).values()} == {"turn_side_on"}


def test_what_the_rep_has_answered_already_is_left_out_and_teaches_nothing() -> None:
    check = BackCheck()
    answered = {"rounded_back": CheckResult(verdict=Verdict.NOT_ASSESSED, reason="too_few_frames")}
    for number in (1, 2, 3):
        assert set(seen(check, rep(number, checks=answered), 0.05)) == {"over_arched_back"}
    results = seen(check, rep(4), 0.05)
    assert results["rounded_back"].reason == "no_reference"
    assert results["over_arched_back"].verdict is Verdict.OK


def test_an_exercise_without_the_check_says_nothing_of_the_back() -> None:
    assert BackCheck().judge(rep(1), exercise_by_id("squat")) == {}


def test_the_coach_joins_the_back_to_the_rep() -> None:
    coach = Coach(exercise_by_id("hip_hinge"))
    for pose in hinges(4):
        body = coach.update(pose) and coach.body
        if body is not None and (body.trunk_lean_deg or 0) > 45:
            bulge = 0.05 if pose.time_s < 12 else 0.1
            profile = BackProfile(
                bulge=bulge, lean_deg=body.trunk_lean_deg or 0.0, hip_drop=0.02, confidence=0.8
            )
            coach.record_back(reading(pose.time_s, profile))
    record = coach.finish().current
    assert record is not None
    told = [r.checks["rounded_back"].verdict for r in record.counted]
    assert told == [Verdict.NOT_ASSESSED] * 2 + [Verdict.OK, Verdict.FAULT]
    assert [r.score for r in record.counted] == [100, 100, 100, 70]


@pytest.mark.parametrize("limit", [{"above": -0.01}, {"above": 0.0}, {"below": 0.01}])
def test_a_limit_that_the_persons_own_good_reps_would_break_is_refused(
    limit: dict[str, float],
) -> None:
    (rule,) = (rule for rule in RDL.checks if rule.id == "rounded_back")
    with pytest.raises(ValueError, match="departs by 0 from the person's own good reps"):
        structs.replace(rule, **{"above": None, "below": None, **limit})


# -- whose reference it is -------------------------------------------------------------------------


def standing(**how: Any) -> BodyState:
    """Somebody who stands side-on."""
    observer = BodyObserver()
    bodies = [observer.observe(pose) for pose in film(3, lambda t: figure(t, **how))]
    assert bodies[-1] is not None
    return bodies[-1]


def of_whoever_returns(
    body: BodyState,
    *,
    after_s: float = 60.0,
    clothes: tuple[float, ...] = RED,
    exercise: Exercise = RDL,
    chosen: bool = False,
) -> dict[str, CheckResult]:
    """Three reps in red, an absence, and the first rep of whoever comes then, in their clothes."""
    check = BackCheck(chosen=chosen)
    check.update(standing())
    for number in (1, 2, 3):
        seen(check, rep(number), 0.05)
    check.begin()
    check.update(body)
    start_s = 34.0 + after_s
    return seen(
        check, rep(1, start_s=start_s, end_s=start_s + 4), 0.08, clothes=clothes, exercise=exercise
    )


def test_whoever_returns_from_a_rest_is_held_against_their_own_good_reps() -> None:
    for body in (standing(), standing(feet=(360.0, 440.0)), standing(stature_px=305.0)):
        assert of_whoever_returns(body)["rounded_back"].verdict is Verdict.FAULT


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ({"feet": (520.0, 440.0)}, {}),
        ({"stature_px": 330.0}, {}),
        ({"facing": -1}, {}),
        ({}, {"clothes": BLUE}),
        ({}, {"clothes": ()}),
        ({}, {"after_s": REST_S + 1}),
        ({}, {"exercise": exercise_by_id("hip_hinge")}),
    ],
    ids=[
        "elsewhere",
        "taller",
        "turned",
        "other clothes",
        "unknown clothes",
        "long after",
        "another exercise",
    ],
)
def test_whoever_may_be_somebody_else_begins_anew(
    body: dict[str, Any], how: dict[str, Any]
) -> None:
    results = of_whoever_returns(standing(**body), **how)
    assert {result.reason for result in results.values()} == {"no_reference"}


PALER = tuple(colour + 0.1 for colour in RED)


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ({"feet": (520.0, 440.0)}, {}),
        ({"stature_px": 330.0}, {}),
        ({}, {"clothes": PALER}),
        ({}, {"clothes": ()}),
        ({}, {"after_s": 10 * REST_S}),
    ],
    ids=["elsewhere", "nearer", "paler", "unknown clothes", "long after"],
)
def test_the_reference_of_whoever_chose_a_place_lasts_for_their_visit(
    body: dict[str, Any], how: dict[str, Any]
) -> None:
    results = of_whoever_returns(standing(**body), chosen=True, **how)
    assert results["rounded_back"].verdict is Verdict.FAULT


@pytest.mark.parametrize(("body", "how"), [({"facing": -1}, {}), ({}, {"clothes": BLUE})])
def test_even_then_a_contour_that_is_not_comparable_begins_anew(
    body: dict[str, Any], how: dict[str, Any]
) -> None:
    results = of_whoever_returns(standing(**body), chosen=True, **how)
    assert {result.reason for result in results.values()} == {"no_reference"}


def test_another_persons_rep_in_mid_set_begins_anew() -> None:
    check = BackCheck()
    for number in (1, 2, 3):
        seen(check, rep(number), 0.05)
    results = seen(check, rep(4), 0.08, clothes=BLUE)
    assert {result.reason for result in results.values()} == {"no_reference"}


def test_a_back_that_shows_other_parts_of_its_clothes_as_it_rounds_is_the_same_persons() -> None:
    check = BackCheck()
    for number in (1, 2, 3):
        seen(check, rep(number), 0.05)
    assert seen(check, rep(4), 0.08, clothes=PALER)["rounded_back"].verdict is Verdict.FAULT
    returned = of_whoever_returns(standing(), clothes=PALER)
    assert {result.reason for result in returned.values()} == {"no_reference"}


def test_the_reference_of_one_exercise_outlasts_another_one() -> None:
    check = BackCheck()
    check.update(standing())
    for number, exercise in ((1, RDL), (2, RDL), (3, exercise_by_id("hip_hinge")), (4, RDL)):
        check.begin()
        check.update(standing())
        results = seen(check, rep(number), 0.05, exercise=exercise)
    assert verdicts(results) == (Verdict.OK, Verdict.OK)
