"""The back against the person's own good reps, from looks that are written down here."""

from dataclasses import replace

import pytest

from kiosk.body.back import BackProfile, Reason
from kiosk.coaching.back_check import BackLine
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import CheckResult, Measures, Rep, Tempo, Verdict
from kiosk.exercises.catalogue import exercise_by_id
from people import hinges

RULES = exercise_by_id("romanian_deadlift").checks
LEANS = (44.0, 56.0, 68.0, 66.0, 54.0)


def rep(number: int, **how: object) -> Rep:
    start_s = 10.0 * number
    made = Rep(
        number=number, start_s=start_s, bottom_s=start_s + 2, end_s=start_s + 4, counted=True,
        tempo=Tempo(eccentric_s=2, pause_s=0, concentric_s=2), measures=Measures(),
    )  # fmt: skip
    return replace(made, **how)  # type: ignore[arg-type]  # fields of a rep


def seen(line: BackLine, one: Rep, bulge: float) -> dict[str, CheckResult]:
    """The rep with looks of this bulge in it."""
    for part, lean in enumerate(LEANS):
        time_s = one.start_s + 0.5 + part * 0.6
        bow = bulge + 0.001 * (part % 2)
        profile = BackProfile(
            time_s=time_s, bulge=bow, lean_deg=lean, knee_deg=15.0, confidence=0.8
        )
        line.note(time_s, profile)
    return line.judge(one)


def verdicts(results: dict[str, CheckResult]) -> tuple[Verdict, Verdict]:
    return results["rounded_back"].verdict, results["over_arched_back"].verdict


def test_two_good_reps_come_first() -> None:
    line = BackLine(RULES)
    for number in (1, 2):
        results = seen(line, rep(number), 0.05)
        assert {r.reason for r in results.values()} == {"no_reference"}
    assert verdicts(seen(line, rep(3), 0.05)) == (Verdict.OK, Verdict.OK)


def test_rounder_and_more_hollow_than_ones_own_are_told_apart() -> None:
    line = BackLine(RULES)
    for number in (1, 2, 3):
        seen(line, rep(number), 0.05)
    round_back = seen(line, rep(4), 0.05 + 0.03)
    assert verdicts(round_back) == (Verdict.FAULT, Verdict.OK)
    assert round_back["rounded_back"].value == pytest.approx(0.03, abs=0.003)
    assert round_back["rounded_back"].unit == "trunks"
    assert verdicts(seen(line, rep(5), 0.05 - 0.03)) == (Verdict.OK, Verdict.FAULT)


def test_a_rep_with_another_fault_is_no_reference() -> None:
    line = BackLine(RULES)
    bad = {"shallow": CheckResult(verdict=Verdict.FAULT)}
    for number in (1, 2, 3):
        seen(line, rep(number, checks=bad), 0.05)
    assert seen(line, rep(4), 0.05)["rounded_back"].reason == "no_reference"


def test_looks_of_another_rep_do_not_count() -> None:
    line = BackLine(RULES)
    for number in (1, 2, 3):
        seen(line, rep(number), 0.05)
    assert {r.verdict for r in line.judge(rep(9)).values()} == {Verdict.NOT_ASSESSED}


def test_what_kept_the_looks_from_seeing_is_the_reason() -> None:
    line = BackLine(RULES)
    one = rep(1)
    for part in range(5):
        line.note(one.start_s + 0.5 + part * 0.6, Reason.ARMS_COVER_BACK)
    assert {r.reason for r in line.judge(one).values()} == {"arms_cover_back"}


def test_without_looks_the_back_line_is_not_there() -> None:
    assert {r.reason for r in BackLine(RULES).judge(rep(1)).values()} == {"no_back_line"}


def test_the_next_person_has_a_reference_of_their_own() -> None:
    line = BackLine(RULES)
    for number in (1, 2, 3):
        seen(line, rep(number), 0.05)
    line.forget()
    assert seen(line, rep(4), 0.09)["rounded_back"].reason == "no_reference"


def test_an_exercise_without_the_check_says_nothing_of_the_back() -> None:
    assert BackLine(exercise_by_id("squat").checks).judge(rep(1)) == {}


def test_the_coach_joins_the_back_to_the_rep() -> None:
    coach = Coach(exercise_by_id("hip_hinge"))
    for pose in hinges(4):
        body = coach.update(pose) and coach.body
        if body is not None and (body.trunk_lean_deg or 0) > 45:
            bulge = 0.05 if pose.time_s < 12 else 0.1
            coach.note_back(pose.time_s, BackProfile(
                time_s=pose.time_s, bulge=bulge, lean_deg=body.trunk_lean_deg or 0.0,
                knee_deg=10.0, confidence=0.8))  # fmt: skip
    record = coach.finish().current
    assert record is not None
    told = [r.checks["rounded_back"].verdict for r in record.counted]
    assert told == [Verdict.NOT_ASSESSED] * 2 + [Verdict.OK, Verdict.FAULT]
    assert [r.score for r in record.counted] == [100, 100, 100, 70]
