"""What whoever looks after the mirror wants to know, as lines for a screen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """One line.

    Attributes:
        key: of the words under `operator.` that name it.
        value: the figure with its unit.
        good: whether all is well with it.
    """

    key: str
    value: str
    good: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorFacts:
    """The operator's page.

    Attributes:
        facts: line by line.
        troubles: the last errors, newest first, one line each.
        volume: 0 to 1; 0 while muted.
    """

    facts: tuple[Fact, ...]
    troubles: tuple[str, ...]
    volume: float
