"""Builds the parts of a running mirror and connects them."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from kiosk.app.controller import Controller
from kiosk.app.history_thread import HistoryThread
from kiosk.app.perception import Model, PerceptionThread
from kiosk.app.pipeline import Pipeline
from kiosk.app.presses import Presses
from kiosk.app.receivers import Receivers
from kiosk.app.safe_settings import load_programme
from kiosk.app.set_facts import SetFacts
from kiosk.app.set_filer import SetFiler
from kiosk.app.set_up_runner import SetUpRunner
from kiosk.app.sleep import Sleep
from kiosk.coaching.coach import Coach
from kiosk.errors import HistoryError
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.history.connection import DamagedHistoryError
from kiosk.history.folder_lock import FolderLock, MirrorRunningError
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.settings import Settings, SoundSettings
from kiosk.system.files import history_folder
from kiosk.system.health import HealthPoller, read_health
from kiosk.system.recent_errors import RecentErrors
from kiosk.system.retry import Reconnecting
from kiosk.system.version import rolled_back
from kiosk.system.wall_clock import ASKED, WallClock, newest_of
from kiosk.system.worker import Worker
from kiosk.ui.screen.reconnecting import ReconnectingDisplay
from kiosk.ui.set_up_steps import SetUp
from kiosk.ui.sound.mixer import open_speaker
from kiosk.ui.sound.narrator import Narrator
from kiosk.ui.sound.pack import pack_folder
from kiosk.ui.sound.reconnecting import ReconnectingSpeaker
from kiosk.ui.sound.speech import speech_folder
from kiosk.ui.sound.voice import Voice
from kiosk.ui.words.words import Words, load_exercises
from kiosk.vision.back.back_observer import open_back_observer
from kiosk.vision.back.back_worker import ThreadedBack
from kiosk.vision.camera.frame import Frame, FrameSource
from kiosk.vision.camera.live import LiveSource
from kiosk.vision.load.load_observer import LoadObserver
from kiosk.vision.pose.movenet import load_estimator
from kiosk.vision.pose.source import Estimator, SeenPoses

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


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorOptions:
    """How a mirror is to run, beside its settings.

    Attributes:
        on_screen: False draws for nobody, to save pictures; None opens a display if there is one.
        wall_clock: seconds since 1970, by which sets are filed.
        reconnects: what cannot be opened at the start is shown on the screen and opened later, as
            docs/faults.md says. False raises it: nobody waits for a mirror that plays a film.
        settings_fault: why defaults stand in for settings; shown on the screen.
        factories: of single parts, for a soak.
        chosen: the file that keeps what is chosen with the buttons; None where nothing is, as with
            a film.
        set_up: where to begin, or to go on, asking for it; None shows the coach.
    """

    on_screen: bool | None = None
    wall_clock: Callable[[], float] = time.time
    reconnects: bool = True
    settings_fault: str | None = None
    factories: Factories = field(default_factory=Factories)
    chosen: Path | None = None
    set_up: SetUp | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a mirror runs on. Nothing here decides anything.

    Attributes:
        folder: of the history.
        voice: synthesises the spoken cues; None where nothing is spoken.
        workers: the threads, in the order in which they start.
        errors: the newest ones of the log.
        settings_fault: why defaults stand in for settings.
    """

    folder: Path
    words: Words
    camera: LiveSource
    model: Model
    pipeline: Pipeline
    perception: PerceptionThread
    history: HistoryThread
    filer: SetFiler
    facts: SetFacts
    controller: Controller
    set_up: SetUpRunner
    presses: Presses
    display: ReconnectingDisplay
    sleep: Sleep
    voice: Voice | None
    speaker: ReconnectingSpeaker
    narrator: Narrator
    receivers: Receivers
    health: HealthPoller
    wall_clock: WallClock
    errors: RecentErrors
    settings_fault: str | None
    workers: tuple[Worker, ...]


def build_parts(
    stack: ExitStack,
    settings: Settings,
    opener: Callable[[], FrameSource],
    options: MirrorOptions,
    blind: Callable[[], bool],
) -> Parts:
    """Makes all parts; none of their threads runs yet.

    `stack` closes them, the last one first, whatever happens to the others. `blind`, whether it is
    known why nothing is seen, is asked for once they run. `opener` is that of `Mirror`.

    Raises:
        KioskError: as `Mirror`.
    """
    make, reconnects = options.factories, options.reconnects
    words = Words.load(settings.screen.language, load_exercises(settings.coach.exercises))
    exercise = exercise_by_id(settings.coach.exercise, words.exercises)
    folder = history_folder(settings.history.folder)
    errors = _keep_errors(stack)
    for fault in filter(None, (options.settings_fault, rolled_back())):
        _log.warning("%s", fault)
    lock = stack.enter_context(_locked(folder))
    open_store = _store_opener(stack, make, folder, lock, reconnects=reconnects)
    sleep = Sleep(settings.screen)
    stack.callback(sleep.switch.close)  # waits until the panel is on
    model: Model = Reconnecting(
        "model",
        lambda: make.estimator(settings.pose.model, settings.pose.threads, exercise.needed_fps),
        reconnects=reconnects,
    )
    presses = stack.enter_context(closing(Presses(settings, reconnects=reconnects)))
    setting_up = stack.enter_context(
        closing(SetUpRunner(settings, words, options.chosen, options.set_up))
    )
    display = ReconnectingDisplay(
        lambda shown: setting_up.open_display(on_screen=shown),
        on_screen=options.on_screen,
        reconnects=reconnects,
    )
    stack.callback(display.close)
    health = stack.enter_context(closing(HealthPoller(lambda: read_health(folder))))
    back = None
    if settings.coach.back_line:
        back = stack.enter_context(closing(ThreadedBack(open_back_observer())))
    history = stack.enter_context(closing(HistoryThread(open_store, options.wall_clock, lock.take)))
    reader = Reader(folder)

    def newest_s() -> float | None:
        """When the newest set began that can be believed, in seconds since 1970."""
        try:
            newest = reader.recent(ASKED)
        except DamagedHistoryError:
            history.check()
            raise
        return newest_of([one.started_at.timestamp() for one in newest])

    clock = WallClock(options.wall_clock, newest_s)
    facts = SetFacts(
        reader,
        history,
        words.exercises,
        load_programme(settings.training.programme, words.exercises),
        unit=settings.training.unit,
        places=settings.lifters.places,
        rest=settings.training.rest,
    )
    filer = SetFiler(history, facts, clock)

    def prepare_frame(frame: Frame) -> None:
        """Cuts a frame ahead where a model is about to see it, in the camera's thread."""
        if (loaded := model.part) is not None and pipeline.poses.looked:
            loaded[0].prepare(frame)

    camera = make.camera(opener, prepare_frame)
    pipeline = Pipeline(
        SeenPoses(camera, lambda: model.require()[0], live=True),
        Coach(exercise, words.exercises.values()),
        lambda record: filer.store(record, pipeline.snapshot),
        back=back,
        load=LoadObserver(),
    )
    voice = _make_voice(settings.sound, words, stack)
    speaker = ReconnectingSpeaker(
        lambda: open_speaker(settings.sound, voice), settings.sound.volume
    )
    stack.callback(speaker.close)
    perception = PerceptionThread(pipeline, model, blind)
    for end in (perception.close, camera.close, perception.stop):
        stack.callback(end)
    stack.callback(sleep.switch.stop)  # the first of all: the others take a while
    optional = (back, voice, setting_up.file)
    return Parts(
        folder=folder,
        words=words,
        camera=camera,
        model=model,
        pipeline=pipeline,
        perception=perception,
        history=history,
        filer=filer,
        facts=facts,
        controller=Controller(
            pipeline, reader, speaker, history, facts, words.exercises, setting_up.guide
        ),
        set_up=setting_up,
        presses=presses,
        display=display,
        sleep=sleep,
        voice=voice,
        speaker=speaker,
        narrator=Narrator(speaker, words, slowing=settings.sound.slowing),
        receivers=Receivers(settings),
        health=health,
        wall_clock=clock,
        errors=errors,
        settings_fault=options.settings_fault,
        workers=(
            *(speaker.opener, health, history, sleep.switch),
            *(worker for worker in optional if worker is not None),
            *(camera, perception),
        ),
    )


def _keep_errors(stack: ExitStack) -> RecentErrors:
    """Makes what keeps the newest errors of the log, until the stack ends."""
    errors = RecentErrors()
    logging.getLogger().addHandler(errors)
    stack.callback(logging.getLogger().removeHandler, errors)
    return errors


def _make_voice(settings: SoundSettings, words: Words, stack: ExitStack) -> Voice | None:
    """Makes the thread that synthesises cues, where they are to be spoken; the stack closes it."""
    if not (settings.enabled and settings.voice):
        return None
    return stack.enter_context(closing(Voice(words, speech_folder(), pack_folder(settings.pack))))


def _store_opener(
    stack: ExitStack, make: Factories, folder: Path, lock: FolderLock, *, reconnects: bool
) -> Callable[[], Store]:
    """Returns what opens the history; it is open already where a failure is to be raised."""
    run = uuid4().hex
    opened = [] if reconnects else [make.store(folder, run)]
    for store in opened:
        stack.callback(store.close)

    def open_store() -> Store:
        if opened:
            return opened.pop()
        lock.take()
        return make.store(folder, run)

    return open_store


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
