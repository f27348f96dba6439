"""A rep as a row of its table, and back."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

import msgspec

from kiosk.coaching.record import CheckResult, Measures, Rep, Tempo, Verdict

_TEMPO = tuple(field.name for field in fields(Tempo))
_MEASURES = tuple(field.name for field in fields(Measures))
_DECODER = msgspec.json.Decoder(dict[str, CheckResult])


def row_of(rep: Rep) -> dict[str, Any]:
    """Column names and values, all but the rep's place in its set."""
    verdicts = [check.verdict for check in rep.checks.values()]
    return {
        "number": rep.number,
        "counted": int(rep.counted),
        "partial_reason": rep.partial_reason,
        "start_s": rep.start_s,
        "bottom_s": rep.bottom_s,
        "end_s": rep.end_s,
        **asdict(rep.tempo),
        **asdict(rep.measures),
        "score": rep.score,
        "checks": msgspec.json.encode(_told(rep.checks)).decode(),
        "assessed": sum(verdict is not Verdict.NOT_ASSESSED for verdict in verdicts),
        "faults": verdicts.count(Verdict.FAULT),
    }


def rep_of(row: Mapping[str, Any]) -> Rep:
    """The rep that `row_of` took apart.

    Raises:
        msgspec.DecodeError: the checks are not what `row_of` wrote.
    """
    return Rep(
        number=row["number"],
        start_s=row["start_s"],
        bottom_s=row["bottom_s"],
        end_s=row["end_s"],
        counted=bool(row["counted"]),
        tempo=Tempo(**{name: row[name] for name in _TEMPO}),
        measures=Measures(**{name: row[name] for name in _MEASURES}),
        partial_reason=row["partial_reason"],
        checks=_DECODER.decode(row["checks"]),
        score=row["score"],
    )


def _told(checks: Mapping[str, CheckResult]) -> dict[str, dict[str, Any]]:
    # a year of nulls would be most of the file
    return {
        name: {key: value for key, value in asdict(check).items() if value is not None}
        for name, check in checks.items()
    }
