"""Tells a new release's trial that the camera gives frames, and that one was judged."""

import contextlib
import os
from pathlib import Path

FRAME, JUDGED = "frame", "judged"
"""Files in the service's runtime folder, which every start empties; systemd/trial reads them."""


class FirstFrames:
    """Leaves one empty file for the first frame and one for the first judged one.

    Outside a service there is no folder for them, and nothing is written.
    """

    def __init__(self) -> None:
        folder = os.environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
        self._missing = {name: Path(folder, name) for name in (FRAME, JUDGED) if folder}

    def update(self, *, frame: bool, judged: bool) -> None:
        """Takes, after every picture, whether a frame has come and whether one was judged."""
        for name, there in ((FRAME, frame), (JUDGED, judged)):
            if there and name in self._missing:
                with contextlib.suppress(OSError):  # tried again with the next picture
                    self._missing[name].touch()
                    del self._missing[name]
