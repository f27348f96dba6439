"""Shows and sounds what the set-up tries, and checks the camera, in the mirror's main loop."""

from pathlib import Path

from kiosk.app.chosen_file import ChosenFile
from kiosk.app.pipeline import Pipeline
from kiosk.app.presses import Presses
from kiosk.app.set_up_guide import Rebuild, SetUpGuide
from kiosk.coaching.camera_check import CameraCheck, Finding, grey
from kiosk.coaching.glass_check import GlassCheck
from kiosk.coaching.height_check import HeightCheck
from kiosk.settings import Settings
from kiosk.ui.screen.display import Display
from kiosk.ui.set_up_steps import SetUp, Step
from kiosk.ui.sound.speaker import SoundEvent, Speaker
from kiosk.ui.sound.tones import Tone
from kiosk.ui.words.words import Words

SAMPLE = SoundEvent(Tone.PRAISE)
"""Played to whoever sets the volume: no words, which may still be those of another language."""


class SetUpRunner:
    """Brings a running mirror to what its set-up tries, without opening anything anew.

    Args:
        settings: of this installation.
        words: of its language.
        chosen: the file that keeps what is chosen; None where nothing can be chosen.
        state: where an earlier mirror has left the set-up, or where this one begins with it.

    Attributes:
        guide: leads through it; None where nothing can be chosen.
        file: the thread that keeps what is chosen, for the owner to start and to close; or None.
    """

    def __init__(
        self, settings: Settings, words: Words, chosen: Path | None, state: SetUp | None
    ) -> None:
        self.file = None if chosen is None else ChosenFile(chosen)
        exercises = tuple(one.id for one in words.exercises.values() if one.kind == "lift")
        self.guide = (
            None if self.file is None else SetUpGuide(settings, exercises, self.file.submit, state)
        )
        self._settings = self._shown = settings
        self._words = words
        self._step: Step | None = None
        self._camera_check = CameraCheck()
        self._height_check = HeightCheck()
        self._glass_check = GlassCheck()

    @property
    def aims(self) -> bool:
        """Whether somebody aims the camera."""
        return self.guide is not None and self.guide.step is Step.CAMERA

    @property
    def shows_picture(self) -> bool:
        """Whether the camera's picture shows: where that is wanted, and to whoever aims it."""
        return self.aims or self._settings.screen.camera_picture

    @property
    def unsaved(self) -> str | None:
        """Why what was chosen is not kept, by its kind; None while it is."""
        return self.file.fault.kind if self.file is not None and self.file.fault else None

    def open_display(self, *, on_screen: bool) -> Display:
        """Opens a display that looks as is tried now."""
        panel = self._shown.panel
        return Display(self._shown.screen, self._words, edge=panel.edge, on_screen=on_screen)

    def update(
        self, now_s: float, pipeline: Pipeline, display: Display, presses: Presses, speaker: Speaker
    ) -> Rebuild | None:
        """Brings all of them to what is tried now; to be called after every press.

        Returns:
            What another mirror is to be made with in the place of this one; None to go on.
        """
        if self.guide is None:
            return None
        self._check_camera(self.guide, pipeline, now_s)
        pipeline.pause(paused=self.guide.step is not None)  # whoever bends now begins no set
        before, step = self._shown, self.guide.step
        now = self._shown = self._settings.with_choices(self.guide.tried)
        if now.screen.language != before.screen.language:
            self._words = Words.load(now.screen.language, self._words.exercises)
        if (now.screen, now.panel.edge) != (before.screen, before.panel.edge):
            display.adopt(now.screen, self._words, edge=now.panel.edge)
        presses.reversed = now.panel.reversed
        louder = now.sound.volume != before.sound.volume
        if louder:
            speaker.set_volume(now.sound.volume)
        if louder or (step is Step.SOUND and step is not self._step):
            speaker.play(SAMPLE)
        self._step = step
        return self.guide.rebuild()

    def close(self) -> None:
        """Keeps what was chosen last, and ends."""
        if self.file is not None:
            self.file.close()

    def _check_camera(self, guide: SetUpGuide, pipeline: Pipeline, now_s: float) -> None:
        snapshot, frame = pipeline.snapshot, pipeline.poses.frame
        if not self.aims or frame is None or pipeline.unseen is not None:
            self._camera_check = CameraCheck()
            self._height_check, self._glass_check = HeightCheck(), GlassCheck()
            guide.check_camera(None, now_s)
            return
        height, glass = self._height_check, self._glass_check
        pose = None if snapshot is None else snapshot.pose
        found: Finding | None = Finding.GOOD
        if not (height.asking or glass.testing):  # somebody is elsewhere, or the light is another
            found = self._camera_check.update(frame.time_s, pose, frame.rgbx)
        if found is Finding.GOOD:
            found = height.update(now_s, pose)
        if found is Finding.GOOD:
            found = glass.update(now_s, grey(frame.rgbx))
        guide.check_camera(found, now_s, shines=glass.shines(now_s))
