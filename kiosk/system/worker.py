"""Runs work in a thread that is started, stopped and waited for, and hands over its results."""

import threading
from collections.abc import Callable
from typing import Generic, Self, TypeVar

T = TypeVar("T")

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
        """Ends the work, in the thread; called when a crash is known already."""

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


class Mailbox(Generic[T]):
    """Hands the newest item to another thread: each is taken once, or replaced by a newer one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._item: T | None = None
        self._closed = False

    def put(self, item: T) -> None:
        """Leaves an item; one that was not taken is gone."""
        with self._changed:
            self._item = item
            self._changed.notify()

    def take(self, timeout_s: float) -> T | None:
        """Takes the newest item, waiting for one at most `timeout_s`; None when none came."""
        with self._changed:
            self._changed.wait_for(lambda: self._item is not None or self._closed, timeout_s)
            item, self._item = self._item, None
            return item

    def close(self) -> None:
        """Ends every wait: no item will come any more. The last one can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
