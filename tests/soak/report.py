"""The result of a soak in numbers, and what failed in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from soak.ledger import Ledger, Stored
from soak.usage import Sample, growth, rises

GROWS = 0.01
"""Memory may rise by this part after the warm-up: what allocator and page cache waver by."""
JUDGED_FROM_S = 6 * 3600.0
"""In a shorter soak the caches are still filling, and memory is not judged."""
WARM_UP = 0.25
"""This part of a soak is left out of account."""
_MOST_FAILURES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came out.

    Attributes:
        lasted_s: seconds of use.
        took_s: seconds that it took.
        pictures: drawn.
        ledger: what was counted.
        stored: the history against it.
        faults: how often each was there.
        log_lines: warnings and errors that were logged.
        samples: of the process, oldest first.
        stuck: which thread was waited for in vain; None for none of them.
        slowest_s: seconds that the slowest frame took; 0 where all were soon judged.
    """

    lasted_s: float
    took_s: float
    pictures: int
    ledger: Ledger
    stored: Stored
    faults: Mapping[str, int]
    log_lines: int
    samples: Sequence[Sample]
    stuck: str | None
    slowest_s: float

    @property
    def warm(self) -> Sequence[Sample]:
        """The samples after the warm-up."""
        return [one for one in self.samples if one.at_s >= WARM_UP * self.lasted_s]

    @property
    def memory_growth(self) -> float | None:
        """Part by which memory rose after the warm-up; None where there were too few samples."""
        warm = self.warm
        return growth([one.at_s for one in warm], [one.memory_mb for one in warm])

    @property
    def failures(self) -> tuple[str, ...]:
        """What was not as it should be; none of it is good."""
        found = list(self.stored.wrong)
        if self.stuck:
            found.append(self.stuck)
        if self.ledger.done != self.ledger.counted:
            found.append(f"{self.ledger.done} reps done, {self.ledger.counted} counted")
        grown = self.memory_growth
        if self.lasted_s >= JUDGED_FROM_S and (grown is None or grown > GROWS):
            found.append("memory grows")
        found += [
            f"{name} grow"
            for name in ("threads", "handles", "files")
            if rises([getattr(one, name) for one in self.warm])
        ]
        return tuple(found)


def format_heading() -> str:
    """The column heads of `format_sample`."""
    return "   use  memory  threads  handles  files  objects"


def format_sample(one: Sample) -> str:
    """One sample of the process as a line of a table."""
    return (
        f"{one.at_s / 3600:4.1f} h {one.memory_mb:4.0f} MB {one.threads:8} {one.handles:8} "
        f"{one.files:6} {one.objects:8}"
    )


def format_report(report: Report) -> str:
    """The report as text."""
    ledger, stored = report.ledger, report.stored
    faults = ", ".join(f"{name} {times}" for name, times in sorted(report.faults.items()))
    speed = report.lasted_s / report.took_s
    life = f"{report.took_s / 60:.1f} min, {speed:.0f} times the speed of life"
    lines = [
        f"use      {report.lasted_s / 3600:.1f} h in {life}; {report.pictures} pictures drawn",
        f"people   {ledger.visits}, {ledger.disturbed} of them had no camera for a while",
        f"faults   {faults or 'none'}; {report.log_lines} warnings logged",
        f"reps     {ledger.done} done with a camera, {ledger.counted} of them counted",
        f"counted  {ledger.sets} sets, {ledger.reps} reps",
        f"stored   {stored.sets} sets, {stored.reps} reps",
        *_format_slowness(report),
        *_format_usage(report),
    ]
    failures = report.failures
    lines += [f"WRONG    {failure}" for failure in failures[:_MOST_FAILURES]]
    if len(failures) > _MOST_FAILURES:
        lines.append(f"WRONG    and {len(failures) - _MOST_FAILURES} more")
    return "\n".join([*lines, "failed" if failures else "all well"])


def _format_slowness(report: Report) -> list[str]:
    """No failure: it takes longer, and counts the same."""
    if report.slowest_s == 0:
        return []
    return [f"slow     the machine took {report.slowest_s:.0f} s for one frame, and went on"]


def _format_usage(report: Report) -> list[str]:
    warm, grown = report.warm, report.memory_growth
    if not warm:
        return []
    first, last = warm[0], warm[-1]
    judged = "" if report.lasted_s >= JUDGED_FROM_S else "; too short to judge"
    rise = "unknown" if grown is None else f"{grown:+.2%}"
    came = f"{first.memory_mb:.1f} MB after {first.at_s / 3600:.1f} h"
    lines = [f"memory   {came}, {last.memory_mb:.1f} MB at the end, trend {rise}{judged}"]
    for name in ("threads", "handles", "files", "objects"):
        values = [getattr(one, name) for one in warm]
        lines.append(
            f"{name:8} {values[0]} after the warm-up, {values[-1]} at the end, "
            f"{min(values)} to {max(values)}"
        )
    return lines
