"""Sets as a mirror's sender hands them over."""

import json
from typing import Any
from uuid import UUID, uuid4, uuid5

from psycopg import Connection

MONDAY_S = 1795392000.0
"""23 November 2026, 0:00 UTC, which begins week 48."""
DAY_S = 86400.0


def mirror(number: int = 1, gym: str = "north", **other: str) -> dict[str, str]:
    return {"id": str(UUID(int=number)), "name": f"mirror {number}", "gym": gym, **other}


def rep(position: int, *faults: str, counted: bool = True, start_s: float = 1000) -> dict[str, Any]:
    """A rep of which `knee` and `back` are judged, and `depth` never."""
    return {
        "position": position,
        "number": position + 1,
        "counted": int(counted),
        "start_s": start_s + 4 * position,
        "bottom_s": start_s + 1.5 + 4 * position,
        "end_s": start_s + 2.5 + 4 * position,
        "trunk_lean_deg": 71.5,
        "grade": ("faulty" if faults else "clean") if counted else None,
        "score": 90 if counted else None,
        "checks": {
            "knee": {"verdict": "fault" if "knee" in faults else "ok", "value": 18.1},
            "back": {"verdict": "fault" if "back" in faults else "ok"},
            "depth": {"verdict": "not_assessed", "reason": "arms"},
        },
    }


def set_of(
    *reps: dict[str, Any], at_s: float = MONDAY_S + 36000, **other: object
) -> dict[str, Any]:
    counted = [one for one in reps if one["counted"]]
    return {
        "id": str(uuid5(uuid4(), "1")),
        "started_at": at_s,
        "utc_offset_min": 60,
        "exercise": "hip_hinge",
        "started_s": 1000.0,
        "ended_s": 1030.0,
        "ended": "idle",
        "lifter": 0,
        "reps": len(counted),
        "partials": len(reps) - len(counted),
        "clean": sum(one["grade"] == "clean" for one in counted),
        "faulty": sum(one["grade"] == "faulty" for one in counted),
        "rep_rows": list(reps),
        **other,
    }


def put(connection: "Connection[Any]", who: dict[str, str], *sets: dict[str, Any]) -> int:
    values = (json.dumps(who), json.dumps(sets))
    row = connection.execute("SELECT gym.put_sets(%s, %s)", values).fetchone()
    assert row is not None
    return int(row[0])


def delete(connection: "Connection[Any]", who: dict[str, str], *ids: str) -> int:
    row = connection.execute(
        "SELECT gym.delete_sets(%s, %s::uuid[])", (json.dumps(who), list(ids))
    ).fetchone()
    assert row is not None
    return int(row[0])


def health(
    connection: "Connection[Any]",
    who: dict[str, str],
    *faults: str,
    temperature_c: float = 55,
    state: str = "waiting",
) -> None:
    told = {"state": state, "faults": faults, "temperature_c": temperature_c}
    connection.execute("SELECT gym.put_health(%s, %s)", (json.dumps(who), json.dumps(told)))


def count(connection: "Connection[Any]", table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM gym.{table}").fetchone()
    assert row is not None
    return int(row[0])
