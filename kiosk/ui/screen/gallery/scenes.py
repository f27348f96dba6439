"""One fixed scene for every screen in every state: for pictures, for tests, for a look at a change.

The people in it are made up from joint angles.
"""

import math
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from kiosk.body.pose import Pose
from kiosk.coaching.cues import Cue, CueKind
from kiosk.coaching.record import (
    CheckResult,
    Ended,
    Measures,
    Rep,
    SetRecord,
    Tempo,
    Verdict,
)
from kiosk.coaching.snapshot import FramingStep, RepPhase, Snapshot, Stage
from kiosk.coaching.summary import Summary, rep_score
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.exercises.stick_figure import as_pose, skeleton
from kiosk.history.overview import DayTotals, Overview, WeekTrend, monday_of, trend_of
from kiosk.history.stored_set import StoredSet
from kiosk.ui.panel.button import Button
from kiosk.ui.screen.button_actions import choices_for
from kiosk.ui.screen.gallery.fault_scenes import fault_samples
from kiosk.ui.screen.scene import Hold, Page, Scene
from kiosk.ui.screen.views.learn import learn_leaves
from kiosk.ui.status import Fact, OperatorFacts
from kiosk.ui.words.words import Words

_TODAY = date(2026, 11, 23)
_NOON = datetime(2026, 11, 23, 18, 5, tzinfo=timezone(timedelta(hours=1)))
_LONG_AGO = datetime(2026, 11, 12, 18, 5, tzinfo=timezone(timedelta(hours=1)))
_KINDS = {"F": CueKind.FAULT, "P": CueKind.PRAISE}
_STEPS = ("whole_body", "distance", "side_on", "still")


def samples(words: Words | None = None) -> dict[str, Scene]:
    """Every scene by the name that its picture bears.

    Args:
        words: of what is wrong, which a scene tells in words; English ones by default.
    """
    waiting = _scene(_snapshot(Stage.WAITING))
    lifting = _scene(_set("CCFCC", lean_deg=35, depth=0.5, hip_share=0.75, cue="F shallow"))
    done = _scene(_summary("CCFCC"))
    return {
        "starting": replace(waiting, now_s=0.9, snapshot=None),
        **fault_samples(waiting, lifting, done, words or Words.load("en")),
        "waiting": waiting,
        "waiting-long-name": _scene(
            _snapshot(Stage.WAITING, exercise="romanian_deadlift"), now_s=1.9
        ),
        "waiting-pressed": replace(
            _scene(_snapshot(Stage.WAITING, exercise="kettlebell_swing"), now_s=0.7),
            pressed=(Hold(Button.EXERCISE, 0.4),),
        ),
        "waiting-drill": _scene(_snapshot(Stage.WAITING, exercise="wall_tap"), now_s=2.0),
        "waiting-dim": replace(
            _scene(_snapshot(Stage.WAITING, exercise="squat"), now_s=2.0), idle_s=600.0
        ),
        "framing-far": _scene(_framing(0, lean_deg=0, share=1.25)),
        "framing-turn": _scene(_framing(2, lean_deg=0)),
        "framing-beside": _scene(_framing(3, lean_deg=0, beside=True)),
        "framing-done": _scene(_framing(len(_STEPS), lean_deg=0)),
        "ready-still": _scene(_snapshot(Stage.READY, pose=person(), stillness=0.62)),
        "ready-go": _scene(_snapshot(Stage.READY, pose=person(), stillness=1.0)),
        "ready-beside": _scene(
            replace(
                _framing(3, lean_deg=0, beside=True),
                stage=Stage.READY,
                pose=person(),
                stillness=1.0,
            )
        ),
        **_sets(),
        **_summaries(),
        **_histories(),
        **_lessons(),
        "operator": _operator("temperature"),
    }


def person(
    lean_deg: float = 0.0, knee_deg: float = 0.0, share: float = 0.72, *, front: bool = False
) -> Pose:
    """A made-up person in a picture of 640x480, seen from their right side.

    Args:
        lean_deg: trunk from the vertical, forward.
        knee_deg: bend of the knee.
        share: standing height in picture heights; from 1 on the feet are cut off.
        front: facing the camera instead.
    """
    floor = 480 * 0.93 if share < 1 else 520.0
    return as_pose(
        skeleton(lean_deg, knee_deg),
        10.0,
        stature_px=480 * share,
        ankle_px=(320.0, floor),
        half_width=0.10 if front else 0.006,
    )


def _scene(snapshot: Snapshot, now_s: float = 1.0) -> Scene:
    return _with_choices(Scene(now_s=now_s, snapshot=snapshot, today=_TODAY))


def _page(page: Page, leaf: int = 0, exercise: str = "hip_hinge", now_s: float = 1.0) -> Scene:
    scene = _scene(_snapshot(Stage.WAITING, exercise=exercise), now_s)
    return _with_choices(replace(scene, page=page, leaf=leaf))


def _with_choices(scene: Scene) -> Scene:
    assert scene.snapshot is not None
    kind = exercise_by_id(scene.snapshot.exercise).kind
    return replace(scene, choices=choices_for(scene.page, scene.snapshot.stage, kind))


def _histories() -> dict[str, Scene]:
    full, page = _overview(23, 3), _page(Page.HISTORY)
    erase = replace(_page(Page.ERASE), history=full)
    return {
        "history": replace(page, history=full, pressed=(Hold(Button.HISTORY, 0.6),)),
        "history-week": replace(page, history=full, leaf=1),
        "history-trend": replace(page, history=full, leaf=2),
        "history-old": replace(page, history=full, leaf=3),
        "history-not-today": replace(page, history=_overview(5, 0)),
        "history-quiet-week": replace(page, history=_overview(5, 1), leaf=1),
        "history-no-trend": replace(
            page, history=replace(full, trend=trend_of(_TODAY, ()), best=None), leaf=2
        ),
        "history-empty": replace(page, history=_overview(0, 0)),
        "history-unreadable": page,
        "erase": erase,
        "erase-held": replace(erase, pressed=(Hold(Button.FINISH, 0.7),)),
    }


def _overview(sets: int, trained: int) -> Overview:
    """A history of so many sets, with so many training days this week."""
    stored = _stored(sets)
    if not trained:
        stored = tuple(replace(kept, started_at=_LONG_AGO) for kept in stored)
    today = [kept for kept in stored if kept.started_at.date() == _TODAY]
    days = [monday_of(_TODAY) + timedelta(days=n) for n in range(7)]
    week = tuple(
        DayTotals(day, 4, 38) if day in days[: 2 * trained : 2] else DayTotals(day, 0, 0)
        for day in days
    )
    trend = tuple(
        WeekTrend(empty.monday, 6, 58, 0.82 + 0.02 * number, min(1.0, 0.35 + 0.05 * number))
        if number != 4
        else empty
        for number, empty in enumerate(trend_of(_TODAY, ()))
    )
    return Overview(
        today_totals=DayTotals(_TODAY, len(today), sum(kept.reps for kept in today)),
        latest=stored,
        week=week,
        trend=trend,
        best=max(stored, key=lambda kept: kept.reps, default=None),
        total_sets=len(stored),
    )


def _lessons() -> dict[str, Scene]:
    """A leaf of each kind, and every mistake of the hinge."""
    scenes = {
        f"learn-{leaf.kind}" + (f"-{leaf.about}" if leaf.about else ""): _page(
            Page.LEARN, number, now_s=1.9
        )
        for number, leaf in enumerate(learn_leaves(exercise_by_id("hip_hinge")))
    }
    return scenes | {
        "learn-squat-muscles": _page(Page.LEARN, 0, "squat", now_s=2.0),
        "learn-deadlift-mistake": _page(Page.LEARN, 3, "deadlift", now_s=2.9),
        "learn-swing-steps": _page(Page.LEARN, 1, "kettlebell_swing", now_s=0.4),
    }


def _operator(wrong: str) -> Scene:
    told = {
        "screen": "30 pictures/s, drawn in 2.1 ms",
        "camera": "Pi camera imx708, 30 frames/s",
        "model": "lightning-int8, 3 threads",
        "inference": "31 ms, 29 a second",
        "temperature": "81 °C, slowed down",
        "power": "no under-voltage",
        "disk": "21.4 GB free",
        "memory": "164 MB",
        "uptime": "3 d 4 h",
        "version": "0.1.0 (487a3e3)",
    }
    facts = tuple(Fact(key, value, key != wrong) for key, value in told.items())
    troubles = (
        "18:02 camera: no frame for 2 s; trying again",
        "17:40 history: the disk is full; sets are kept in memory (3 times)",
    )
    operator = OperatorFacts(facts=facts, troubles=troubles, volume=0.7)
    return replace(_page(Page.OPERATOR), operator=operator)


def _snapshot(
    stage: Stage, *, exercise: str = "hip_hinge", pose: Pose | None = None, stillness: float = 0.0
) -> Snapshot:
    return Snapshot(time_s=10.0, stage=stage, exercise=exercise, pose=pose, stillness=stillness)


def _framing(met: int, *, lean_deg: float, share: float = 0.72, beside: bool = False) -> Snapshot:
    steps = (*_STEPS[:3], "alone", *_STEPS[3:]) if beside else _STEPS
    return Snapshot(
        time_s=10.0,
        stage=Stage.FRAMING,
        exercise="hip_hinge",
        pose=person(lean_deg, share=share, front=met < 3),
        framing=tuple(FramingStep(name, number < met) for number, name in enumerate(steps)),
    )


def _sets() -> dict[str, Scene]:
    up, top = RepPhase.CONCENTRIC, RepPhase.TOP
    knees, drill = "CCFFCF", "wall_tap"
    scenes = {
        "first": _set("", lean_deg=20, knee_deg=8, depth=0.3),
        "down": _set("CCC", lean_deg=52, knee_deg=18, depth=0.74, hip_share=0.8),
        "deep": _set(
            "C" * 7, lean_deg=78, knee_deg=20, depth=1.08, phase=RepPhase.BOTTOM, hip_share=0.84
        ),
        "partial": _set("C" * 12 + "P", lean_deg=0, knee_deg=0, depth=0.02, phase=top),
        "hundred": _set("C" * 128, lean_deg=35, knee_deg=12, depth=0.5, phase=up),
        "between": _set("UUU", lean_deg=40, knee_deg=40, depth=0.5, hip_share=0.63),
        "cue": _set(
            "CCF", lean_deg=30, knee_deg=50, depth=0.4, hip_share=0.5, cue="F knee_dominance"
        ),
        "cue-long": _set(knees, lean_deg=9, depth=0.1, phase=top, cue="F rounded_back"),
        "cue-drill": _set(
            knees, lean_deg=45, depth=0.6, hip_share=0.7, cue="F knee_dominance", drill=drill
        ),
        "praise": _set(knees + "C", lean_deg=5, depth=0.1, phase=top, cue="P knee_dominance"),
        "drill": _set(knees + "UPC", lean_deg=60, depth=0.9, hip_share=0.82, drill=drill),
        "squat": _set("CCC", lean_deg=35, knee_deg=80, depth=0.8, hip_share=0.48, exercise="squat"),
        "deadlift": _set(
            "CC", lean_deg=50, knee_deg=60, depth=0.8, hip_share=0.55, exercise="deadlift"
        ),
    }
    return {f"set-{name}": _scene(snapshot) for name, snapshot in scenes.items()}


def _summaries() -> dict[str, Scene]:
    scenes = {
        "": _summary("C" * 12),
        "-faults": _summary("CCFCFFPFCF"),
        "-partials": _summary("CCPCCPCCPCC"),
        "-fade": _summary("CCCCCFFCFFFF", fade=True),
        "-hidden": _summary("U" * 8),
        "-mixed": _summary("CCUCFUPCUF", fade=True),
        "-long": _summary("CCP" + "CCCCCFCCCCCCC" * 3),
        "-hundred": _summary("C" * 118),
        "-empty": _summary(""),
    }
    return {f"summary{name}": _scene(snapshot) for name, snapshot in scenes.items()}


def _set(
    marks: str,
    *,
    lean_deg: float,
    knee_deg: float = 15,
    depth: float,
    phase: RepPhase = RepPhase.ECCENTRIC,
    hip_share: float | None = None,
    cue: str | None = None,
    drill: str | None = None,
    exercise: str = "hip_hinge",
) -> Snapshot:
    reps = _reps(marks)
    now_s = reps[-1].end_s + 0.4 if reps else 10.0
    kind, _, check = (cue or "").partition(" ")
    return Snapshot(
        time_s=now_s,
        stage=Stage.SET,
        exercise=exercise,
        pose=person(lean_deg, knee_deg),
        phase=phase,
        phase_s=0.3 if phase is RepPhase.BOTTOM else 1.2,
        depth=depth,
        count=len(marks) - marks.count("P"),
        partials=marks.count("P"),
        last=reps[-1] if reps else None,
        current=SetRecord(serial=1, exercise=exercise, started_s=0.0, reps=reps),
        hip_share=hip_share,
        cue=Cue(_KINDS[kind], check, reps[-1].number, now_s) if cue else None,
        drill=drill,
    )


def _summary(marks: str, *, fade: bool = False) -> Snapshot:
    record = SetRecord(
        serial=1,
        exercise="hip_hinge",
        started_s=2.0,
        reps=_reps(marks, fade=fade),
        ended_s=58.0,
        ended=Ended.WALKED_OFF,
    )
    return Snapshot(
        time_s=60.0,
        stage=Stage.SUMMARY,
        exercise="hip_hinge",
        count=len(record.counted),
        partials=len(record.partials),
        current=record,
        summary=Summary.of(record, exercise_by_id("hip_hinge").checks),
    )


def _reps(marks: str, *, fade: bool = False) -> tuple[Rep, ...]:
    """A rep for each letter: C clean, F with a fault, U not judged, P partial."""
    made: list[Rep] = []
    for place, mark in enumerate(marks):
        number = place + 1 - marks[: place + 1].count("P")
        tired = place / len(marks) if fade else 0.0
        made.append(_rep(number, mark, tired))
    return tuple(made)


def _rep(number: int, mark: str, tired: float) -> Rep:
    start_s = 4.0 * number
    depth = 0.45 if mark == "P" else 0.98 + 0.09 * math.sin(1.7 * number) - 0.25 * tired
    rules = exercise_by_id("hip_hinge").checks
    checks: dict[str, CheckResult] = (
        {} if mark == "P" else {rule.id: _result(mark, rule.id) for rule in rules}
    )
    return Rep(
        number=number,
        start_s=start_s,
        bottom_s=start_s + 1.8,
        end_s=start_s + 3.4,
        counted=mark != "P",
        partial_reason="too_shallow" if mark == "P" else None,
        tempo=Tempo(
            eccentric_s=1.8 + 0.1 * math.sin(number) + 0.7 * tired, pause_s=0.3, concentric_s=1.3
        ),
        measures=Measures(depth=depth, trunk_lean_deg=70 * depth, hip_share=0.82 - 0.15 * tired),
        checks=checks,
        score=rep_score(checks, rules),
    )


def _result(mark: str, check: str) -> CheckResult:
    if mark == "U":
        return CheckResult(verdict=Verdict.NOT_ASSESSED, reason="turn_side_on")
    if check == "stance":
        return CheckResult(verdict=Verdict.NOT_ASSESSED, reason="face_me_first")
    fault = mark == "F" and check == "knee_dominance"
    return CheckResult(verdict=Verdict.FAULT if fault else Verdict.OK)


def _stored(sets: int) -> tuple[StoredSet, ...]:
    exercises = ("hip_hinge", "romanian_deadlift", "kettlebell_swing", "good_morning", "squat")
    return tuple(
        StoredSet(
            id=sets - number,
            exercise=exercises[number % 5],
            started_at=_NOON - timedelta(minutes=4 * number, hours=18 * (number // 3)),
            duration_s=None if number == 0 else 41.0 + 9 * number,
            ended=None if number == 0 else "walked_off",
            reps=12 - number % 5,
            partials=number % 3,
            trunk_lean_deg=72.0,
            tempo_s=(1.8, 0.3, 1.3),
            score=None if number % 4 == 2 else 100 - 7 * (number % 5),
        )
        for number in range(sets)
    )
