"""How long does somebody take from the first start of an installed mirror to the first set?

Run by `first_set.sh` with the Python of the release in use. The packaged recording stands in for
the camera, again and again, and once more from its beginning when the set-up is over; the keys 1 to
3 stand in for the three buttons. Each screen of the first start is read for three seconds and
answered; nobody steps away from the mirror when asked to. Prints when each was shown; exit code 1
if no set was counted within three minutes.
"""

import sys
import time

import pygame

from kiosk.app.mirror import Mirror
from kiosk.coaching.snapshot import Stage
from kiosk.commands import run
from kiosk.commands.cli import main
from kiosk.commands.demo.show import WALK_UP
from kiosk.ui.panel.button import ButtonEvent
from kiosk.ui.screen.scene import Scene
from kiosk.ui.set_up_steps import Step
from kiosk.vision.camera.film import Film
from kiosk.vision.camera.frame import Frame, FrameSource
from kiosk.vision.camera.pace import Paced

READING_S = 3.0
LIMIT_S = 180.0
ANSWERS = dict.fromkeys((Step.LANGUAGE, Step.ROTATION, Step.SOUND, Step.UNIT), pygame.K_2)
ANSWERS |= {Step.EDGE: pygame.K_1}
"""The key that answers each step; the camera's needs none."""


class Again:
    """A film that begins again when it is over, or when somebody walks up.

    Attributes:
        walks_up: somebody does.
    """

    name = WALK_UP.name

    def __init__(self) -> None:
        self.walks_up = False
        self._film, self._from_s, self._last_s = Film(WALK_UP), 0.0, 0.0

    def read(self) -> Frame | None:
        """Reads the next frame."""
        frame = None if self.walks_up else self._film.read()
        if frame is None:
            self.walks_up = False
            self.close()
            self._film, self._from_s = Film(WALK_UP), self._last_s + 0.1
            return self.read()
        self._last_s = self._from_s + frame.time_s
        return Frame(frame.rgbx, self._last_s)

    def close(self) -> None:
        """Closes the film."""
        self._film.close()


class Somebody:
    """Who stands before the mirror: reads, presses, and leaves after the first set."""

    def __init__(self, film: Again) -> None:
        self._film = film
        self._began_s = time.monotonic()
        self._shown, self._since_s = "", 0.0
        self._answered: set[Step] = set()
        self.reps = 0

    def look(self, scene: Scene) -> None:
        """Takes in what shows now."""
        now_s = time.monotonic() - self._began_s
        step = scene.set_up.step if scene.set_up else None
        stage = scene.snapshot.stage if scene.snapshot else None
        shown = step.value if step else stage.value if stage else "waking up"
        if shown != self._shown:
            self._film.walks_up = self._shown == Step.CAMERA.value
            self._shown, self._since_s = shown, now_s
            print(f"{now_s:6.1f} s  {shown}", flush=True)
        if step in ANSWERS and step not in self._answered and now_s - self._since_s >= READING_S:
            self._answered.add(step)
            for kind in (pygame.KEYDOWN, pygame.KEYUP):
                pygame.event.post(pygame.event.Event(kind, key=ANSWERS[step]))
        if step is None and stage is Stage.SUMMARY and scene.snapshot:
            self.reps = scene.snapshot.count
        if self.reps or now_s > LIMIT_S:
            pygame.event.post(pygame.event.Event(pygame.QUIT))


def walk_up() -> int:
    film = Again()
    somebody = Somebody(film)

    class Watched(Mirror):
        def turn(self, presses: tuple[ButtonEvent, ...] = ()) -> Scene | None:
            scene = super().turn(presses)
            if scene is not None:
                somebody.look(scene)
            return scene

    def recording(*_: object, **__: object) -> FrameSource:
        return Paced(film)

    run.Mirror, run.open_source = Watched, recording  # type: ignore[misc]
    main(["run", "--windowed"])
    print(f"reps of the first set: {somebody.reps}")
    return 0 if somebody.reps else 1


if __name__ == "__main__":
    sys.exit(walk_up())
