"""Judges the back in each rep, from readings that were taken elsewhere. Pure."""

from collections import deque
from collections.abc import Iterable

from kiosk.body.back import BackProfile, BackReading, Reason
from kiosk.coaching.back_reference import BackReference
from kiosk.coaching.checks import BACK_MEASURE, held_against, not_assessed
from kiosk.coaching.measures import Measured
from kiosk.coaching.record import CheckResult, Rep, Verdict
from kiosk.exercises.exercise import CheckRule

MOST_READINGS = 40
"""Readings that are kept: two long reps' worth, however long nobody asks for them."""


class BackCheck:
    """Holds each rep against the same person's own good reps of this session.

    `running` says whether backs are being read, as far as is known before the first reading.
    """

    def __init__(self, rules: Iterable[CheckRule], *, running: bool = False) -> None:
        self.running = running
        self._references = [
            (rule, BackReference(abs(rule.limit))) for rule in rules if rule.measure == BACK_MEASURE
        ]
        self._readings: deque[BackReading] = deque(maxlen=MOST_READINGS)

    def record(self, reading: BackReading) -> None:
        """Keeps a reading for the rep that it lies in."""
        self.running = True
        self._readings.append(reading)

    def judge(self, rep: Rep) -> dict[str, CheckResult]:
        """The checks of the back on a finished rep; it joins the reference if all else was good.

        A check that the rep has answered already, with why it cannot be judged, is left out.
        """
        readings = [r for r in self._readings if rep.start_s <= r.time_s <= rep.end_s]
        good = all(result.verdict is not Verdict.FAULT for result in rep.checks.values())
        return {
            rule.id: self._judge(rule, reference, readings, good=good)
            for rule, reference in self._references
            if rule.id not in rep.checks
        }

    def _judge(
        self, rule: CheckRule, reference: BackReference, readings: list[BackReading], *, good: bool
    ) -> CheckResult:
        backs = [_side_on(reading, rule) for reading in readings]
        departure = reference.judge(backs)
        reference.learn(backs, good=good)
        if isinstance(departure, Reason):
            return not_assessed(departure.value if self.running else "no_back_line")
        limit = departure.limit if rule.above is not None else -departure.limit
        return held_against(Measured(departure.bulge, 0.0), rule, limit, departure.confidence)


def _side_on(reading: BackReading, rule: CheckRule) -> BackProfile | Reason:
    """What was read, or that the person was turned farther than the rule allows."""
    seen = rule.least_yaw_deg <= reading.yaw_deg <= rule.most_yaw_deg
    return reading.back if seen else Reason.TURN_SIDE_ON
