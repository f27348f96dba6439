"""Sets and reps to store."""

from dataclasses import replace

from kiosk.coaching.record import (
    CheckResult,
    Ended,
    Grade,
    Measures,
    Rep,
    SetRecord,
    Tempo,
    Verdict,
)

# 23 November 2026, 10:15:00 UTC
MORNING = 1795428900.0


def rep(number: int, *, counted: bool = True, fault: bool = False, score: int | None = 90) -> Rep:
    grade = Grade.FAULTY if fault else Grade.CLEAN
    start_s = 1000.0 + 4 * number + (0 if counted else 2)
    return Rep(
        number=number,
        start_s=start_s,
        bottom_s=start_s + 1.25,
        end_s=start_s + 2.1,
        counted=counted,
        tempo=Tempo(eccentric_s=1.0 + number / 3, pause_s=0.25, concentric_s=0.8),
        measures=Measures(trunk_lean_deg=70.0 + number, hip_share=0.81, depth=1.0 + number / 10),
        partial_reason=None if counted else "too_shallow",
        checks={
            "knee_dominance": CheckResult(
                verdict=Verdict.FAULT if fault else Verdict.OK,
                value=18.123456789,
                limit=36.0,
                unit="deg",
                confidence=0.9,
            ),
            "rounded_back": CheckResult(verdict=Verdict.NOT_ASSESSED, reason="arms_cover_the_back"),
        },
        grade=grade if counted else None,
        score=score,
    )


def record(serial: int = 1, *reps: Rep, exercise: str = "hip_hinge") -> SetRecord:
    return SetRecord(serial=serial, exercise=exercise, started_s=1004.0, reps=reps)


def closed(one: SetRecord, ended_s: float = 1030.0, ended: Ended = Ended.IDLE) -> SetRecord:
    return replace(one, ended_s=ended_s, ended=ended)
