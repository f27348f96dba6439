"""Stand-ins for espeak-ng and pico2wave: programs on a PATH of their own, which record."""

import wave
from pathlib import Path

import numpy as np

RATE_HZ = 22_050
QUIET, LOUD = 4000, 8000
"""Samples: so many of silence before and after, so many of sound."""

PROGRAM = """#!/bin/sh
cd {folder}
case $1 in --version) exec /bin/cat version ;; esac
if [ -e broken ]; then /bin/cat broken >&2; exit 1; fi
while [ "$1" != -w ]; do [ "$1" = -v ] && echo "$2" >>voices; shift; done
IFS= read -r text
echo "$text" >>asked
case $text in silence) exec /bin/cp silence.wav "$2" ;; *) exec /bin/cp sound.wav "$2" ;; esac
"""


PICO = """#!/bin/sh
cd {folder}
echo "$1" >>pico_voices
echo "$4" >>pico_asked
[ "$3" = -- ] || exit 1
exec /bin/cp sound.wav "${{2#--wave=}}"
"""


class FakeEngine:
    """Installs itself as the only espeak-ng of a folder, and as its pico2wave if asked to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.program = folder / "espeak-ng"
        self.program.write_text(PROGRAM.format(folder=folder), "utf-8")
        self.program.chmod(0o755)
        quiet, loud = np.zeros(QUIET), 3000 * np.sin(0.2 * np.arange(LOUD))
        self._render("sound.wav", np.concatenate([quiet, loud, quiet]))
        self._render("silence.wav", quiet)
        self.update("1.51")

    def update(self, version: str) -> None:
        (self.folder / "version").write_text(version)

    def fail(self, why: str) -> None:
        (self.folder / "broken").write_text(why)

    def uninstall(self) -> None:
        self.program.unlink()

    def install_pico(self, program: str = PICO) -> Path:
        """Installs a pico2wave: one that speaks, or the given script."""
        file = self.folder / "pico2wave"
        file.write_text(
            program.replace("{folder}", str(self.folder)).replace("{{", "{").replace("}}", "}")
        )
        file.chmod(0o755)
        return file

    @property
    def pico_asked(self) -> list[str]:
        return self._recorded("pico_asked")

    @property
    def pico_voices(self) -> list[str]:
        return self._recorded("pico_voices")

    @property
    def asked(self) -> list[str]:
        return self._recorded("asked")

    @property
    def voices(self) -> list[str]:
        """The voice of each text that was asked for."""
        return self._recorded("voices")

    def _recorded(self, name: str) -> list[str]:
        file = self.folder / name
        return file.read_text("utf-8").splitlines() if file.exists() else []

    def _render(self, name: str, samples: np.ndarray) -> None:
        with wave.open(str(self.folder / name), "wb") as sound:
            sound.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
            sound.writeframes(samples.astype("<i2").tobytes())
