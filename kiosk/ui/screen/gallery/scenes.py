"""One fixed scene for every screen in every state, for pictures and for tests.

The people in it are made up from joint angles.
"""

import math
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from kiosk.body.pose import Pose
from kiosk.coaching.cues import Cue, CueKind
from kiosk.coaching.record import CheckResult, Ended, Measures, Rep, SetRecord, Tempo, Verdict
from kiosk.coaching.set_summary import Summary, rep_score
from kiosk.coaching.snapshot import FramingStep, RepPhase, Snapshot, Stage
from kiosk.errors import ModelError, RuntimeMissingError
from kiosk.exercises.catalogue import Catalogue, catalogue, exercise_by_id
from kiosk.exercises.stick_figure import as_pose, skeleton
from kiosk.history.overview import DayTotals, Overview, WeekTrend, monday_of, trend_of
from kiosk.history.rows import StoredSet
from kiosk.ui.health_table import Faults, notices
from kiosk.ui.panel.button import Button
from kiosk.ui.screen.button_actions import actions_for
from kiosk.ui.screen.scene import Hold, Page, Scene
from kiosk.ui.screen.views.learn import lessons
from kiosk.ui.status import Fact, OperatorFacts
from kiosk.ui.words.words import Words

_TODAY = date(2026, 11, 23)
_NOON = datetime(2026, 11, 23, 18, 5, tzinfo=timezone(timedelta(hours=1)))
_LONG_AGO = datetime(2026, 11, 12, 18, 5, tzinfo=timezone(timedelta(hours=1)))
_LIFTS = [exercise for exercise in catalogue().values() if exercise.kind == "lift"]
_FIRST = _LIFTS[0].id
_SQUAT = next(lift.id for lift in _LIFTS if lift.pattern == "squat")
_EITHER = next(lift.id for lift in _LIFTS if lift.pattern == "either")
_SWING = next(lift.id for lift in _LIFTS if lift.appearance.arms == "swing")
_ON_THE_BACK = next(lift.id for lift in _LIFTS if lift.appearance.arms == "shoulders")
_LONG_NAME = max(_LIFTS, key=lambda lift: len(lift.words["en"].name)).id
_DRILL = next(exercise.id for exercise in catalogue().values() if exercise.kind == "drill")
_STEPS = ("whole_body", "distance", "side_on", "still")
_STEPS_BESIDE = ("whole_body", "distance", "side_on", "alone", "still")

_FULL = Faults(history="the disk is full")
_NO_CAMERA = Faults(camera="no camera")
_VISION_FAULTS = (
    _NO_CAMERA,
    Faults(model=ModelError("no file")),
    Faults(model=RuntimeMissingError("no runtime")),
)
_FAULTS = {
    "history": _FULL,
    "history-new": Faults(history_new="set aside"),
    "panel": Faults(panel="no pins"),
    "settings": Faults(settings="an unknown key"),
    "clock": Faults(clock=True),
    "unjudged": Faults(unjudged=True),
    "sound": Faults(sound="no card"),
    "voice": Faults(voice="no engine"),
    "two": Faults(history="the disk is full", settings="an unknown key"),
}
_SUMMARIES = {
    "summary": "C" * 12,
    "summary-faults": "CCFCFFPFCF",
    "summary-partials": "CCPCCPCCPCC",
    "summary-fade": "CCCCCFFCFFFF",
    "summary-hidden": "U" * 8,
    "summary-mixed": "CCUCFUPCUF",
    "summary-long": "CCP" + "CCCCCFCCCCCCC" * 3,
    "summary-hundred": "C" * 118,
    "summary-empty": "",
}
"""The reps of each: C clean, F with a fault, U not judged, P partial."""
_TIRED = ("summary-fade", "summary-mixed")
_FACTS = {
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
_TROUBLES = (
    "18:02 camera: no frame for 2 s; trying again",
    "17:40 history: the disk is full; sets are kept in memory (3 times)",
)


def samples(words: Words | None = None) -> dict[str, Scene]:
    """Every scene by the name that its picture bears.

    The words are for the notices, and for an owner's exercises, which have scenes of their own;
    English ones by default.
    """
    words = words or Words.load("en")
    facts = tuple(Fact(key, value, key != "temperature") for key, value in _FACTS.items())
    operator = OperatorFacts(facts=facts, troubles=_TROUBLES, volume=0.7)
    return {
        **_waiting(),
        **_faults(words),
        **_framing(),
        **{f"set-{name}": _scene(snapshot) for name, snapshot in _sets().items()},
        **{
            name: _scene(_summary(marks, tired=name in _TIRED))
            for name, marks in _SUMMARIES.items()
        },
        **_histories(),
        **_lessons(),
        **_own(words.exercises),
        "operator": _waits(page=Page.OPERATOR, operator=operator),
    }


def person(
    lean_deg: float = 0.0, knee_deg: float = 0.0, share: float = 0.72, *, front: bool = False
) -> Pose:
    """A made-up person in a picture of 640x480, from their right side or facing the camera.

    The trunk leans forward from the vertical. The share is the standing height in picture heights;
    from 1 on the feet are cut off.
    """
    floor = 480 * 0.93 if share < 1 else 520.0
    return as_pose(
        skeleton(lean_deg, knee_deg),
        10.0,
        stature_px=480 * share,
        ankle_px=(320.0, floor),
        half_width=0.10 if front else 0.006,
    )


def _scene(
    snapshot: Snapshot, now_s: float = 1.0, exercises: Catalogue | None = None, **fields: object
) -> Scene:
    """A scene whose buttons do what they do on its page."""
    scene = Scene(now_s=now_s, snapshot=snapshot, today=_TODAY)
    scene = replace(scene, **fields)  # type: ignore[arg-type]  # a scene's own fields
    exercise = exercise_by_id(snapshot.exercise, exercises)
    return replace(scene, actions=actions_for(scene.page, snapshot.stage, exercise.kind))


def _snapshot(stage: Stage, exercise: str = _FIRST, **fields: object) -> Snapshot:
    snapshot = Snapshot(time_s=10.0, stage=stage, exercise=exercise)
    return replace(snapshot, **fields)  # type: ignore[arg-type]  # a snapshot's own fields


def _waits(exercise: str = _FIRST, now_s: float = 1.0, **fields: object) -> Scene:
    """A scene whose coach waits for somebody."""
    return _scene(_snapshot(Stage.WAITING, exercise), now_s, None, **fields)


def _waiting() -> dict[str, Scene]:
    pressed = (Hold(Button.EXERCISE, 0.4),)
    return {
        "starting": replace(_waits(_FIRST, 0.9), snapshot=None),
        "waiting": _waits(_FIRST, 1.0),
        "waiting-long-name": _waits(_LONG_NAME, 1.9),
        "waiting-pressed": _waits(_SWING, 0.7, pressed=pressed),
        "waiting-drill": _waits(_DRILL, 2.0),
        "waiting-dim": _waits(_SQUAT, 2.0, idle_s=600.0),
    }


def _faults(words: Words) -> dict[str, Scene]:
    """A scene for every fault that a user is told of, through the same table as the mirror's."""

    def told(scene: Scene, wrong: Faults, *, sets: bool = False) -> Scene:
        lines = notices(wrong, words, lifting=sets, trained=sets)
        return replace(scene, notices=lines, vision_fault=wrong.blind)

    waiting = _waits()
    unseen = replace(waiting, now_s=0.9, snapshot=None)
    lifting = _scene(_set("CCFCC", 35, 15, 0.5, hip_share=0.75, cue="shallow"))
    done = _scene(_summary("CCFCC"))
    return (
        {f"fault-{wrong.blind}": told(unseen, wrong) for wrong in _VISION_FAULTS}
        | {f"waiting-{name}": told(waiting, wrong) for name, wrong in _FAULTS.items()}
        | {
            "fault-and-history": told(unseen, replace(_FULL, camera="no camera")),
            "set-history": told(lifting, _FULL, sets=True),
            "set-unjudged": told(lifting, Faults(unjudged=True), sets=True),
            "summary-camera": told(done, Faults(camera="lost"), sets=True),
        }
    )


def _framing() -> dict[str, Scene]:
    def framing(met: int, share: float = 0.72, steps: tuple[str, ...] = _STEPS) -> Snapshot:
        return _snapshot(
            Stage.FRAMING,
            pose=person(share=share, front=met < 3),
            framing=tuple(FramingStep(name, number < met) for number, name in enumerate(steps)),
        )

    beside = framing(3, steps=_STEPS_BESIDE)
    scenes = {
        "framing-far": framing(0, share=1.25),
        "framing-turn": framing(2),
        "framing-beside": beside,
        "framing-done": framing(len(_STEPS)),
        "ready-still": _snapshot(Stage.READY, pose=person(), stillness=0.62),
        "ready-go": _snapshot(Stage.READY, pose=person(), stillness=1.0),
        "ready-beside": replace(beside, stage=Stage.READY, stillness=1.0),
    }
    return {name: _scene(snapshot) for name, snapshot in scenes.items()}


def _sets() -> dict[str, Snapshot]:
    up, top = RepPhase.CONCENTRIC, RepPhase.TOP
    knees, drill, praise = "CCFFCF", _DRILL, CueKind.PRAISE
    return {
        "first": _set("", 20, 8, 0.3),
        "down": _set("CCC", 52, 18, 0.74, hip_share=0.8),
        "deep": _set("C" * 7, 78, 20, 1.08, RepPhase.BOTTOM, hip_share=0.84),
        "partial": _set("C" * 12 + "P", 0, 0, 0.02, top),
        "hundred": _set("C" * 128, 35, 12, 0.5, up),
        "between": _set("UUU", 40, 40, 0.5, hip_share=0.63),
        "cue": _set("CCF", 30, 50, 0.4, hip_share=0.5, cue="knee_dominance"),
        "cue-long": _set(knees, 9, 15, 0.1, top, cue="rounded_back"),
        "cue-drill": _set(knees, 45, 15, 0.6, hip_share=0.7, cue="knee_dominance", drill=drill),
        "praise": _set(knees + "C", 5, 15, 0.1, top, cue="knee_dominance", kind=praise),
        "drill": _set(knees + "UPC", 60, 15, 0.9, hip_share=0.82, drill=drill),
        _SQUAT: _set("CCC", 35, 80, 0.8, hip_share=0.48, exercise=_SQUAT),
        _EITHER: _set("CC", 50, 60, 0.8, hip_share=0.55, exercise=_EITHER),
    }


def _set(
    marks: str,
    lean_deg: float,
    knee_deg: float,
    depth: float,
    phase: RepPhase = RepPhase.ECCENTRIC,
    *,
    hip_share: float | None = None,
    cue: str | None = None,
    kind: CueKind = CueKind.FAULT,
    drill: str | None = None,
    exercise: str = _FIRST,
) -> Snapshot:
    """A set under way, after the reps of these marks."""
    reps = _reps(marks)
    now_s = reps[-1].end_s + 0.4 if reps else 10.0
    return _snapshot(
        Stage.SET,
        exercise,
        time_s=now_s,
        pose=person(lean_deg, knee_deg),
        phase=phase,
        phase_s=0.3 if phase is RepPhase.BOTTOM else 1.2,
        depth=depth,
        count=len(marks) - marks.count("P"),
        partials=marks.count("P"),
        last=reps[-1] if reps else None,
        current=SetRecord(serial=1, exercise=exercise, started_s=0.0, reps=reps),
        hip_share=hip_share,
        cue=Cue(kind, cue, now_s) if cue else None,
        drill=drill,
    )


def _summary(marks: str, *, tired: bool = False) -> Snapshot:
    record = SetRecord(
        serial=1,
        exercise=_FIRST,
        started_s=2.0,
        reps=_reps(marks, tired=tired),
        ended_s=58.0,
        ended=Ended.WALKED_OFF,
    )
    return _snapshot(
        Stage.SUMMARY,
        time_s=60.0,
        count=len(record.counted),
        partials=len(record.partials),
        current=record,
        summary=Summary.of(record, exercise_by_id(_FIRST).checks),
    )


def _reps(marks: str, *, tired: bool = False) -> tuple[Rep, ...]:
    """A rep for each mark."""
    return tuple(
        _rep(place + 1 - marks[: place + 1].count("P"), mark, place / len(marks) if tired else 0.0)
        for place, mark in enumerate(marks)
    )


def _rep(number: int, mark: str, tired: float) -> Rep:
    start_s = 4.0 * number
    depth = 0.45 if mark == "P" else 0.98 + 0.09 * math.sin(1.7 * number) - 0.25 * tired
    rules = exercise_by_id(_FIRST).checks
    checks: dict[str, CheckResult] = {}
    if mark != "P":
        checks = {rule.id: _result(mark, rule.id) for rule in rules}
    down_s = 1.8 + 0.1 * math.sin(number) + 0.7 * tired
    return Rep(
        number=number,
        start_s=start_s,
        bottom_s=start_s + 1.8,
        end_s=start_s + 3.4,
        counted=mark != "P",
        partial_reason="too_shallow" if mark == "P" else None,
        tempo=Tempo(eccentric_s=down_s, pause_s=0.3, concentric_s=1.3),
        measures=Measures(depth=depth, trunk_lean_deg=70 * depth, hip_share=0.82 - 0.15 * tired),
        checks=checks,
        score=rep_score(checks, rules),
    )


def _result(mark: str, check: str) -> CheckResult:
    if mark == "U" or check == "stance":
        reason = "turn_side_on" if mark == "U" else "face_me_first"
        return CheckResult(verdict=Verdict.NOT_ASSESSED, reason=reason)
    fault = mark == "F" and check == "knee_dominance"
    return CheckResult(verdict=Verdict.FAULT if fault else Verdict.OK)


def _histories() -> dict[str, Scene]:
    full = _overview(23, 3)
    empty = replace(full, trend=trend_of(_TODAY, ()), best=None)
    held, erasing = (Hold(Button.HISTORY, 0.6),), (Hold(Button.FINISH, 0.7),)

    def page(history: Overview | None, subpage: int = 0, **fields: object) -> Scene:
        fields = {"page": Page.HISTORY, "history": history, "subpage": subpage} | fields
        return _waits(**fields)  # type: ignore[arg-type]  # a scene's own fields

    return {
        "history": page(full, pressed=held),
        "history-week": page(full, 1),
        "history-trend": page(full, 2),
        "history-old": page(full, 3),
        "history-not-today": page(_overview(5, 0)),
        "history-quiet-week": page(_overview(5, 1), 1),
        "history-no-trend": page(empty, 2),
        "history-empty": page(_overview(0, 0)),
        "history-unreadable": page(None),
        "erase": page(full, page=Page.ERASE),
        "erase-held": page(full, page=Page.ERASE, pressed=erasing),
    }


def _overview(sets: int, trained: int) -> Overview:
    """A history of so many sets, with so many training days this week."""
    stored = _stored(sets)
    if not trained:
        stored = tuple(replace(kept, started_at=_LONG_AGO) for kept in stored)
    today = [kept for kept in stored if kept.started_at.date() == _TODAY]
    days = [monday_of(_TODAY) + timedelta(days=n) for n in range(7)]
    trained_on = days[: 2 * trained : 2]
    trend = tuple(
        WeekTrend(empty.monday, 6, 58, 0.82 + 0.02 * number, min(1.0, 0.35 + 0.05 * number))
        if number != 4
        else empty
        for number, empty in enumerate(trend_of(_TODAY, ()))
    )
    return Overview(
        today_totals=DayTotals(_TODAY, len(today), sum(kept.reps for kept in today)),
        latest=stored,
        week=tuple(DayTotals(day, *((4, 38) if day in trained_on else (0, 0))) for day in days),
        trend=trend,
        best=max(stored, key=lambda kept: kept.reps, default=None),
        total_sets=len(stored),
    )


def _stored(sets: int) -> tuple[StoredSet, ...]:
    exercises = (_FIRST, _LONG_NAME, _SWING, _ON_THE_BACK, _SQUAT)
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


def _lessons() -> dict[str, Scene]:
    """A lesson of each kind, and every mistake of the hinge."""

    def page(subpage: int, now_s: float, exercise: str = _FIRST) -> Scene:
        return _waits(exercise, now_s, page=Page.LEARN, subpage=subpage)

    return {
        "-".join(filter(None, ("learn", lesson.kind, lesson.about))): page(number, 1.9)
        for number, lesson in enumerate(lessons(exercise_by_id(_FIRST)))
    } | {
        f"learn-{_SQUAT}-muscles": page(0, 2.0, _SQUAT),
        f"learn-{_EITHER}-mistake": page(3, 2.9, _EITHER),
        "learn-swing-steps": page(1, 0.4, _SWING),
    }


def _own(exercises: Catalogue) -> dict[str, Scene]:
    """How the exercises wait that are an owner's own, and their lessons."""
    scenes = {}
    for exercise in exercises.values():
        if exercise.id not in catalogue():
            snapshot = _snapshot(Stage.WAITING, exercise.id)
            scenes[f"waiting-{exercise.id}"] = _scene(snapshot, 2.0, exercises)
            for number, _ in enumerate(lessons(exercise)):
                page = _scene(snapshot, 2.0, exercises, page=Page.LEARN, subpage=number)
                scenes[f"learn-{exercise.id}-{number + 1}"] = page
    return scenes
