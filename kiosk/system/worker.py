"""One worker thread: started, asked to stop and waited for, with its error kept."""

import threading
from collections.abc import Callable
from typing import Self

END_S = 2.0
"""A thread has this long to come to its end. One that hangs in a driver never does."""


class Worker:
    """A thread with an end. Derive from it and override `run`.

    It is a daemon thread: one that hangs must not keep the process from ending.

    Args:
        name: of the thread.
        wait: waits that many seconds, but not longer than until the thread is asked to stop;
            returns whether it was. None for the real one.

    Attributes:
        crash: the error that ended the thread, for whoever depends on it to raise again.
    """

    def __init__(self, name: str, wait: Callable[[float], bool] | None = None) -> None:
        self.crash: BaseException | None = None
        self._stop = threading.Event()
        self.wait = wait or self._stop.wait
        self._thread = threading.Thread(target=self._guard, name=name, daemon=True)

    def run(self) -> None:
        """Does the work, in the thread, until it is done or `stopping`."""
        raise NotImplementedError

    def finished(self) -> None:
        """Called in the thread at its very end, when a crash is known already."""

    @property
    def stopping(self) -> bool:
        """Whether the thread was asked to stop."""
        return self._stop.is_set()

    @property
    def alive(self) -> bool:
        """Whether the thread was started and has not come to its end."""
        return self._thread.is_alive()

    def start(self) -> Self:
        """Starts the thread."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Asks the thread to stop, and does not wait for it. Any thread may call it."""
        self._stop.set()

    def join(self, timeout_s: float) -> None:
        """Waits for the end of the thread, but no longer than `timeout_s`."""
        if self.alive:
            self._thread.join(timeout_s)

    def close(self) -> None:
        """Stops the thread and waits for its end. Safe to call twice, and without a start."""
        self.stop()
        self.join(END_S)

    def raise_crash(self) -> None:
        """Raises what ended the thread, if it was an error."""
        if self.crash is not None:
            raise self.crash

    def _guard(self) -> None:
        try:
            self.run()
        except BaseException as error:  # noqa: BLE001 - it is raised again by `raise_crash`
            self.crash = error
        finally:
            self.finished()
