"""The wall behind the heels: a distance for the hips, a little farther after each success."""

from kiosk.body.state import BodyState
from kiosk.exercises.exercise import TargetRule


class WallTarget:
    """How far the hips must travel back, in leg lengths, and how often they have got there.

    One tap a rep: the hips must come forward again, to half the distance, before the next.

    Attributes:
        distance_legs: where the wall stands now.
        taps: how often it was reached.
    """

    def __init__(self, rule: TargetRule) -> None:
        self.distance_legs = rule.first_legs
        self.taps = 0
        self._rule = rule
        self._away = True

    def reach(self, body: BodyState) -> float:
        """How much of the way to the wall the hips have gone, 1 at the wall; counts the taps.

        Unseen hips reach nothing: turned away from side-on their travel cannot be told.
        """
        travel = body.hip_travel_legs
        if travel is None:
            return 0.0
        part = max(0.0, travel) / self.distance_legs
        if self._away and part >= 1.0:
            self._away = False
            self.taps += 1
        elif not self._away and part < 0.5:
            # it moves when the hips are away from it: a target that flees in mid-rep is unfair
            self._away = True
            self.distance_legs = min(
                self.distance_legs + self._rule.step_legs, self._rule.most_legs
            )
        return part
