"""The whole kiosk with its threads, frame by frame, on a made-up person and a screen for nobody."""

import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing

import pygame
import pytest

import people
from doubles import FakeSpeaker
from kiosk.app import mirror as mirror_module
from kiosk.app import parts as app
from kiosk.app import presses, reporting, set_up_runner
from kiosk.coaching.record import SetRecord
from kiosk.coaching.snapshot import Stage
from kiosk.commands.cli import main
from kiosk.errors import (
    DisplayError,
    ExerciseError,
    ModelError,
    PanelError,
    SourceError,
)
from kiosk.history.store import Store
from kiosk.settings import (
    CoachSettings,
    PanelSettings,
    ScreenSettings,
)
from kiosk.system.recent_errors import RecentErrors
from kiosk.training.facts import Facts
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.panel.contacts import Contacts
from kiosk.ui.panel.factory import KeyboardPanel
from kiosk.ui.screen.scene import Erasing, Page
from kiosk.ui.sound.speaker import SoundEvent
from kiosk.ui.sound.tones import Tone
from kiosk.vision.camera.frame import Frame, FrameSource
from kiosk.vision.camera.live import LiveSource
from mirror_harness import (
    FPS,
    NEXT_EXERCISE,
    WORDS,
    MirrorHarness,
    counted,
    in_stage,
    over,
    reading,
    turns,
)

FINISH_LONG = ButtonEvent(Button.FINISH, Press.LONG)


def press_key(key: int) -> None:
    for kind in (pygame.KEYDOWN, pygame.KEYUP):
        pygame.event.post(pygame.event.Event(kind, key=key))


def test_a_set_runs_from_the_camera_to_history(
    harness: MirrorHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = []
    with harness.mirror() as mirror:
        while not mirror.ended:
            scene = mirror.turn()
            assert scene is not None
            if scene.snapshot and scene.snapshot.stage not in shown:
                shown.append(scene.snapshot.stage)
        assert scene.notices == ()
    assert shown == [Stage.FRAMING, Stage.READY, Stage.SET, Stage.SUMMARY]
    assert harness.stored() == [("hip_hinge", 4, "walked_off")]
    with closing(sqlite3.connect(harness.folder / "history.sqlite3")) as connection:
        rows = connection.execute("SELECT number, counted, start_s, end_s FROM reps").fetchall()
    assert [(number, counted) for number, counted, *_ in rows] == [(n, 1) for n in (1, 2, 3, 4)]
    for number, _, start_s, end_s in rows:
        assert 3 * number - 0.3 < start_s < end_s < 3 * number + 3.3
    assert main(["history", "--folder", str(harness.folder), "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["exercise"], len(told["reps"])) == ("hip_hinge", 4)


def test_every_rep_is_handed_to_history_as_soon_as_it_counts(harness: MirrorHarness) -> None:
    posted = []
    with harness.mirror() as mirror:
        submit = mirror.history.submit

        def note(record: SetRecord, started_at_utc: float, facts: Facts) -> None:
            posted.append((len(record.counted), record.ended))
            submit(record, started_at_utc, facts)

        mirror.history.submit = note
        turns(mirror, in_stage(Stage.SUMMARY))
        assert [reps for reps, ended in posted if ended is None] == [1, 2, 3, 4]
        assert [reps for reps, ended in posted if ended] == [4]


def test_a_set_is_filed_under_the_time_it_began(harness: MirrorHarness) -> None:
    noon = 1795428900.0

    def wall_clock() -> float:
        snapshot = mirror.pipeline.snapshot
        return noon + (snapshot.time_s if snapshot else 0.0)

    with harness.mirror(wall_clock=wall_clock) as mirror:
        turns(mirror, in_stage(Stage.SUMMARY))
    (stored,) = harness.reader.recent(1)
    first = harness.reader.reps_of(stored.id)[0]
    assert stored.started_at.timestamp() == pytest.approx(noon + first.start_s, abs=0.01)


def test_switching_in_mid_set_loses_no_counted_rep(harness: MirrorHarness) -> None:
    with harness.mirror() as mirror:
        turns(mirror, counted(2))  # the very moment: its record is still to come
        scene = mirror.turn((NEXT_EXERCISE,))
        assert scene is not None
        assert scene.snapshot is not None
        assert scene.snapshot.exercise == "romanian_deadlift"
        turns(mirror, over(mirror))
    assert harness.stored() == [
        ("hip_hinge", 2, "switched"),
        ("romanian_deadlift", 2, "walked_off"),
    ]


def test_leaving_in_mid_set_stores_it(harness: MirrorHarness) -> None:
    with harness.mirror() as mirror:
        turns(mirror, counted(2))
    assert harness.stored() == [("hip_hinge", 2, "interrupted")]


def test_a_film_that_ends_in_mid_set_closes_it(harness: MirrorHarness) -> None:
    harness.seconds = 10.0
    with harness.mirror() as mirror:
        turns(mirror, over(mirror))
        assert in_stage(Stage.SUMMARY)(turns(mirror, lambda scene: True))
    assert harness.stored() == [("hip_hinge", 2, "source_ended")]


@pytest.mark.parametrize("key", [pygame.K_ESCAPE, pygame.K_q])
def test_two_keys_leave_and_so_does_the_windows_cross(harness: MirrorHarness, key: int) -> None:
    with harness.mirror() as mirror:
        assert mirror.turn() is not None
        pygame.event.post(pygame.event.Event(pygame.KEYUP, key=key))
        assert mirror.turn() is not None
        press_key(key)
        assert mirror.turn() is None
        pygame.event.clear()
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        assert mirror.turn() is None


def test_a_fault_wakes_a_screen_that_nobody_has_used_for_a_while(
    harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    monkeypatch.setattr(reporting, "notices", lambda *_, **__: tuple(found))
    harness.see(people.nobody(n / FPS) for n in range(int(harness.seconds * FPS)))
    with harness.mirror() as mirror:
        assert turns(mirror, lambda scene: scene.idle_s > 0.3).notices == ()
        found.append("the fault")
        scene = mirror.turn()
        assert scene is not None
        assert (scene.notices, scene.idle_s) == (("the fault",), 0.0)


def test_being_told_to_stop_is_remembered(harness: MirrorHarness) -> None:
    with harness.mirror() as mirror:
        assert not mirror.stopping
        mirror.stop()
        assert mirror.stopping


def test_keys_and_buttons_reach_the_controller(
    harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    buttons = KeyboardPanel(hold_s=0.8)
    monkeypatch.setattr(presses, "open_panel", lambda settings: buttons)
    with harness.mirror() as mirror:
        press_key(pygame.K_1)
        scene = mirror.turn()
        assert scene is not None
        assert scene.snapshot is not None
        assert scene.snapshot.exercise == "romanian_deadlift"
        buttons.feed("h", 0.1, down=True)
        buttons.feed("h", 0.2, down=False)
        scene = mirror.turn()
        assert scene is not None
        assert scene.page is Page.HISTORY
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_f))
        scene = mirror.turn()
        assert scene is not None
        assert [hold.button for hold in scene.pressed] == [Button.FINISH]
        held = turns(mirror, lambda scene: scene.page is Page.COACH).pressed
        assert [(hold.button, hold.progress) for hold in held] == [(Button.FINISH, 1.0)]


def test_a_key_of_another_layout_is_a_button_by_its_place(harness: MirrorHarness) -> None:
    with harness.mirror() as mirror:
        for kind in (pygame.KEYDOWN, pygame.KEYUP):
            place = pygame.KSCAN_1  # a Czech keyboard has a plus there
            pygame.event.post(pygame.event.Event(kind, key=pygame.K_PLUS, scancode=place))
        scene = mirror.turn()
        assert scene is not None
        assert scene.snapshot is not None
        assert scene.snapshot.exercise == "romanian_deadlift"


def test_an_error_in_the_cameras_thread_is_raised_in_the_main_thread(
    harness: MirrorHarness,
) -> None:
    def frames() -> Iterator[Frame]:
        yield from (frame for frame in harness.film() if frame.time_s < 10.0)
        raise ZeroDivisionError("in the driver")

    with (
        pytest.raises(ZeroDivisionError, match="in the driver"),
        harness.mirror(lambda: harness.camera(frames())) as mirror,
    ):
        turns(mirror, over(mirror))
    assert harness.stored() == [("hip_hinge", 2, "interrupted")]


def test_a_camera_of_a_kind_that_is_not_here_is_raised_too(harness: MirrorHarness) -> None:
    def opener() -> FrameSource:
        raise SourceError("no Pi camera here; use --source FILE")

    with pytest.raises(SourceError, match="use --source"), harness.mirror(opener) as mirror:
        turns(mirror, over(mirror))


def test_every_rep_ticks_as_its_number_is_shown_and_the_set_ends_once(
    harness: MirrorHarness,
) -> None:
    speaker = harness.hear(FakeSpeaker())
    shown = 0
    with harness.mirror() as mirror:
        while not mirror.ended:
            scene = mirror.turn()
            assert scene is not None
            shown = max(shown, scene.snapshot.count if scene.snapshot else 0)
            assert speaker.played.count(SoundEvent(Tone.TICK)) == shown
        assert not speaker.closed
    assert shown == 4
    assert speaker.played.count(SoundEvent(Tone.SET_END)) == 1
    assert SoundEvent(Tone.CLICK) not in speaker.played
    assert speaker.closed


def test_a_press_clicks_and_another_exercise_is_heard(harness: MirrorHarness) -> None:
    speaker = harness.hear(FakeSpeaker())
    with harness.mirror() as mirror:
        turns(mirror, in_stage(Stage.READY))
        mirror.turn((NEXT_EXERCISE,))
        assert speaker.played == [SoundEvent(Tone.CLICK), SoundEvent(Tone.SWITCH)]


@pytest.mark.parametrize(
    ("part", "key"), [("fault", "notice.sound"), ("voice_fault", "notice.voice")]
)
def test_that_there_is_no_sound_is_told_until_the_first_set(
    harness: MirrorHarness, part: str, key: str
) -> None:
    speaker = harness.hear(FakeSpeaker())
    setattr(speaker, part, "no sound card")
    with harness.mirror() as mirror:
        scene = turns(mirror, in_stage(Stage.READY))
        assert scene.notices == (WORDS(key),)
        turns(mirror, in_stage(Stage.SET))
        while not mirror.ended:
            scene = mirror.turn()
            assert scene is not None
            assert scene.notices == ()


class Failing:
    """Raises instead of being made."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __call__(self, *_: object, **__: object) -> object:
        raise self._error


@pytest.mark.parametrize(
    ("part", "error"),
    [
        ("load_estimator", ModelError("no model")),
        ("open_panel", PanelError("no pins")),
        ("Display", DisplayError("no screen")),
        ("HistoryThread", MemoryError()),
        ("LiveSource", MemoryError()),
        ("Reader", MemoryError()),
    ],
)
def test_a_kiosk_that_cannot_be_built_leaves_nothing_behind(
    harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch, part: str, error: Exception
) -> None:
    made: list[Store] = []

    class Watched(Store):
        def __init__(self, *of: object, **how: object) -> None:
            super().__init__(*of, **how)
            made.append(self)

    class WatchedPanel(KeyboardPanel):
        closed = False

        def close(self) -> None:
            self.closed = True

    panel = WatchedPanel(hold_s=0.8)
    monkeypatch.setattr(app, "Store", Watched)
    monkeypatch.setattr(presses, "open_panel", lambda settings: panel)
    home = {"open_panel": presses, "Display": set_up_runner}.get(part, app)
    monkeypatch.setattr(home, part, Failing(error))
    with pytest.raises(type(error)):
        harness.mirror(reconnects=False)
    assert [store.closed for store in made] == [True]
    assert panel.closed is (part not in {"load_estimator", "open_panel"})


def test_an_unknown_exercise_is_refused_before_anything_is_opened(harness: MirrorHarness) -> None:
    with pytest.raises(ExerciseError, match="hip_hinge"):
        harness.mirror(coach=CoachSettings(exercise="juggling"))
    assert not harness.folder.exists()


def test_the_real_panel_is_asked_for_by_the_settings(
    harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "nonesuch")
    with pytest.raises(PanelError, match="keyboard"):
        harness.mirror(panel=PanelSettings(kind="gpio"), reconnects=False)


def test_closing_goes_on_when_a_part_fails_to_close(
    harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = LiveSource.close

    def close_and_fail(camera: LiveSource) -> None:
        close(camera)
        raise ZeroDivisionError

    monkeypatch.setattr(LiveSource, "close", close_and_fail)
    with pytest.raises(ZeroDivisionError), harness.mirror() as mirror:
        turns(mirror, counted(2))
    assert harness.stored() == [("hip_hinge", 2, "interrupted")]


def test_a_button_that_goes_down_lights_and_clicks_in_the_same_picture(
    harness: MirrorHarness,
) -> None:
    speaker = harness.hear(FakeSpeaker())
    with harness.mirror() as mirror:
        turns(mirror, in_stage(Stage.READY))
        speaker.played.clear()
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_3))
        scene = mirror.turn()
        assert scene is not None
        assert [hold.button for hold in scene.pressed] == [Button.HISTORY]
        assert speaker.played == [SoundEvent(Tone.CLICK)]
        pygame.event.post(pygame.event.Event(pygame.KEYUP, key=pygame.K_3))
        turns(mirror, lambda scene: scene.page is Page.HISTORY)
        assert speaker.played == [SoundEvent(Tone.CLICK)]


def test_two_keys_held_together_open_the_operators_page(harness: MirrorHarness) -> None:
    with harness.mirror() as mirror:
        turns(mirror, in_stage(Stage.READY))
        for key in (pygame.K_1, pygame.K_3):
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key))
        scene = turns(mirror, lambda scene: scene.page is Page.OPERATOR and scene.operator)
        assert scene.operator is not None
        told = {fact.key: fact.value for fact in scene.operator.facts}
        assert told["model"] == "scripted"
        assert "camera" in told
        assert mirror.pipeline.exercise.id == "hip_hinge"


@pytest.mark.parametrize("allowed", [False, True])
def test_beside_gpio_buttons_no_key_does_anything_unless_it_is_allowed(
    harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch, allowed: bool
) -> None:
    monkeypatch.setattr(presses, "open_panel", lambda _: Contacts(debounce_s=0.0, hold_s=0.8))
    panel = PanelSettings(kind="gpio", keyboard=allowed)
    with harness.mirror(panel=panel) as mirror:
        for key in (pygame.K_3, pygame.K_KP3, pygame.K_h):
            press_key(key)
            scene = mirror.turn()
            assert scene is not None
        scene = mirror.turn()
        assert scene is not None
        assert (scene.page is not Page.COACH) == allowed
        for key in (pygame.K_q, pygame.K_ESCAPE):
            press_key(key)
            assert (mirror.turn() is None) == allowed
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        assert mirror.turn() is None


def test_the_operators_page_names_a_button_that_is_stuck(
    harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = Contacts(debounce_s=0.0, hold_s=0.8)
    contacts.jam(Button.FINISH)
    monkeypatch.setattr(presses, "open_panel", lambda _: contacts)
    with harness.mirror(panel=PanelSettings(kind="gpio")) as mirror:
        mirror.turn((ButtonEvent(Button.EXERCISE, Press.BOTH),))
        scene = turns(mirror, lambda scene: scene.page is Page.OPERATOR and scene.operator)
        (fact,) = [fact for fact in scene.operator.facts if fact.key == "buttons"]
        assert (WORDS("action.finish") in fact.value, fact.good) == (True, False)
        contacts.update(Button.FINISH, harness.lockstep.now_s, closed=False)
        scene = turns(mirror, lambda scene: scene.operator and not scene.pressed)
        scene = mirror.turn()
        assert scene is not None
        assert scene.operator is not None
        assert "buttons" not in {fact.key for fact in scene.operator.facts}


def test_what_was_logged_stands_on_the_operators_page(harness: MirrorHarness) -> None:
    with harness.mirror() as mirror:
        logging.getLogger("kiosk.vision.camera").warning("no frame for %d s", 2)
        scene = mirror.turn((ButtonEvent(Button.FINISH, Press.BOTH),))
        scene = mirror.turn()
        assert scene is not None
        assert scene.operator is not None
        assert scene.operator.troubles[0].endswith("no frame for 2 s")
    assert not any(isinstance(handler, RecentErrors) for handler in logging.getLogger().handlers)


def test_the_operator_erases_the_history_and_brings_it_back(harness: MirrorHarness) -> None:
    with harness.mirror() as mirror:
        turns(mirror, in_stage(Stage.SUMMARY))
        turns(mirror, lambda _: [ended for *_, ended in harness.stored() if ended])
        before = harness.stored()
        mirror.turn((ButtonEvent(Button.HISTORY, Press.BOTH),))
        scene = mirror.turn((FINISH_LONG,))
        assert scene is not None
        assert (scene.page, scene.erasing) == (Page.ERASE, Erasing(None, 1))
        mirror.turn((FINISH_LONG,))
        turns(mirror, lambda scene: WORDS("notice.erased") in scene.notices)
        assert harness.stored() == []
        mirror.turn((ButtonEvent(Button.HISTORY, Press.BOTH),))
        mirror.turn((ButtonEvent(Button.EXERCISE, Press.LONG),))
        turns(mirror, lambda scene: WORDS("notice.undone") in scene.notices)
        assert harness.stored() == before


def test_a_set_deleted_at_its_summary_is_gone_from_the_file(harness: MirrorHarness) -> None:
    with harness.mirror() as mirror:
        turns(mirror, in_stage(Stage.SUMMARY))
        turns(mirror, lambda _: harness.stored())
        mirror.turn((FINISH_LONG,))
        turns(mirror, lambda _: not harness.stored())
        assert WORDS("summary.deleted") in reading(mirror)
        mirror.turn((FINISH_LONG,))
        turns(mirror, lambda _: harness.stored())
        mirror.turn((FINISH_LONG,))
    assert harness.stored() == []


def test_the_cameras_picture_is_shown_where_the_settings_want_it(harness: MirrorHarness) -> None:
    screen = ScreenSettings(width=480, height=800, fullscreen=False, camera_picture=True)
    with harness.mirror(screen=screen) as mirror:
        scene = turns(mirror, in_stage(Stage.READY))
        assert scene.picture is not None
    with harness.mirror() as mirror:
        assert turns(mirror, in_stage(Stage.READY)).picture is None


def test_the_threads_of_a_mirror_share_one_heap(
    harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    running: list[set[str]] = []

    def note() -> None:
        running.append({thread.name for thread in threading.enumerate()})

    monkeypatch.setattr(mirror_module, "use_one_arena", note)
    with harness.mirror() as mirror:
        assert len(running) == 1
        assert not running[0] & {worker._thread.name for worker in mirror.parts.workers}
