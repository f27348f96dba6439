"""Formats sets and their verdicts as text for a terminal."""

from collections.abc import Iterable, Sequence

from kiosk.coaching.record import CheckResult, Rep, SetRecord

HEAD = "rep    start  bottom     end   down  pause     up   lean   knee  share"


def format_reps(exercise: str, ended: str | None, reps: Sequence[Rep]) -> str:
    """Formats one set: a line a rep, times in seconds, angles in degrees."""
    counted = sum(rep.counted for rep in reps)
    partials = f", {len(reps) - counted} partial" if counted < len(reps) else ""
    how = _plain(ended or "open")
    lines = [f"{exercise}: {counted} reps{partials} ({how})", HEAD]
    return "\n".join(lines + [_format_rep(rep) for rep in reps])


def format_set(record: SetRecord) -> str:
    """Formats one set as `format_reps` does; times are seconds of the source."""
    ended = record.ended.value if record.ended else None
    return format_reps(record.exercise, ended, record.reps)


def format_sets(records: Iterable[SetRecord]) -> str:
    """Formats all sets, a paragraph each."""
    return "\n\n".join(map(format_set, records)) or "no set"


def format_verdicts(records: Iterable[SetRecord]) -> str:
    """Formats the sets, each with all numbers of every check of every rep that counts."""
    return "\n\n".join(
        "\n".join([format_set(record), *(line for rep in record.counted for line in _checks(rep))])
        for record in records
    )


def _format_rep(rep: Rep) -> str:
    tempo, measures = rep.tempo, rep.measures
    name = f"{rep.number:3d}" if rep.counted else "  -"
    times = f"{rep.start_s:8.1f} {rep.bottom_s:7.1f} {rep.end_s:7.1f}"
    pace = f"{tempo.eccentric_s:6.1f} {tempo.pause_s:6.1f} {tempo.concentric_s:6.1f}"
    lean, knee, share = (
        "     -" if value is None else f"{value:6.{digits}f}"
        for value, digits in (
            (measures.trunk_lean_deg, 0),
            (measures.knee_flexion_deg, 0),
            (measures.hip_share, 2),
        )
    )
    reason = f"  {_plain(rep.partial_reason)}" if rep.partial_reason else ""
    return f"{name} {times} {pace} {lean} {knee} {share}{reason}"


def _checks(rep: Rep) -> list[str]:
    grade = "" if rep.grade is None else f"{rep.grade.value}, "
    score = "no score" if rep.score is None else f"score {rep.score}"
    pattern = "" if rep.pattern is None else f", a {rep.pattern}"
    return [f"rep {rep.number}: {grade}{score}{pattern}"] + [
        f"  {name:16} {_format_check(result)}" for name, result in rep.checks.items()
    ]


def _format_check(result: CheckResult) -> str:
    numbers = (
        ""
        if result.value is None or result.limit is None
        else f" {result.value:9.3f} against {result.limit:g} {result.unit}"
    )
    confidence = "" if result.confidence is None else f", seen {result.confidence:.0%}"
    reason = "" if result.reason is None else f" ({_plain(result.reason)})"
    return f"{_plain(result.verdict.value):13}{numbers}{confidence}{reason}"


def _plain(key: str) -> str:
    return key.replace("_", " ")
