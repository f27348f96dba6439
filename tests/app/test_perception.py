"""The perception thread: what ends a set, and what ends the thread."""

from collections.abc import Iterable
from types import SimpleNamespace

import pytest

from doubles import ScriptedEstimator
from kiosk.app import perception
from kiosk.app.perception import FAILED_S, MOST_FAILED, PerceptionThread
from kiosk.coaching.record import Ended
from kiosk.coaching.snapshot import Stage
from kiosk.errors import CameraError, ModelError, SourceError
from kiosk.system.retry import Reconnecting
from kiosk.system.watchdog import POSE_S
from mirror_harness import warned

PATIENCE_S = 30.0
LOST = CameraError("no frame for a second")
MISSING = ModelError("the model is missing")
BROKEN = ZeroDivisionError("in the model")


class Steps:
    """In place of a pipeline: takes steps from a script, and notes how sets were ended."""

    def __init__(self, script: Iterable[bool | Exception], *, seen: bool) -> None:
        self.snapshot = SimpleNamespace(stage=Stage.SET) if seen else None
        self.poses = SimpleNamespace(invoke_s=0.02, looked=True)
        self.finished: list[Ended] = []
        self.exercise = "hip_hinge"
        self.switched = 0
        self._script = list(script)

    def step(self) -> bool:
        step = self._script.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    def finish(self, ended: Ended) -> None:
        self.finished.append(ended)

    def switch(self, exercise: str) -> None:
        assert exercise == self.exercise
        self.switched += 1


def ran(
    *script: bool | Exception, seen: bool = True, blind: bool = True
) -> tuple[PerceptionThread, Steps]:
    """A thread that has come to its end by itself, and the pipeline that it stepped."""
    steps = Steps(script, seen=seen)
    model = Reconnecting("model", lambda: (ScriptedEstimator([]), "scripted"))
    thread = PerceptionThread(steps, model, lambda: blind).start()
    thread.join(PATIENCE_S)
    assert not thread.alive
    return thread, steps


def test_a_camera_lost_closes_the_set_once_until_it_is_back() -> None:
    thread, steps = ran(True, LOST, LOST, True, LOST, False)
    assert steps.finished == [Ended.INTERRUPTED, Ended.INTERRUPTED, Ended.SOURCE_ENDED]
    assert (thread.heartbeats, thread.ended, thread.crash) == (6, True, None)


def test_a_missing_model_closes_the_set_as_a_lost_camera_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(perception, "FAILED_S", (0.0, 0.0))
    _, steps = ran(MISSING, MISSING, False)
    assert steps.finished == [Ended.INTERRUPTED, Ended.SOURCE_ENDED]


@pytest.mark.parametrize(("blind", "closed"), [(False, []), (True, [Ended.INTERRUPTED])])
def test_before_the_first_pose_there_is_a_set_to_close_only_once_the_fault_is_known(
    blind: bool, closed: list[Ended]
) -> None:
    _, steps = ran(LOST, LOST, False, seen=False, blind=blind)
    assert steps.finished == [*closed, Ended.SOURCE_ENDED]


def test_a_step_that_fails_is_left_out_and_the_set_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    thread, steps = ran(True, BROKEN, True, True, BROKEN, BROKEN, True, False)
    assert (thread.ended, thread.crash, thread.fault) == (True, None, None)
    assert steps.finished == [Ended.SOURCE_ENDED]
    assert warned(caplog) == ["a step of perception is left out"] * 2


def test_steps_that_fail_again_and_again_are_a_fault_until_one_succeeds(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    waited_s: list[float] = []
    faults: list[str | None] = []
    steps = Steps([*[BROKEN] * (MOST_FAILED + 3), True, True, False], seen=True)
    model = Reconnecting("model", lambda: (ScriptedEstimator([]), "scripted"))
    thread = PerceptionThread(steps, model, lambda: True)
    thread.cooling.limit_rate = lambda: faults.append(thread.fault)

    def wait(seconds: float) -> bool:
        faults.append(thread.fault)
        waited_s.append(seconds)
        return False

    monkeypatch.setattr(thread, "wait", wait)
    thread.start().join(PATIENCE_S)
    assert thread.ended
    assert faults == ["ZeroDivisionError: in the model"] * 4 + [None, None]
    assert waited_s == [0.5, 1.0, 2.0, 4.0]
    assert max(FAILED_S) < POSE_S  # else the watchdog would take it for hung
    # the set is closed once, and the coach begins anew
    assert (steps.finished, steps.switched) == ([Ended.INTERRUPTED, Ended.SOURCE_ENDED], 1)
    assert len(warned(caplog)) == 2


def test_a_model_that_is_there_and_fails_is_a_fault_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(perception, "FAILED_S", (0.0, 0.0))
    thread, steps = ran(True, ModelError("it fails frame after frame"), True, False)
    assert steps.finished == [Ended.INTERRUPTED, Ended.SOURCE_ENDED]
    assert thread.crash is None
    seen: list[str | None] = []
    monkeypatch.setattr(PerceptionThread, "_succeed", lambda it: seen.append(it.fault))
    ran(ModelError("it fails frame after frame"), True, False)
    assert seen == ["ModelError: it fails frame after frame"]


def test_a_coach_that_cannot_even_close_its_set_does_not_end_the_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(perception, "FAILED_S", (0.0, 0.0))
    finish = Steps.finish

    def stumble(it: Steps, ended: Ended) -> None:
        if ended is Ended.INTERRUPTED:
            raise BROKEN
        finish(it, ended)

    monkeypatch.setattr(Steps, "finish", stumble)
    thread, steps = ran(*[BROKEN] * MOST_FAILED, True, False)
    assert (thread.crash, steps.switched, steps.finished) == (None, 1, [Ended.SOURCE_ENDED])


def test_what_no_waiting_mends_ends_the_thread_and_is_kept() -> None:
    thread, steps = ran(True, SourceError("no such kind of camera"), True)
    assert (thread.heartbeats, thread.ended, steps.finished) == (2, False, [])
    with pytest.raises(SourceError, match="no such kind"):
        thread.raise_crash()
    thread.close()
    assert steps.finished == [Ended.INTERRUPTED]


def test_the_model_is_loaded_again_with_every_step_that_is_due() -> None:
    asked_s: list[float] = []

    class Asked(Reconnecting[tuple[ScriptedEstimator, str]]):
        def retry(self, now_s: float) -> tuple[ScriptedEstimator, str] | None:
            asked_s.append(now_s)
            return super().retry(now_s)

    steps = Steps([MISSING, True, False], seen=True)
    asked = Asked("model", lambda: (ScriptedEstimator([]), "scripted"))
    PerceptionThread(steps, asked, lambda: True).start().join(PATIENCE_S)
    assert len(asked_s) == 3
    assert asked_s == sorted(asked_s)


def test_only_poses_count_for_the_rate() -> None:
    thread, _ = ran(LOST, True, True, LOST, False)
    assert thread.rate.median_ms(0.0) == pytest.approx(20.0)
