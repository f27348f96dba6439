"""Reps by script: one letter for each verdict, F fault, O fine, - not assessed."""

from collections.abc import Mapping

from kiosk.coaching.record import CheckResult, Grade, Measures, Rep, Tempo, Verdict
from kiosk.exercises.exercise import CheckId, CheckRule

VERDICTS = {"F": Verdict.FAULT, "O": Verdict.OK, "-": Verdict.NOT_ASSESSED}


def rule(
    check: CheckId,
    priority: int = 1,
    speak: tuple[int, int] = (1, 1),
    *,
    cost: int = 20,
    drill: str = "",
    experimental: bool = False,
) -> CheckRule:
    return CheckRule(
        id=check,
        measure="any",
        phase="bottom",
        above=1.0,
        unit="deg",
        priority=priority,
        speak=speak,
        cost=cost,
        drill=drill,
        experimental=experimental,
        source="a test",
    )


def result(letter: str, reason: str | None = None) -> CheckResult:
    return CheckResult(verdict=VERDICTS[letter], reason=reason)


def rep(
    number: int,
    checks: Mapping[str, CheckResult] | None = None,
    *,
    counted: bool = True,
    grade: Grade | None = None,
    score: int | None = None,
    measures: Measures | None = None,
    stroke_s: float = 1.0,
) -> Rep:
    return Rep(
        number=number,
        start_s=4.0 * number,
        bottom_s=4.0 * number + 1,
        end_s=4.0 * number + 3,
        counted=counted,
        tempo=Tempo(eccentric_s=stroke_s, pause_s=9.0, concentric_s=stroke_s),
        measures=measures or Measures(),
        checks=checks or {},
        grade=grade,
        score=score,
    )


def reps(script: Mapping[str, str]) -> list[Rep]:
    """One rep for each letter; every check's script has the same length."""
    rows = zip(*script.values(), strict=True)
    return [
        rep(n, {check: result(letter) for check, letter in zip(script, row, strict=True)})
        for n, row in enumerate(rows, 1)
    ]
