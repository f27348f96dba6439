"""Which sounds a change of the coach's state calls for. Asked once for every picture drawn."""

from collections.abc import Callable, Container
from dataclasses import dataclass

from kiosk.coaching.cues import Cue, CueKind, text_key_for
from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.ui.sound.tones import Tone


@dataclass(frozen=True, slots=True)
class SoundEvent:
    """One sound to play.

    Attributes:
        tone: what it sounds like.
        words: key of the words spoken after the tone; None for the tone alone.
    """

    tone: Tone
    words: str | None = None


def sounds_for(before: Snapshot | None, after: Snapshot) -> tuple[SoundEvent, ...]:
    """The tones between two pictures; one of a kind, however much happened between them.

    Args:
        before: of the picture before; None at the start.
        after: of the picture that is being drawn.
    """
    if before is None:
        return ()
    return tuple(SoundEvent(tone) for tone, called_for in _RULES if called_for(before, after))


def cue_sound(
    before: Cue | None, after: Cue | None, exercise: str, words: Container[str]
) -> SoundEvent | None:
    """The chime and the spoken words of a cue that was not there before; None for no new one.

    Args:
        before: cue of the picture before.
        after: cue of the picture that is being drawn.
        exercise: id of the chosen exercise, which may have words of its own.
        words: the table of words.
    """
    if after is None or after == before:
        return None
    tone = Tone.FAULT if after.kind is CueKind.FAULT else Tone.PRAISE
    return SoundEvent(tone, text_key_for(after.key, exercise, words))


def _serial(snapshot: Snapshot) -> int | None:
    return None if snapshot.current is None else snapshot.current.serial


def _counted(before: Snapshot, after: Snapshot) -> bool:
    # a set may begin with its first rep while the summary still shows the count of the last
    return after.count > (before.count if _same_set(before, after) else 0)


def _tapped(before: Snapshot, after: Snapshot) -> bool:
    return before.exercise == after.exercise and after.taps > before.taps


def _partial(before: Snapshot, after: Snapshot) -> bool:
    # outside a set whoever bends down would be told that it does not count
    known = before.partials if _same_set(before, after) else 0
    return after.stage is Stage.SET and after.partials > known


def _set_over(before: Snapshot, after: Snapshot) -> bool:
    over = after.current is not None and after.current.ended is not None
    return before.stage is Stage.SET and over and not _switched(before, after)


def _switched(before: Snapshot, after: Snapshot) -> bool:
    return before.exercise != after.exercise


def _same_set(before: Snapshot, after: Snapshot) -> bool:
    in_set = before.stage in (Stage.SET, Stage.SUMMARY)
    return in_set and _serial(before) == _serial(after)


_RULES: tuple[tuple[Tone, Callable[[Snapshot, Snapshot], bool]], ...] = (
    (Tone.TICK, _counted),
    (Tone.TAP, _tapped),
    (Tone.PARTIAL, _partial),
    (Tone.SET_END, _set_over),
    (Tone.SWITCH, _switched),
)
