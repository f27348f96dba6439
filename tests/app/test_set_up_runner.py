"""A whole mirror is set up with its buttons: seen and heard at once, and kept."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import numpy as np
import pygame
import pytest

import people
from doubles import FakeSpeaker, blank_frame
from kiosk.app.controller import TURN_BACK_S
from kiosk.app.mirror import Mirror
from kiosk.app.set_up_guide import GREEN_S
from kiosk.app.set_up_runner import SAMPLE
from kiosk.body.pose import Pose
from kiosk.coaching.camera_check import Finding
from kiosk.coaching.glass_check import LASTS_S
from kiosk.coaching.height_check import WAIT_S
from kiosk.settings import ScreenSettings, Settings, load
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen.gallery.scenes import person
from kiosk.ui.screen.scene import Page
from kiosk.ui.set_up_steps import FIRST, SetUp, Step
from kiosk.ui.words.words import languages
from kiosk.vision.camera.frame import Frame, FrameSource
from mirror_harness import FPS, LOST, MirrorHarness, over, reading, turns

LEFT, MIDDLE, RIGHT = (ButtonEvent(button, Press.SHORT) for button in Button)
SKIP = ButtonEvent(Button.FINISH, Press.LONG)
BOTH = ButtonEvent(Button.EXERCISE, Press.BOTH)
SETTINGS_BY_BUTTON = ButtonEvent(Button.HISTORY, Press.LONG)


@pytest.fixture
def chosen(tmp_path: Path) -> Path:
    return tmp_path / "state/gym-mirror/chosen.toml"


def set_up(
    harness: MirrorHarness, chosen: Path, *steps: Step, film: Iterable[Frame] | None = None
) -> Mirror:
    state = SetUp.begin(Settings(), languages(), steps or FIRST)
    return harness.mirror(lambda: harness.camera(film), chosen=chosen, set_up=state)


def press(mirror: Mirror, *events: ButtonEvent) -> str:
    """Presses one after the other; returns what is to be read then."""
    for event in events:
        assert mirror.turn((event,)) is not None
    return reading(mirror)


def test_a_language_is_read_at_once_and_kept_once_it_is_taken(
    harness: MirrorHarness, chosen: Path
) -> None:
    with set_up(harness, chosen) as mirror:
        mirror.turn()
        assert "Which language?" in reading(mirror)
        assert "Welche Sprache?" in press(mirror, RIGHT)
        assert "Stehe ich aufrecht?" in press(mirror, MIDDLE)
    assert load(None).screen.language == "de"


def test_skipping_everything_leaves_a_file_that_chooses_nothing_and_the_waiting_screen(
    harness: MirrorHarness, chosen: Path
) -> None:
    with set_up(harness, chosen) as mirror:
        press(mirror, *[SKIP] * len(FIRST))
        scene = mirror.turn()
        assert scene is not None
        assert scene.page is Page.COACH
        assert mirror.rebuild is None
    assert load(None) == Settings()
    assert chosen.exists()


def test_a_panel_is_turned_at_once(harness: MirrorHarness, chosen: Path) -> None:
    with set_up(harness, chosen, Step.ROTATION) as mirror:
        mirror.turn()
        assert mirror.display.current.panel.get_size() == (480, 800)
        press(mirror, RIGHT)
        assert mirror.display.current.panel.get_size() == (800, 480)
        assert mirror.display.current.size == (480, 800)
        press(mirror, SKIP)
        assert mirror.display.current.panel.get_size() == (480, 800)


def test_the_legend_goes_to_the_edge_that_is_tried(harness: MirrorHarness, chosen: Path) -> None:
    def legend() -> tuple[int, int]:
        parts = mirror.display.current.screen.canvas.parts
        return parts["legend.finish.icon"].box.center

    with set_up(harness, chosen, Step.EDGE) as mirror:
        mirror.turn()
        below = legend()
        press(mirror, MIDDLE)
        assert legend()[0] > below[0]
        press(mirror, MIDDLE)
        assert legend()[1] < below[1]
        press(mirror, RIGHT)
    loaded = load(None)
    assert (loaded.panel.edge, loaded.panel.reversed) == ("top", True)


def test_each_volume_is_heard(harness: MirrorHarness, chosen: Path) -> None:
    speaker = harness.hear(FakeSpeaker(volume=0.7))
    with set_up(harness, chosen, Step.SOUND) as mirror:
        mirror.turn()
        press(mirror, LEFT, LEFT)
        assert mirror.speaker.volume == 0.5
        assert speaker.played.count(SAMPLE) == 3  # once for the question
        press(mirror, SKIP)
        assert mirror.speaker.volume == 0.7


def test_a_unit_that_was_chosen_makes_the_mirror_anew(harness: MirrorHarness, chosen: Path) -> None:
    with set_up(harness, chosen, Step.UNIT) as mirror:
        press(mirror, RIGHT)
        assert mirror.turn((MIDDLE,)) is None
        assert mirror.rebuild is not None
        assert mirror.rebuild.settings.training.unit == "lb"
        assert mirror.rebuild.set_up is None


def test_nothing_is_asked_where_nothing_is_kept(harness: MirrorHarness) -> None:
    with harness.mirror() as mirror:
        scene = mirror.turn((BOTH,))
        assert scene is not None
        assert scene.page is Page.OPERATOR
        assert scene.actions[Button.HISTORY].long is None
        press(mirror, SETTINGS_BY_BUTTON)
        assert mirror.controller.page is Page.COACH


def test_the_operator_repeats_it_and_two_buttons_leave_it(
    harness: MirrorHarness, chosen: Path
) -> None:
    with harness.mirror(chosen=chosen) as mirror:
        scene = mirror.turn((BOTH,))
        assert scene is not None
        assert "Settings" in press(mirror, SETTINGS_BY_BUTTON)
        assert "Which language?" in press(mirror, MIDDLE)
        press(mirror, RIGHT, BOTH)
        assert mirror.controller.page is Page.OPERATOR
        assert "Operator" in reading(mirror)
    assert load(None) == Settings()


def test_whoever_leaves_without_an_answer_is_asked_at_the_next_start(
    harness: MirrorHarness, chosen: Path
) -> None:
    with set_up(harness, chosen) as mirror:
        mirror.turn()
        harness.lockstep.now_s += TURN_BACK_S[Page.SET_UP] + 1
        mirror.turn()
        assert mirror.controller.page is Page.COACH
    assert not chosen.exists()


def test_a_display_that_comes_back_looks_as_is_tried(harness: MirrorHarness, chosen: Path) -> None:
    with set_up(harness, chosen, Step.ROTATION) as mirror:
        press(mirror, RIGHT)
        again = mirror.parts.set_up.open_display(on_screen=False)
        assert again.panel.get_size() == (800, 480)
        again.close()


def test_what_the_camera_sees_shows_to_whoever_aims_it(
    harness: MirrorHarness, chosen: Path
) -> None:
    with set_up(harness, chosen, Step.CAMERA) as mirror:
        for _ in range(2000):
            if (scene := mirror.turn()) is None or scene.picture is not None:
                break
        assert scene is not None
        assert scene.picture is not None
    assert ScreenSettings().camera_picture is False


@pytest.mark.parametrize("step", [Step.LANGUAGE, Step.CAMERA])
def test_whoever_bends_while_the_mirror_is_set_up_begins_no_set(
    harness: MirrorHarness, chosen: Path, step: Step
) -> None:
    with set_up(harness, chosen, step) as mirror:
        turns(mirror, over(mirror))
        assert mirror.controller.page is Page.SET_UP
    assert harness.stored() == []


def test_another_mirror_goes_on_where_this_one_was_made_anew(
    harness: MirrorHarness, chosen: Path
) -> None:
    with set_up(harness, chosen, Step.CAMERA) as mirror:
        mirror.turn()
        assert mirror.turn((LEFT,)) is None
    rebuild = mirror.rebuild
    assert rebuild is not None
    assert load(None).camera.rotate == 90
    again = MirrorHarness(harness.folder.parent, harness.monkeypatch)
    with again.mirror(
        chosen=chosen, set_up=rebuild.set_up, camera=rebuild.settings.camera
    ) as other:
        other.turn()
        assert "1 of 1" in reading(other)
        assert other.turn((LEFT,)) is None
        assert other.rebuild is not None
        assert other.rebuild.settings.camera.rotate == 180


def test_what_is_chosen_on_the_menu_takes_effect_when_it_is_closed(
    harness: MirrorHarness, chosen: Path
) -> None:
    with harness.mirror(chosen=chosen) as mirror:
        press(mirror, BOTH, SETTINGS_BY_BUTTON, *[RIGHT] * 7, MIDDLE)
        assert "How do I time the rest?" in press(mirror, RIGHT)
        assert "Settings" in press(mirror, MIDDLE)
        assert mirror.turn((SKIP,)) is None
        assert mirror.rebuild is not None
        assert mirror.rebuild.settings.training.rest == "up"
    assert load(None).training.rest == "up"


def test_the_operators_volume_is_kept(harness: MirrorHarness, chosen: Path) -> None:
    with harness.mirror(chosen=chosen) as mirror:
        press(mirror, BOTH, MIDDLE)
        assert mirror.speaker.volume == 0.8
    assert load(None).sound.volume == 0.8


@pytest.mark.parametrize("reflects", [False, True])
def test_the_mirrors_own_light_shows_what_the_glass_reflects(
    harness: MirrorHarness, chosen: Path, reflects: bool
) -> None:
    stands = person()
    harness.see([Pose(n / FPS, stands.marks, stands.size) for n in range(60 * FPS)])
    wall = np.linspace(0.01, 0.5, 240)[:, None, None]

    def film() -> Iterator[Frame]:
        for n in range(60 * FPS):
            white = pygame.surfarray.array3d(mirror.display.current.panel).mean() / 255
            light = wall * (1 + 0.1 * white) + (0.05 * white if reflects else 0.0)
            frame = blank_frame(n / FPS, (320, 240))
            frame.rgbx[:] = 255 * light ** (1 / 2.2) + n % 3
            yield frame

    with set_up(harness, chosen, Step.CAMERA, film=film()) as mirror:
        turns(mirror, lambda scene: scene.finding is Finding.TESTING)
        assert "A look at the glass" in reading(mirror)
        scene = turns(mirror, lambda scene: scene.finding is not Finding.TESTING)
        assert scene.finding is (Finding.REFLECTS if reflects else Finding.GOOD)
        if not reflects:
            turns(mirror, lambda scene: scene.page is Page.COACH)
    assert chosen.exists() is not reflects


def test_who_walks_off_while_the_glass_is_tested_breaks_nothing_off(
    harness: MirrorHarness, chosen: Path
) -> None:
    leaves_s = 2.0 + WAIT_S + LASTS_S / 3
    stands = person()
    times_s = [n / FPS for n in range(60 * FPS)]
    harness.see(Pose(at_s, stands.marks, stands.size) for at_s in times_s if at_s < leaves_s)
    film = (blank_frame(at_s, (320, 240), 120 + n % 3) for n, at_s in enumerate(times_s))
    said = []
    with set_up(harness, chosen, Step.CAMERA, film=film) as mirror:
        turns(mirror, lambda scene: said.append(scene.finding) or over(mirror)(scene))
    order = [one for one, _ in groupby(said) if one is not None]
    assert order == [Finding.STEP_AWAY, Finding.TESTING, Finding.GOOD, Finding.NOBODY]


def test_a_camera_that_is_lost_while_the_glass_is_tested_is_not_found_to_be_fine(
    harness: MirrorHarness, chosen: Path
) -> None:
    stands = person()
    times_s = [n / FPS for n in range(round((2.0 + WAIT_S + LASTS_S / 3) * FPS))]
    harness.see(Pose(at_s, stands.marks, stands.size) for at_s in times_s)
    frames = [blank_frame(at_s, (320, 240), 120 + n % 3) for n, at_s in enumerate(times_s)]
    cameras = iter([harness.camera([*frames, LOST])])

    def opener() -> FrameSource:
        for camera in cameras:
            return camera
        raise LOST

    state = SetUp.begin(Settings(), languages(), (Step.CAMERA,))
    with harness.mirror(opener, chosen=chosen, set_up=state) as mirror:
        turns(mirror, lambda scene: scene.finding is Finding.TESTING)
        turns(mirror, lambda scene: scene.finding is not Finding.TESTING)
        for _ in range(round(2 * (LASTS_S + GREEN_S) * FPS)):
            scene = mirror.turn()
            assert scene is not None
            assert (scene.page, scene.finding, scene.shines) == (Page.SET_UP, None, False)


@pytest.mark.parametrize("camera_m", [1.0, 1.6])
def test_two_steps_away_show_a_camera_that_hangs_too_high(
    harness: MirrorHarness, chosen: Path, camera_m: float
) -> None:
    where = [3.0] * 6 * FPS + [4.0] * 3 * FPS + [3.0] * 30 * FPS
    shapes = {away_m: people.standing(camera_m, away_m) for away_m in set(where)}
    harness.see(
        Pose(n / FPS, shapes[away_m].marks, shapes[away_m].size) for n, away_m in enumerate(where)
    )
    film = (blank_frame(n / FPS, (320, 240), 120 + n % 3) for n in range(len(where)))
    said = []
    with set_up(harness, chosen, Step.CAMERA, film=film) as mirror:
        turns(mirror, lambda scene: said.append(scene.finding) or over(mirror)(scene))
    order = [one.value for one, _ in groupby(said) if one is not None]
    if camera_m < 1.5:
        assert order == ["step_away", "step_back", "testing", "good"]
    else:
        assert order == ["step_away", "high", "step_away", "high"]
