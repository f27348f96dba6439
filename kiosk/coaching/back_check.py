"""The back's verdict on a rep, from looks that were taken elsewhere. Pure."""

from collections import deque
from collections.abc import Iterable

from kiosk.body.back import BackProfile, Reason
from kiosk.coaching.back_reference import BackReference, Departure
from kiosk.coaching.record import CheckResult, Rep, Verdict
from kiosk.exercises.exercise import CheckRule

BACK_MEASURE = "back_bulge"
"""Checks with this measure are answered here, and not from the keypoints."""
MOST_LOOKS = 40
"""Looks that are kept: two long reps' worth, however long nobody asks for them."""


class BackLine:
    """Holds each rep against the same person's own good reps of this session.

    Args:
        rules: the exercise's checks; those of the back are picked out.
    """

    def __init__(self, rules: Iterable[CheckRule]) -> None:
        self._rules = tuple(rule for rule in rules if rule.measure == BACK_MEASURE)
        self._reference = BackReference()
        self._looks: deque[tuple[float, BackProfile | Reason]] = deque(maxlen=MOST_LOOKS)
        self._running = False

    def forget(self) -> None:
        """Somebody else may come."""
        self._reference.forget()
        self._looks.clear()

    def note(self, time_s: float, seen: BackProfile | Reason) -> None:
        """Takes what one look has given."""
        self._running = True
        self._looks.append((time_s, seen))

    def judge(self, rep: Rep) -> dict[str, CheckResult]:
        """The checks of the back on a finished rep; it joins the reference if all else was good."""
        if not self._rules:
            return {}
        looks = [seen for time_s, seen in self._looks if rep.start_s <= time_s <= rep.end_s]
        departure = self._reference.judge(looks)
        good = all(result.verdict is not Verdict.FAULT for result in rep.checks.values())
        self._reference.learn(looks, good=good)
        return {rule.id: self._told(rule, departure) for rule in self._rules}

    def _told(self, rule: CheckRule, departure: Departure | Reason) -> CheckResult:
        if rule.experimental:
            return CheckResult(verdict=Verdict.NOT_ASSESSED, reason="off")
        if isinstance(departure, Reason):
            reason = departure.value if self._running else "no_back_line"
            return CheckResult(verdict=Verdict.NOT_ASSESSED, reason=reason)
        fault = departure.rounded if rule.above is not None else departure.over_arched
        sign = 1 if rule.above is not None else -1
        return CheckResult(
            verdict=Verdict.FAULT if fault else Verdict.OK,
            value=departure.bulge,
            limit=sign * departure.limit,
            unit=rule.unit,
            confidence=round(departure.confidence, 2),
        )
