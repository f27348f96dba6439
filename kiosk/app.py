"""The one place that builds the parts, starts the threads and stops them."""

import logging
import math
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from uuid import uuid4

from kiosk.back.opening import open_eye
from kiosk.back.watch import LookAside
from kiosk.camera.frame import FrameSource
from kiosk.camera.live import LiveSource
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import Ended, SetRecord
from kiosk.desk import TELL_S, Desk
from kiosk.errors import CameraError
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.history.writer import HistoryWriter, SetStore
from kiosk.operator import OperatorFacts, Running, operator_facts
from kiosk.panel.button import Button, ButtonEvent
from kiosk.panel.keyboard import KeyboardPanel
from kiosk.panel.opening import open_panel
from kiosk.perception import Perception
from kiosk.pose.loading import load_estimator
from kiosk.pose.source import Estimator, SeenPoses
from kiosk.screen.display import Display, Happening
from kiosk.screen.scene import Hold, Page, Scene
from kiosk.service.freshness import Signs
from kiosk.service.health import read_health
from kiosk.service.lifeline import Lifeline
from kiosk.service.rate import Rate
from kiosk.service.troubles import Troubles
from kiosk.service.watch import HealthWatch
from kiosk.settings import Settings, history_folder
from kiosk.sound.narrator import Narrator
from kiosk.sound.opening import open_speaker
from kiosk.sound.speech import speech_folder
from kiosk.words.words import Words

LEAVE_KEYS = frozenset({"escape", "q"})
THREAD_S = 2.0
"""The perception thread has this long to come to its end."""


@dataclass(frozen=True, slots=True)
class Makers:
    """Makes the parts that a soak has to replace: those that wait in real time, or can fail.

    Attributes:
        estimator: from the model's variant and its threads to the model and its name.
        camera: from an opener to what keeps the camera open.
        store: from the folder and the name of the run to where sets are stored.
    """

    estimator: Callable[[str, int], tuple[Estimator, str]] = field(
        default_factory=lambda: load_estimator
    )
    camera: Callable[[Callable[[], FrameSource]], LiveSource] = field(
        default_factory=lambda: LiveSource
    )
    store: Callable[[Path, str], SetStore] = lambda folder, run: Store(folder, run=run)


class Kiosk:
    """A running mirror. Threads: camera, perception, history, health; the caller's is the main one.

    Use it as a context manager and call `turn` until it returns None.

    Args:
        settings: of this installation.
        opener: opens the camera or film; called again whenever a camera was lost.
        on_screen: see `Display`.
        clock: monotonic seconds, by which the main loop goes.
        wall_clock: seconds since 1970, by which sets are filed.
        makers: of single parts, for a soak.

    Raises:
        KioskError: settings, model, history, panel or display cannot be used; nothing is left
            running.
    """

    def __init__(
        self,
        settings: Settings,
        opener: Callable[[], FrameSource],
        *,
        on_screen: bool | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        makers: Makers | None = None,
    ) -> None:
        make = makers or Makers()
        self._clock = clock
        self._wall_clock = wall_clock
        self._with_picture = settings.screen.camera_picture
        self._scene: Scene | None = None
        self._down: frozenset[Button] = frozenset()
        self._drawn, self._seen = Rate(), Rate()
        self._lifeline = Lifeline()
        self._looks = 0
        self._words = Words.load(settings.screen.language)
        exercise = exercise_by_id(settings.coach.exercise)
        self.folder = history_folder(settings.history)
        with ExitStack() as stack:
            run = uuid4().hex
            store = [make.store(self.folder, run)]
            self._set_aside = store[0].notice
            stack.callback(_close_all, store)
            estimator, self.model = make.estimator(settings.pose.model, settings.pose.threads)
            self._panel = open_panel(settings.panel)
            stack.callback(self._panel.close)
            # a keyboard works beside buttons too: for whoever mends the mirror
            self._keys = KeyboardPanel(hold_s=settings.panel.hold_s)
            self.display = stack.enter_context(
                Display(settings.screen, self._words, edge=settings.panel.edge, on_screen=on_screen)
            )
            self._troubles = Troubles()
            logging.getLogger().addHandler(self._troubles)
            stack.callback(logging.getLogger().removeHandler, self._troubles)
            self._health = HealthWatch(lambda: read_health(self.folder))
            stack.callback(self._health.close)
            self._history = HistoryWriter(
                lambda: store.pop() if store else make.store(self.folder, run)
            )
            stack.callback(self._history.close)
            self._erasures = 0
            self._erased_s = -math.inf
            self._camera = make.camera(opener)
            watch = LookAside(open_eye()) if settings.coach.back_line else None
            if watch is not None:
                stack.callback(watch.close)
            self._perception = Perception(
                SeenPoses(self._camera, estimator), Coach(exercise), self._keep, watch=watch
            )
            speaker = open_speaker(settings.sound, self._words, speech_folder())
            stack.callback(speaker.close)
            self._narrator = Narrator(speaker, self._words)
            self.desk = Desk(self._perception, Reader(self.folder), speaker, self._history.erase)
            self._stop = threading.Event()
            self._crash: BaseException | None = None
            self._started: tuple[int, float] | None = None
            self.ended = False
            self._thread = threading.Thread(target=self._perceive, name="perception", daemon=True)
            # last in, first out, and each of them whatever happens to the ones before
            stack.callback(self._perception.finish, Ended.INTERRUPTED)
            stack.callback(self._thread.join, timeout=THREAD_S)
            stack.callback(self._camera.close)
            stack.callback(self._stop.set)
            self._closing = stack.pop_all()

    def __enter__(self) -> Self:
        self._health.start()
        self._camera.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._lifeline.close()
        self._closing.close()

    def turn(self, presses: tuple[ButtonEvent, ...] = ()) -> Scene | None:
        """One round of the main loop: presses answered, one picture drawn.

        Args:
            presses: beside those of the panel.

        Returns:
            What was shown; None when the user wants to leave.
        """
        if self._crash is not None:
            raise self._crash
        now_s = self._clock()
        for event in self.display.events():
            leave = event.kind is Happening.QUIT or (event.key in LEAVE_KEYS and event.down)
            if leave:
                return None
            self._keys.feed(event.key, now_s, down=event.down)
        now = datetime.fromtimestamp(self._wall_clock(), UTC).astimezone()
        panels = (self._keys, self._panel)
        found = [press for panel in panels for press in panel.poll(now_s)]
        held = {button: p for panel in panels for button, p in panel.progress(now_s).items()}
        self._answer((*presses, *found), frozenset(held))
        for press in (*presses, *found):
            leaves = self.display.screen.leaves(self._scene) if self._scene else 1
            self.desk.press(press, now, now_s, leaves)
        scene = self._scene = self.desk.scene(
            now_s,
            now,
            self._notices(now_s),
            tuple(Hold(button, progress) for button, progress in held.items()),
            operator=self._operator(now_s) if self.desk.page is Page.OPERATOR else None,
            picture=self._perception.poses.frame if self._with_picture else None,
        )
        self._narrator.tell(scene.snapshot)
        began = time.perf_counter()
        self.display.show(scene)
        self._drawn.note(now_s, took_ms=1000 * (time.perf_counter() - began))
        signs = Signs(self._camera.signs, self._camera.gives_frames, self._looks, self.ended)
        self._lifeline.drawn(now_s, signs, self._camera.fault)
        self.display.tick()
        return scene

    def _answer(self, presses: tuple[ButtonEvent, ...], down: frozenset[Button]) -> None:
        """A click for every button that goes down, in the very picture that lights it."""
        # one that went down and up between two pictures was never seen held
        unseen = any(press.button not in self._down | down for press in presses)
        if down - self._down or unseen:
            self._narrator.click()
        self._down = down

    def _operator(self, now_s: float) -> OperatorFacts:
        speaker = self._narrator.speaker
        running = Running(
            pictures_per_s=self._drawn.per_second(now_s),
            draw_ms=self._drawn.median_ms(now_s),
            poses_per_s=self._seen.per_second(time.monotonic()),
            invoke_ms=self._seen.median_ms(time.monotonic()),
            camera=self._camera.name,
            camera_fault=self._camera.fault,
            model=self.model,
        )
        volume = 0.0 if speaker.muted else speaker.volume
        newest = self._troubles.newest
        return operator_facts(running, self._health.newest, newest, volume, self._words)

    def stop(self) -> None:
        """Asks for the end, from a signal handler."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether the end was asked for."""
        return self._stop.is_set()

    def _notices(self, now_s: float) -> tuple[str, ...]:
        if self._history.erased > self._erasures:
            # what was set aside is gone as well
            self._erasures, self._erased_s, self._set_aside = self._history.erased, now_s, None
        speaker = self._narrator.speaker
        # once: until the first set; who trains without sound has then been told
        silent = None if self._started else speaker.fault
        speechless = None if self._started else speaker.voice_fault
        volume = self.desk.volume_line(now_s)
        told = (self._words(volume[0], percent=volume[1]),) if volume else ()
        wrong = (
            ("notice.sound", silent),
            ("notice.voice", speechless),
            ("notice.camera", self._camera.fault),
            ("notice.history", self._history.fault or self.desk.fault),
            ("notice.history_new", self._set_aside or self._history.notice),
        )
        if now_s - self._erased_s < TELL_S:
            told = (*told, self._words("notice.erased"))
        return tuple(self._words(key) for key, fault in wrong if fault) + told

    def _keep(self, record: SetRecord) -> None:
        """Hands a set to history, with the wall clock at its start."""
        if self._started is None or self._started[0] != record.serial:
            snapshot = self._perception.snapshot
            ago_s = snapshot.time_s - record.started_s if snapshot else 0.0
            self._started = (record.serial, self._wall_clock() - max(ago_s, 0.0))
        if record.counted:
            self._history.post(record, self._started[1])

    def _perceive(self) -> None:
        lost = False
        try:
            while not self._stop.is_set():
                self._looks += 1
                try:
                    if not self._perception.step():
                        self._perception.finish(Ended.SOURCE_ENDED)
                        self.ended = True
                        return
                    lost = False
                    took_ms = 1000 * self._perception.poses.invoke_s
                    # not the main loop's clock, which a test holds in its hand
                    self._seen.note(time.monotonic(), took_ms=took_ms)
                except CameraError:
                    # the camera's own thread reports it and looks for the camera again
                    if not lost:
                        self._perception.finish(Ended.INTERRUPTED)
                    lost = True
        except BaseException as error:  # noqa: BLE001 - it is raised again, in the main thread
            self._crash = error


def _close_all(stores: list[SetStore]) -> None:
    for store in stores:
        store.close()
