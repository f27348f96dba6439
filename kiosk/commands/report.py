"""Sets as lines of text, for a terminal."""

from collections.abc import Iterable, Sequence

from kiosk.coaching.record import Rep, SetRecord

HEAD = "rep    start  bottom     end   down  pause     up   lean   knee  share"


def rep_table(exercise: str, ended: str | None, reps: Sequence[Rep]) -> str:
    """One set: a line a rep, times in seconds, angles in degrees."""
    counted = sum(rep.counted for rep in reps)
    partials = f", {len(reps) - counted} partial" if counted < len(reps) else ""
    how = (ended or "open").replace("_", " ")
    lines = [f"{exercise}: {counted} reps{partials} ({how})", HEAD]
    return "\n".join(lines + [_line(rep) for rep in reps])


def set_table(record: SetRecord) -> str:
    """See `rep_table`; times are seconds of the source."""
    ended = record.ended.value if record.ended else None
    return rep_table(record.exercise, ended, record.reps)


def sets_table(records: Iterable[SetRecord]) -> str:
    """All sets, a paragraph each."""
    return "\n\n".join(map(set_table, records)) or "no set"


def _line(rep: Rep) -> str:
    tempo, figures = rep.tempo, rep.measures
    name = f"{rep.number:3d}" if rep.counted else "  -"
    times = f"{rep.start_s:8.1f} {rep.bottom_s:7.1f} {rep.end_s:7.1f}"
    pace = f"{tempo.eccentric_s:6.1f} {tempo.pause_s:6.1f} {tempo.concentric_s:6.1f}"
    angles = f"{_whole(figures.trunk_lean_deg)} {_whole(figures.knee_flexion_deg)}"
    share = "     -" if figures.hip_share is None else f"{figures.hip_share:6.2f}"
    reason = f"  {rep.partial_reason.replace('_', ' ')}" if rep.partial_reason else ""
    return f"{name} {times} {pace} {angles} {share}{reason}"


def _whole(value: float | None) -> str:
    return "     -" if value is None else f"{value:6.0f}"
