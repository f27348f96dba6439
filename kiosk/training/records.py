"""Finds a lifter's records in an exercise: heaviest set, most reps, estimated best single.

Only loads that people have entered and reps that were judged clean count. Loads of dumbbells are
those of one of them, and so is the estimate.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, Self

from msgspec import Struct, field

from kiosk.coaching.record import Grade, SetRecord

MOST_REPS = 10
"""From more reps in a set no best single is estimated: formulas were tried with up to so many, and
the error grows with the reps. LeSuer, McCormick, Mayhew, Wasserstein and Arnold (1997), J Strength
Cond Res 11(4):211-213; Reynolds, Gordon and Robergs (2006), J Strength Cond Res 20(3):584-592."""
_GRAM_DIGITS = 3
"""Decimals of a load in kg by which two are the same: pounds do not come out even."""


class LoadedSet(Struct, frozen=True, kw_only=True):
    """What counts of a set whose load is known.

    Attributes:
        load_kg: as entered by hand.
        reps: counted reps.
        clean: those without a fault of which every main check was judged.
        corrected: how many reps the lifter says they did; None where they agree with the count.
    """

    load_kg: float
    reps: int
    clean: int
    corrected: int | None = None

    @property
    def sure(self) -> int:
        """Clean reps, no more than the lifter says they did."""
        return self.clean if self.corrected is None else min(self.clean, self.corrected)

    @property
    def whole(self) -> bool:
        """Whether every rep was clean. One that was not counted was not judged either."""
        return self.sure > 0 and self.clean == self.reps >= (self.corrected or 0)


class Record(Struct, frozen=True):
    """One record.

    Attributes:
        kind: the heaviest set of clean reps alone; the most clean reps at that load; or the
            heaviest single rep, which is an estimate unless it was done.
        load_kg: what was lifted; of a single rep what could be.
        reps: clean reps of the set it comes from.
    """

    kind: Literal["heaviest", "reps", "one_rep"]
    load_kg: float
    reps: int


class Records(Struct, frozen=True, kw_only=True):
    """The records of one lifter in one exercise.

    Attributes:
        heaviest: None without a set of clean reps alone.
        most_reps: the most clean reps in a set, by its load in kg.
        one_rep: None where no set has a clean rep and few enough of them.
    """

    heaviest: Record | None = None
    most_reps: Mapping[float, int] = field(default_factory=dict)
    one_rep: Record | None = None

    @classmethod
    def of(cls, sets: Iterable[LoadedSet]) -> Self:
        """Returns the records among all sets of one lifter and exercise."""
        sure = [one for one in sets if one.sure > 0]
        most: dict[float, int] = {}
        for one in sure:
            load_kg = _even(one.load_kg)
            most[load_kg] = max(one.sure, most.get(load_kg, 0))
        whole = (Record("heaviest", one.load_kg, one.sure) for one in sure if one.whole)
        singles = (
            Record("one_rep", one_rep_max_kg(one.load_kg, one.sure), one.sure)
            for one in sure
            if one.sure <= MOST_REPS
        )
        return cls(
            heaviest=max(whole, key=_size, default=None),
            most_reps=most,
            one_rep=max(singles, key=_size, default=None),
        )


def one_rep_max_kg(load_kg: float, reps: int) -> float:
    """Estimates the load of a single rep from a set of 1 to `MOST_REPS` reps.

    load * (1 + reps / 30): Epley, B. (1985). Poundage chart. Boyd Epley Workout. Lincoln, NE: Body
    Enterprises. It holds for sets to exhaustion, and gives less than what is possible after all
    others. One rep was done, and is no estimate.
    """
    return load_kg if reps == 1 else load_kg * (1 + reps / 30)


def new_records(
    before: Records, record: SetRecord, load_kg: float, corrected: int | None = None
) -> tuple[Record, ...]:
    """Returns what a set makes a record of: the heaviest set first, an estimate last.

    The first of a kind is none, nor are more reps than before at a load, if a heavier one was
    lifted as often.

    Args:
        before: the records without this set.
        record: the set.
        load_kg: entered for it by hand.
        corrected: how many reps the lifter says they did, where that differs from the count.
    """
    counted = record.counted
    clean = sum(rep.grade is Grade.CLEAN for rep in counted)
    one = LoadedSet(load_kg=load_kg, reps=len(counted), clean=clean, corrected=corrected)
    now, even_kg = Records.of([one]), _even(load_kg)
    least = max((n for load, n in before.most_reps.items() if load >= even_kg), default=0)
    known = even_kg in before.most_reps
    reps = Record("reps", load_kg, one.sure) if known and one.sure > least else None
    found = (
        _better(now.heaviest, before.heaviest),
        reps,
        _better(now.one_rep, before.one_rep),
    )
    return tuple(record for record in found if record is not None)


def _better(now: Record | None, before: Record | None) -> Record | None:
    if now is None or before is None or _even(now.load_kg) <= _even(before.load_kg):
        return None
    return now


def _size(record: Record) -> tuple[float, int]:
    return record.load_kg, record.reps


def _even(load_kg: float) -> float:
    return round(load_kg, _GRAM_DIGITS)
