"""The worst and the best rep come back as they were seen, and nothing that was not seen."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from coaching.scripted import VERDICTS
from coaching.scripted import rep as scripted_rep
from hypothesis import given
from hypothesis import strategies as st

from kiosk.body.pose import Keypoint, Pose
from kiosk.body.state import Side
from kiosk.coaching.record import CheckResult, Grade, Rep, SetRecord
from kiosk.coaching.recording import KEPT_S, Recording
from kiosk.coaching.rep_pair import (
    APART_S,
    GAP_S,
    MARGIN_S,
    POSES_AT_ONCE,
    SEEN,
    PairReader,
    RepPair,
    SeenRep,
    choose_reps,
    reach_of,
)
from kiosk.coaching.set_summary import Summary, graded
from kiosk.exercises.catalogue import exercise_by_id
from paths import ROOT
from people import FEW, changed, figure, film, mirrored, shifted

HINGE = exercise_by_id("hip_hinge")
CHECK = "knee_dominance"
TOP_S, WHOLE_S = 2.0, 4.0
GOOD, BAD = (70.0, 15.0), (42.0, 84.0)
"""Lean and knee bend at the bottom, in degrees."""
SWAPPED = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15]


def rep(number: int, letter: str, **more: str) -> Rep:
    """A rep of WHOLE_S seconds whose main checks have this verdict, and others theirs."""
    letters = dict.fromkeys(HINGE.main, "O") | {CHECK: letter} | more
    checks = {check: CheckResult(verdict=VERDICTS[v]) for check, v in letters.items()}
    start_s = TOP_S + (number - 1) * WHOLE_S
    return graded(
        replace(
            scripted_rep(number, checks),
            start_s=start_s,
            bottom_s=start_s + WHOLE_S / 2,
            end_s=start_s + WHOLE_S,
        ),
        HINGE,
    )


def bend(time_s: float) -> float:
    """How deep somebody is who goes down and up without a rest."""
    return (1 - math.cos(2 * math.pi * (time_s - TOP_S) / WHOLE_S)) / 2 if time_s > TOP_S else 0.0


def bends(
    strokes: Iterable[tuple[float, float]],
    fps: float = 15.0,
    how: Callable[[int], dict[str, object]] = lambda _: {},
) -> list[Pose]:
    """Somebody who stands, does one rep of each stroke, and stands; `how` is asked for each rep."""
    strokes = tuple(strokes)

    def pose(time_s: float) -> Pose:
        number = min(max(int((time_s - TOP_S) // WHOLE_S), 0), len(strokes) - 1)
        over = time_s > TOP_S + len(strokes) * WHOLE_S
        deep = 0.0 if over else bend(time_s)
        lean_deg, knee_deg = strokes[number]
        return figure(time_s, lean_deg=lean_deg * deep, knee_deg=knee_deg * deep, **how(number))  # type: ignore[arg-type]  # figure's own keywords

    return film(TOP_S + len(strokes) * WHOLE_S + 1.0, pose, fps=fps)


def reader(
    poses: Iterable[Pose], reps: Iterable[Rep], disowned: Iterable[tuple[float, float]] = ()
) -> PairReader:
    recording = Recording()
    for pose in poses:
        recording.add(pose)
    for from_s, to_s in disowned:
        recording.disown(from_s, to_s)
    record = SetRecord(serial=1, exercise=HINGE.id, started_s=0.0, reps=tuple(reps))
    return PairReader(record, Summary.of(record, HINGE), HINGE, recording)


def pair_of(
    poses: Iterable[Pose], reps: Iterable[Rep], disowned: Iterable[tuple[float, float]] = ()
) -> RepPair | None:
    read = reader(poses, reps, disowned)
    for _ in range(200):
        read.step()
    return read.pair


def known(pair: RepPair | None) -> tuple[RepPair, SeenRep]:
    assert pair is not None
    assert pair.best is not None
    return pair, pair.best


def numbers(seen: SeenRep) -> list[float]:
    """All figures of a rep, 9 for what was not seen."""
    spots = [spot or (9.0, 9.0) for spots in seen.spots for spot in spots]
    return [*seen.times_s, *(value for spot in spots for value in spot)]


TWO = (rep(1, "O"), rep(2, "F"))
BOTH = bends((GOOD, BAD))


# which reps


@given(st.lists(st.sampled_from("O-"), max_size=6))
def test_without_a_fault_there_is_no_pair(letters: list[str]) -> None:
    assert choose_reps([rep(n, letter) for n, letter in enumerate(letters, 1)], HINGE) is None


def test_the_advised_check_is_shown_and_else_the_one_that_costs_most() -> None:
    reps = [rep(1, "O", tempo="F"), rep(2, "F"), rep(3, "O")]
    for advised, check, worst in (("tempo", "tempo", 1), (None, CHECK, 2), (CHECK, CHECK, 2)):
        chosen = choose_reps(reps, HINGE, advised)
        assert chosen is not None
        assert (chosen[0], chosen[1].number) == (check, worst)


def test_the_rep_whose_faults_cost_most_is_the_worst() -> None:
    reps = [rep(1, "F"), rep(2, "F", shallow="F"), rep(3, "F"), rep(4, "O")]
    chosen = choose_reps(reps, HINGE, CHECK)
    assert chosen is not None
    assert chosen[1].number == 2


def test_of_equal_reps_the_one_farthest_beyond_the_limit_is_the_worst() -> None:
    def beyond(number: int, value: float) -> Rep:
        one = rep(number, "F")
        fault = replace(one.checks[CHECK], value=value, limit=0.6)
        return replace(one, checks={**one.checks, CHECK: fault})

    chosen = choose_reps([beyond(1, 0.5), beyond(2, 0.3), beyond(3, 0.4)], HINGE)
    assert chosen is not None
    assert chosen[1].number == 2
    assert chosen[2] is None


@given(st.permutations("OOOF--P"))
def test_the_best_rep_is_clean_and_the_nearest_of_those(letters: list[str]) -> None:
    """P is judged by the check and not by every main one."""
    reps = [
        rep(n, "O", no_lockout="-") if letter == "P" else rep(n, letter)
        for n, letter in enumerate(letters, 1)
    ]
    chosen = choose_reps(reps, HINGE)
    assert chosen is not None
    _, worst, best = chosen
    assert worst.grade is Grade.FAULTY
    assert best is not None
    assert best.grade is Grade.CLEAN
    apart = [abs(one.number - worst.number) for one in reps if one.grade is Grade.CLEAN]
    assert abs(best.number - worst.number) == min(apart)


def test_a_rep_that_was_judged_in_part_is_the_best_where_none_is_clean() -> None:
    reps = [rep(1, "-"), rep(2, "F"), rep(3, "-"), rep(4, "O", no_lockout="-")]
    chosen = choose_reps(reps, HINGE)
    assert chosen is not None
    assert chosen[2] == reps[3]


def test_a_movement_that_does_not_count_is_never_shown() -> None:
    partial = replace(rep(1, "F"), counted=False)
    assert choose_reps([partial], HINGE) is None
    chosen = choose_reps([replace(rep(1, "O"), counted=False), rep(2, "F")], HINGE)
    assert chosen is not None
    assert chosen[2] is None


# what was seen of them


def test_both_are_at_the_bottom_at_time_0() -> None:
    pair, best = known(pair_of(BOTH, TWO))
    assert (pair.check, pair.worst.number, best.number) == (CHECK, 2, 1)
    for seen in (pair.worst, best):
        lowest = min(range(len(seen.times_s)), key=lambda i: seen.spots[i][Keypoint.LEFT_HIP][1])  # type: ignore[index]  # all are seen
        assert abs(seen.times_s[lowest]) < 0.15
        assert seen.times_s[0] == pytest.approx(-WHOLE_S / 2 - MARGIN_S, abs=0.1)
        assert seen.times_s[-1] == pytest.approx(WHOLE_S / 2 + MARGIN_S, abs=0.1)
    assert pair.from_s == min(pair.worst.times_s[0], best.times_s[0])
    assert pair.to_s == max(pair.worst.times_s[-1], best.times_s[-1])


def test_feet_are_at_the_origin_and_standing_shoulders_one_above() -> None:
    pair, best = known(pair_of(BOTH, TWO))
    for seen in (pair.worst, best):
        for spots in seen.spots:
            ankle = spots[Keypoint.LEFT_ANKLE]
            assert ankle is not None
            assert math.dist(ankle, (0, 0)) < 0.02
        shoulder = seen.spots[0][Keypoint.LEFT_SHOULDER]
        assert shoulder is not None
        assert shoulder[1] == pytest.approx(1.0, abs=0.02)


def test_mirroring_gives_the_mirrored_pair() -> None:
    poses = bends((GOOD, BAD), how=lambda _: {"yaw_deg": 20.0})
    pair, best = known(pair_of(poses, TWO))
    other, other_best = known(pair_of(mirrored(poses), TWO))
    for one, two in ((pair.worst, other.worst), (best, other_best)):
        flipped = [
            tuple(spot and (-spot[0], spot[1]) for spot in (spots[k] for k in SWAPPED))
            for spots in two.spots
        ]
        assert numbers(replace(two, spots=tuple(flipped))) == pytest.approx(numbers(one), abs=1e-6)


@FEW
@given(st.floats(-1000, 1e6))
def test_a_shift_in_time_changes_nothing(by_s: float) -> None:
    moved = [
        replace(
            one, start_s=one.start_s + by_s, bottom_s=one.bottom_s + by_s, end_s=one.end_s + by_s
        )
        for one in TWO
    ]
    pair, best = known(pair_of(BOTH, TWO))
    late, late_best = known(pair_of(shifted(BOTH, by_s), moved))
    for one, two in ((pair.worst, late.worst), (best, late_best)):
        assert numbers(two) == pytest.approx(numbers(one), abs=1e-4)


def test_somebody_who_came_nearer_between_the_reps_is_as_tall() -> None:
    near = {"stature_px": 390.0, "feet": (200.0, 460.0)}
    pair, best = known(pair_of(BOTH, TWO))
    other, other_best = known(pair_of(bends((GOOD, BAD), how=lambda n: near if n else {}), TWO))
    for one, two in ((pair.worst, other.worst), (best, other_best)):
        for seen, shown in zip(two.at(0.0) or (), one.at(0.0) or (), strict=True):
            assert seen == pytest.approx(shown, abs=0.02)


def test_whoever_turned_round_between_the_reps_faces_one_way() -> None:
    pair, best = known(pair_of(bends((GOOD, GOOD), how=lambda n: {"facing": 1 - 2 * n}), TWO))
    for one, two in zip(pair.worst.at(0.0) or (), best.at(0.0) or (), strict=True):
        assert one == pytest.approx(two, abs=0.02)
    nose = pair.worst.at(0.0)[Keypoint.NOSE]  # type: ignore[index]  # is seen
    assert nose is not None
    assert nose[0] < 0  # as the worst one faced


def test_the_side_that_was_seen_better_is_near() -> None:
    for hidden, near in ((slice(5, None, 2), Side.RIGHT), (slice(6, None, 2), Side.LEFT)):
        poses = [changed(pose, (hidden, 2), 0.4) for pose in BOTH]
        assert known(pair_of(poses, TWO))[0].worst.near is near


# nothing that was not seen


@FEW
@given(
    st.sets(st.sampled_from(Keypoint), max_size=6),
    st.floats(0, SEEN - 0.001),
    st.floats(TOP_S, TOP_S + 2 * WHOLE_S),
)
def test_hidden_joints_are_never_shown(hidden: set[Keypoint], score: float, until_s: float) -> None:
    where = (sorted(hidden), 2)
    poses = [changed(p, where, score) if p.time_s < until_s else p for p in BOTH]
    pair = pair_of(poses, TWO)
    if pair is None:
        return
    for seen, bottom_s in zip(pair.reps, (TWO[1].bottom_s, TWO[0].bottom_s), strict=False):
        for step in range(-60, 60):
            shown = seen.at(step / 20) or ()
            last_s = min(max(step / 20, seen.times_s[0]), seen.times_s[-1]) + bottom_s
            if last_s < until_s - APART_S:
                assert not [Keypoint(k) for k in hidden if shown and shown[k] is not None]


def test_a_joint_is_shown_only_between_two_poses_that_show_it() -> None:
    a, b = (0.0, 0.0), (1.0, 2.0)
    seen = SeenRep(1, Grade.CLEAN, Side.LEFT, (0.0, 0.2, 0.4, 1.0), ((a,), (b,), (None,), (a,)))
    assert seen.at(0.05) == ((0.25, 0.5),)
    assert seen.at(-9.0) == seen.at(0.0) == seen.at(9.0) == (a,)
    assert seen.at(0.3) == (None,)
    assert GAP_S < 0.6
    assert seen.at(0.7) is None


def test_somebody_who_passed_is_not_shown() -> None:
    passed = (TWO[1].start_s + 0.2, TWO[1].start_s + 1.0)
    pair, best = known(pair_of(BOTH, TWO, [passed]))
    middle_s = sum(passed) / 2 - TWO[1].bottom_s
    assert pair.worst.at(middle_s) is None
    assert best.at(middle_s) is not None


def test_no_pair_without_the_bottom_of_the_worst_rep() -> None:
    bottoms = [(one.bottom_s - 0.5, one.bottom_s + 0.5) for one in TWO]
    assert pair_of(BOTH, TWO, bottoms[1:]) is None
    alone = pair_of(BOTH, TWO, bottoms[:1])
    assert alone is not None
    assert alone.best is None
    assert pair_of([], TWO) is None


def test_an_empty_room_in_mid_rep_is_no_person() -> None:
    def empty(pose: Pose) -> Pose:
        return changed(changed(pose, (slice(None), 2), 0.1), (slice(None), 0), 5.0)

    gone_s = TWO[1].bottom_s + 0.6
    poses = [empty(p) if gone_s < p.time_s < gone_s + 0.5 else p for p in BOTH]
    pair, _ = known(pair_of(poses, TWO))
    assert pair.worst.at(0.85) is None
    assert -1.5 < pair.reach[0] < pair.reach[1] < 1.5


def test_every_rep_with_the_fault_shows_the_worst_alone_but_not_where_time_is_the_fault() -> None:
    pair = pair_of(bends((BAD,)), [rep(1, "F")])
    assert pair is not None
    assert pair.best is None
    assert pair.reps == (pair.worst,)

    hasty = rep(1, "O", tempo="F")
    hasty = replace(
        hasty, checks={**hasty.checks, "tempo": replace(hasty.checks["tempo"], unit="s")}
    )
    assert pair_of(bends((BAD,)), [hasty]) is None
    assert pair_of(BOTH, [hasty, rep(2, "O", tempo="O")]) is not None


def test_a_rep_that_is_no_longer_recorded_is_not_chosen() -> None:
    reps = [rep(1, "F", shallow="F"), rep(2, "F"), rep(3, "O")]
    poses = bends((BAD, BAD, GOOD))
    last_s = poses[-1].time_s
    later = [figure(last_s + n / 10) for n in range(1, round(10 * (KEPT_S + 5.5 - last_s)))]
    assert known(pair_of(poses, reps))[0].worst.number == 1
    assert known(pair_of([*poses, *later], reps))[0].worst.number == 2


# what it costs


def test_a_step_reads_few_poses_and_a_second_of_steps_reads_them_all() -> None:
    read = reader(bends((GOOD, BAD), fps=30.0), TWO)
    steps = 0
    while read.pair is None:
        assert steps < 40
        read.step()
        steps += 1
    poses = 2 * (WHOLE_S + 2 * MARGIN_S) * 30
    assert steps > poses / POSES_AT_ONCE
    pair = read.pair
    assert pair is not None
    apart = [b - a for a, b in zip(pair.worst.times_s, pair.worst.times_s[1:], strict=False)]
    assert min(apart) >= APART_S - 1e-9
    read.step()
    assert read.pair is pair


def test_the_reach_holds_every_keypoint_and_the_feet() -> None:
    pair, best = known(pair_of(BOTH, TWO))
    left, right, low, high = pair.reach
    spots = [s for seen in (pair.worst, best) for row in seen.spots for s in row if s is not None]
    assert all(left <= x <= right and low <= y <= high for x, y in spots)
    assert left <= 0 <= right
    assert low <= 0 < high
    hidden = replace(best, spots=tuple((None,) * 17 for _ in best.spots))
    assert reach_of(hidden, None) == (0.0, 0.0, 0.0, 0.0)


# where it may go


def test_nothing_that_stores_prints_or_sends_knows_of_it() -> None:
    package = ROOT / "kiosk"
    users = {
        path.relative_to(package).parts[0]
        for path in package.rglob("*.py")
        if re.search(r"rep_pair|RepPair|SeenRep|\.pair\b", path.read_text("utf-8"))
    }
    assert users & {"coaching", "ui"} == {"coaching", "ui"}
    assert users <= {"coaching", "ui", "app"}
    source = (package / "coaching" / "rep_pair.py").read_text("utf-8")
    assert not re.search(r"\b(open|print|logging|write|pickle)\b", source)
