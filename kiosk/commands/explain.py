"""Every number behind every verdict, a line a check, for whoever doubts one."""

from collections.abc import Iterable

from kiosk.coaching.record import CheckResult, Rep, SetRecord
from kiosk.commands.report import set_table


def explained(records: Iterable[SetRecord]) -> str:
    """The sets with all checks of all reps."""
    return "\n\n".join(
        "\n".join([set_table(record), *(line for rep in record.reps for line in _lines(rep))])
        for record in records
    )


def _lines(rep: Rep) -> list[str]:
    if not rep.counted:
        return []
    score = "no score" if rep.score is None else f"score {rep.score}"
    pattern = "" if rep.pattern is None else f", a {rep.pattern}"
    return [f"rep {rep.number}: {score}{pattern}"] + [
        f"  {name:16} {_told(result)}" for name, result in rep.checks.items()
    ]


def _told(result: CheckResult) -> str:
    verdict = result.verdict.value.replace("_", " ")
    figures = (
        ""
        if result.value is None or result.limit is None
        else f" {result.value:9.3f} against {result.limit:g} {result.unit}"
    )
    sure = "" if result.confidence is None else f", seen {result.confidence:.0%}"
    why = "" if result.reason is None else f" ({result.reason.replace('_', ' ')})"
    return f"{verdict:13}{figures}{sure}{why}"
