"""Times the parts of the mirror where they run, without a hook in any of them."""

import time
from collections import defaultdict
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any


class Stopwatch:
    """Milliseconds by name. Not for several threads.

    Example:
        >>> watch = Stopwatch()
        >>> watch.note("crop", 0.2)
        >>> watch.note("crop", 0.4)
        >>> watch.note("crop", 0.3)
        >>> watch.median_ms("crop"), watch.newest_ms("crop")
        (0.3, 0.3)
    """

    def __init__(self) -> None:
        self._took_ms: dict[str, list[float]] = defaultdict(list)

    def note(self, name: str, took_ms: float) -> None:
        """Takes one figure."""
        self._took_ms[name].append(took_ms)

    def on(self, owner: Any, method: str, name: str) -> None:
        """Times every later call of an object's method, or of a module's function.

        Args:
            owner: what the method is looked up on.
            method: its attribute's name.
            name: of the figures.
        """
        inner: Callable[..., Any] = getattr(owner, method)

        def timed(*args: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return inner(*args, **named)
            finally:
                self.note(name, 1000 * (time.perf_counter() - began))

        setattr(owner, method, timed)

    def newest_ms(self, name: str) -> float:
        """The last figure; 0 before the first."""
        took = self._took_ms[name]
        return took[-1] if took else 0.0

    def all_ms(self, name: str) -> tuple[float, ...]:
        """Every figure, in the order in which it came."""
        return tuple(self._took_ms[name])

    def add(self, other: "Stopwatch") -> None:
        """Takes all figures of another one."""
        for name, took_ms in other._took_ms.items():  # noqa: SLF001 - of its own kind
            self._took_ms[name] += took_ms

    def restart(self) -> None:
        """Forgets all figures: the warm-up is over."""
        self._took_ms.clear()

    def count(self, name: str) -> int:
        """How many figures there are."""
        return len(self._took_ms[name])

    def median_ms(self, name: str) -> float | None:
        """The median; None without a figure."""
        took = self._took_ms[name]
        return median(took) if took else None

    def p95_ms(self, name: str) -> float | None:
        """The 95th percentile; None before the second figure."""
        took = self._took_ms[name]
        return quantiles(took, n=20, method="inclusive")[-1] if len(took) > 1 else None
