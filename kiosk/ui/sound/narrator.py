"""Plays the sounds that a change of the coach's state calls for. Updated once a picture drawn."""

from collections.abc import Callable

from kiosk.coaching.cues import Cue, CueKind
from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.ui.sound.speaker import SoundEvent, Speaker
from kiosk.ui.sound.tones import Tone
from kiosk.ui.words.words import Words


class Narrator:
    """Plays what changed from one snapshot to the next."""

    def __init__(self, speaker: Speaker, words: Words) -> None:
        self.speaker = speaker
        self._words = words
        self._before: Snapshot | None = None

    def update(self, snapshot: Snapshot | None) -> None:
        """Takes the snapshot that is being drawn, so that sound and picture agree."""
        before, self._before = self._before, snapshot
        if snapshot is None or snapshot is before:
            return
        for event in sounds_for(before, snapshot):
            self.speaker.play(event)
        last_cue = before.cue if before else None
        if cue := cue_sound(last_cue, snapshot.cue, snapshot.exercise, self._words):
            self.speaker.play(cue)

    def click(self) -> None:
        """Confirms a press of a button."""
        self.speaker.play(SoundEvent(Tone.CLICK))


def sounds_for(before: Snapshot | None, after: Snapshot) -> tuple[SoundEvent, ...]:
    """Returns the tones between two pictures; one of a kind, however much happened between them."""
    if before is None:
        return ()
    return tuple(SoundEvent(tone) for tone, called_for in _RULES if called_for(before, after))


def cue_sound(
    before: Cue | None, after: Cue | None, exercise: str, words: Words
) -> SoundEvent | None:
    """Returns the chime and the words of a new cue, in the exercise's own words if it has some."""
    if after is None or after == before:
        return None
    tone = Tone.FAULT if after.kind is CueKind.FAULT else Tone.PRAISE
    return SoundEvent(tone, words.own_key(after.key, exercise))


def _counted(before: Snapshot, after: Snapshot) -> bool:
    # a set may begin with its first rep while the summary still shows the count of the last
    return after.count > (before.count if _same_set(before, after) else 0)


def _tapped(before: Snapshot, after: Snapshot) -> bool:
    return before.exercise == after.exercise and after.taps > before.taps


def _partial(before: Snapshot, after: Snapshot) -> bool:
    # outside a set, bending down is no attempt at a rep, so no tone calls it a partial
    known = before.partials if _same_set(before, after) else 0
    return after.stage is Stage.SET and after.partials > known


def _set_over(before: Snapshot, after: Snapshot) -> bool:
    over = after.current is not None and after.current.ended is not None
    return before.stage is Stage.SET and over and not _switched(before, after)


def _switched(before: Snapshot, after: Snapshot) -> bool:
    return before.exercise != after.exercise


def _same_set(before: Snapshot, after: Snapshot) -> bool:
    serials = [None if one.current is None else one.current.serial for one in (before, after)]
    return before.stage in (Stage.SET, Stage.SUMMARY) and serials[0] == serials[1]


_RULES: tuple[tuple[Tone, Callable[[Snapshot, Snapshot], bool]], ...] = (
    (Tone.TICK, _counted),
    (Tone.TAP, _tapped),
    (Tone.PARTIAL, _partial),
    (Tone.SET_END, _set_over),
    (Tone.SWITCH, _switched),
)
