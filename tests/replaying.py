"""Poses through a coach, for tests."""

from collections.abc import Iterable

from kiosk.body.pose import Pose
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import Ended, Rep, SetRecord
from kiosk.coaching.snapshot import Snapshot
from kiosk.exercises.catalogue import exercise_by_id


def coached(poses: Iterable[Pose], exercise: str) -> tuple[list[SetRecord], list[Snapshot]]:
    """All closed sets, and the snapshot after every pose and after the end."""
    coach = Coach(exercise_by_id(exercise))
    snapshots = [coach.update(pose) for pose in poses]
    snapshots.append(coach.finish(Ended.SOURCE_ENDED))
    sets: dict[int, SetRecord] = {}
    for snapshot in snapshots:
        if snapshot.current is not None:
            sets[snapshot.current.serial] = snapshot.current
    return [s for s in sets.values() if s.ended is not None], snapshots


def counted(poses: Iterable[Pose], exercise: str) -> list[Rep]:
    """All reps that count."""
    return [rep for record in coached(poses, exercise)[0] for rep in record.counted]
