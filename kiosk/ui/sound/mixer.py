"""Plays sounds on the sound device by pygame's mixer."""

import ctypes
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pygame
from pygame._sdl2.audio import get_audio_device_names

from kiosk.errors import KioskError
from kiosk.settings import SoundSettings
from kiosk.ui.sound.speaker import SoundEvent, Speaker
from kiosk.ui.sound.tones import RATE_HZ, Tone, synthesise
from kiosk.ui.sound.voice import Voice

BUFFER = 512
"""Samples mixed at a time: 12 ms. Two such buffers lie between `play` and the sound card."""
_AUDIO = 0x10  # SDL_INIT_AUDIO
_S16 = 0x8010  # AUDIO_S16LSB
_CUES = (Tone.FAULT, Tone.PRAISE)
_TONES = tuple(tone for tone in Tone if tone not in _CUES)


class SoundError(KioskError, OSError):
    """A sound device that cannot be opened."""


class MixerSpeaker(Speaker):
    """A `Speaker` that loads every sound into memory before the first is played.

    Opening waits for the device, for ever if that hangs: not for a thread that has to draw.

    Each tone has a channel of its own, so a tick is never delayed; all cues share the last one, the
    chime first and the words after it.

    Args:
        volume: to begin with, 0 to 1.
        speech: WAV file for each key of words; a cue without one is its chime alone.
        voice_fault: why words are missing.
        device: of the settings.

    Raises:
        SoundError: no sound device can be opened.
    """

    def __init__(
        self,
        volume: float,
        speech: Mapping[str, Path],
        *,
        voice_fault: str | None = None,
        device: str = "",
    ) -> None:
        super().__init__(volume=volume, voice_fault=voice_fault)
        try:
            name = choose_device(device)
            try_device(name)
            # one channel is enough for one loudspeaker; SDL converts to what the card takes
            pygame.mixer.init(RATE_HZ, -16, 1, BUFFER, devicename=name, allowedchanges=0)
        except pygame.error as error:
            raise SoundError(
                f"no sound device can be opened ({error}); connect a loudspeaker and add the user "
                "to the group audio, or set sound.enabled = false"
            ) from error
        pygame.mixer.set_num_channels(len(_TONES) + 1)
        self._channels = {tone: pygame.mixer.Channel(n) for n, tone in enumerate(_TONES)}
        self._voice = pygame.mixer.Channel(len(_TONES))
        self._tones = {tone: pygame.mixer.Sound(buffer=synthesise(tone).tobytes()) for tone in Tone}
        self._speech = {key: sound for key, path in speech.items() if (sound := self._load(path))}
        self._apply_volume()

    def play(self, event: SoundEvent) -> None:
        """Starts a sound now. A cue is dropped while another one is being spoken."""
        if not self.volume or not self._is_open():
            return
        if event.tone in self._channels:
            self._channels[event.tone].play(self._tones[event.tone])
        elif not self._voice.get_busy():
            words = self._speech.get(event.words or "")
            # the first plays at once, and the second is queued behind it
            for sound in filter(None, (event.tone and self._tones[event.tone], words)):
                self._voice.queue(sound)

    def add_speech(self, speech: Mapping[str, Path], fault: str | None) -> None:
        """Takes the words of cues; `fault` says why some are missing."""
        if not self._is_open():
            return
        self.voice_fault = fault
        self._speech = {key: sound for key, path in speech.items() if (sound := self._load(path))}
        self._apply_volume()

    def close(self) -> None:
        """Releases the device. Safe to call twice."""
        pygame.mixer.quit()

    def _is_open(self) -> bool:
        # using a channel of a closed mixer crashes the whole process
        if pygame.mixer.get_init() is None:
            self.fault = "the sound device was closed; start the kiosk again"
        return self.fault is None

    def _apply_volume(self) -> None:
        if not self._is_open():
            return
        # loudness doubles with 10 dB, so half of it is a third of the amplitude: about its 1.66th
        # power (Stevens 1955)
        gain = self.volume ** (1 / 0.602)
        for sound in (*self._tones.values(), *self._speech.values()):
            sound.set_volume(gain)

    def _load(self, path: Path) -> pygame.mixer.Sound | None:
        try:
            return pygame.mixer.Sound(path)
        except (OSError, pygame.error) as error:
            self.voice_fault = f"{path}: damaged speech ({error}); delete the file"
            return None


def choose_device(wanted: str) -> str | None:
    """Returns SDL's name of the sound card that is wanted; None for the default one.

    An ALSA device, which has a colon in its name and is in no list, is named by the environment.

    Raises:
        SoundError: there is no such card; the message lists those that are there.
    """
    if ":" in wanted:
        os.environ["AUDIODEV"] = wanted
        return None
    if not wanted:
        return None
    names = device_names()
    found = next((name for name in names if wanted.casefold() in name.casefold()), None)
    if found is None:
        raise SoundError(
            f"there is no sound card {wanted!r}; set sound.device to one of: "
            f"{', '.join(names) or 'none is here'}"
        )
    return found


def device_names() -> list[str]:
    """Lists the sound cards by SDL's names.

    Raises:
        pygame.error: SDL has no sound at all.
    """
    with _sdl_audio():  # SDL knows of none before
        return list(get_audio_device_names(iscapture=False))


def try_device(name: str | None) -> None:
    """Opens the device and closes it again, without Python's lock.

    pygame's own `init` holds the lock while it waits for the device: one that hangs, as ALSA's and
    PipeWire's can, would stop every thread of the mirror. Here it stops the calling thread alone.

    Raises:
        pygame.error: it cannot be opened.
    """
    device = None if name is None else name.encode()
    with _sdl_audio() as sdl:
        _require(sdl, sdl.Mix_OpenAudioDevice(RATE_HZ, _S16, 1, BUFFER, device, 0))
        sdl.Mix_CloseAudio()


@contextmanager
def _sdl_audio() -> Iterator[ctypes.CDLL]:
    """The SDL that pygame's mixer is linked to, with sound; calls of it release Python's lock."""
    sdl = ctypes.CDLL(pygame.mixer.__file__)
    _require(sdl, sdl.SDL_InitSubSystem(_AUDIO))
    try:
        yield sdl
    finally:
        sdl.SDL_QuitSubSystem(_AUDIO)


def _require(sdl: ctypes.CDLL, result: int) -> None:
    if result != 0:
        sdl.SDL_GetError.restype = ctypes.c_char_p
        raise pygame.error(sdl.SDL_GetError().decode("utf-8", "replace"))


def open_speaker(settings: SoundSettings, voice: Voice | None = None) -> Speaker:
    """Opens the speaker that the settings name; a silent one with the reason where that fails.

    Cues are spoken if the voice is ready by now; else give its words to `add_speech` later.
    """
    if not settings.enabled:
        return Speaker(volume=settings.volume)
    speech, fault = (voice.speech or {}, voice.fault) if voice else ({}, None)
    try:
        return MixerSpeaker(settings.volume, speech, voice_fault=fault, device=settings.device)
    except SoundError as error:
        return Speaker(str(error), settings.volume)
