"""Sets as lines of text, for a terminal."""

from collections.abc import Iterable

from kiosk.coaching.record import Rep, SetRecord

HEAD = "rep    start  bottom     end   down  pause     up   lean   knee  share"


def set_table(record: SetRecord) -> str:
    """One set: a line a rep, times in seconds of the source, angles in degrees."""
    ended = record.ended.value.replace("_", " ") if record.ended else "open"
    partials = f", {len(record.partials)} partial" if record.partials else ""
    lines = [f"{record.exercise}: {len(record.counted)} reps{partials} ({ended})", HEAD]
    return "\n".join(lines + [_line(rep) for rep in record.reps])


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
