"""Gathers from the parts of a running mirror what does not work, and what the operator reads."""

import math
import time
from collections.abc import Mapping

from kiosk.app.parts import Parts
from kiosk.errors import ModelError
from kiosk.system.cooling import COOLING_FPS
from kiosk.system.rate import Rate
from kiosk.ui.health_table import Faults, notices
from kiosk.ui.status import OperatorFacts, Running, operator_facts

PASSING_S: Mapping[str, float] = {
    "erased": 8.0,
    "erased_places": 8.0,
    "undone": 8.0,
    "replaced": 60.0,
}
"""What happened to the history, by the counter of it in `HistoryThread`, is shown for so long."""


class Notices:
    """The lines at the edge of the picture.

    Args:
        parts: of the mirror.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._told = dict.fromkeys(PASSING_S, (0, -math.inf))  # how often, and when last

    def lines(self, now_s: float, faults: Faults, *, lifting: bool) -> tuple[str, ...]:
        """Returns what is to be shown now, the weightiest last."""
        words = self._parts.words
        trained = self._parts.filer.trained
        lines = list(notices(faults, words, lifting=lifting, trained=trained))
        for key, shown_s in PASSING_S.items():
            times = getattr(self._parts.history, key)
            if times > self._told[key][0]:
                self._told[key] = (times, now_s)
            if now_s - self._told[key][1] < shown_s:
                lines.append(words(f"notice.{key}"))
        return tuple(lines)


def find_faults(parts: Parts) -> Faults:
    """Asks every part for its fault."""
    quick = any(rule.least_fps > COOLING_FPS for rule in parts.pipeline.exercise.checks)
    model, cooling = parts.model.fault, parts.perception.cooling
    assert model is None or isinstance(model, ModelError)
    return Faults(
        camera=parts.camera.fault,
        model=model,
        failing=parts.perception.fault,
        unseen=parts.pipeline.unseen,
        history=parts.history.fault or parts.controller.fault,
        history_new=parts.history.notice,
        panel=parts.presses.panel_fault,
        switch=parts.sleep.switch.fault,
        tags=parts.presses.tags_fault,
        stick=parts.receivers.stick,
        settings=parts.settings_fault,
        clock=parts.wall_clock.wrong,
        eased=cooling.active,
        unjudged=cooling.active and quick,
        sound=parts.speaker.fault,
        voice=parts.speaker.voice_fault,
        unsaved=parts.set_up.unsaved,
    )


def gather_operator_facts(parts: Parts, drawn: Rate, now_s: float) -> OperatorFacts:
    """Returns what the operator page shows.

    Args:
        parts: of the mirror.
        drawn: of the pictures, by the main loop's clock.
        now_s: that clock's time.
    """
    rate = parts.perception.rate
    running = Running(
        pictures_per_s=drawn.per_second(now_s),
        draw_ms=drawn.median_ms(now_s),
        # not the main loop's clock, which a test holds in its hand
        poses_per_s=rate.per_second(time.monotonic()),
        invoke_ms=rate.median_ms(time.monotonic()),
        camera=parts.camera.name,
        model=parts.model.part[1] if parts.model.part else None,
        stuck=parts.presses.stuck(now_s),
        outbox=parts.receivers.outbox,
        home=parts.receivers.home,
        faults=find_faults(parts),
    )
    health, newest = parts.health.newest, parts.errors.newest
    return operator_facts(running, health, newest, parts.speaker.volume, parts.words)
