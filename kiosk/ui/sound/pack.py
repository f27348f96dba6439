"""Reads a folder of the owner's own spoken cues, which take precedence over a synthesised voice.

A pack holds WAV files named after the cue: `cue.shallow.wav`, `cue.squat.shallow.wav`,
`praise.tempo.wav`, `spoken.slowing.wav`, and `hint.spoken.wav` for every hint. The keys are those
of `kiosk/ui/words` and of the exercise files. One in a folder of the language, such as
`de/cue.shallow.wav`, comes before one in the pack itself, which is for every language.
"""

import hashlib
import logging
import stat
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

import numpy as np

from kiosk.errors import KioskError
from kiosk.ui.sound.tones import Samples
from kiosk.ui.sound.wav import read_wav, write_speech

LONGEST_S = 5.0
"""A longer sound is still speaking when the next cue is due."""
LARGEST_BYTES = 4_000_000
"""That long in stereo, at 96 kHz and 32 bits."""
RATES_HZ = (8_000, 96_000)
HINT = "hint.spoken"
"""Key of the words of every hint that has no own ones."""
_OTHER_SOUNDS = {".ogg", ".mp3", ".m4a", ".flac", ".aac", ".opus", ".wma", ".aif", ".aiff"}
_TOLD = 10  # a folder of other things is not listed whole

_log = logging.getLogger(__name__)


class PackError(KioskError, OSError):
    """A file of a sound pack, or the pack, that cannot be used."""


def pack_folder(configured: str) -> Path | None:
    """Returns the folder that `sound.pack` names; None where it names none."""
    if not configured:
        return None
    try:
        return Path(configured).expanduser()
    except RuntimeError:  # there is no such home: reported when it is read
        return Path(configured)


def load_pack(folder: Path, language: str, keys: Collection[str], kept: Path) -> dict[str, Path]:
    """Returns a speech file for each cue that the pack has, trimmed and as loud as the tones.

    What cannot be used is logged, file by file, and left to the next voice.

    Args:
        folder: the pack.
        language: whose cues are spoken.
        keys: of every cue.
        kept: folder in which the speech files are kept, by the contents of those in the pack.
    """
    found: dict[str, Path] = {}
    faults = []
    for result in read_pack(folder, language, keys):
        if isinstance(result, PackError):
            faults.append(str(result))
            continue
        key, file, (samples, rate_hz) = result
        try:
            made = kept / f"pack-{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}.wav"
            if not made.exists():
                write_speech(made, samples, rate_hz)
        except OSError as error:
            faults.append(f"{kept}: speech cannot be kept ({error.strerror}); make it writable")
            continue
        found[key] = made
    for fault in faults[:_TOLD]:
        _log.warning("%s", fault)
    if len(faults) > _TOLD:
        _log.warning("%s: %d more files cannot be used", folder, len(faults) - _TOLD)
    for old in kept.glob("pack-*.wav"):
        if old not in found.values():
            old.unlink(missing_ok=True)
    if HINT in found:
        return {key: found[HINT] for key in keys if key.startswith("hint.")} | found
    return found


def read_pack(
    folder: Path, language: str, keys: Collection[str]
) -> Iterator[tuple[str, Path, tuple[Samples, int]] | PackError]:
    """Reads each sound of a pack: its key, its file and its samples; or why it cannot be used."""
    files: dict[str, Path] = {}
    for place in (folder, folder / language):
        try:
            entries = sorted(islice(place.iterdir(), 10_000))
        except OSError as error:
            if place == folder:
                yield PackError(f"{folder}: no sound pack ({error.strerror}); check sound.pack")
            continue
        for entry in entries:
            if entry.suffix.lower() in _OTHER_SOUNDS:
                yield PackError(
                    f"{entry}: only WAV files are read; convert it, as by "
                    f"'ffmpeg -i {entry.name} -c:a pcm_s16le {entry.stem}.wav'"
                )
            elif entry.suffix.lower() == ".wav" and entry.stem not in {*keys, HINT}:
                near = get_close_matches(entry.stem, [*keys, HINT], n=1)
                hint = f"rename it to {near[0]}.wav, or take it away" if near else "take it away"
                yield PackError(f"{entry}: no cue has this name; {hint}")
            elif entry.suffix.lower() == ".wav":
                files[entry.stem] = entry
    for key, file in files.items():
        try:
            yield key, file, _read(file)
        except PackError as error:
            yield error


def _read(file: Path) -> tuple[Samples, int]:
    remedy = "record it again as WAV with 16 bits"
    try:
        if (fault := _misfit(file)) is not None:
            raise PackError(f"{file}: {fault}")  # noqa: TRY301 - an OSError like those below
        samples, rate_hz = read_wav(file)
    except PackError:
        raise
    except OSError as error:
        raise PackError(f"{file}: {error.strerror}; take it away or make it readable") from error
    except ValueError as error:
        raise PackError(f"{file}: no WAV file that can be read ({error}); {remedy}") from error
    if not RATES_HZ[0] <= rate_hz <= RATES_HZ[1]:
        raise PackError(f"{file}: {rate_hz} samples a second; {remedy}, at 44100")
    if len(samples) > LONGEST_S * rate_hz:
        raise PackError(f"{file}: longer than {LONGEST_S:g} s; cut it, a cue is a few words")
    if not np.any(samples):
        raise PackError(f"{file}: silence; {remedy}")
    return samples, rate_hz


def _misfit(file: Path) -> str | None:
    """Why a file is not even opened: a pipe would be waited for, a large one fill the memory."""
    about = file.stat()
    if not stat.S_ISREG(about.st_mode):
        return "no file; take it away"
    if about.st_size > LARGEST_BYTES:
        return f"larger than {LARGEST_BYTES / 1e6:g} MB; cut it, a cue is a few words"
    return None
