"""Each change of the coach's state is heard once, with the picture that shows it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from doubles import FakeSpeaker
from kiosk.coaching.cues import Cue, CueKind
from kiosk.coaching.record import Ended, SetRecord
from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.training.visits import Rest
from kiosk.ui.sound.narrator import Narrator, cue_sound, sounds_for
from kiosk.ui.sound.speaker import SoundEvent
from kiosk.ui.sound.tones import Tone
from kiosk.ui.words.words import Words
from kiosk.vision.pose.trace import read_trace
from paths import TRACES
from people import Beat, hinges
from replaying import coached

WORDS = Words.load("en")
FIRST = SetRecord(serial=1, exercise="hip_hinge", started_s=2.0, reps=())
ONE = Snapshot(time_s=5.0, stage=Stage.SET, exercise="hip_hinge", count=1, current=FIRST)
TWO = replace(ONE, time_s=8.0, count=2)
WALL = replace(ONE, exercise="wall_tap")
AT_WALL = replace(WALL, stage=Stage.READY, count=0, current=None)
SHALLOW = Cue(CueKind.FAULT, "shallow", 8.0)
SECOND = replace(FIRST, serial=2)
OVER = replace(FIRST, ended_s=20.0, ended=Ended.IDLE)


@pytest.fixture
def speaker() -> FakeSpeaker:
    return FakeSpeaker()


@pytest.fixture
def narrator(speaker: FakeSpeaker) -> Narrator:
    return Narrator(speaker, WORDS)


@pytest.fixture
def hear(narrator: Narrator, speaker: FakeSpeaker) -> Callable[..., list[SoundEvent]]:
    """Draws snapshots one after the other; gives what was played."""

    def played(*snapshots: Snapshot | None) -> list[SoundEvent]:
        for snapshot in snapshots:
            narrator.update(snapshot)
        return speaker.played

    return played


def test_the_first_picture_is_no_news(hear: Callable[..., list[SoundEvent]]) -> None:
    assert hear(None, ONE) == []


def test_a_rep_ticks_once_however_often_it_is_drawn(
    hear: Callable[..., list[SoundEvent]],
) -> None:
    again = (replace(TWO, time_s=8.1), replace(TWO, time_s=8.2))
    assert hear(ONE, TWO, TWO, *again) == [SoundEvent(Tone.TICK)]


def test_a_cue_is_spoken_once_and_after_its_tick(hear: Callable[..., list[SoundEvent]]) -> None:
    cued = replace(TWO, cue=SHALLOW)
    after = (replace(cued, time_s=8.1), replace(TWO, time_s=14.0))
    chimed = SoundEvent(Tone.FAULT, "cue.shallow")
    assert hear(ONE, cued, cued, *after) == [SoundEvent(Tone.TICK), chimed]


def test_an_exercise_speaks_its_own_words(hear: Callable[..., list[SoundEvent]]) -> None:
    assert "cue.squat.shallow" in WORDS
    squat = replace(ONE, exercise="squat")
    cued = replace(squat, cue=SHALLOW)
    assert hear(squat, cued) == [SoundEvent(Tone.FAULT, "cue.squat.shallow")]


def test_a_press_clicks_and_changes_nothing_that_is_heard_after(
    narrator: Narrator, speaker: FakeSpeaker
) -> None:
    narrator.update(ONE)
    narrator.click()
    narrator.update(TWO)
    assert speaker.played == [SoundEvent(Tone.CLICK), SoundEvent(Tone.TICK)]


@pytest.mark.parametrize(
    ("before", "after", "tones"),
    [
        pytest.param(WALL, replace(WALL, taps=1), [Tone.TAP], id="a tap"),
        pytest.param(WALL, replace(WALL, taps=2), [Tone.TAP], id="two at once"),
        pytest.param(replace(WALL, taps=2), replace(WALL, taps=2), [], id="nothing new"),
        pytest.param(replace(WALL, taps=2), WALL, [], id="a new wall"),
        pytest.param(
            AT_WALL, replace(AT_WALL, taps=1), [Tone.TAP], id="before the first rep of a set"
        ),
        pytest.param(
            ONE, replace(WALL, taps=1, current=None, count=0), [Tone.SWITCH], id="another exercise"
        ),
        pytest.param(
            WALL, replace(WALL, taps=1, count=2), [Tone.TICK, Tone.TAP], id="with the rep"
        ),
    ],
)
def test_the_wall_is_heard(before: Snapshot, after: Snapshot, tones: list[Tone]) -> None:
    assert sounds_for(before, after) == tuple(SoundEvent(tone) for tone in tones)


@pytest.mark.parametrize("every", [1, 2])
def test_a_drill_at_the_wall_is_heard_rep_by_rep(
    hear: Callable[..., list[SoundEvent]], every: int
) -> None:
    _, snapshots = coached(hinges(4, Beat(top=0.6), knee_deg=5), "wall_tap")
    heard = [event.tone for event in hear(*snapshots[:-1:every], snapshots[-1])]
    # at the wall first, then back up
    assert heard[:-1] == [Tone.TAP, Tone.TICK] * 4
    assert heard[-1] is Tone.SET_END


def snap(
    stage: Stage,
    count: int = 0,
    partials: int = 0,
    current: SetRecord | None = None,
    exercise: str = "hip_hinge",
) -> Snapshot:
    return Snapshot(
        time_s=0.0,
        stage=stage,
        exercise=exercise,
        count=count,
        partials=partials,
        current=current,
    )


WAITING, READY = snap(Stage.WAITING), snap(Stage.READY)
THREE, DONE = snap(Stage.SET, 3, 1, FIRST), snap(Stage.SUMMARY, 8, 1, OVER)
NEXT = snap(Stage.SET, 1, 0, SECOND)


@pytest.mark.parametrize(
    ("before", "after", "tones"),
    [
        pytest.param(None, THREE, [], id="started in the middle"),
        pytest.param(WAITING, READY, [], id="somebody came"),
        pytest.param(READY, snap(Stage.SET, 1, 0, FIRST), [Tone.TICK], id="the first rep"),
        pytest.param(THREE, THREE, [], id="nothing new"),
        pytest.param(THREE, snap(Stage.SET, 4, 1, FIRST), [Tone.TICK], id="a rep"),
        pytest.param(THREE, snap(Stage.SET, 5, 1, FIRST), [Tone.TICK], id="two at once"),
        pytest.param(THREE, snap(Stage.SET, 3, 2, FIRST), [Tone.PARTIAL], id="a partial"),
        pytest.param(
            READY, snap(Stage.SET, 0, 1, FIRST), [Tone.PARTIAL], id="the first try was a partial"
        ),
        pytest.param(READY, snap(Stage.FRAMING, 0, 1), [], id="a stray movement"),
        pytest.param(
            snap(Stage.FRAMING, 0, 1),
            snap(Stage.SET, 1, 0, FIRST),
            [Tone.TICK],
            id="a rep after a stray movement",
        ),
        pytest.param(snap(Stage.SET, 8, 1, FIRST), DONE, [Tone.SET_END], id="over"),
        pytest.param(
            snap(Stage.SET, 7, 1, FIRST), DONE, [Tone.TICK, Tone.SET_END], id="over with a rep"
        ),
        pytest.param(
            snap(Stage.SET, 0, 2, FIRST), snap(Stage.FRAMING), [], id="a set without a rep is none"
        ),
        pytest.param(DONE, snap(Stage.FRAMING, 0, 0, OVER), [], id="moved on"),
        pytest.param(snap(Stage.FRAMING, 0, 0, OVER), NEXT, [Tone.TICK], id="the next set"),
        pytest.param(
            snap(Stage.SUMMARY, 8, 3, OVER),
            NEXT,
            [Tone.TICK],
            id="the next set straight from the summary",
        ),
        pytest.param(
            READY, snap(Stage.FRAMING, exercise="squat"), [Tone.SWITCH], id="another exercise"
        ),
        pytest.param(
            snap(Stage.SET, 8, 0, FIRST),
            snap(Stage.FRAMING, 0, 0, OVER, "squat"),
            [Tone.SWITCH],
            id="another exercise ends the set, and is enough to hear",
        ),
    ],
)
def test_a_change_calls_for_its_tones(
    before: Snapshot | None, after: Snapshot, tones: list[Tone]
) -> None:
    assert sounds_for(before, after) == tuple(SoundEvent(tone) for tone in tones)


@pytest.mark.parametrize(
    ("counts", "target", "tones"),
    [
        pytest.param((1, 2, 3), None, [Tone.TICK] * 2, id="no target"),
        pytest.param((1, 2, 3), 3, [Tone.TICK, Tone.LAST], id="the last one"),
        pytest.param((1, 2, 3), 2, [Tone.LAST, Tone.TICK], id="on beyond the target"),
        pytest.param((1, 4), 3, [Tone.LAST], id="past it in one picture"),
        pytest.param((2, 3), 2, [Tone.TICK], id="a target that was reached before"),
        pytest.param((0, 1), 1, [Tone.LAST], id="a target of one"),
        pytest.param((0, 1), 0, [Tone.TICK], id="a target of none"),
    ],
)
def test_the_rep_that_reaches_the_target_has_its_own_tone(
    narrator: Narrator,
    speaker: FakeSpeaker,
    counts: tuple[int, ...],
    target: int | None,
    tones: list[Tone],
) -> None:
    for count in counts:
        narrator.update(snap(Stage.SET, count, 0, FIRST), target)
        narrator.update(replace(snap(Stage.SET, count, 0, FIRST), time_s=0.1), target)
    assert speaker.played == [SoundEvent(tone) for tone in tones]


def test_the_next_set_has_the_target_anew(narrator: Narrator, speaker: FakeSpeaker) -> None:
    for seen in (READY, snap(Stage.SET, 1, 0, FIRST), DONE, NEXT):
        narrator.update(seen, 1)
    played = [event.tone for event in speaker.played]
    assert played == [Tone.LAST, Tone.TICK, Tone.SET_END, Tone.LAST]


def test_the_end_of_a_rest_is_heard(narrator: Narrator, speaker: FakeSpeaker) -> None:
    heard = []
    # of a lifter who has been resting for longer than planned when they are chosen nothing is heard
    for since_s in (1.0, 119.0, 120.0, 121.0, None, 130.0, None, 5.0, 125.0):
        narrator.update_rest(None if since_s is None else Rest(since_s, 120.0))
        heard.append(len(speaker.played))
    assert heard == [0, 0, 1, 1, 1, 1, 1, 1, 2]
    assert set(speaker.played) == {SoundEvent(Tone.REST_OVER)}


SLOWING = SoundEvent(None, "spoken.slowing")
SLOW = replace(ONE, slower=0.27)


def spoken(speaker: FakeSpeaker, *snapshots: Snapshot, slowing: bool = True) -> list[str | None]:
    """Draws snapshots; gives the words of what was played."""
    narrator = Narrator(speaker, WORDS, slowing=slowing)
    for number, snapshot in enumerate(snapshots):
        narrator.update(replace(snapshot, time_s=float(number)))
    return [event.words for event in speaker.played if event.words]


def test_slowing_is_told_once_a_set_without_a_chime(speaker: FakeSpeaker) -> None:
    again = replace(ONE, count=1)
    second = replace(SLOW, current=SECOND, count=0)
    assert spoken(speaker, ONE, SLOW, SLOW, again, SLOW, second, second) == [SLOWING.words] * 2
    assert speaker.played == [SLOWING] * 2
    assert "spoken.slowing" in WORDS


@pytest.mark.parametrize(
    ("snapshots", "slowing"),
    [
        pytest.param((ONE, SLOW), False, id="not wanted"),
        pytest.param((ONE, TWO), True, id="not slower"),
        pytest.param((ONE, replace(SLOW, stage=Stage.SUMMARY)), True, id="over"),
    ],
)
def test_nothing_is_told_of_slowing(
    speaker: FakeSpeaker, snapshots: tuple[Snapshot, ...], slowing: bool
) -> None:
    assert spoken(speaker, *snapshots, slowing=slowing) == []


def test_slowing_waits_for_a_cue_and_never_talks_over_it(speaker: FakeSpeaker) -> None:
    cued = replace(SLOW, cue=SHALLOW)
    assert spoken(speaker, ONE, cued, cued) == ["cue.shallow"]
    assert spoken(FakeSpeaker(), ONE, cued, SLOW, SLOW) == ["cue.shallow", "spoken.slowing"]


@pytest.mark.parametrize("every", [1, 2])
def test_a_whole_session_ticks_as_often_as_it_counts(every: int) -> None:
    _, snapshots = coached(read_trace(TRACES / "kbt_goodmorning_kb.npz"), "good_morning")
    shown = [*snapshots[:-1:every], snapshots[-1]]
    heard: list[Tone] = []
    for before, after in zip([None, *shown], shown, strict=False):
        tones = [event.tone for event in sounds_for(before, after)]
        # on the very picture that shows the higher count
        risen = before is not None and after.count > before.count
        assert (Tone.TICK in tones) == risen
        heard += tones
    assert heard.count(Tone.TICK) == snapshots[-1].count > 3
    assert heard.count(Tone.SET_END) == 1


FAULT = Cue(CueKind.FAULT, "shallow", 12.0)
PRAISE = Cue(CueKind.PRAISE, "shallow", 24.0)
CUES = {"shallow": "Deeper", "squat": {"shallow": "Sit lower"}}
OWN = Words("en", {"cue": CUES, "praise": {"shallow": "Good"}})


@pytest.mark.parametrize(
    ("before", "after", "exercise", "event"),
    [
        (None, None, "hip_hinge", None),
        (None, FAULT, "hip_hinge", SoundEvent(Tone.FAULT, "cue.shallow")),
        (FAULT, FAULT, "hip_hinge", None),
        (FAULT, None, "hip_hinge", None),
        (FAULT, replace(FAULT, time_s=16.0), "hip_hinge", SoundEvent(Tone.FAULT, "cue.shallow")),
        (FAULT, PRAISE, "hip_hinge", SoundEvent(Tone.PRAISE, "praise.shallow")),
        (None, FAULT, "squat", SoundEvent(Tone.FAULT, "cue.squat.shallow")),
        (None, PRAISE, "squat", SoundEvent(Tone.PRAISE, "praise.shallow")),
    ],
)
def test_a_new_cue_chimes_and_speaks_once(
    before: Cue | None, after: Cue | None, exercise: str, event: SoundEvent | None
) -> None:
    assert cue_sound(before, after, exercise, OWN) == event
