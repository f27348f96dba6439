"""What a check of the doctor finds, and how it is printed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import partial

from kiosk.settings import Settings


class State(Enum):
    """The result of a check; the value is what is printed."""

    OK = "ok"
    FAIL = "FAIL"
    ABSENT = "--"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: a fact, and its remedy where something is to be done.

    The name is the probe's, set by whoever runs it.
    """

    state: State
    fact: str
    remedy: str = ""
    name: str = ""

    def __str__(self) -> str:
        line = f"{self.name:<8} {self.state.value:<4}  {self.fact}"
        return f"{line} -> {self.remedy}" if self.remedy else line


Check = Callable[[Settings], Finding]
"""Tries one part of the mirror."""

ok = partial(Finding, State.OK)

failed = partial(Finding, State.FAIL)
"""A mirror does not work like this."""

absent = partial(Finding, State.ABSENT)
"""This machine lacks it, which need not be a failure."""


def report(findings: Iterable[Finding]) -> int:
    """Prints each finding as soon as it is there; returns the exit code, 1 if one failed."""
    code = 0
    for finding in findings:
        print(finding, flush=True)
        code |= finding.state is State.FAIL
    return code
