"""A mailbox of one: the newest item wins, and nothing grows behind a slow reader."""

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """Hands items from one thread to another. An item is taken once, or replaced by a newer one."""

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
        """The newest item, waiting for one at most `timeout_s`; None when none came."""
        with self._changed:
            self._changed.wait_for(lambda: self._item is not None or self._closed, timeout_s)
            item, self._item = self._item, None
            return item

    def close(self) -> None:
        """Says that no item will come any more: nobody waits for one. The last can be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
