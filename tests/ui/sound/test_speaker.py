"""The volume, with and without a sound device."""

from kiosk.ui.sound.speaker import SoundEvent, Speaker
from kiosk.ui.sound.tones import Tone


def test_a_silent_speaker_keeps_volume_and_reason() -> None:
    speaker = Speaker("no device", 0.7)
    speaker.play(SoundEvent(Tone.TICK))
    for asked, kept in ((0.3, 0.3), (7.0, 1.0), (-1.0, 0.0)):
        speaker.set_volume(asked)
        assert speaker.volume == kept
    speaker.close()
    assert (speaker.fault, speaker.voice_fault) == ("no device", None)
