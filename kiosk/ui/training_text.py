"""Formats what is known of lifter, load, target and rest, for the screens."""

from kiosk.training.facts import GUEST, Facts
from kiosk.training.lifters import LIFTERS
from kiosk.training.loads import Unit, format_load
from kiosk.training.records import Record
from kiosk.training.visits import Rest
from kiosk.ui.words.words import Words

_MINUTE_S = 60
_NEARLY = 2
"""So many reps before the target it is counted down in words."""


def lifter_text(lifter: int, words: Words) -> str:
    """Formats a place as its animal's name, as in "Fox", or as "Guest"."""
    return words(f"lifter.{'guest' if lifter == GUEST else LIFTERS[lifter - 1].animal}")


def set_line(facts: Facts, words: Words) -> str | None:
    """Formats which set it is, of how many; None where that is not known."""
    number, of = facts.set_number, facts.target_sets
    if number is None:
        return None
    if of is None or number > of:
        return words("lifter.set", number=number)
    return words("lifter.set_of", number=number, of=of)


def done_line(facts: Facts, words: Words) -> str | None:
    """Formats which set is done; with the last planned one, that all are."""
    if facts.set_number is not None and facts.set_number == facts.target_sets:
        return words("lifter.all_sets", of=facts.target_sets)
    return set_line(facts, words)


def target_line(count: int, target: int | None, words: Words) -> str | None:
    """Formats how far it is to the planned reps; None without a plan."""
    if target is None:
        return None
    left = target - count
    if left > _NEARLY or count == 0:
        return words("set.of", target=target)
    return words("set.target_met" if left <= 0 else f"set.more_{left}", target=target)


def rest_clock(rest: Rest) -> str:
    """Formats a rest as minutes and seconds: what is left of it, or beyond it with a plus."""
    if rest.counts_up:
        return format_clock(rest.since_s)
    left_s = rest.planned_s - rest.since_s
    return format_clock(left_s) if left_s > 0 else f"+{format_clock(-left_s)}"


def format_clock(seconds: float) -> str:
    """Formats seconds as minutes and seconds."""
    return "{}:{:02}".format(*divmod(int(seconds), _MINUTE_S))


def load_text(load_kg: float | None, unit: Unit, words: Words) -> str:
    """Formats a load as "62.5 kg", in German as "62,5 kg"; an unknown one as a question."""
    if load_kg is None:
        return words("lifter.no_load", unit=unit)
    return format_load(load_kg, unit, words("number.mark"))


def record_line(record: Record, unit: Unit, words: Words) -> str:
    """Formats what has become a record."""
    load = load_text(record.load_kg, unit, words)
    return words(f"lifter.record_{record.kind}", load=load, count=record.reps)
