"""Volume and mute, with and without a sound device."""

import pytest

from kiosk.ui.sound.speaker import STEPS, SoundEvent, Speaker, step_volume
from kiosk.ui.sound.tones import Tone


def heard(speaker: Speaker) -> float:
    return 0.0 if speaker.muted else speaker.volume


def test_one_button_steps_from_soft_to_loud_to_mute() -> None:
    speaker: Speaker = Speaker(volume=0.4)
    volumes = []
    for _ in range(5):
        step_volume(speaker)
        volumes.append(heard(speaker))
    assert volumes == [0.7, 1.0, 0.0, 0.4, 0.7]


@pytest.mark.parametrize("volume", [0.0, 0.39, 0.55, 0.9, 1.0])
def test_a_volume_between_the_steps_goes_to_the_next_louder_one(volume: float) -> None:
    speaker = Speaker(volume=volume)
    step_volume(speaker)
    assert heard(speaker) == next((step for step in STEPS if step > volume), 0.0)


def test_a_silent_speaker_keeps_volume_mute_and_reason() -> None:
    speaker = Speaker("no device", 0.7)
    speaker.play(SoundEvent(Tone.TICK))
    speaker.toggle_mute()
    for asked, kept in ((0.3, 0.3), (7.0, 1.0), (-1.0, 0.0)):
        speaker.set_volume(asked)
        assert (speaker.volume, speaker.muted) == (kept, True)
    speaker.close()
    assert (speaker.fault, speaker.voice_fault) == ("no device", None)
