"""Plays the sounds that a change of the coach's state calls for. Updated once a picture drawn."""

from kiosk.coaching.cues import Cue, CueKind
from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.training.visits import Rest
from kiosk.ui.sound.speaker import SoundEvent, Speaker
from kiosk.ui.sound.tones import Tone
from kiosk.ui.words.words import Words


class Narrator:
    """Plays what changed from one snapshot to the next.

    Args:
        slowing: says once a set that the reps become slower.
    """

    def __init__(self, speaker: Speaker, words: Words, *, slowing: bool = False) -> None:
        self.speaker = speaker
        self._words = words
        self._slowing = slowing
        self._slowed: int | None = None  # serial of the set of which that was said
        self._before: Snapshot | None = None
        self._resting = False

    def update(self, snapshot: Snapshot | None, target_reps: int | None = None) -> None:
        """Takes the snapshot that is being drawn, so that sound and picture agree.

        The rep that reaches `target_reps`, where there is such a target, has its own tone.
        """
        before, self._before = self._before, snapshot
        if snapshot is None or snapshot is before:
            return
        for event in sounds_for(before, snapshot, target_reps):
            self.speaker.play(event)
        last_cue = before.cue if before else None
        if cue := cue_sound(last_cue, snapshot.cue, snapshot.exercise, self._words):
            self.speaker.play(cue)
        self._tell_slowing(snapshot)

    def update_rest(self, rest: Rest | None) -> None:
        """Takes the rest that is being drawn, and reminds whoever rests once that it is over."""
        over = rest is not None and rest.over
        if over and self._resting:
            self.speaker.play(SoundEvent(Tone.REST_OVER))
        self._resting = rest is not None and not over

    def _tell_slowing(self, snapshot: Snapshot) -> None:
        """Says it once a set. No chime: it is no fault. And no cue is spoken meanwhile."""
        serial = None if snapshot.current is None else snapshot.current.serial
        free = snapshot.stage is Stage.SET and snapshot.cue is None and serial != self._slowed
        if self._slowing and free and snapshot.slower is not None:
            self._slowed = serial
            self.speaker.play(SoundEvent(None, "spoken.slowing"))

    def click(self) -> None:
        """Confirms a press of a button."""
        self.speaker.play(SoundEvent(Tone.CLICK))


def sounds_for(
    before: Snapshot | None, after: Snapshot, target_reps: int | None = None
) -> tuple[SoundEvent, ...]:
    """Returns the tones between two pictures; one of a kind, however much happened between them."""
    if before is None:
        return ()
    serials = [None if one.current is None else one.current.serial for one in (before, after)]
    same_set = before.stage in (Stage.SET, Stage.SUMMARY) and serials[0] == serials[1]
    # a set may begin with its first rep while the summary still shows the count of the last
    count, partials = (before.count, before.partials) if same_set else (0, 0)
    switched = before.exercise != after.exercise
    over = after.current is not None and after.current.ended is not None
    last = target_reps is not None and count < target_reps <= after.count
    called_for = {
        Tone.TICK: after.count > count and not last,
        Tone.LAST: last,
        Tone.TAP: not switched and after.taps > before.taps,
        # outside a set, bending down is no attempt at a rep, so no tone calls it a partial
        Tone.PARTIAL: after.stage is Stage.SET and after.partials > partials,
        Tone.SET_END: before.stage is Stage.SET and over and not switched,
        Tone.SWITCH: switched,
    }
    return tuple(SoundEvent(tone) for tone, called in called_for.items() if called)


def cue_sound(
    before: Cue | None, after: Cue | None, exercise: str, words: Words
) -> SoundEvent | None:
    """Returns the chime and the words of a new cue, in the exercise's own words if it has some."""
    if after is None or after == before:
        return None
    tone = Tone.PRAISE if after.kind is CueKind.PRAISE else Tone.FAULT
    return SoundEvent(tone, words.own_key(after.key, exercise))
