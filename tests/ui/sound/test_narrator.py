"""What is heard of the pictures that are drawn."""

from dataclasses import replace

import pytest

from doubles import FakeSpeaker
from kiosk.coaching.cues import Cue, CueKind
from kiosk.coaching.record import SetRecord
from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.ui.sound.events import SoundEvent, sounds_for
from kiosk.ui.sound.narrator import Narrator
from kiosk.ui.sound.tones import Tone
from kiosk.ui.words.words import Words
from people import Beat, hinges
from replaying import coached

WORDS = Words.load("en")
SET = SetRecord(serial=1, exercise="hip_hinge", started_s=2.0, reps=())
ONE = Snapshot(time_s=5.0, stage=Stage.SET, exercise="hip_hinge", count=1, current=SET)
TWO = replace(ONE, time_s=8.0, count=2)
WALL = replace(ONE, exercise="wall_tap")
READY = replace(WALL, stage=Stage.READY, count=0, current=None)
FAULT = Cue(CueKind.FAULT, "shallow", 2, 8.0)


@pytest.fixture
def speaker() -> FakeSpeaker:
    return FakeSpeaker()


@pytest.fixture
def narrator(speaker: FakeSpeaker) -> Narrator:
    return Narrator(speaker, WORDS)


def test_the_first_picture_is_no_news(narrator: Narrator, speaker: FakeSpeaker) -> None:
    narrator.tell(None)
    narrator.tell(ONE)
    assert speaker.played == []


def test_a_rep_ticks_once_however_often_it_is_drawn(
    narrator: Narrator, speaker: FakeSpeaker
) -> None:
    for snapshot in (ONE, TWO, TWO, replace(TWO, time_s=8.1), replace(TWO, time_s=8.2)):
        narrator.tell(snapshot)
    assert speaker.played == [SoundEvent(Tone.TICK)]


def test_a_cue_is_spoken_once_and_after_its_tick(narrator: Narrator, speaker: FakeSpeaker) -> None:
    cued = replace(TWO, cue=FAULT)
    for snapshot in (ONE, cued, cued, replace(cued, time_s=8.1), replace(TWO, time_s=14.0)):
        narrator.tell(snapshot)
    assert speaker.played == [SoundEvent(Tone.TICK), SoundEvent(Tone.FAULT, "cue.shallow")]


def test_an_exercise_speaks_its_own_words(narrator: Narrator, speaker: FakeSpeaker) -> None:
    assert "cue.squat.shallow" in WORDS
    squat = replace(ONE, exercise="squat")
    narrator.tell(squat)
    narrator.tell(replace(squat, cue=FAULT))
    assert speaker.played == [SoundEvent(Tone.FAULT, "cue.squat.shallow")]


def test_a_press_clicks_and_changes_nothing_that_is_heard_after(
    narrator: Narrator, speaker: FakeSpeaker
) -> None:
    narrator.tell(ONE)
    narrator.click()
    narrator.tell(TWO)
    assert speaker.played == [SoundEvent(Tone.CLICK), SoundEvent(Tone.TICK)]


@pytest.mark.parametrize(
    ("before", "after", "tones"),
    [
        pytest.param(WALL, replace(WALL, taps=1), [Tone.TAP], id="a tap"),
        pytest.param(WALL, replace(WALL, taps=2), [Tone.TAP], id="two at once"),
        pytest.param(replace(WALL, taps=2), replace(WALL, taps=2), [], id="nothing new"),
        pytest.param(replace(WALL, taps=2), WALL, [], id="a new wall"),
        pytest.param(READY, replace(READY, taps=1), [Tone.TAP], id="before the first rep of a set"),
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
    narrator: Narrator, speaker: FakeSpeaker, every: int
) -> None:
    _, snapshots = coached(hinges(4, Beat(top=0.6), knee_deg=5), "wall_tap")
    for snapshot in [*snapshots[:-1:every], snapshots[-1]]:
        narrator.tell(snapshot)
    heard = [event.tone for event in speaker.played]
    # at the wall first, then back up
    assert heard[:-1] == [Tone.TAP, Tone.TICK] * 4
    assert heard[-1] is Tone.SET_END
