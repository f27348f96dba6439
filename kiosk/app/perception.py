"""The perception thread. Keeps running when the camera or the model is lost."""

import logging
import time
from collections.abc import Callable

from kiosk.app.pipeline import Pipeline
from kiosk.coaching.record import Ended
from kiosk.coaching.snapshot import Stage
from kiosk.errors import BadInputError, CameraError, ModelError
from kiosk.system.cooling import Cooling
from kiosk.system.memory import MemoryTrimmer
from kiosk.system.rate import Rate
from kiosk.system.retry import Backoff, Reconnecting
from kiosk.system.worker import Worker
from kiosk.vision.pose.source import Estimator

MOST_FAILED = 5
"""So many steps in a row that end in an error are a fault; one of them is a frame lost."""
FAILED_S = (0.5, 4.0)
"""First and longest wait before the next step while all of them fail: the watchdog takes a thread
for hung that takes no step for 5 s."""

_log = logging.getLogger(__name__)

Model = Reconnecting[tuple[Estimator, str]]
"""The pose model and its name, loaded as soon as it can be."""


class PerceptionThread(Worker):
    """Steps the pipeline until it is closed or a film ends.

    Args:
        pipeline: to be stepped.
        model: loaded again in this thread while it is missing.
        blind: whether it is known why nothing is seen; not so while a camera is being opened.

    Attributes:
        heartbeats: grows with every pose, and with every wait for one given up.
        ended: a film has come to its end.
        rate: of the frames that the model sees, by `time.monotonic`.
        cooling: slows the steps down while the processor is hot.
        fault: why step after step fails, though there is a camera and a model; None while they
            succeed.
    """

    def __init__(self, pipeline: Pipeline, model: Model, blind: Callable[[], bool]) -> None:
        super().__init__("perception")
        self.heartbeats = 0
        self.ended = False
        self.rate = Rate()
        self.cooling = Cooling(self.wait)
        self.fault: str | None = None
        self._failed = 0
        self._backoff = Backoff(*FAILED_S)
        self._pipeline = pipeline
        self._model = model
        self._blind = blind
        self._trimmer = MemoryTrimmer()

    def run(self) -> None:
        """Takes one step after another; a set that nobody sees any more is closed."""
        lost = False
        while not self.stopping:
            self.heartbeats += 1
            self._model.retry(time.monotonic())
            try:
                goes_on = self._pipeline.step()
            except (CameraError, ModelError) as error:
                # whoever raised it reports it, and reopens what is missing
                lost = lost or self._interrupt()
                if isinstance(error, ModelError) and self._model.part is not None:
                    self._fail(error)
                continue
            except BadInputError:
                raise  # no waiting mends it
            except Exception as error:  # noqa: BLE001 - whatever it was, the next frame may do
                self._drop(error)
                continue
            if not goes_on:
                self._pipeline.finish(Ended.SOURCE_ENDED)
                self.ended = True
                return
            lost = False
            self._succeed()
            if self._pipeline.poses.looked:
                took_ms = 1000 * self._pipeline.poses.invoke_s
                self.rate.record(time.monotonic(), took_ms=took_ms)
            snapshot = self._pipeline.snapshot
            self._trimmer.update(empty=snapshot is not None and snapshot.stage is Stage.WAITING)
            self.cooling.limit_rate()

    def close(self) -> None:
        """Waits for the end, and closes an open set with every counted rep."""
        super().close()
        self._pipeline.finish(Ended.INTERRUPTED)

    def _drop(self, error: Exception) -> None:
        """Leaves out a step that raised an error; so many in a row are a fault."""
        self._failed += 1
        if self._failed == 1:
            _log.warning("a step of perception is left out", exc_info=error)
        if self._failed >= MOST_FAILED:
            if self._failed == MOST_FAILED:
                self._begin_anew()
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        """Keeps a fault that stays, and waits before the next step."""
        fault = " ".join(f"{type(error).__name__}: {error}".split())
        if self.fault is None:
            _log.error("perception fails again and again: %s", fault)
        self.fault = fault
        self.wait(self._backoff.next_s())

    def _succeed(self) -> None:
        if self.fault is not None:
            _log.info("perception goes on")
            self.fault = None
            self._backoff.reset()
        self._failed = 0

    def _begin_anew(self) -> None:
        """Closes the set, and forgets what the coach knows, which may be what it stumbles over."""
        try:
            self._pipeline.finish(Ended.INTERRUPTED)
        except Exception as error:  # noqa: BLE001 - it may be what fails
            _log.warning("the set could not be closed", exc_info=error)
        try:
            self._pipeline.switch(self._pipeline.exercise)
        except Exception as error:  # noqa: BLE001 - as above
            _log.warning("the coach could not begin anew", exc_info=error)

    def _interrupt(self) -> bool:
        """Ends a set that nobody sees any more; False while a camera is still being opened."""
        if self._pipeline.snapshot is None and not self._blind():
            return False
        self._pipeline.finish(Ended.INTERRUPTED)
        return True
