from dataclasses import replace

import pytest

from kiosk.coaching.cues import Cue, CueKind
from kiosk.coaching.record import Ended, SetRecord
from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.ui.sound.events import SoundEvent, cue_sound, sounds_for
from kiosk.ui.sound.tones import Tone
from kiosk.vision.pose.trace import read_trace
from paths import TRACES
from replaying import coached

FIRST = SetRecord(serial=1, exercise="hip_hinge", started_s=2.0, reps=())
SECOND = replace(FIRST, serial=2)
OVER = replace(FIRST, ended_s=20.0, ended=Ended.IDLE)


def seen(
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


WAITING, READY = seen(Stage.WAITING), seen(Stage.READY)


@pytest.mark.parametrize(
    ("before", "after", "tones"),
    [
        pytest.param(None, seen(Stage.SET, 3, 1, FIRST), [], id="started in the middle"),
        pytest.param(WAITING, READY, [], id="somebody came"),
        pytest.param(READY, seen(Stage.SET, 1, 0, FIRST), [Tone.TICK], id="the first rep"),
        pytest.param(
            seen(Stage.SET, 3, 1, FIRST), seen(Stage.SET, 3, 1, FIRST), [], id="nothing new"
        ),
        pytest.param(
            seen(Stage.SET, 3, 1, FIRST), seen(Stage.SET, 4, 1, FIRST), [Tone.TICK], id="a rep"
        ),
        pytest.param(
            seen(Stage.SET, 3, 1, FIRST),
            seen(Stage.SET, 5, 1, FIRST),
            [Tone.TICK],
            id="two at once",
        ),
        pytest.param(
            seen(Stage.SET, 3, 1, FIRST),
            seen(Stage.SET, 3, 2, FIRST),
            [Tone.PARTIAL],
            id="a partial",
        ),
        pytest.param(
            READY, seen(Stage.SET, 0, 1, FIRST), [Tone.PARTIAL], id="the first try was a partial"
        ),
        pytest.param(READY, seen(Stage.FRAMING, 0, 1), [], id="a stray movement"),
        pytest.param(
            seen(Stage.FRAMING, 0, 1),
            seen(Stage.SET, 1, 0, FIRST),
            [Tone.TICK],
            id="a rep after a stray movement",
        ),
        pytest.param(
            seen(Stage.SET, 8, 1, FIRST), seen(Stage.SUMMARY, 8, 1, OVER), [Tone.SET_END], id="over"
        ),
        pytest.param(
            seen(Stage.SET, 7, 1, FIRST),
            seen(Stage.SUMMARY, 8, 1, OVER),
            [Tone.TICK, Tone.SET_END],
            id="over with a rep",
        ),
        pytest.param(
            seen(Stage.SET, 0, 2, FIRST), seen(Stage.FRAMING), [], id="a set without a rep is none"
        ),
        pytest.param(
            seen(Stage.SUMMARY, 8, 1, OVER), seen(Stage.FRAMING, 0, 0, OVER), [], id="moved on"
        ),
        pytest.param(
            seen(Stage.FRAMING, 0, 0, OVER),
            seen(Stage.SET, 1, 0, SECOND),
            [Tone.TICK],
            id="the next set",
        ),
        pytest.param(
            seen(Stage.SUMMARY, 8, 3, OVER),
            seen(Stage.SET, 1, 0, SECOND),
            [Tone.TICK],
            id="the next set straight from the summary",
        ),
        pytest.param(
            READY, seen(Stage.FRAMING, exercise="squat"), [Tone.SWITCH], id="another exercise"
        ),
        pytest.param(
            seen(Stage.SET, 8, 0, FIRST),
            seen(Stage.FRAMING, 0, 0, OVER, "squat"),
            [Tone.SWITCH],
            id="another exercise ends the set, and is enough to hear",
        ),
    ],
)
def test_a_change_calls_for_its_tones(
    before: Snapshot | None, after: Snapshot, tones: list[Tone]
) -> None:
    assert sounds_for(before, after) == tuple(SoundEvent(tone) for tone in tones)


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


FAULT = Cue(CueKind.FAULT, "shallow", 3, 12.0)
PRAISE = Cue(CueKind.PRAISE, "shallow", 6, 24.0)
WORDS = {"cue.shallow", "praise.shallow", "cue.squat.shallow"}


@pytest.mark.parametrize(
    ("before", "after", "exercise", "event"),
    [
        (None, None, "hip_hinge", None),
        (None, FAULT, "hip_hinge", SoundEvent(Tone.FAULT, "cue.shallow")),
        (FAULT, FAULT, "hip_hinge", None),
        (FAULT, None, "hip_hinge", None),
        (FAULT, replace(FAULT, number=6), "hip_hinge", SoundEvent(Tone.FAULT, "cue.shallow")),
        (FAULT, PRAISE, "hip_hinge", SoundEvent(Tone.PRAISE, "praise.shallow")),
        (None, FAULT, "squat", SoundEvent(Tone.FAULT, "cue.squat.shallow")),
        (None, PRAISE, "squat", SoundEvent(Tone.PRAISE, "praise.shallow")),
    ],
)
def test_a_new_cue_chimes_and_speaks_once(
    before: Cue | None, after: Cue | None, exercise: str, event: SoundEvent | None
) -> None:
    assert cue_sound(before, after, exercise, WORDS) == event
