"""Which frames of a rep to look at. Pure."""

from kiosk.body.state import BodyState

LEAST_LEAN_DEG = 40.0
"""Less bent, arms and clothes hang before the back, and a bow hardly shows."""
STEP_DEG = 12.0
"""From one gate to the next: looks are taken as the lean passes 40, 52, 64 and 76 degrees, down and
up, five or six in a full hinge. More of them told rendered reps apart no better."""
TURNED_DEG = 3.0
"""Risen this far from the deepest lean, the bottom is behind: one look there, near rest."""


class FrameGate:
    """Picks frames by lean, so that the frame rate and the tempo hardly matter.

    On the way down it takes the first frame beyond every gate, one when the bottom is over, and on
    the way up again the first frame beyond every gate.
    """

    def __init__(self) -> None:
        self._gate: int | None = None
        self._deepest = 0.0
        self._rising = False

    def wants(self, body: BodyState | None) -> bool:
        """Whether this frame is one to look at. Call it with every body, in order."""
        lean = None if body is None else body.trunk_lean_deg
        if lean is None or lean < LEAST_LEAN_DEG:
            self.__init__()  # type: ignore[misc]  # between two reps all is as at the start
            return False
        gate = int((lean - LEAST_LEAN_DEG) // STEP_DEG)
        if self._gate is None:
            wanted = True
        elif self._rising:
            wanted = gate < self._gate
            self._rising = lean < self._deepest  # else a second, deeper bottom
        else:
            self._rising = lean <= self._deepest - TURNED_DEG
            wanted = self._rising or gate > self._gate
        self._deepest = max(self._deepest, lean)
        if wanted:
            self._gate = gate
        return wanted
