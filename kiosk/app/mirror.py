"""The running mirror: builds the parts, starts the threads, draws picture after picture."""

import logging
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from uuid import uuid4

from kiosk.app.controller import Controller, build_scene
from kiosk.app.history_thread import HistoryThread
from kiosk.app.life_signs import LifeSigns
from kiosk.app.perception import Model, PerceptionThread
from kiosk.app.pipeline import Pipeline
from kiosk.app.presses import Pressed, Presses
from kiosk.app.receivers import Receivers
from kiosk.app.safe_settings import load_programme
from kiosk.app.set_facts import SetFacts
from kiosk.app.set_up_guide import Rebuild
from kiosk.app.set_up_runner import SetUpRunner
from kiosk.app.sleep import Sleep
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import SetRecord
from kiosk.coaching.snapshot import Stage
from kiosk.errors import HistoryError, ModelError
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.history.connection import DamagedHistoryError
from kiosk.history.folder_lock import FolderLock, MirrorRunningError
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.settings import ScreenSettings, Settings, SoundSettings
from kiosk.system.cooling import COOLING_FPS
from kiosk.system.files import history_folder
from kiosk.system.health import HealthPoller, read_health
from kiosk.system.rate import Rate
from kiosk.system.recent_errors import RecentErrors
from kiosk.system.retry import Reconnecting
from kiosk.system.version import rolled_back
from kiosk.system.wall_clock import ASKED, WallClock, newest_of
from kiosk.system.watchdog import Heartbeats
from kiosk.ui.health_table import Faults, notices
from kiosk.ui.panel.button import ButtonEvent
from kiosk.ui.screen.display import Pacer
from kiosk.ui.screen.reconnecting import ReconnectingDisplay
from kiosk.ui.screen.scene import Page, Scene
from kiosk.ui.screen.toolkit.motion import brightness
from kiosk.ui.set_up_steps import SetUp
from kiosk.ui.sound.mixer import open_speaker
from kiosk.ui.sound.narrator import Narrator
from kiosk.ui.sound.pack import pack_folder
from kiosk.ui.sound.reconnecting import ReconnectingSpeaker
from kiosk.ui.sound.speech import speech_folder
from kiosk.ui.sound.voice import Voice
from kiosk.ui.status import OperatorFacts, Running, operator_facts
from kiosk.ui.words.words import Words, load_exercises
from kiosk.vision.back.back_observer import open_back_observer
from kiosk.vision.back.back_worker import ThreadedBack
from kiosk.vision.camera.frame import Frame, FrameSource
from kiosk.vision.camera.live import LiveSource
from kiosk.vision.load.load_observer import LoadObserver
from kiosk.vision.pose.movenet import load_estimator
from kiosk.vision.pose.source import Estimator, SeenPoses

PASSING_S: Mapping[str, float] = {
    "erased": 8.0,
    "erased_places": 8.0,
    "undone": 8.0,
    "replaced": 60.0,
}
"""What happened to the history, by the counter of it in `HistoryThread`, is shown for so long."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Factories:
    """Makes the parts that a test has to replace: those that wait in real time, or can fail.

    Attributes:
        estimator: from the model's variant, its threads and the frames a second that are needed to
            the model and its name.
        camera: from an opener, and what is called with every frame, to what keeps the camera open.
        store: from the folder and the name of the run to where sets are stored.
    """

    estimator: Callable[[str, int, float], tuple[Estimator, str]] = field(
        default_factory=lambda: load_estimator
    )
    camera: Callable[[Callable[[], FrameSource], Callable[[Frame], None]], LiveSource] = (
        lambda opener, prepare: LiveSource(opener, prepare=prepare)
    )
    store: Callable[[Path, str], Store] = lambda folder, run: Store(folder, run=run)


class Mirror:
    """A running mirror. Threads: camera, perception, back, history, health; and the caller's.

    Use it as a context manager and call `turn` until it returns None.

    Args:
        settings: of this installation.
        opener: opens the camera or film; called again whenever a camera was lost.
        on_screen: False draws for nobody, to save pictures; None opens a display if there is one.
        clock: monotonic seconds, by which the main loop goes.
        wall_clock: seconds since 1970, by which sets are filed.
        reconnects: what cannot be opened at the start is shown on the screen and opened later, as
            docs/faults.md says. False raises it: nobody waits for a mirror that plays a film.
        settings_fault: why defaults stand in for settings; shown on the screen.
        factories: of single parts, for a soak.
        chosen: the file that keeps what is chosen with the buttons; None where nothing is, as with
            a film.
        set_up: where to begin, or to go on, asking for it; None shows the coach.

    Attributes:
        folder: of the history.
        stopping: whether the end was asked for.
        rebuild: what another mirror is to be made with in the place of this one, as soon as `turn`
            has returned None; else None.
        pipeline, display, speaker, history, controller, pacer: the parts that a test or a benchmark
            asks.

    Raises:
        MirrorRunningError: another mirror stores its sets in the folder.
        KioskError: an exercise, a language or a folder of the settings cannot be used; or model,
            history, panel or display, unless it reconnects. Nothing is left running.
    """

    stopping = False
    rebuild: Rebuild | None = None

    def __init__(
        self,
        settings: Settings,
        opener: Callable[[], FrameSource],
        *,
        on_screen: bool | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        reconnects: bool = True,
        settings_fault: str | None = None,
        factories: Factories | None = None,
        chosen: Path | None = None,
        set_up: SetUp | None = None,
    ) -> None:
        make = factories or Factories()
        self._clock = clock
        self._settings_fault = settings_fault
        self._with_clock = settings.screen.clock
        self._scene: Scene | None = None
        self._drawn = Rate()
        self._started: tuple[int, float] | None = None  # the newest set, and the time it began
        self._told = dict.fromkeys(PASSING_S, (0, -math.inf))  # how often, and when last
        self.pacer = Pacer(settings.screen.fps)
        self._words = Words.load(settings.screen.language, load_exercises(settings.coach.exercises))
        exercise = exercise_by_id(settings.coach.exercise, self._words.exercises)
        self.folder = history_folder(settings.history.folder)
        # last in, first out, and each of them whatever happens to the ones before
        with ExitStack() as stack:
            self._errors = _keep_errors(stack)
            _log_faults(settings_fault, rolled_back())
            self._lock = stack.enter_context(_locked(self.folder))
            self._sleep = _make_sleep(settings.screen, stack)
            run = uuid4().hex
            opened = [] if reconnects else [make.store(self.folder, run)]
            for store in opened:
                stack.callback(store.close)
            self._model: Model = Reconnecting(
                "model",
                lambda: make.estimator(
                    settings.pose.model, settings.pose.threads, exercise.needed_fps
                ),
                reconnects=reconnects,
            )
            self._presses = stack.enter_context(closing(Presses(settings, reconnects=reconnects)))
            self._receivers = Receivers(settings)
            self._set_up = stack.enter_context(
                closing(SetUpRunner(settings, self._words, chosen, set_up))
            )
            self.display = ReconnectingDisplay(
                lambda shown: self._set_up.open_display(on_screen=shown),
                on_screen=on_screen,
                reconnects=reconnects,
            )
            stack.callback(self.display.close)
            self._health = HealthPoller(lambda: read_health(self.folder))
            stack.callback(self._health.close)
            back = _make_back(stack) if settings.coach.back_line else None
            self.history = HistoryThread(
                lambda: opened.pop() if opened else self._open_store(make, run),
                wall_clock,
                self._lock.take,
            )
            stack.callback(self.history.close)
            reader = self._reader = Reader(self.folder)
            self._wall_clock = WallClock(wall_clock, self._newest_s)
            self._camera = make.camera(opener, self._prepare_frame)
            self.pipeline = Pipeline(
                SeenPoses(self._camera, lambda: self._model.require()[0], live=True),
                Coach(exercise, self._words.exercises.values()),
                self._store_set,
                back=back,
                load=LoadObserver(),
            )
            voice = self._unspoken = _make_voice(settings.sound, self._words, stack)
            self.speaker = ReconnectingSpeaker(
                lambda: open_speaker(settings.sound, voice), settings.sound.volume
            )
            stack.callback(self.speaker.close)
            self._narrator = Narrator(self.speaker, self._words, slowing=settings.sound.slowing)
            self.facts = SetFacts(
                reader,
                self.history,
                self._words.exercises,
                load_programme(settings.training.programme, self._words.exercises),
                unit=settings.training.unit,
                places=settings.lifters.places,
                rest=settings.training.rest,
            )
            self.controller = Controller(
                self.pipeline,
                reader,
                self.speaker,
                self.history,
                self.facts,
                self._words.exercises,
                self._set_up.guide,
            )
            self._perception = PerceptionThread(
                self.pipeline, self._model, lambda: self._faults().blind is not None
            )
            for end in (self._perception.close, self._camera.close, self._perception.stop):
                stack.callback(end)
            stack.callback(self._sleep.switch.stop)  # the first of all: the others take a while
            workers = (
                *(self.speaker.opener, self._health, self.history, back, voice),
                *(self._set_up.file, self._sleep.switch),
            )
            self._workers = (*filter(None, workers), self._camera, self._perception)
            self._life_signs = stack.enter_context(closing(LifeSigns(settings)))
            self._closing = stack.pop_all()

    def __enter__(self) -> Self:
        for worker in self._workers:
            worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.rebuild is not None:
            self._life_signs.hand_over()
        self._closing.close()

    def turn(self, presses: tuple[ButtonEvent, ...] = ()) -> Scene | None:
        """One round of the main loop: presses answered, one picture drawn.

        Args:
            presses: beside those of the panel.

        Returns:
            What was shown; None when the user wants to leave.
        """
        for worker in self._workers:
            worker.raise_crash()
        now_s = self._clock()
        snapshot = self.pipeline.snapshot
        lifting = snapshot is not None and snapshot.stage is Stage.SET
        self._perception.cooling.update(now_s, self._health.newest)
        # the camera, the model and the loudspeaker are reopened in their threads
        if not self._sleep.asleep:  # a panel that is switched off may look like one unplugged
            self.display.retry(now_s)
        self._presses.retry(now_s)
        if not lifting:  # a device that opens costs a picture or two
            self.speaker.retry(now_s)
            self._take_voice()
        if not self._presses.feed_window(self.display.current.events(), now_s):
            return None
        if (number := self._presses.poll_tag(now_s)) is not None:
            self._narrator.click()
            self.controller.read_tag(number, now_s)
        now = datetime.fromtimestamp(self._wall_clock(), UTC).astimezone()
        pressed = self._answer_presses(presses, now, now_s)
        self.rebuild = self._set_up.update(
            now_s, self.pipeline, self.display.current, self._presses, self.speaker
        )
        if self.rebuild is not None:
            return None
        scene = self._scene = self._build_scene(now, now_s, pressed, lifting=lifting)
        self._narrator.update(scene.snapshot, scene.lifting.facts.target_reps)
        self._narrator.update_rest(scene.lifting.rest)
        began = time.perf_counter()
        self.display.show(scene)
        self._drawn.record(now_s, took_ms=1000 * (time.perf_counter() - began))
        self._report_life(now_s)
        self.pacer.wait(self.pipeline.news, dimmed=brightness(scene.idle_s) < 1)
        return scene

    def stop(self) -> None:
        """Asks for the end, from a signal handler."""
        self.stopping = True

    @property
    def ended(self) -> bool:
        """Whether a film has come to its end."""
        return self._perception.ended

    def _take_voice(self) -> None:
        """Gives the spoken cues to the speaker once they are there: files that load in a moment."""
        voice = self._unspoken
        if voice is not None and voice.speech is not None and self.speaker.opened:
            self._unspoken = None
            self.speaker.add_speech(voice.speech, voice.fault)

    def _answer_presses(
        self, presses: Iterable[ButtonEvent], now: datetime, now_s: float
    ) -> Pressed:
        """Does what was pressed, and returns it."""
        pressed = self._sleep.filter(self._presses.poll(now_s, presses))
        if pressed.clicks:  # in the very picture that lights the button
            self._narrator.click()
        for press in pressed.events:
            subpages = self.display.current.screen.subpages(self._scene) if self._scene else 1
            self.controller.press(press, now, now_s, subpages)
        for hold in pressed.holds:
            if hold.progress >= 1:
                self.controller.hold(hold.button, now_s)
        return pressed

    def _build_scene(
        self, now: datetime, now_s: float, pressed: Pressed, *, lifting: bool
    ) -> Scene:
        self._receivers.update(now_s)
        faults = self._faults()
        lines = self._notices(now_s, faults, lifting=lifting)
        # neither a room without light nor a panel that stays on is a reason to shine all night
        news = [line for line in lines if line != self._words("notice.switch")]
        awake = bool(pressed.clicks or pressed.holds or (news and not faults.unseen))
        frame = self.pipeline.poses.frame
        self.controller.update(now_s, active=awake)
        self._sleep.update(self.controller.idle_s if self.controller.page is Page.COACH else 0.0)
        return replace(
            build_scene(self.controller, now_s, now),
            asleep=self._sleep.asleep,
            clock=now.time() if self._with_clock and not self._wall_clock.wrong else None,
            notices=lines,
            pressed=pressed.holds,
            operator=self._operator(now_s) if self.controller.page is Page.OPERATOR else None,
            picture=frame if self._set_up.shows_picture else None,
            vision_fault=faults.blind,
        )

    def _report_life(self, now_s: float) -> None:
        camera = self._camera
        self._life_signs.update(
            now_s,
            Heartbeats(
                camera.heartbeats, camera.gives_frames, self._perception.heartbeats, self.ended
            ),
            camera.fault or self._model.message or self.display.fault,
            self.pipeline.snapshot,
            self._faults,
            self._health.newest,
        )

    def _operator(self, now_s: float) -> OperatorFacts:
        rate = self._perception.rate
        running = Running(
            pictures_per_s=self._drawn.per_second(now_s),
            draw_ms=self._drawn.median_ms(now_s),
            # not the main loop's clock, which a test holds in its hand
            poses_per_s=rate.per_second(time.monotonic()),
            invoke_ms=rate.median_ms(time.monotonic()),
            camera=self._camera.name,
            model=self._model.part[1] if self._model.part else None,
            stuck=self._presses.stuck(now_s),
            outbox=self._receivers.outbox,
            home=self._receivers.home,
            faults=self._faults(),
        )
        newest = self._errors.newest
        return operator_facts(
            running, self._health.newest, newest, self.speaker.volume, self._words
        )

    def _faults(self) -> Faults:
        quick = any(rule.least_fps > COOLING_FPS for rule in self.pipeline.exercise.checks)
        model = self._model.fault
        assert model is None or isinstance(model, ModelError)
        return Faults(
            camera=self._camera.fault,
            model=model,
            failing=self._perception.fault,
            unseen=self.pipeline.unseen,
            history=self.history.fault or self.controller.fault,
            history_new=self.history.notice,
            panel=self._presses.panel_fault,
            switch=self._sleep.switch.fault,
            tags=self._presses.tags_fault,
            stick=self._receivers.stick,
            settings=self._settings_fault,
            clock=self._wall_clock.wrong,
            eased=self._perception.cooling.active,
            unjudged=self._perception.cooling.active and quick,
            sound=self.speaker.fault,
            voice=self.speaker.voice_fault,
            unsaved=self._set_up.unsaved,
        )

    def _notices(self, now_s: float, faults: Faults, *, lifting: bool) -> tuple[str, ...]:
        trained = self._started is not None
        lines = list(notices(faults, self._words, lifting=lifting, trained=trained))
        for key, shown_s in PASSING_S.items():
            times = getattr(self.history, key)
            if times > self._told[key][0]:
                self._told[key] = (times, now_s)
            if now_s - self._told[key][1] < shown_s:
                lines.append(self._words(f"notice.{key}"))
        return tuple(lines)

    def _store_set(self, record: SetRecord) -> None:
        """Hands a set to the history, with the wall clock at its start."""
        if self._started is None or self._started[0] != record.serial:
            snapshot = self.pipeline.snapshot
            ago_s = snapshot.time_s - record.started_s if snapshot else 0.0
            self._started = (record.serial, self._wall_clock() - max(ago_s, 0.0))
        if record.counted:
            self.history.submit(record, self._started[1], self.facts.of(record))

    def _open_store(self, make: Factories, run: str) -> Store:
        self._lock.take()
        return make.store(self.folder, run)

    def _newest_s(self) -> float | None:
        """When the newest set began that can be believed, in seconds since 1970."""
        try:
            newest = self._reader.recent(ASKED)
        except DamagedHistoryError:
            self.history.check()
            raise
        return newest_of([one.started_at.timestamp() for one in newest])

    def _prepare_frame(self, frame: Frame) -> None:
        """Cuts a frame ahead where a model is about to see it, in the camera's thread."""
        if (loaded := self._model.part) is not None and self.pipeline.poses.looked:
            loaded[0].prepare(frame)


def _log_faults(*faults: str | None) -> None:
    for fault in filter(None, faults):
        _log.warning("%s", fault)


def _keep_errors(stack: ExitStack) -> RecentErrors:
    """Makes what keeps the newest errors of the log, until the stack ends."""
    errors = RecentErrors()
    logging.getLogger().addHandler(errors)
    stack.callback(logging.getLogger().removeHandler, errors)
    return errors


def _make_sleep(settings: ScreenSettings, stack: ExitStack) -> Sleep:
    """Makes what lets the screen sleep; the stack waits at its end until the panel is on."""
    sleep = Sleep(settings)
    stack.callback(sleep.switch.close)
    return sleep


def _make_back(stack: ExitStack) -> ThreadedBack:
    """Makes the thread that observes the back; the stack closes it."""
    return stack.enter_context(closing(ThreadedBack(open_back_observer())))


def _make_voice(settings: SoundSettings, words: Words, stack: ExitStack) -> Voice | None:
    """Makes the thread that synthesises cues, where they are to be spoken; the stack closes it."""
    if not (settings.enabled and settings.voice):
        return None
    return stack.enter_context(closing(Voice(words, speech_folder(), pack_folder(settings.pack))))


@contextmanager
def _locked(folder: Path) -> Iterator[FolderLock]:
    """Refuses to run beside another mirror; a folder that cannot be used is shown later."""
    lock = FolderLock(folder)
    try:
        lock.take()
    except MirrorRunningError:
        raise
    except HistoryError:
        pass
    try:
        yield lock
    finally:
        lock.release()
