"""What is heard of the coach: asked once for every picture, so that sound and picture agree."""

from kiosk.coaching.snapshot import Snapshot
from kiosk.ui.sound.events import SoundEvent, cue_sound, sounds_for
from kiosk.ui.sound.speaker import Speaker
from kiosk.ui.sound.tones import Tone
from kiosk.ui.words.words import Words


class Narrator:
    """Plays what changed from one snapshot to the next."""

    def __init__(self, speaker: Speaker, words: Words) -> None:
        self.speaker = speaker
        self._words = words
        self._before: Snapshot | None = None

    def tell(self, snapshot: Snapshot | None) -> None:
        """Takes the snapshot that is being drawn."""
        before, self._before = self._before, snapshot
        if snapshot is None or snapshot is before:
            return
        for event in sounds_for(before, snapshot):
            self.speaker.play(event)
        said = before.cue if before else None
        cue = cue_sound(said, snapshot.cue, snapshot.exercise, self._words)
        if cue is not None:
            self.speaker.play(cue)

    def click(self) -> None:
        """Answers a press."""
        self.speaker.play(SoundEvent(Tone.CLICK))
