"""Labelled clips of people: reads them, and compares what the mirror found with the labels.

Label files, one or several in a folder, are JSON: `{"clips": [CLIP, ...]}`, or `{NAME: CLIP, ...}`.
A CLIP has

    id               its name; NAME where it is a key
    trace, clip      pose trace and film, relative to the file; by default NAME.npz beside it
    product_exercise the exercise to replay it as; or `exercise`
    reps             the most reps that are right, or [fewest, most]
    reps_full_cycles the fewest: reps that the film does not cut; by default all
    bottoms_s        seconds of the bottoms
    family           "negative" or "lunge": nothing may count, neither as a hinge nor as a squat
    view             words with "side", "oblique" or "front" in them
    faults           [{"fault": WORD, "reps": "all", "confidence": "high"}, ...]
    person_group, source.repo  who is seen; by default the name up to its first "_"

and needs no more than its exercise and `reps`. A rendered clip is NAME.json, with the exact truth
of every rep, beside its film NAME.mp4.
"""

import json
import logging
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np

from kiosk.coaching.record import Rep, Verdict
from kiosk.errors import BadInputError
from kiosk.exercises.exercise import CheckId

CHECK_OF_WORD = {
    "knee_dominant": "knee_dominance",
    "hip_first": "hips_shoot_up",
    "overextended_lockout": "lean_back",
    "no_full_lockout": "no_lockout",
}
"""The check that must find what a label calls by its first word, if it has another name."""
SPOKEN_OF = {*CHECK_OF_WORD.values(), "rounded_back", "shallow"}
"""Checks whose faults the labels of real clips name. A clip without any fault is clean of these."""
SEVERE = {
    "rounded_back": ("rounded_back", 20),
    "over_arched": ("over_arched_back", 20),
    "knee_dominant": ("knee_dominance", 60),
    "shallow": ("shallow", 25),
    "no_lockout": ("no_lockout", 18),
    "lean_back": ("lean_back", 14),
}
"""A rendered fault's check, and the degrees from which it must be found; below, either is right."""
EXERCISE_OF_TAG = {
    "hinge": "hip_hinge",
    "rdl": "romanian_deadlift",
    "goodmorning": "good_morning",
    "swing": "kettlebell_swing",
}
BACK = {"rounded_back", "over_arched_back"}
"""Checks that need the picture: a trace cannot answer them."""
NO_FORM = BACK | {"tempo", "stance", "head_up"}
"""Checks that do not make the verdict on form of a rep, as this page uses the word."""
NO_REP = ("hip_hinge", "squat")
"""Modes in which a movement that is no rep is replayed."""
VIEWS = ("side-on", "oblique", "front")
Z_95 = 1.959964
SIDE_ON_DEG, OBLIQUE_DEG = 20.0, 60.0
TRACE = ".npz"
TOLERANCE_S = 0.8
"""A counted rep is a labelled one if its bottom is no farther away. Labels are good to .5 s."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One rep as it was labelled.

    Attributes:
        bottom_s: from and to; None where the label gives no time.
        faults: whether it has the fault of a check; checks that the labels do not speak of are left
            out.
        must: False for a shallow one, which may be counted or not.
    """

    bottom_s: tuple[float, float] | None
    faults: Mapping[str, bool]
    must: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A film or a pose trace and its labels.

    Attributes:
        source, others: what to replay, and what else there may be of the same.
        person: who is seen; several people of one source count as one.
        optional: how many of `reps` the film cuts, so that they may be left out.
        most: how many may be counted.
        no_rep: nothing in it is a rep of any exercise.
    """

    name: str
    source: Path
    others: tuple[Path, ...]
    exercise: str
    real: bool
    person: str
    view: str
    reps: tuple[Labelled, ...]
    optional: int = 0
    most: int = 0
    no_rep: bool = False

    @property
    def film(self) -> bool:
        """Whether there are pictures."""
        return self.source.suffix != TRACE

    @property
    def trace(self) -> Path | None:
        """Its poses; None where there are none."""
        return next((one for one in (self.source, *self.others) if one.suffix == TRACE), None)


def read_clips(place: str, *, films: bool = False) -> Iterator[Clip]:
    """Reads the labelled clips of a place, those that have a trace or a film.

    Args:
        place: a folder or a label file, and after a colon the folder of its pose traces.
        films: take the film and not a trace beside it where there are both.
    """
    labels, _, traces = place.partition(":")
    path = Path(labels)
    if not path.exists():
        raise BadInputError(f"{path}: does not exist; name a folder or a label file")
    for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        try:
            clips = list(_clips_of(file, json.loads(file.read_text("utf-8"))))
        except (KeyError, TypeError, ValueError) as error:
            raise BadInputError(f"{file}: cannot be read as labels ({error!r})") from error
        for clip in clips:
            beside = [clip.source, *clip.others]
            beside.sort(key=lambda one: (one.suffix == TRACE) == films)
            if traces:
                beside.insert(0, Path(traces, clip.source.name))
            there = [one for one in beside if one.is_file() and _replayable(one)]
            if there:
                yield replace(clip, source=there[0], others=tuple(there[1:]))
            else:
                _log.warning("%s: %s is left out: neither trace nor film", file, clip.name)


def unique(clips: Iterable[Clip]) -> list[Clip]:
    """Takes each real clip once: its film, or else its longest trace."""
    best: dict[str, Clip] = {}
    for clip in clips:
        key = clip.name if clip.real else str(clip.source)
        if key not in best or _detail(clip) > _detail(best[key]):
            best[key] = clip
    return list(best.values())


def _detail(clip: Clip) -> tuple[bool, int]:
    return clip.film, clip.source.stat().st_size


def view_of(seen: float | str) -> str:
    """The view by a label's words, or by the degrees turned away from side-on to either side.

    A clip in which the view changes is oblique.
    """
    if isinstance(seen, str):
        names = {"oblique": "oblique", "side": "side-on", "front": "front"}
        return next((view for word, view in names.items() if word in seen), "unknown")
    turned = abs(math.remainder(seen, 180))
    return VIEWS[(turned > SIDE_ON_DEG) + (turned > OBLIQUE_DEG)]


def _replayable(source: Path) -> bool:
    """Whether it is a film or a trace, and not other arrays."""
    if source.suffix != TRACE:
        return True
    with np.load(source) as arrays:
        return "keypoints" in arrays


def _clips_of(file: Path, document: Any) -> Iterator[Clip]:
    """Reads whatever labels there are in a file of JSON; none in one that is about other things."""
    if not isinstance(document, dict):
        return
    if isinstance(document.get("reps"), list):
        yield _rendered(file, document)
        return
    named = {one["id"]: one for one in document.get("clips", ())} or document
    if all(isinstance(one, dict) and "reps" in one for one in named.values()):
        for name, one in named.items():
            yield _real(file.parent, name, one)


def _rendered(file: Path, truth: Mapping[str, Any]) -> Clip:
    tag = truth.get("tag", truth)
    reps = []
    for rep in truth["reps"]:
        if rep.get("counted", True):
            faults = rep.get("faults", {})
            bottom_s = rep.get("bottom_s")
            reps.append(
                Labelled(
                    bottom_s=(rep.get("bottom0", bottom_s), rep.get("bottom1", bottom_s)),
                    faults={
                        check: bool(faults.get(name))
                        for name, (check, least) in SEVERE.items()
                        if not 0 < faults.get(name, 0) < least
                    },
                    must=not faults.get("shallow"),
                )
            )
    return Clip(
        name=file.stem,
        source=file.with_suffix(TRACE),
        others=(file.with_suffix(".mp4"),),
        exercise=EXERCISE_OF_TAG.get(tag["exercise"], tag["exercise"]),
        real=False,
        person=str(truth.get("body", file.stem)),
        view=view_of(float(tag.get("yaw", 0))),
        reps=tuple(reps),
        most=len(reps),
    )


def _real(folder: Path, name: str, label: Mapping[str, Any]) -> Clip:
    fewest, most = label["reps"] if isinstance(label["reps"], list) else (None, label["reps"])
    fewest = label.get("reps_full_cycles", most if fewest is None else fewest)
    times = label.get("bottoms_s") or []
    faults = _faults(label.get("faults"))
    bottoms = [(time_s, time_s) for time_s in times] + [None] * (most - len(times))
    return Clip(
        name=name,
        source=folder / (label.get("trace") or f"{name}{TRACE}"),
        others=(folder / label["clip"],) if label.get("clip") else (),
        exercise=label.get("product_exercise") or label["exercise"],
        real=True,
        person=label.get("person_group")
        or (label.get("source") or {}).get("repo")
        or name.partition("_")[0],
        view=view_of(label.get("view", "")),
        reps=tuple(Labelled(bottom_s=bottom, faults=faults) for bottom in bottoms),
        optional=len(bottoms) - fewest,
        most=most,
        no_rep=label.get("family") in ("negative", "lunge") or most == 0,
    )


def _faults(labels: Sequence[Mapping[str, Any]] | None) -> dict[str, bool]:
    """What is surely known of every rep of a real clip; nothing where nobody looked for faults."""
    if not labels:
        return dict.fromkeys(SPOKEN_OF if labels is not None else (), False)
    words = [
        str(one.get("fault", "")).partition(" ")[0]
        for one in labels
        if one.get("reps", "all") == "all" and one.get("confidence", "high") in ("high", "medium")
    ]
    checks = [CHECK_OF_WORD.get(word, word) for word in words]
    return {check: True for check in checks if check in get_args(CheckId)}


@dataclass(slots=True)
class Share:
    """How many of how many, and of how many different people."""

    part: int = 0
    whole: int = 0
    people: set[str] = field(default_factory=set)

    def add(self, person: str, *, hit: bool, times: int = 1) -> None:
        """Records something that was so or was not."""
        if times:
            self.part += hit * times
            self.whole += times
            self.people.add(person)

    @property
    def interval(self) -> tuple[float, float]:
        """The share's 95 % interval, by Wilson's formula; all is possible where nothing is known.

        Unlike the usual one it stays within 0 and 1, and holds for few and for rare things.
        """
        if not self.whole:
            return 0.0, 1.0
        n, p, z = self.whole, self.part / self.whole, Z_95
        middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(slots=True)
class CheckTally:
    """One check in a group of clips.

    Attributes:
        found: of all labelled reps that have the fault, those in which it was reported; a rep that
            was not counted, or not judged, is one in which it was not.
        silent: how many of those were not judged.
        false: of the judged reps that do not have it, those in which it was reported.
        judged: of all counted reps, those with a verdict.
    """

    found: Share = field(default_factory=Share)
    silent: int = 0
    false: Share = field(default_factory=Share)
    judged: Share = field(default_factory=Share)


@dataclass(slots=True)
class Tally:
    """A group of clips.

    Attributes:
        found: of the labelled reps, those that were counted. One that the film cuts is left out
            unless it was counted.
        false: of the counted reps, those that are none.
        form: of the counted reps, those with a verdict of any check besides `NO_FORM`.
    """

    clips: int = 0
    people: set[str] = field(default_factory=set)
    found: Share = field(default_factory=Share)
    false: Share = field(default_factory=Share)
    form: Share = field(default_factory=Share)
    checks: dict[str, CheckTally] = field(default_factory=dict)

    def add(self, clip: Clip, counted: Sequence[Rep]) -> None:
        """Compares the counted reps of a clip with its labels."""
        self.clips += 1
        self.people.add(clip.person)
        bottoms = [rep.bottom_s for rep in clip.reps]
        pairs = match(bottoms, [rep.bottom_s for rep in counted], clip.optional)
        missed = [rep for i, rep in enumerate(clip.reps) if rep.must and i not in pairs]
        missed = missed[clip.optional :]
        self.found.add(clip.person, hit=True, times=len(pairs))
        self.found.add(clip.person, hit=False, times=len(missed))
        false = len(counted) - min(len(pairs), clip.most)
        self.false.add(clip.person, hit=True, times=false)
        self.false.add(clip.person, hit=False, times=len(counted) - false)
        for rep in counted:
            verdicts = _verdicts(rep)
            sees = any(verdicts[check] is not None for check in verdicts.keys() - NO_FORM)
            self.form.add(clip.person, hit=sees)
            for check, verdict in verdicts.items():
                if clip.film or check not in BACK:
                    self._check(check).judged.add(clip.person, hit=verdict is not None)
        labelled = [(clip.reps[i], _verdicts(counted[j])) for i, j in pairs.items()]
        labelled += [(rep, {}) for rep in missed]
        for label, verdicts in labelled:
            for check, faulty in label.faults.items():
                if clip.film or check not in BACK:
                    self._compare(check, clip.person, faulty, verdicts.get(check))

    def _compare(self, check: str, person: str, faulty: bool, verdict: bool | None) -> None:
        if faulty:
            self._check(check).found.add(person, hit=verdict is True)
            self._check(check).silent += verdict is None
        elif verdict is not None:
            self._check(check).false.add(person, hit=verdict)

    def _check(self, check: str) -> CheckTally:
        return self.checks.setdefault(check, CheckTally())


def _verdicts(rep: Rep) -> dict[str, bool | None]:
    """Whether each check that is not off reported a fault; None where it gave no verdict."""
    return {
        check: None if result.verdict is Verdict.NOT_ASSESSED else result.verdict is Verdict.FAULT
        for check, result in rep.checks.items()
        if result.reason != "off"
    }


def match(
    labelled: Sequence[tuple[float, float] | None], counted_s: Sequence[float], optional: int = 0
) -> dict[int, int]:
    """Pairs labelled bottoms with counted ones, nearest first, each at most once.

    A label without a time takes a counted rep that no other label has, and so do as many as are
    optional: where the clip cuts a rep, nobody can say when its bottom was.
    """
    near = sorted(
        (max(bottom[0] - time_s, time_s - bottom[1], 0.0), i, j)
        for i, bottom in enumerate(labelled)
        for j, time_s in enumerate(counted_s)
        if bottom is not None
    )
    pairs: dict[int, int] = {}
    for distance_s, i, j in near:
        if distance_s <= TOLERANCE_S and i not in pairs and j not in pairs.values():
            pairs[i] = j
    free = [j for j in range(len(counted_s)) if j not in pairs.values()]
    alone = [i for i in range(len(labelled)) if i not in pairs]
    timeless = [i for i in alone if labelled[i] is None]
    cut = [i for i in alone if i not in timeless][:optional]
    return pairs | dict(zip(timeless + cut, free, strict=False))
