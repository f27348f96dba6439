"""Volume and mute, with and without a sound device."""

from kiosk.ui.sound.speaker import SoundEvent, Speaker
from kiosk.ui.sound.tones import Tone


def test_a_silent_speaker_keeps_volume_mute_and_reason() -> None:
    speaker = Speaker("no device", 0.7)
    speaker.play(SoundEvent(Tone.TICK))
    speaker.toggle_mute()
    for asked, kept in ((0.3, 0.3), (7.0, 1.0), (-1.0, 0.0)):
        speaker.set_volume(asked)
        assert (speaker.volume, speaker.muted) == (kept, True)
    speaker.close()
    assert (speaker.fault, speaker.voice_fault) == ("no device", None)
