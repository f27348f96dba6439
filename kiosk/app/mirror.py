"""The running mirror: starts the threads, answers presses, draws picture after picture."""

import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import Self

from kiosk.app.controller import build_scene
from kiosk.app.life_signs import LifeSigns
from kiosk.app.parts import MirrorOptions, build_parts
from kiosk.app.presses import Pressed
from kiosk.app.reporting import Notices, find_faults, gather_operator_facts
from kiosk.app.set_up_guide import Rebuild
from kiosk.coaching.snapshot import Stage
from kiosk.settings import Settings
from kiosk.system.memory import use_one_arena
from kiosk.system.rate import Rate
from kiosk.system.watchdog import Heartbeats
from kiosk.ui.panel.button import ButtonEvent
from kiosk.ui.screen.display import Pacer
from kiosk.ui.screen.scene import Page, Scene
from kiosk.ui.screen.toolkit.motion import brightness
from kiosk.vision.camera.frame import FrameSource


class Mirror:
    """A running mirror. Threads: camera, perception, back, history, health; and the caller's.

    Use it as a context manager and call `turn` until it returns None.

    Args:
        settings: of this installation.
        opener: opens the camera or film; called again whenever a camera was lost.
        options: how it is to run.
        clock: monotonic seconds, by which the main loop goes.

    Attributes:
        folder: of the history.
        stopping: whether the end was asked for.
        rebuild: what another mirror is to be made with in the place of this one, as soon as `turn`
            has returned None; else None.
        parts: what it runs on.
        pipeline, display, speaker, history, controller: those of them that are asked most.
        pacer: waits between two pictures.

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
        options: MirrorOptions = MirrorOptions(),  # noqa: B008, for it is frozen
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._with_clock = settings.screen.clock
        self._scene: Scene | None = None
        self._drawn = Rate()
        self.pacer = Pacer(settings.screen.fps)
        with ExitStack() as stack:
            parts = self.parts = build_parts(
                stack, settings, opener, options, lambda: find_faults(parts).blind is not None
            )
            self._life_signs = LifeSigns(settings)
            stack.callback(self._life_signs.close)
            self._closing = stack.pop_all()
        self._notices = Notices(parts)
        self._unspoken = parts.voice
        self.folder, self.pipeline, self.display = parts.folder, parts.pipeline, parts.display
        self.speaker, self.history, self.controller = parts.speaker, parts.history, parts.controller

    def __enter__(self) -> Self:
        use_one_arena()
        for worker in self.parts.workers:
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
        parts = self.parts
        for worker in parts.workers:
            worker.raise_crash()
        now_s = self._clock()
        snapshot = self.pipeline.snapshot
        lifting = snapshot is not None and snapshot.stage is Stage.SET
        parts.perception.cooling.update(now_s, parts.health.newest)
        # the camera, the model and the loudspeaker are reopened in their threads
        if not parts.sleep.asleep:  # a panel that is switched off may look like one unplugged
            self.display.retry(now_s)
        parts.presses.retry(now_s)
        if not lifting:  # a device that opens costs a picture or two
            self.speaker.retry(now_s)
            self._take_voice()
        if not parts.presses.feed_window(self.display.current.events(), now_s):
            return None
        if (number := parts.presses.poll_tag(now_s)) is not None:
            parts.narrator.click()
            self.controller.read_tag(number, now_s)
        now = datetime.fromtimestamp(parts.wall_clock(), UTC).astimezone()
        pressed = self._answer_presses(presses, now, now_s)
        self.rebuild = parts.set_up.update(
            now_s, self.pipeline, self.display.current, parts.presses, self.speaker
        )
        if self.rebuild is not None:
            return None
        scene = self._scene = self._build_scene(now, now_s, pressed, lifting=lifting)
        parts.narrator.update(scene.snapshot, scene.lifting.facts.target_reps)
        parts.narrator.update_rest(scene.lifting.rest)
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
        return self.parts.perception.ended

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
        parts = self.parts
        pressed = parts.sleep.filter(parts.presses.poll(now_s, presses))
        if pressed.clicks:  # in the very picture that lights the button
            parts.narrator.click()
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
        parts = self.parts
        parts.receivers.update(now_s)
        faults = find_faults(parts)
        lines = self._notices.lines(now_s, faults, lifting=lifting)
        # neither a room without light nor a panel that stays on is a reason to shine all night
        news = [line for line in lines if line != parts.words("notice.switch")]
        awake = bool(pressed.clicks or pressed.holds or (news and not faults.unseen))
        frame = self.pipeline.poses.frame
        self.controller.update(now_s, active=awake)
        parts.sleep.update(self.controller.idle_s if self.controller.page is Page.COACH else 0.0)
        return replace(
            build_scene(self.controller, now_s, now),
            asleep=parts.sleep.asleep,
            clock=now.time() if self._with_clock and not parts.wall_clock.wrong else None,
            notices=lines,
            pressed=pressed.holds,
            operator=gather_operator_facts(parts, self._drawn, now_s)
            if self.controller.page is Page.OPERATOR
            else None,
            picture=frame if parts.set_up.shows_picture else None,
            vision_fault=faults.blind,
        )

    def _report_life(self, now_s: float) -> None:
        parts, camera = self.parts, self.parts.camera
        self._life_signs.update(
            now_s,
            Heartbeats(
                camera.heartbeats,
                camera.gives_frames,
                parts.perception.heartbeats,
                self.ended,
            ),
            camera.fault or parts.model.message or self.display.fault,
            self.pipeline.snapshot,
            lambda: find_faults(parts),
            parts.health.newest,
        )
