"""Times the parts of the mirror where they run, without a hook in any of them."""

import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median, quantiles
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Stopwatch(ExitStack):
    """Keeps milliseconds by name, oldest first, until it is closed. For one thread."""

    def __init__(self) -> None:
        super().__init__()
        self.took_ms: dict[str, list[float]] = defaultdict(list)

    def record(self, name: str, took_ms: float) -> None:
        """Keeps one figure in milliseconds."""
        self.took_ms[name].append(took_ms)

    def run(self, name: str, function: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Calls a function and records how long it took."""
        began = time.perf_counter()
        try:
            return function(*args, **named)
        finally:
            self.record(name, 1000 * (time.perf_counter() - began))

    def on(self, owner: Any, method: str, name: str) -> None:
        """Times every call of a function of an object, class or module until this is closed."""
        inner, own = getattr(owner, method), vars(owner).get(method)

        def timed(*args: Any, **named: Any) -> Any:
            return self.run(name, inner, *args, **named)

        setattr(owner, method, timed)
        if own is None:  # its class has it
            self.callback(delattr, owner, method)
        else:
            self.callback(setattr, owner, method, own)

    def newest_ms(self, name: str) -> float:
        """Returns the last figure; 0 before the first."""
        return self.took_ms[name][-1] if self.took_ms[name] else 0.0

    def count(self, name: str) -> int:
        """Counts the figures."""
        return len(self.took_ms[name])

    def median_ms(self, name: str) -> float | None:
        """Returns the median; None without a figure."""
        took = self.took_ms[name]
        return median(took) if took else None

    def p95_ms(self, name: str) -> float | None:
        """Returns the 95th percentile; None before the second figure."""
        took = self.took_ms[name]
        return quantiles(took, n=20, method="inclusive")[-1] if len(took) > 1 else None
