"""`kiosk checks`: prints every check of every exercise with its limit, as in docs/checks.md."""

from argparse import Namespace
from collections.abc import Iterable

from kiosk.exercises.exercise import CheckRule, Exercise
from kiosk.settings import load
from kiosk.ui.words.words import load_exercises

_HEAD = """# What is checked, and by which limit

Rendered from the exercise files by `kiosk checks > docs/checks.md`; a test keeps the two alike.
All angles are minus the same person's own standing. A limit widens by the standard error of the
measured figure, and nothing is said where the figure cannot be seen. A rep is clean when its main
checks were judged and no check found a fault.
"""
_COLUMNS = ("check", "measured", "in", "fault when", "judged when", "drill", "source")


def run(arguments: Namespace) -> int:
    """Prints the page."""
    exercises = load_exercises(load(arguments.settings).coach.exercises)
    print(format_checks_page(exercises.values()), end="")
    return 0


def format_checks_page(exercises: Iterable[Exercise]) -> str:
    """Formats the checks as Markdown: a section an exercise, a row a check."""
    return "\n".join([_HEAD, *map(_section, exercises)])


def _section(exercise: Exercise) -> str:
    rows = [
        _COLUMNS,
        ("---",) * len(_COLUMNS),
        *(_row(rule, main=rule.id in exercise.main) for rule in exercise.checks),
    ]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return f"## {exercise.id}\n\n{table}\n"


def _row(rule: CheckRule, *, main: bool) -> tuple[str, ...]:
    side = "above" if rule.above is not None else "below"
    limit = f"{side} {rule.limit:g} {rule.unit.replace('_', ' ')}"
    if rule.band:
        limit += f" (within {rule.band:g} of it nothing is said)"
    if rule.quiet_knee_deg:
        limit += f" and the knees bend {rule.quiet_knee_deg:g} deg or more"
    name = rule.id + (" (main)" if main else "")
    name += " (experimental, off)" if rule.experimental else ""
    phase = rule.phase.replace("_", " ")
    return (name, rule.measure, phase, limit, _needs(rule), rule.drill or "none", rule.source)


def _needs(rule: CheckRule) -> str:
    """Formats what a rep must show for this rule to judge it."""
    needs = []
    if rule.most_yaw_deg < 90:
        needs.append(f"within {rule.most_yaw_deg:g} deg of side-on")
    if rule.least_yaw_deg:
        needs.append(f"turned {rule.least_yaw_deg:g} deg or more from side-on")
    if rule.least_fps:
        needs.append(f"{rule.least_fps:g} frames/s or more")
    if rule.least_hip_share:
        needs.append(f"hip share {rule.least_hip_share:g} or more")
    return ", ".join(needs) or "always"
