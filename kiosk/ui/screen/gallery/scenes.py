"""Makes a fixed scene for every screen in every state, and draws and saves their pictures.

The people in it are made up from joint angles.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pygame
from msgspec.structs import replace as replace_struct
from pygame import Surface

from kiosk.body.pose import Keypoint, Pose
from kiosk.body.state import Side
from kiosk.coaching.camera_check import Finding
from kiosk.coaching.cues import Cue, CueKind
from kiosk.coaching.record import (
    HIDDEN,
    CheckResult,
    Ended,
    Grade,
    Measures,
    Rep,
    SetRecord,
    Tempo,
    Verdict,
)
from kiosk.coaching.rep_pair import RepPair, SeenRep, reach_of
from kiosk.coaching.set_summary import Summary, graded
from kiosk.coaching.snapshot import FramingStep, RepPhase, Snapshot, Stage
from kiosk.coaching.stroke import moment
from kiosk.errors import ModelError, RuntimeMissingError
from kiosk.exercises.catalogue import Catalogue, catalogue
from kiosk.exercises.exercise import CheckId, Exercise, Stroke
from kiosk.exercises.stick_figure import as_pose, skeleton
from kiosk.history.notice import Event, Notice
from kiosk.history.overview import DayTotals, Overview, monday_of, trend_of, week_of
from kiosk.history.rows import StoredSet
from kiosk.settings import Edge, LifterSettings, OutboxSettings, Settings
from kiosk.training.facts import GUEST, Facts
from kiosk.training.lifters import LIFTERS
from kiosk.training.loads import KG_OF
from kiosk.training.plan import Plan
from kiosk.training.records import Record
from kiosk.training.visits import Rest
from kiosk.ui.health_table import Faults, notices
from kiosk.ui.panel.button import Button
from kiosk.ui.screen.scene import (
    PLAN_FIELDS,
    Erasing,
    Hold,
    Kind,
    Lifting,
    Page,
    Scene,
    actions_for,
)
from kiosk.ui.screen.screen import Screen
from kiosk.ui.screen.toolkit.canvas import offscreen, save_png
from kiosk.ui.screen.views.learn import lessons
from kiosk.ui.set_up_steps import SetUp, Step
from kiosk.ui.status import Fact, OperatorFacts
from kiosk.ui.words.words import Words
from kiosk.vision.pose.unseen import UNSEEN

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
_BARBELL = next(lift for lift in _LIFTS if lift.appearance.load == "barbell")
_PLATES = next(lift for lift in _LIFTS if lift.plates)
_KNEE = (Keypoint.RIGHT_KNEE, Keypoint.RIGHT_WRIST)
_DRILL = next(exercise.id for exercise in catalogue().values() if exercise.kind == "drill")
_STEPS = ("whole_body", "distance", "side_on", "still")
_STEPS_BESIDE = ("whole_body", "distance", "side_on", "alone", "still")

_FULL = Faults(history="the disk is full")
_NO_CAMERA = Faults(camera="no camera")
_VISION_FAULTS = (
    _NO_CAMERA,
    Faults(model=ModelError("no file")),
    Faults(model=RuntimeMissingError("no runtime")),
    Faults(failing="RuntimeError: node 31 failed"),
    *(Faults(unseen=key) for key in UNSEEN),
)
_FAULTS = {
    "history": _FULL,
    "history-new": Faults(history_new=Notice(Event.SET_ASIDE, "set aside")),
    "history-recovered": Faults(history_new=Notice(Event.RECOVERED, "recovered", 1230, 1234)),
    "history-replaced": Faults(history_new=Notice(Event.REPLACED, "replaced")),
    "panel": Faults(panel="no pins"),
    "switch": Faults(switch="screen.off_command: ddcutil failed (No monitor detected)"),
    "tags": Faults(tags="no reader"),
    "stick-copying": Faults(stick="copying"),
    "stick-remove": Faults(stick="remove"),
    "stick-full": Faults(stick="full"),
    "stick-locked": Faults(stick="read_only"),
    "stick-foreign": Faults(stick="foreign"),
    "stick-pulled": Faults(stick="pulled"),
    "stick-unwritable": Faults(stick="unwritable"),
    "settings": Faults(settings="an unknown key"),
    "clock": Faults(clock=True),
    "unjudged": Faults(unjudged=True),
    "sound": Faults(sound="no card"),
    "voice": Faults(voice="no engine"),
    "unsaved": Faults(unsaved="read_only"),
    "two": Faults(history="the disk is full", settings="an unknown key"),
}
_SUMMARIES = {
    "summary": "C" * 12,
    "summary-faults": "CCFCFFPFCF",
    "summary-partials": "CCPCCPCCPCC",
    "summary-fade": "CCCCCFFCFFFF",
    "summary-hidden": "U" * 8,
    "summary-mixed": "CCUCFUPCUF",
    "summary-oblique": "O" * 5,
    "summary-turned": "OOOCCOCCP",
    "summary-long": "CCP" + "CCCCCFCCCCCCC" * 3,
    "summary-hundred": "C" * 118,
    "summary-empty": "",
}
"""The reps of each: C clean, F with a fault, O seen at an angle, U not judged, P partial; H with
knees behind a plate."""
_SIDE_ON = ("shallow", "no_lockout", "rounded_back", "over_arched_back")
"""Checks that an O lacks."""
_ON_THE_LEGS = ("knee_dominance", "hips_late", "hips_shoot_up")
"""Checks that an H lacks."""
_RESTS_ON = ("knee_dominance", "shallow", "no_lockout", "stance", "rounded_back")
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
_STUCK = ("buttons", "Exercise: stuck or miswired")
_UNSENT = (
    Fact("outbox", "214: the server does not answer", good=False),
    Fact("home", "cannot be reached", good=False),
)
_TROUBLES = (
    "18:02 camera: no frame for 2 s; trying again",
    "17:40 history: the disk is full; sets are kept in memory (3 times)",
)


def samples(words: Words | None = None) -> dict[str, Scene]:
    """Every scene by the name that its picture bears.

    The words are for the notices, and for the exercises; English and the packaged ones by default.
    """
    words = words or Words.load("en")
    return exercise_samples(words.exercises) | kept_samples(words)


def kept_samples(words: Words) -> dict[str, Scene]:
    """The scenes of which the tests keep pictures: every screen in every state, for a few lifts."""
    facts = tuple(Fact(key, value, key != "temperature") for key, value in _FACTS.items())
    operator = OperatorFacts(facts=facts, troubles=_TROUBLES, volume=0.7)
    return {
        **_waiting(),
        **_framing(),
        **{f"set-{name}": _scene(snapshot) for name, snapshot in _sets().items()},
        **{name: _scene(_summary(marks, name in _TIRED)) for name, marks in _SUMMARIES.items()},
        "summary-slower": _scene(_slower(_summary("C" * 7))),
        **_replays(),
        "summary-deleted": _scene(_summary("CCFCC"), deleted=True),
        "summary-suggested": _scene(replace(_summary("FFFFF"), suggested=_SQUAT)),
        "summary-plates": _scene(_summary("CHHCHHH", exercise=_PLATES)),
        "summary-crossed": _scene(_crossed(_summary("CCFCC"))),
        **_lifters(),
        **_histories(),
        **_lessons(_LIFTS[0], "learn"),
        f"learn-{_SQUAT}-muscles": _waits(_SQUAT, 2.0, page=Page.LEARN),
        f"learn-{_EITHER}-mistake": _waits(_EITHER, 2.9, page=Page.LEARN, subpage=3),
        "learn-swing-steps": _waits(_SWING, 0.4, page=Page.LEARN, subpage=1),
        "operator": _waits(page=Page.OPERATOR, operator=operator),
        "operator-erased": _waits(page=Page.OPERATOR, operator=operator, undoable=True),
        "operator-stuck": _waits(
            page=Page.OPERATOR,
            operator=replace(operator, facts=(*facts, Fact(*_STUCK, good=False))),
        ),
        "operator-outbox": _waits(
            page=Page.OPERATOR,
            operator=replace(operator, facts=(*facts, *_UNSENT)),
        ),
        **_set_up(),
        **_faults(words),
    }


def _set_up() -> dict[str, Scene]:
    """Every step of the set-up, and all that its camera check can find."""

    def asked(step: Step, turns: int = 0, **fields: Any) -> Scene:
        state = SetUp.begin(Settings(), ("de", "en"))
        while state.step is not step:
            state = state.skip()
        for _ in range(turns):
            state = state.turn(1)
        return _waits(page=Page.SET_UP, set_up=state, **fields)

    owner = Settings(
        lifters=LifterSettings(tag_reader="/dev/input/by-id/reader"),
        outbox=OutboxSettings(target="postgresql://mirror@server/gym"),
    )
    menu = SetUp.choose(owner, ("de", "en"), (_LONG_NAME, _FIRST))
    opened = {
        step: replace(menu, shown=step.value).take()
        for step in (Step.EXERCISE, Step.REST, Step.PLACES, Step.TAGS, Step.OUTBOX, Step.RESTART)
    }
    stands = _snapshot(Stage.FRAMING, pose=person())
    seen = {
        Finding.NOBODY: None,
        Finding.NEAR: person(share=1.08),
        Finding.FAR: person(share=0.3),
        Finding.AIMED_HIGH: person(share=1.02),
    }
    return {
        "set-up": asked(Step.LANGUAGE),
        "set-up-rotation": asked(Step.ROTATION),
        "set-up-edge": asked(Step.EDGE),
        "set-up-edge-left": asked(Step.EDGE, 3),
        "set-up-sound": asked(Step.SOUND),
        "set-up-unit": asked(Step.UNIT),
        "set-up-menu": _waits(page=Page.SET_UP, set_up=menu.turn(3)),
        **{
            f"set-up-{step.value}": _waits(page=Page.SET_UP, set_up=state)
            for step, state in opened.items()
        },
        "set-up-camera": asked(Step.CAMERA),
        "set-up-camera-upside-down": asked(Step.CAMERA, vision_fault="upside_down"),
        **{
            f"set-up-camera-{finding.value}": replace(
                asked(Step.CAMERA, finding=finding),
                snapshot=replace(stands, pose=seen.get(finding, stands.pose)),
                shines=finding is Finding.TESTING,
            )
            for finding in Finding
        },
    }


def exercise_samples(exercises: Catalogue) -> dict[str, Scene]:
    """The screens of each exercise: how it waits, a set of it, and all its lessons."""
    scenes: dict[str, Scene] = {}
    for name, exercise in exercises.items():
        stroke = exercise.appearance.stroke
        lean_deg, knee_deg = 0.7 * stroke.lean_deg, 0.7 * stroke.knee_deg
        share = lean_deg / (lean_deg + 0.5 * knee_deg)
        lifting = _set("CCF", lean_deg, knee_deg, 0.7, hip_share=share, exercise=name)
        scenes[f"waiting-{name}"] = _waits(name, 2.0, kind=exercise.kind)
        scenes[f"set-{name}"] = _scene(lifting, kind=exercise.kind)
        scenes |= _lessons(exercise, f"learn-{name}")
    return scenes


def one_of_each_screen(scenes: Mapping[str, Scene]) -> dict[str, Scene]:
    """The first scene of each page and part of a page, and of each stage with and without motion.

    What moves is a cue in a set, and two reps on the summary.
    """
    found: dict[object, str] = {}
    for name, scene in scenes.items():
        now = scene.snapshot
        moves = now is not None and (now.cue is not None or now.pair is not None)
        stage = (now.stage, moves) if now and scene.page is Page.COACH else None
        found.setdefault((scene.page, scene.subpage, stage), name)
    return {name: scenes[name] for name in found.values()}


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
    snapshot: Snapshot,
    now_s: float = 1.0,
    kind: Kind = "lift",
    *,
    undoable: bool = False,
    **fields: Any,
) -> Scene:
    """A scene whose buttons do what they do on its page, for an exercise of that kind."""
    scene = Scene(now_s=now_s, snapshot=snapshot, today=_TODAY, **fields)
    suggested = snapshot.suggested is not None
    record = snapshot.current
    stored = snapshot.stage is Stage.SUMMARY and record is not None and bool(record.counted)
    actions = actions_for(
        scene.page,
        snapshot.stage,
        kind,
        suggested=suggested,
        deleted=scene.deleted if stored else None,
        asks_load=scene.lifting.asks_load,
        undoable=undoable,
        replays=snapshot.pair is not None,
        step=scene.set_up.step if scene.set_up else None,
        settable=True,
    )
    return replace(scene, actions=actions)


def _snapshot(
    stage: Stage, exercise: str = _FIRST, time_s: float = 10.0, **fields: Any
) -> Snapshot:
    return Snapshot(time_s=time_s, stage=stage, exercise=exercise, **fields)


def _waits(exercise: str = _FIRST, now_s: float = 1.0, **fields: Any) -> Scene:
    """A scene whose coach waits for somebody."""
    return _scene(_snapshot(Stage.WAITING, exercise), now_s, **fields)


def _waiting() -> dict[str, Scene]:
    pressed = (Hold(Button.EXERCISE, 0.4),)
    return {
        "starting": replace(_waits(_FIRST, 0.9), snapshot=None),
        "waiting": _waits(_FIRST, 1.0),
        "waiting-long-name": _waits(_LONG_NAME, 1.9),
        "waiting-pressed": _waits(_SWING, 0.7, pressed=pressed),
        "waiting-drill": _waits(_DRILL, 2.0, kind="drill"),
        "waiting-dim": _waits(_SQUAT, 2.0, idle_s=600.0),
        "waiting-time": _waits(_FIRST, 1.0, clock=_NOON.time()),
        "waiting-time-long-name": _waits(_LONG_NAME, 1.9, clock=_NOON.time()),
    }


def _faults(words: Words) -> dict[str, Scene]:
    """A scene for every fault that has a notice, formatted from the same table as the mirror's."""

    def shown(scene: Scene, faults: Faults, *, sets: bool = False) -> Scene:
        lines = notices(faults, words, lifting=sets, trained=sets)
        return replace(scene, notices=lines, vision_fault=faults.blind)

    waiting = _waits()
    unseen = replace(waiting, now_s=0.9, snapshot=None)
    lifting = _scene(_set("CCFCC", 35, 15, 0.5, hip_share=0.75, cue="shallow"))
    return {
        **{f"fault-{faults.blind}": shown(unseen, faults) for faults in _VISION_FAULTS},
        **{f"waiting-{name}": shown(waiting, faults) for name, faults in _FAULTS.items()},
        "fault-and-history": shown(unseen, replace(_FULL, camera="no camera")),
        "set-history": shown(lifting, _FULL, sets=True),
        "set-unjudged": shown(lifting, Faults(unjudged=True), sets=True),
        "summary-camera": shown(_scene(_summary("CCFCC")), Faults(camera="lost"), sets=True),
    }


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
        "ready-suggested": _snapshot(Stage.READY, pose=person(), stillness=1.0, suggested=_EITHER),
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
        "slower": _set("C" * 7, 40, 15, 0.5, RepPhase.CONCENTRIC, hip_share=0.8, slower=0.27),
        "suggested": _set("FF", 38, 90, 0.9, hip_share=0.45, suggested=_SQUAT),
        "beside": _set("CCC", 40, 15, 0.6, hip_share=0.8, bystander=True, drill=drill),
        "hint": _set("CHH", 4, 10, 0.1, top, cue=HIDDEN[1], kind=CueKind.HINT, exercise=_PLATES.id),
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
    cue: str | None = None,
    kind: CueKind = CueKind.FAULT,
    exercise: str = _FIRST,
    **fields: Any,
) -> Snapshot:
    """A set under way, after the reps of these marks."""
    reps = _reps(marks, _PLATES if "H" in marks else _LIFTS[0])
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
        cue=Cue(kind, cue, now_s) if cue else None,
        **fields,
    )


def _summary(marks: str, tired: bool = False, exercise: Exercise = _LIFTS[0]) -> Snapshot:
    record = SetRecord(
        serial=1,
        exercise=exercise.id,
        started_s=2.0,
        reps=_reps(marks, exercise, tired=tired),
        ended_s=58.0,
        ended=Ended.WALKED_OFF,
    )
    return _snapshot(
        Stage.SUMMARY,
        exercise.id,
        time_s=60.0,
        count=len(record.counted),
        partials=len(record.partials),
        current=record,
        summary=Summary.of(record, exercise),
    )


def _lifters() -> dict[str, Scene]:
    """The screens of somebody with a place, a plan, a load and a rest."""
    facts = Facts(lifter=1, target_reps=8, target_sets=3, set_number=2, rest_s=95.0)
    last, alone = replace_struct(facts, set_number=3), replace_struct(facts, lifter=GUEST)
    rest, over = Rest(48.0, 120.0), Rest(131.0, 120.0)
    after = Lifting(facts=facts, rest=Rest(6.0, 120.0))
    asked = replace(after, facts=replace_struct(facts, load_kg=62.5), asks_load=True)
    unknown = replace(after, facts=alone, asks_load=True)
    record = Record("heaviest", 62.5, 8)
    entered = replace(asked, asks_load=False, records=(record,))
    corrected = replace(after, facts=replace_struct(last, corrected=9, load_kg=62.5))
    pounds = replace(asked, unit="lb", facts=replace_struct(facts, load_kg=135 * KG_OF["lb"]))
    plan = Plan(reps=8, sets=3, rest_s=120.0)
    lift, marks = _BARBELL.id, "CCFCCCC"

    def lifting(reps: int) -> Snapshot:
        return _set(marks[:reps], 52, 18, 0.74, hip_share=0.8, exercise=lift)

    def done(lifting: Lifting, marks: str = marks + "C") -> Scene:
        return _scene(_summary(marks, exercise=_BARBELL), lifting=lifting)

    chosen = Lifting(facts=facts)
    ready = _snapshot(Stage.READY, lift, pose=person(), stillness=1.0)
    return {
        **{
            f"waiting-place-{place.number}": _waits(
                lift, 1.0, lifting=Lifting(facts=replace_struct(facts, lifter=place.number))
            )
            for place in LIFTERS
        },
        "waiting-rest": _waits(lift, 1.0, lifting=Lifting(facts=facts, rest=rest)),
        "waiting-rest-guest": _waits(lift, 1.0, lifting=Lifting(facts=alone, rest=rest)),
        "waiting-rest-over": _waits(lift, 1.0, lifting=Lifting(facts=last, rest=over)),
        "ready-place": _scene(ready, lifting=chosen),
        "set-target": _scene(lifting(5), lifting=chosen),
        "set-two-more": _scene(lifting(6), lifting=chosen),
        "set-target-met": _scene(
            _set(marks + "CC", 10, 5, 0.1, exercise=lift), lifting=Lifting(facts=last)
        ),
        "summary-load": done(asked),
        "summary-load-unknown": done(unknown),
        "summary-load-pounds": done(pounds),
        "summary-record": done(entered),
        "summary-corrected": done(corrected),
        **{
            f"plan-{part}": _waits(lift, page=Page.PLAN, subpage=number, plan=plan, lifting=chosen)
            for number, part in enumerate(PLAN_FIELDS)
        },
        "tag": _waits(page=Page.TAG, lifting=Lifting(place=3)),
        "erase-place": _waits(page=Page.ERASE, erasing=Erasing(1, 23)),
    }


def _slower(snapshot: Snapshot) -> Snapshot:
    """The same summary of a set whose last reps were slow."""
    assert snapshot.summary is not None
    return replace(snapshot, summary=replace(snapshot.summary, slower=0.27))


def _crossed(snapshot: Snapshot) -> Snapshot:
    """The same summary of a set in which somebody was in the way."""
    assert snapshot.summary is not None
    return replace(snapshot, summary=replace(snapshot.summary, crossed_s=6.4, hands_unseen=2))


def _replays() -> dict[str, Scene]:
    """Summaries that show the worst and the best rep, each at another moment."""
    hinge, squat = _LIFTS[0], catalogue()[_SQUAT]
    knees: CheckId = "knee_dominance"  # which the summaries advise to work on
    faults, tired = _summary("CCFCFFPFCF"), _summary("CCCCCFFCFFFF", tired=True)

    def scene(snapshot: Snapshot, pair: RepPair, since_s: float) -> Scene:
        return _scene(replace(snapshot, pair=pair), pair_from_s=1.0 - since_s)

    return {
        "summary-pair": scene(faults, _pair(hinge, knees, 5), 3.6),
        "summary-pair-bottom": scene(tired, _pair(hinge, knees, 12), 60.0),
        "summary-pair-hidden": scene(faults, _pair(hinge, knees, 5, hidden=_KNEE), 60.0),
        "summary-pair-squat": scene(_summary("CCFCF", exercise=squat), _pair(squat, knees, 3), 5.0),
        "summary-pair-alone": scene(
            _summary("FFFF"), replace(_pair(hinge, knees, 2), best=None), 3.0
        ),
    }


def _pair(
    exercise: Exercise, check: CheckId, number: int, hidden: Collection[Keypoint] = ()
) -> RepPair:
    """A rep with the mistake in which some joints were hidden, and the good one before it."""
    appearance = exercise.appearance
    worst = _seen(number, Grade.FAULTY, appearance.mistakes[check], hidden)
    best = _seen(number - 1, Grade.CLEAN, appearance.stroke, ())
    return RepPair(check, worst, best, reach_of(worst, best))


def _seen(number: int, grade: Grade, stroke: Stroke, hidden: Collection[Keypoint]) -> SeenRep:
    bottom_s = stroke.down_s + stroke.hold_s / 2
    times_s = [step / 15 for step in range(round(15 * stroke.whole_s))]
    spots = []
    for time_s in times_s:
        now = moment(stroke, time_s)
        pose = as_pose(skeleton(now.lean_deg, now.knee_deg), stature_px=1.25, ankle_px=(0.0, 0.0))
        spots.append(
            tuple(
                None if keypoint in hidden else (x, -y)
                for keypoint, (x, y, _) in zip(Keypoint, pose.marks, strict=True)
            )
        )
    return SeenRep(number, grade, Side.RIGHT, tuple(t - bottom_s for t in times_s), tuple(spots))


def _reps(marks: str, exercise: Exercise, *, tired: bool = False) -> tuple[Rep, ...]:
    """A rep for each mark."""
    return tuple(
        _rep(
            place + 1 - marks[: place + 1].count("P"),
            mark,
            place / len(marks) if tired else 0.0,
            exercise,
        )
        for place, mark in enumerate(marks)
    )


def _rep(number: int, mark: str, tired: float, exercise: Exercise) -> Rep:
    start_s = 4.0 * number
    depth = 0.45 if mark == "P" else 0.98 + 0.09 * math.sin(1.7 * number) - 0.25 * tired
    checks: dict[str, CheckResult] = {}
    if mark != "P":
        checks = {rule.id: _result(mark, rule.id) for rule in exercise.checks}
    down_s = 1.8 + 0.1 * math.sin(number) + 0.7 * tired
    rep = Rep(
        number=number,
        start_s=start_s,
        bottom_s=start_s + 1.8,
        end_s=start_s + 3.4,
        counted=mark != "P",
        partial_reason="too_shallow" if mark == "P" else None,
        tempo=Tempo(eccentric_s=down_s, pause_s=0.3, concentric_s=1.3),
        measures=Measures(depth=depth, trunk_lean_deg=70 * depth, hip_share=0.82 - 0.15 * tired),
        checks=checks,
    )
    return graded(rep, exercise) if rep.counted else rep


def _result(mark: str, check: str) -> CheckResult:
    if mark == "U" or check == "stance" or (mark == "O" and check in _SIDE_ON):
        reason = "face_me_first" if check == "stance" else "turn_side_on"
        return CheckResult(verdict=Verdict.NOT_ASSESSED, reason=reason)
    if mark == "H" and check in _ON_THE_LEGS:
        return CheckResult(verdict=Verdict.NOT_ASSESSED, reason=HIDDEN[1])
    fault = mark == "F" and check == "knee_dominance"
    return CheckResult(verdict=Verdict.FAULT if fault else Verdict.OK)


def _histories() -> dict[str, Scene]:
    full = _overview(23, 3)
    loaded = _overview(23, 3, loads=True)
    corrected = replace(loaded.latest[1], facts=Facts(load_kg=62.5, corrected=9))
    loaded = replace(loaded, latest=(loaded.latest[0], corrected, *loaded.latest[2:]))
    empty = replace(full, trend=trend_of(_TODAY, ()), best=None)
    held, erasing = (Hold(Button.HISTORY, 0.6),), (Hold(Button.FINISH, 0.7),)

    def page(history: Overview | None, subpage: int = 0, **fields: Any) -> Scene:
        fields = {"page": Page.HISTORY} | fields
        return _waits(history=history, subpage=subpage, **fields)

    return {
        "history": page(full, pressed=held),
        "history-week": page(full, 1),
        "history-trend": page(full, 2),
        "history-old": page(full, 3),
        "history-loads": page(loaded, lifting=Lifting(facts=Facts(lifter=1))),
        "history-trend-loads": page(loaded, 2, lifting=Lifting(facts=Facts(lifter=1))),
        "history-not-today": page(_overview(5, 0)),
        "history-quiet-week": page(_overview(5, 1), 1),
        "history-no-trend": page(empty, 2),
        "history-empty": page(_overview(0, 0)),
        "history-unreadable": page(None),
        "erase": _waits(page=Page.ERASE, erasing=Erasing(None, 123)),
        "erase-held": _waits(page=Page.ERASE, erasing=Erasing(None, 123), pressed=erasing),
        "erase-unread": _waits(page=Page.ERASE),
    }


def _overview(sets: int, trained: int, *, loads: bool = False) -> Overview:
    """A history of so many sets, with so many training days this week."""
    stored = _stored(sets, loads=loads)
    if not trained:
        stored = tuple(replace(kept, started_at=_LONG_AGO) for kept in stored)
    today = [kept for kept in stored if kept.started_at.date() == _TODAY]
    days = (monday_of(_TODAY) + timedelta(days=2 * number) for number in range(trained))
    weeks = (
        (
            *(week.monday.isoformat(), 6, 58),
            *(0.82 + 0.02 * number, min(1.0, 0.35 + 0.05 * number)),
            50.0 + 2.5 * (number // 2) if loads else None,
        )
        for number, week in enumerate(trend_of(_TODAY, ()))
        if number != 4
    )
    return Overview(
        today_totals=DayTotals(_TODAY, len(today), sum(kept.reps for kept in today)),
        latest=stored,
        week=week_of(_TODAY, ((day.isoformat(), 4, 38) for day in days)),
        trend=trend_of(_TODAY, weeks),
        best=max(stored, key=lambda kept: kept.reps, default=None),
        total_sets=len(stored),
    )


def _stored(sets: int, *, loads: bool) -> tuple[StoredSet, ...]:
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
            clean=0 if number % 4 == 1 else 10 - number % 5,
            faulty=1,
            trunk_lean_deg=72.0,
            tempo_s=(1.8, 0.3, 1.3),
            score=None if number % 4 == 2 else 100 - 7 * (number % 5),
            rests_on=() if number % 4 == 2 else _RESTS_ON[number % 2 * 2 :],
            facts=Facts(load_kg=62.5 if loads and number % 3 else None),
        )
        for number in range(sets)
    )


def _lessons(exercise: Exercise, prefix: str) -> dict[str, Scene]:
    return {
        "-".join(filter(None, (prefix, lesson.kind, lesson.about))): _waits(
            exercise.id, 1.9, kind=exercise.kind, page=Page.LEARN, subpage=number
        )
        for number, lesson in enumerate(lessons(exercise))
    }


SIZES: Mapping[str, tuple[int, int]] = {"portrait": (1080, 1920), "landscape": (1920, 1080)}
"""Width and height in pixels of the pictures, by the folder that takes them."""
SMALL = 8
"""A small picture has this part of the width and of the height."""
_DROPPED_BITS = 4  # of each channel of a small picture: a third of the bytes, and hardly to be seen


def picture(scene: Scene, size: tuple[int, int], words: Words, edge: Edge = "bottom") -> Surface:
    """Draws one scene, with the buttons' legend at this edge."""
    surface = offscreen(size)
    Screen(surface, words, edge).draw(scene)
    return surface


def shrunk(surface: Surface) -> Surface:
    """The small version of a picture, with few colours."""
    width, height = surface.get_size()
    small = pygame.transform.smoothscale(surface, (width // SMALL, height // SMALL))
    pixels = pygame.surfarray.array3d(small) >> _DROPPED_BITS << _DROPPED_BITS
    coarse = pygame.Surface(small.get_size(), depth=24)
    pygame.surfarray.blit_array(coarse, pixels)
    return coarse


def save_all(folder: Path, words: Words, edge: Edge = "bottom", *, small: bool = False) -> int:
    """Writes every sample in portrait and in landscape, as FOLDER/portrait/NAME.png.

    Small ones are those that the tests keep, without the screens of each exercise.

    Returns:
        How many pictures there are.

    Raises:
        DisplayError: a picture cannot be written.
    """
    scenes = kept_samples(words) if small else samples(words)
    for orientation, size in SIZES.items():
        for name, scene in scenes.items():
            drawn = picture(scene, size, words, edge)
            path = folder / orientation / f"{name}.png"
            save_png(shrunk(drawn) if small else drawn, path)
    return len(scenes) * len(SIZES)
