"""The person is looked for again in one way or another, and the crop stays with them."""

from doubles import ScriptedEstimator, blank_frame
from kiosk.body.follower import Follower
from kiosk.body.observer import BodyObserver
from kiosk.body.pose import Pose
from kiosk.body.state import Standing
from kiosk.vision.pose.crop import CropRegion
from kiosk.vision.pose.second_look import SecondLook
from people import figure, film, nobody

SIZE = (640, 480)


def stood() -> tuple[Follower, Standing]:
    """Whoever stood in the middle for three seconds, and how."""
    follower, observer = Follower(), BodyObserver()
    for pose in film(3, figure):
        body = observer.observe(pose)
        follower.accepts(pose, body and body.standing)
    assert body is not None
    assert body.standing is not None
    return follower, body.standing


class Model(ScriptedEstimator):
    """Goes over to somebody else; finds the person in the ways that it is told."""

    def __init__(self, *, painted: bool, aside: bool, lean_deg: float = 0.0) -> None:
        super().__init__([])
        self.helps = {True: painted, False: aside}
        self.painted: list[bool] = []
        self.lean_deg = lean_deg

    def estimate_without(
        self, frame: object, hidden: tuple[float, float], region: CropRegion | None = None
    ) -> Pose:
        self.painted.append(hidden[1] > 0)
        time_s = 4.0 + len(self.painted) / 15
        if not self.helps[self.painted[-1]]:
            return nobody(time_s)
        return figure(time_s, lean_deg=self.lean_deg)


def looked(
    model: Model, other_x: float = 380.0, times: int = 5, lean_deg: float = 0.0
) -> list[Pose]:
    """Looks for somebody who has leant so far, while somebody else stands at that x."""
    (person, standing), look = stood(), SecondLook()
    for n in range(1, 16):
        assert person.accepts(figure(3.0 + n / 15, lean_deg=lean_deg * n / 15), standing)
    for pose in film(1, figure):
        model.crop.update(pose)
    found = []
    for n in range(times):
        other = figure(4.0 + n / 15, feet=(other_x, 440.0))
        model.crop.update(other)
        found.append(look.find(person, model, blank_frame(other.time_s), other))
    return found


def test_the_way_that_helped_is_kept_and_one_that_did_not_is_left() -> None:
    for painted, aside, ways in (
        (True, False, [True] * 5),
        (False, True, [True, False, False, False, False]),
        (False, False, [True, False, True, False, True]),
    ):
        model = Model(painted=painted, aside=aside)
        looked(model)
        assert model.painted == ways


def test_close_behind_where_nothing_can_be_painted_over_it_looks_aside() -> None:
    model = Model(painted=False, aside=True, lean_deg=80.0)
    found = looked(model, other_x=360.0, lean_deg=80.0)
    assert model.painted == [False] * 5
    assert {pose.marks for pose in found} == {figure(0.0, lean_deg=80.0).marks}


def test_the_crop_does_not_go_with_somebody_else() -> None:
    mine = Model(painted=False, aside=False)
    looked(mine, other_x=560.0)
    alone = Model(painted=False, aside=False)
    looked(alone, times=0)
    assert mine.crop.next_region(SIZE) == alone.crop.next_region(SIZE)


def test_the_crop_goes_with_a_person_who_goes() -> None:
    model, look, (person, standing) = Model(painted=False, aside=False), SecondLook(), stood()
    for n in range(45):
        pose = figure(3.0 + n / 15, feet=(320.0 + 4.0 * n, 440.0))
        model.crop.update(pose)
        if not person.could_be(pose):
            look.find(person, model, blank_frame(pose.time_s), pose)
        person.accepts(pose, standing)
    region = model.crop.next_region(SIZE)
    assert abs(region.x0 + region.side / 2 - 496.0) < 60.0
