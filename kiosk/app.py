"""The one place that builds the parts, starts the threads and stops them."""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from typing import Self
from uuid import uuid4

from kiosk.back.opening import open_eye
from kiosk.back.watch import LookAside
from kiosk.camera.frame import FrameSource
from kiosk.camera.live import LiveSource
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import Ended, SetRecord
from kiosk.desk import Desk
from kiosk.errors import CameraError
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.history.writer import HistoryWriter
from kiosk.panel.button import ButtonEvent
from kiosk.panel.keyboard import KeyboardPanel
from kiosk.panel.opening import open_panel
from kiosk.perception import Perception
from kiosk.pose.loading import load_estimator
from kiosk.pose.source import SeenPoses
from kiosk.screen.display import Display, Happening
from kiosk.screen.scene import Hold, Scene
from kiosk.service.freshness import Signs
from kiosk.service.lifeline import Lifeline
from kiosk.settings import Settings, history_folder
from kiosk.sound.narrator import Narrator
from kiosk.sound.opening import open_speaker
from kiosk.sound.speech import speech_folder
from kiosk.words.words import Words

LEAVE_KEYS = frozenset({"escape", "q"})
THREAD_S = 2.0
"""The perception thread has this long to come to its end."""


class Kiosk:
    """A running mirror. Threads: camera, perception, history; the caller's is the main one.

    Use it as a context manager and call `turn` until it returns None.

    Args:
        settings: of this installation.
        opener: opens the camera or film; called again whenever a camera was lost.
        on_screen: see `Display`.
        clock: monotonic seconds, by which the main loop goes.

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
    ) -> None:
        self._clock = clock
        self._lifeline = Lifeline()
        self._looks = 0
        self._words = Words.load(settings.screen.language)
        exercise = exercise_by_id(settings.coach.exercise)
        self.folder = history_folder(settings.history)
        with ExitStack() as stack:
            run = uuid4().hex
            store = [Store(self.folder, run=run)]
            self._set_aside = store[0].notice
            stack.callback(_close_all, store)
            estimator, self.model = load_estimator(settings.pose.model, settings.pose.threads)
            self._panel = open_panel(settings.panel)
            stack.callback(self._panel.close)
            # a keyboard works beside buttons too: for whoever mends the mirror
            self._keys = KeyboardPanel(hold_s=settings.panel.hold_s)
            self.display = stack.enter_context(
                Display(settings.screen, self._words, on_screen=on_screen)
            )
            self._history = HistoryWriter(
                lambda: store.pop() if store else Store(self.folder, run=run)
            )
            stack.callback(self._history.close)
            self._camera = LiveSource(opener)
            watch = LookAside(open_eye()) if settings.coach.back_line else None
            if watch is not None:
                stack.callback(watch.close)
            self._perception = Perception(
                SeenPoses(self._camera, estimator), Coach(exercise), self._keep, watch=watch
            )
            speaker = open_speaker(settings.sound, self._words, speech_folder())
            stack.callback(speaker.close)
            self._narrator = Narrator(speaker, self._words)
            self.desk = Desk(self._perception, Reader(self.folder), speaker)
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
        panels = (self._keys, self._panel)
        found = [press for panel in panels for press in panel.poll(now_s)]
        for press in (*presses, *found):
            self._narrator.click()
            self.desk.press(press, now_s, self.display.screen.history_pages(self.desk.listed))
        held = {button: p for panel in panels for button, p in panel.progress(now_s).items()}
        scene = self.desk.scene(
            now_s,
            datetime.now().astimezone(),
            self._notices(now_s),
            tuple(Hold(button, progress) for button, progress in held.items()),
        )
        self._narrator.tell(scene.snapshot)
        self.display.show(scene)
        signs = Signs(self._camera.signs, self._camera.gives_frames, self._looks, self.ended)
        self._lifeline.drawn(now_s, signs, self._camera.fault)
        self.display.tick()
        return scene

    def stop(self) -> None:
        """Asks for the end, from a signal handler."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether the end was asked for."""
        return self._stop.is_set()

    def _notices(self, now_s: float) -> tuple[str, ...]:
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
        return tuple(self._words(key) for key, fault in wrong if fault) + told

    def _keep(self, record: SetRecord) -> None:
        """Hands a set to history, with the wall clock at its start."""
        if self._started is None or self._started[0] != record.serial:
            snapshot = self._perception.snapshot
            ago_s = snapshot.time_s - record.started_s if snapshot else 0.0
            self._started = (record.serial, time.time() - max(ago_s, 0.0))
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
                except CameraError:
                    # the camera's own thread reports it and looks for the camera again
                    if not lost:
                        self._perception.finish(Ended.INTERRUPTED)
                    lost = True
        except BaseException as error:  # noqa: BLE001 - it is raised again, in the main thread
            self._crash = error


def _close_all(stores: list[Store]) -> None:
    for store in stores:
        store.close()
