"""The one place that builds the parts, starts the threads and stops them."""

import logging
import math
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from uuid import uuid4

from kiosk.app.controller import TELL_S, Controller
from kiosk.app.perception import PerceptionThread
from kiosk.app.pipeline import Pipeline
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import SetRecord
from kiosk.coaching.snapshot import Stage
from kiosk.errors import HistoryError
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.history.writer import HistoryWriter, SetStore
from kiosk.settings import Settings
from kiosk.system.cooling import EASED_FPS
from kiosk.system.folders import history_folder
from kiosk.system.health import read_health
from kiosk.system.health_poller import HealthWatch
from kiosk.system.liveness import Heartbeats
from kiosk.system.rate import Rate
from kiosk.system.recent_errors import RecentErrors
from kiosk.system.wall_clock import Calendar
from kiosk.system.watchdog import Watchdog
from kiosk.ui.health_table import Faults, notices
from kiosk.ui.panel.button import Button, ButtonEvent
from kiosk.ui.panel.factory import open_panel
from kiosk.ui.panel.keyboard import KeyboardPanel
from kiosk.ui.panel.reconnecting import ReconnectingPanel
from kiosk.ui.screen.display import Display
from kiosk.ui.screen.pacer import Pacer
from kiosk.ui.screen.reconnecting import ReconnectingDisplay
from kiosk.ui.screen.scene import Hold, Page, Scene
from kiosk.ui.sound.factory import open_speaker
from kiosk.ui.sound.narrator import Narrator
from kiosk.ui.sound.reconnecting import ReconnectingSpeaker
from kiosk.ui.sound.speech import speech_folder
from kiosk.ui.status import OperatorFacts, Running, operator_facts
from kiosk.ui.words.words import Words, load_exercises
from kiosk.vision.back.back_worker import ThreadedBack
from kiosk.vision.back.observer import open_back_observer
from kiosk.vision.camera.frame import Frame, FrameSource
from kiosk.vision.camera.live import LiveSource
from kiosk.vision.pose.loader import ReconnectingEstimator, load_estimator
from kiosk.vision.pose.source import Estimator, SeenPoses

LEAVE_KEYS = frozenset({"escape", "q"})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Factories:
    """Makes the parts that a soak has to replace: those that wait in real time, or can fail.

    Attributes:
        estimator: from the model's variant, its threads and the frames a second that are needed to
            the model and its name.
        camera: from an opener, and what is told of every frame, to what keeps the camera open.
        store: from the folder and the name of the run to where sets are stored.
    """

    estimator: Callable[[str, int, float], tuple[Estimator, str]] = field(
        default_factory=lambda: load_estimator
    )
    camera: Callable[[Callable[[], FrameSource], Callable[[Frame], None]], LiveSource] = (
        lambda opener, prepare: LiveSource(opener, prepare=prepare)
    )
    store: Callable[[Path, str], SetStore] = lambda folder, run: Store(folder, run=run)


class Mirror:
    """A running mirror. Threads: camera, perception, history, health; the caller's is the main one.

    Use it as a context manager and call `turn` until it returns None.

    Args:
        settings: of this installation.
        opener: opens the camera or film; called again whenever a camera was lost.
        on_screen: False draws for nobody, to save pictures; None seeks a display.
        clock: monotonic seconds, by which the main loop goes.
        wall_clock: seconds since 1970, by which sets are filed.
        patient: what cannot be opened at the start is told of on the screen and sought again, as
            docs/faults.md says. False raises it: nobody waits for a mirror that plays a film.
        settings_fault: why defaults stand in for settings; told of on the screen.
        makers: of single parts, for a soak.

    Raises:
        KioskError: an exercise, a language or a folder of the settings cannot be used; or model,
            history, panel or display, unless patient. Nothing is left running.
    """

    def __init__(
        self,
        settings: Settings,
        opener: Callable[[], FrameSource],
        *,
        on_screen: bool | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        patient: bool = True,
        settings_fault: str | None = None,
        makers: Factories | None = None,
    ) -> None:
        make = makers or Factories()
        self._clock = clock
        self._settings_fault = settings_fault
        self._with_picture = settings.screen.camera_picture
        self._scene: Scene | None = None
        self._down: frozenset[Button] = frozenset()
        self._drawn = Rate()
        self._pacer = Pacer(settings.screen.fps)
        self._stopping = False
        self._lifeline = Watchdog()
        self._words = Words.load(settings.screen.language, load_exercises(settings.coach.exercises))
        exercise = exercise_by_id(settings.coach.exercise, self._words.exercises)
        self.folder = history_folder(settings.history.folder)
        with ExitStack() as stack:
            self._troubles = RecentErrors()
            logging.getLogger().addHandler(self._troubles)
            stack.callback(logging.getLogger().removeHandler, self._troubles)
            if settings_fault is not None:
                _log.warning("%s", settings_fault)
            run = uuid4().hex
            opened = [] if patient else [make.store(self.folder, run)]
            for store in opened:
                stack.callback(store.close)
            self._estimator = ReconnectingEstimator(
                lambda: make.estimator(
                    settings.pose.model, settings.pose.threads, exercise.needed_fps
                ),
                patient=patient,
            )
            self._panel = ReconnectingPanel(lambda: open_panel(settings.panel), patient=patient)
            stack.callback(self._panel.close)
            # a keyboard works beside buttons too: for whoever mends the mirror
            self._keys = KeyboardPanel(hold_s=settings.panel.hold_s)
            self.display = ReconnectingDisplay(
                lambda shown: Display(
                    settings.screen, self._words, edge=settings.panel.edge, on_screen=shown
                ),
                on_screen=on_screen,
                patient=patient,
            )
            stack.callback(self.display.close)
            self._health = HealthWatch(lambda: read_health(self.folder))
            stack.callback(self._health.close)
            self._history = HistoryWriter(
                lambda: opened.pop() if opened else make.store(self.folder, run)
            )
            stack.callback(self._history.close)
            self._erased = (0, -math.inf)  # how often, and when last
            reader = Reader(self.folder)
            self._wall_clock = Calendar(wall_clock, lambda: _newest_s(reader))
            self._camera = make.camera(opener, self._estimator.prepare)
            watch = ThreadedBack(open_back_observer()) if settings.coach.back_line else None
            if watch is not None:
                stack.callback(watch.close)
            self._perception = Pipeline(
                SeenPoses(self._camera, self._estimator), Coach(exercise), self._keep, watch=watch
            )
            self._speaker = ReconnectingSpeaker(
                lambda: open_speaker(settings.sound, self._words, speech_folder())
            )
            stack.callback(self._speaker.close)
            self._narrator = Narrator(self._speaker, self._words)
            self.desk = Controller(
                self._perception,
                reader,
                self._speaker,
                self._history.erase,
                self._words.exercises,
            )
            self._started: tuple[int, float] | None = None
            self._looking = PerceptionThread(
                self._perception, self._estimator, lambda: self._wrong().blind is not None
            )
            # last in, first out, and each of them whatever happens to the ones before
            stack.callback(self._looking.close)
            stack.callback(self._camera.close)
            stack.callback(self._looking.stop)
            self._closing = stack.pop_all()

    def __enter__(self) -> Self:
        self._health.start()
        self._camera.start()
        self._looking.start()
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
        if self._looking.crash is not None:
            raise self._looking.crash
        now_s = self._clock()
        snapshot = self._perception.snapshot
        lifting = snapshot is not None and snapshot.stage is Stage.SET
        self._looking.easing.note(now_s, self._health.newest)
        self.display.look(now_s)
        if not lifting:
            self._speaker.look(now_s)
        for event in self.display.events():
            if event.key is None or (event.key in LEAVE_KEYS and event.down):
                return None
            self._keys.feed(event.key, now_s, down=event.down)
        now = datetime.fromtimestamp(self._wall_clock(), UTC).astimezone()
        panels = (self._keys, self._panel)
        found = [press for panel in panels for press in panel.poll(now_s)]
        held = {button: p for panel in panels for button, p in panel.progress(now_s).items()}
        self._answer((*presses, *found), frozenset(held))
        for press in (*presses, *found):
            subpages = self.display.screen.subpages(self._scene) if self._scene else 1
            self.desk.press(press, now, now_s, subpages)
        scene = self._scene = self.desk.scene(
            now_s,
            now,
            self._told(now_s, wrong := self._wrong(), lifting=lifting),
            tuple(Hold(button, progress) for button, progress in held.items()),
            operator=self._operator(now_s) if self.desk.page is Page.OPERATOR else None,
            picture=self._perception.poses.frame if self._with_picture else None,
            vision_fault=wrong.blind,
        )
        self._narrator.update(scene.snapshot)
        began = time.perf_counter()
        self.display.show(scene)
        self._drawn.note(now_s, took_ms=1000 * (time.perf_counter() - began))
        signs = Heartbeats(
            self._camera.signs, self._camera.gives_frames, self._looking.looks, self.ended
        )
        faults = (self._camera.fault, self._estimator.fault, self.display.fault)
        self._lifeline.drawn(now_s, signs, next((str(fault) for fault in faults if fault), None))
        self._pacer.wait(self._perception.news)
        return scene

    def _answer(self, presses: tuple[ButtonEvent, ...], down: frozenset[Button]) -> None:
        """A click for every button that goes down, in the very picture that lights it."""
        # one that went down and up between two pictures was never seen held
        unseen = any(press.button not in self._down | down for press in presses)
        if down - self._down or unseen:
            self._narrator.click()
        self._down = down

    def _operator(self, now_s: float) -> OperatorFacts:
        running = Running(
            pictures_per_s=self._drawn.per_second(now_s),
            draw_ms=self._drawn.median_ms(now_s),
            # not the main loop's clock, which a test holds in its hand
            poses_per_s=self._looking.rate.per_second(time.monotonic()),
            invoke_ms=self._looking.rate.median_ms(time.monotonic()),
            camera=self._camera.name,
            model=self._estimator.name,
            faults=self._wrong(),
        )
        volume = 0.0 if self._speaker.muted else self._speaker.volume
        newest = self._troubles.newest
        return operator_facts(running, self._health.newest, newest, volume, self._words)

    def stop(self) -> None:
        """Asks for the end, from a signal handler."""
        self._stopping = True

    @property
    def stopping(self) -> bool:
        """Whether the end was asked for."""
        return self._stopping

    @property
    def ended(self) -> bool:
        """Whether a film has come to its end."""
        return self._looking.ended

    def _wrong(self) -> Faults:
        quick = any(rule.least_fps > EASED_FPS for rule in self._perception.exercise.checks)
        return Faults(
            camera=self._camera.fault,
            model=self._estimator.fault,
            history=self._history.fault or self.desk.fault,
            history_new=self._history.notice,
            panel=self._panel.fault,
            settings=self._settings_fault,
            clock=self._wall_clock.wrong,
            eased=self._looking.easing.eased,
            unjudged=self._looking.easing.eased and quick,
            sound=self._speaker.fault,
            voice=self._speaker.voice_fault,
        )

    def _told(self, now_s: float, wrong: Faults, *, lifting: bool) -> tuple[str, ...]:
        if self._history.erased > self._erased[0]:
            self._erased = (self._history.erased, now_s)
        told = list(notices(wrong, self._words, lifting=lifting, trained=self._started is not None))
        if (volume := self.desk.volume_line(now_s)) is not None:
            told.append(self._words(volume[0], percent=volume[1]))
        if now_s - self._erased[1] < TELL_S:
            told.append(self._words("notice.erased"))
        return tuple(told)

    def _keep(self, record: SetRecord) -> None:
        """Hands a set to history, with the wall clock at its start."""
        if self._started is None or self._started[0] != record.serial:
            snapshot = self._perception.snapshot
            ago_s = snapshot.time_s - record.started_s if snapshot else 0.0
            self._started = (record.serial, self._wall_clock() - max(ago_s, 0.0))
        if record.counted:
            self._history.post(record, self._started[1])


def _newest_s(reader: Reader) -> float | None:
    """When the newest set began, in seconds since 1970."""
    try:
        return next((one.started_at.timestamp() for one in reader.recent(1)), None)
    except HistoryError:
        return None
