"""Formats what was measured on labelled clips as a Markdown page."""

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kiosk.coaching.record import Rep
from labelled import BACK, VIEWS, CheckTally, Clip, Share, Tally

INTRODUCTION = """\
# Evidence

What the mirror counts and judges on people whose reps were labelled beforehand.

```sh
.venv/bin/python tests/platform/evidence.py FOLDER... --out docs/evidence.md
```

{printed}

The films of real people are not part of the project: the people in them can be recognised and have
not agreed to it, and most of the films come without a licence. Their labels were made by eye. The
poses of most of them, which show nobody's face, are part of the project, and so is one
rendered film. Measure those, or label your own as the first lines of `tests/labelled.py` say:

```sh
.venv/bin/python tests/platform/evidence.py tests/fixtures/traces kiosk/commands/demo --films
```

How to read the figures:

- **12 of 14 (60 to 96%)**: twelve of fourteen. The true share lies between 60 and 96 % with a
  probability of 95% (Wilson's interval). Reps of one person resemble each other, so with few
  people it may lie outside. A note says where a figure rests on one person.
- **People**: all real people from one source are counted as one person.
- **View**: side-on up to 20 degrees away from it, oblique up to 60, front beyond. It is taken from
  the label, not from what the mirror measured. A clip in which the view changes is oblique.
- **Reps found**: of the labelled reps, those that were counted. A rep that the clip's start or end
  cuts is left out if it was not counted.
- **False reps**: of the counted reps, those that are none.
- **Judged on form**: of the counted reps, those with a verdict of any check but back, tempo and
  stance.
- **Faults found**: of all labelled reps with the fault, those in which it was reported. **Silent**:
  how many of them got no verdict, because they were not judged or not counted. What the label calls
  uncertain, and a rendered fault too small to be seen, is left out.
- **False alarms**: of the judged reps without the fault, those in which it was reported.
- **Judged**: of the counted reps, those with a verdict of this check. Where no rep is judged, the
  exercise may not have the check: [checks.md](checks.md) lists them. **Hardly ever**: in fewer than
  one rep of ten.
- **-**: there is no such rep."""

KINDS = {True: "real people", False: "rendered people"}
SEEN = {"oblique": "obliquely", "front": "from the front"}
UNLABELLED = {"tempo", "stance"}
"""Checks that no label speaks of; they stand in the table of all exercises only."""
NARROW = 0.03
"""An interval narrower than this has a decimal."""
TO_SUGGEST = 2
"""Reps that a suggestion takes."""
SELDOM = 0.1
"""A check with a verdict in a smaller share of the reps counts as not judged."""
WIDTH = 100
REPS_HEAD = "exercise | view | clips | people | reps found | false reps | judged on form"
NO_REP_HEAD = "replayed as | clips | people | clips in which a rep is counted | reps counted"
CHECKS_HEAD = "check | view | people | faults found | silent | false alarms | judged | note"

Group = tuple[bool, str, str]
"""Real, exercise, view; an empty one stands for all."""


@dataclass(slots=True)
class Evidence:
    """All that was measured.

    Attributes:
        clips: what was replayed.
        groups: the tally of every group.
        no_rep: by exercise, of the clips in which nothing is a rep, those in which one is counted.
        no_reps: by exercise, how many reps were counted in them.
        needless: of the clips replayed as what is done in them, or in which nothing is a rep, those
            in which another exercise was suggested.
        offered: of the clips replayed as another exercise, those in which one was suggested.
        fitting: of those, the clips in which the last one suggested is the one that is done.
    """

    clips: list[Clip] = field(default_factory=list)
    groups: defaultdict[Group, Tally] = field(default_factory=lambda: defaultdict(Tally))
    no_rep: defaultdict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    no_reps: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    needless: defaultdict[bool, Share] = field(default_factory=lambda: defaultdict(Share))
    offered: defaultdict[bool, Share] = field(default_factory=lambda: defaultdict(Share))
    fitting: defaultdict[bool, Share] = field(default_factory=lambda: defaultdict(Share))

    def add(self, clip: Clip, exercise: str, counted: Sequence[Rep]) -> None:
        """Records the reps that were counted in a clip that was replayed as an exercise."""
        if clip not in self.clips:
            self.clips.append(clip)
        if clip.no_rep:
            self.no_rep[exercise].add(clip.person, hit=bool(counted))
            self.no_reps[exercise] += len(counted)
            return
        for exercise_id in (exercise, ""):
            for view in (clip.view, ""):
                self.groups[clip.real, exercise_id, view].add(clip, counted)

    def add_suggestions(self, clip: Clip, exercise: str, suggested: Sequence[str]) -> None:
        """Records what was suggested, in turn, in a clip that was replayed as an exercise.

        A clip in which fewer than two reps must be counted shows nothing of it.
        """
        if clip.no_rep or exercise == clip.exercise:
            self.needless[clip.real].add(clip.person, hit=bool(suggested))
        elif len(clip.reps) - clip.optional >= TO_SUGGEST:
            self.offered[clip.real].add(clip.person, hit=bool(suggested))
            if suggested:
                self.fitting[clip.real].add(clip.person, hit=suggested[-1] == clip.exercise)

    def page(self) -> str:
        """Formats everything as one page."""
        material = " and ".join(self._material(real) for real in KINDS if self._people(real))
        printed = textwrap.fill(f"printed this page from {material}.", WIDTH)
        parts = [INTRODUCTION.format(printed=printed), f"## In short\n\n{self.in_short()}"]
        for real, kind in KINDS.items():
            if (real, "", "") in self.groups:
                parts += [f"## Reps of {kind}", self._reps(real)]
            if real and self.no_rep:
                parts += ["Movements that are no rep of any exercise:", self._no_reps()]
            if (real, "", "") in self.groups:
                parts += [f"## Checks on {kind}", *self._checks(real)]
        return "\n\n".join(parts) + "\n"

    def in_short(self) -> str:
        """Formats the limits that follow from the figures as lists, as in docs/limits.md."""
        return "\n\n".join(
            "\n".join([f"{kind.capitalize()}:", "", *map(_bullet, self._limits(real))])
            for real, kind in KINDS.items()
            if self._people(real)
        )

    def _material(self, real: bool) -> str:
        clips = [clip for clip in self.clips if clip.real == real]
        films = sum(clip.film for clip in clips)
        how = f"{films} films, {len(clips) - films} as recorded poses"
        return f"{len(clips)} clips of {self._people(real)} {KINDS[real]} ({how})"

    def _people(self, real: bool) -> int:
        return len({clip.person for clip in self.clips if clip.real == real})

    def _views(self, real: bool, exercise: str) -> list[tuple[str, Tally]]:
        views = (*VIEWS, "unknown")
        return [(v, self.groups[key]) for v in views if (key := (real, exercise, v)) in self.groups]

    def _exercises(self, real: bool) -> list[str]:
        return sorted({one for kind, one, _ in self.groups if kind == real and one})

    def _reps(self, real: bool) -> str:
        rows = [
            _reps_row(_plain(exercise), view, tally)
            for exercise in self._exercises(real)
            for view, tally in self._views(real, exercise)
        ]
        return _table(REPS_HEAD, [*rows, _reps_row("all", "all", self.groups[real, "", ""])])

    def _no_reps(self) -> str:
        rows = [
            [_plain(exercise), str(one.whole), str(len(one.people)), _of(one), str(reps)]
            for (exercise, one), reps in zip(
                self.no_rep.items(), self.no_reps.values(), strict=True
            )
        ]
        return _table(NO_REP_HEAD, rows)

    def _checks(self, real: bool) -> Iterator[str]:
        for exercise in ("", *self._exercises(real)):
            views = self._views(real, exercise)
            rows = [
                _check_row(check, view, tally.checks[check])
                for check in sorted({name for _, tally in views for name in tally.checks})
                for view, tally in views
                if check in tally.checks and not (exercise and check in UNLABELLED)
            ]
            yield f"### {_plain(exercise).capitalize() or 'All exercises'}, {KINDS[real]}"
            yield _table(CHECKS_HEAD, rows)

    def _limits(self, real: bool) -> Iterator[str]:
        if (real, "", "") in self.groups:
            yield from self._limits_of_reps(real)
        if real and self.no_rep:
            clips = max(one.whole for one in self.no_rep.values())
            modes = (f"{n} as {_plain(mode)}" for mode, n in self.no_reps.items())
            yield f"In {clips} clips of other movements reps are counted: {' and '.join(modes)}."
        if (real, "", "") in self.groups:
            yield from self._limits_of_checks(real)
        if self.needless[real].whole:
            yield (
                f"Another exercise is suggested in {_of(self.needless[real], 'clips')} replayed as "
                f"what is done in them, and in {_of(self.offered[real], 'clips')} replayed as "
                f"another exercise; in {_of(self.fitting[real])} of these the right one."
            )

    def _limits_of_reps(self, real: bool) -> Iterator[str]:
        tally = self.groups[real, "", ""]
        found, false = _of(tally.found, "labelled reps"), _of(tally.false, "counted reps")
        yield f"{found} are counted, and {false} are none."
        views = (f"{view} {_of(one.form)}" for view, one in self._views(real, ""))
        yield f"{_of(tally.form, 'counted reps')} are judged on form: {', '.join(views)}."

    def _limits_of_checks(self, real: bool) -> Iterator[str]:
        checks, views = (
            dict(sorted(self.groups[real, "", ""].checks.items())),
            self._views(real, ""),
        )
        if not real:
            for view, tally in views:
                yield f"All checks but the back, {view}: {_outcome(_together(tally))}"
        for check, one in checks.items():
            if one.found.whole and (real or check in BACK):
                yield f"{_plain(check).capitalize()}: {_outcome(one)}"
        if not checks.keys() & BACK:
            yield "The back is not measured here, since that takes films and not poses."
        if unknown := [name for name, one in checks.items() if not one.found.whole]:
            yield f"No label shows a fault of {_list(unknown)}; how many are found is unknown."
        for view, tally in views:
            silent = [name for name, one in sorted(tally.checks.items()) if _seldom(one.judged)]
            if silent:
                yield f"Hardly ever judged {SEEN.get(view, view)}: {_list(silent)}."


def _bullet(line: str) -> str:
    return textwrap.fill(f"- {line}", WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _reps_row(exercise: str, view: str, tally: Tally) -> list[str]:
    people = str(len(tally.people))
    shares = [_of(one) for one in (tally.found, tally.false, tally.form)]
    return [exercise, view, str(tally.clips), people, *shares]


def _check_row(check: str, view: str, one: CheckTally) -> list[str]:
    people = str(len(one.judged.people | one.found.people))
    silent = str(one.silent) if one.found.whole else "-"
    judged = f"{one.judged.part} of {one.judged.whole}" if one.judged.whole else "-"
    shares = [_of(one.found), silent, _of(one.false), judged]
    return [_plain(check), view, people, *shares, _note(one)]


def _note(one: CheckTally) -> str:
    """Says what rests on one person."""
    if len(one.judged.people | one.found.people) == 1:
        return "one person"
    columns = {"faults found": one.found, "false alarms": one.false}
    alone = [name for name, share in columns.items() if len(share.people) == 1]
    return f"{' and '.join(alone)}: one person" if alone else ""


def _together(tally: Tally) -> CheckTally:
    """Adds up the checks that need no picture."""
    checks = [one for name, one in tally.checks.items() if name not in BACK]
    return CheckTally(
        found=_sum(one.found for one in checks),
        silent=sum(one.silent for one in checks),
        false=_sum(one.false for one in checks),
    )


def _sum(shares: Iterable[Share]) -> Share:
    total = Share()
    for share in shares:
        total.part += share.part
        total.whole += share.whole
        total.people |= share.people
    return total


def _outcome(one: CheckTally) -> str:
    if not one.found.whole:
        return f"no label shows a fault; reported in {_of(one.false, 'judged reps')}."
    reps = "reps of one person" if len(one.found.people) == 1 else "reps"
    silent = f"; {one.silent} got no verdict" if one.silent else ""
    false = f"; false in {_of(one.false, 'judged reps')}" if one.false.whole else ""
    return f"found in {_of(one.found, f'{reps} that show the fault')}{silent}{false}."


def _seldom(judged: Share) -> bool:
    return judged.whole > 0 and judged.part < SELDOM * judged.whole


def _of(share: Share, what: str = "") -> str:
    if not share.whole:
        return "-"
    low, high = share.interval
    digits = 1 if high - low < NARROW else 0
    interval = f"({100 * low:.{digits}f} to {100 * high:.{digits}f}%)"
    return " ".join([f"{share.part} of {share.whole}", *what.split(), interval])


def _list(names: Iterable[str]) -> str:
    *most, last = map(_plain, names)
    return f"{', '.join(most)} and {last}" if most else last


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _table(head: str, rows: Iterable[Sequence[str]]) -> str:
    columns = head.split(" | ")
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
