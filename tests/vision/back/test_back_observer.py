"""From a frame to a profile or a reason, on drawn people and rendered ones; which frames."""

import math

import av
import numpy as np
import pytest
from drawn import SHIRT, SIZE, Shirts, bent, body_of, mask_of, moved, painted, trunk_of
from msgspec.structs import replace
from numpy.typing import NDArray

from kiosk.body.back import LEAST_LEAN_DEG, BackProfile, Reason
from kiosk.body.observer import BodyObserver
from kiosk.body.pose import Keypoint, Pose
from kiosk.body.state import BodyState
from kiosk.coaching.back_reference import LEAST_READINGS, OTHER_HIP_DROP
from kiosk.errors import ModelError
from kiosk.vision.back.back_observer import BackObserver, FrameGate
from kiosk.vision.camera.frame import Frame
from kiosk.vision.models.interpreter import Segmenter, load_segmenter
from paths import GOLDEN
from people import figure


def back_observer(segmenter: Segmenter | None, *, room: bool) -> BackObserver:
    made = BackObserver(segmenter)
    for k in range(4 if room else 0):
        made.update_background(painted(seed=10 + k, time_s=k / 2))
    return made


def observed(
    made: BackObserver, bump: float = 0.0, *, facing: int = 1, stature_px: float = 300.0
) -> BackProfile | Reason:
    pose = bent(9.0, facing=facing, stature_px=stature_px)
    body = body_of(pose, facing=facing, stature_px=stature_px)
    return made.observe(painted(mask_of(trunk_of(pose, body), bump), time_s=9.0), pose, body)


@pytest.mark.parametrize(
    ("segmenter", "room"),
    [(Shirts(), True), (Shirts(), False), (None, True)],
    ids=["both", "segmenter alone", "room alone"],
)
@pytest.mark.parametrize("facing", [1, -1])
def test_rounded_and_hollow_backs_stand_apart(
    segmenter: Segmenter | None, *, room: bool, facing: int
) -> None:
    made = back_observer(segmenter, room=room)
    hollow, flat, rounded = (observed(made, bump, facing=facing) for bump in (-0.05, 0.0, 0.05))
    assert flat.bulge - hollow.bulge == pytest.approx(0.04, abs=0.012)
    assert rounded.bulge - flat.bulge == pytest.approx(0.04, abs=0.012)
    assert flat.lean_deg == pytest.approx(60, abs=1)
    assert flat.confidence > 0.7


def test_the_distance_to_the_camera_does_not_matter() -> None:
    near, far = (
        observed(back_observer(Shirts(), room=True), 0.04, stature_px=px) for px in (330.0, 220.0)
    )
    assert near.bulge == pytest.approx(far.bulge, abs=0.006)


def test_with_neither_everything_is_unclear() -> None:
    assert observed(back_observer(None, room=True)) is not Reason.UNCLEAR
    assert observed(back_observer(None, room=False)) is Reason.UNCLEAR


def test_the_room_is_taken_twice_a_second_however_often_it_is_shown() -> None:
    made = BackObserver(None)
    for k in range(30):
        made.update_background(painted(seed=k, time_s=k / 100))
    assert observed(made) is Reason.UNCLEAR
    made.update_background(painted(seed=99, time_s=0.6))
    assert isinstance(observed(made), BackProfile)


def test_of_a_room_in_which_nothing_changes_few_frames_are_learnt() -> None:
    """One frame in two seconds comes from it, and each that is learnt costs a look."""

    class Counted(Shirts):
        looks = 0

        def person(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
            self.looks += 1
            return super().person(picture)

    def looks(times_s: list[float]) -> int:
        segmenter = Counted()
        made = back_observer(segmenter, room=False)
        for time_s in times_s:
            made.update_background(painted(seed=1, time_s=time_s))
        return segmenter.looks

    rests = [2.0 * k for k in range(1, 31)]
    busy = [60 + k / 10 for k in range(1, 101)]
    assert 9 <= looks(rests) <= 12
    assert looks(busy) >= 18
    assert looks([*rests, *busy]) - looks(rests) >= 18


def changed(pose: Pose, body: BodyState, moves: dict[Keypoint, tuple[float, float]]) -> Pose:
    """The pose with some keypoints put along (0 hip, 1 shoulder) and behind its trunk."""
    trunk = trunk_of(pose, body)
    along, back = trunk.axes
    points = pose.keypoints.copy()
    for k, (at, behind) in moves.items():
        span = at * trunk.length * trunk.torso_px
        points[k, :2] = trunk.hip + along * span + back * behind * trunk.torso_px
    return Pose.of(pose.time_s, points, pose.size)


@pytest.mark.parametrize(
    ("moves", "reason"),
    [
        ({Keypoint.RIGHT_ELBOW: (0.4, 0.25)}, Reason.ARMS_COVER_BACK),
        ({Keypoint.LEFT_WRIST: (0.1, 0.2)}, Reason.ARMS_COVER_BACK),
        (
            {Keypoint.LEFT_WRIST: (0.95, 0.05), Keypoint.RIGHT_WRIST: (1.0, 0.05)},
            Reason.BAR_COVERS_BACK,
        ),
        ({Keypoint.LEFT_WRIST: (0.6, 0.08)}, Reason.BAR_COVERS_BACK),
        ({Keypoint.LEFT_WRIST: (1.1, -0.2)}, Reason.BAR_COVERS_BACK),
        ({Keypoint.LEFT_WRIST: (0.3, 0.08)}, Reason.ARMS_COVER_BACK),
        ({Keypoint.LEFT_WRIST: (0.8, -0.2), Keypoint.RIGHT_WRIST: (0.8, -0.2)}, None),
        ({Keypoint.LEFT_WRIST: (1.1, -0.4)}, None),
    ],
    ids=[
        "hands on hips",
        "hand on the back",
        "bar on the shoulders",
        "one hand at a bar",
        "a hand at the neck",
        "a hand on the back",
        "arms crossed",
        "arms ahead",
    ],
)
def test_arms_and_bars_are_seen(
    moves: dict[Keypoint, tuple[float, float]], reason: Reason | None
) -> None:
    pose = bent(9.0)
    body = body_of(pose)
    frame = painted(mask_of(trunk_of(pose, body), 0.0), time_s=9.0)
    found = back_observer(Shirts(), room=True).observe(frame, changed(pose, body, moves), body)
    assert found is reason if reason else isinstance(found, BackProfile)


def test_a_hidden_or_upright_person_or_one_without_a_facing_is_not_read() -> None:
    made, pose = back_observer(Shirts(), room=True), bent(9.0)
    body = body_of(pose)
    frame = painted(mask_of(trunk_of(pose, body), 0.0), time_s=9.0)
    assert made.observe(frame, pose, replace(body, standing=None)) is Reason.TURN_SIDE_ON
    assert made.observe(frame, pose, replace(body, trunk_lean_deg=30.0)) is Reason.NOT_BENT_ENOUGH
    assert made.observe(frame, pose, replace(body, trunk_lean_deg=None)) is Reason.NOT_BENT_ENOUGH
    unseen = pose.keypoints.copy()
    unseen[[5, 6], 2] = 0.1
    assert made.observe(frame, Pose.of(9.0, unseen, SIZE), body) is Reason.HIDDEN
    outside = pose.keypoints - (0, 330, 0)
    assert made.observe(frame, Pose.of(9.0, outside, SIZE), body) is Reason.HIDDEN


def test_an_arm_counts_by_how_near_it_is_to_the_contour() -> None:
    """The back of this trunk lies .2 behind its line, and an arm .12 behind the line within it."""
    pose = bent(9.0)
    body = body_of(pose)
    made = back_observer(Shirts(), room=True)
    for bump, covers in ((0.0, True), (0.08, False)):
        frame = painted(mask_of(trunk_of(pose, body), bump), time_s=9.0)
        crossed = changed(pose, body, {Keypoint.RIGHT_ELBOW: (0.45, 0.13)})
        assert (made.observe(frame, crossed, body) is Reason.ARMS_COVER_BACK) is covers


def test_bent_knees_lower_the_hips_and_a_deeper_lean_does_not() -> None:
    made, drops = back_observer(Shirts(), room=True), []
    for lean_deg, knee_deg in ((50.0, 10.0), (75.0, 10.0), (50.0, 55.0)):
        pose = figure(9.0, lean_deg=lean_deg, knee_deg=knee_deg)
        body = body_of(pose)
        frame = painted(mask_of(trunk_of(pose, body), 0.0), time_s=9.0)
        drops.append(made.observe(frame, pose, body).hip_drop)
    shallow, deep, bent_knees = drops
    assert deep == pytest.approx(shallow, abs=OTHER_HIP_DROP / 2)
    assert bent_knees > shallow + OTHER_HIP_DROP


def test_the_colours_of_the_clothes_are_read() -> None:
    found = observed(back_observer(Shirts(), room=True))
    assert found.clothes == pytest.approx([level / 255 for level in SHIRT] * 3, abs=0.01)


class Wrong(Shirts):
    """Loses the shirt in the first of two pictures."""

    def __init__(self) -> None:
        self.pictures = 0

    def person(self, picture: np.ndarray) -> np.ndarray:
        self.pictures += 1
        found = super().person(picture)
        return found * 0 if self.pictures % 2 else found


def test_the_segmenter_sees_the_trunk_and_the_body() -> None:
    """Where it loses the trunk's square, the body's still counts beside the change of the room."""
    segmenter = Wrong()
    made = BackObserver(segmenter)  # type: ignore[arg-type]  # a double of the segmenter
    found = observed(made)
    assert segmenter.pictures == 2
    assert found.bulge == pytest.approx(
        observed(back_observer(Shirts(), room=False)).bulge, abs=0.01
    )


def test_an_empty_wall_under_a_phantom_is_unclear() -> None:
    pose = bent(9.0)
    body = body_of(pose)
    made = back_observer(Shirts(), room=True)
    assert made.observe(painted(time_s=9.0), pose, body) is Reason.UNCLEAR


def rendered() -> tuple[list[Frame], list[Pose]]:
    """A rendered set: 3 frames of the room, 1 standing, 6 of good reps, 3 of a rounded one."""
    stored = np.load(GOLDEN / "back_hinge.npz")
    with av.open(str(GOLDEN / "back_hinge.mp4")) as film:
        pictures = [frame.to_ndarray(format="rgba") for frame in film.decode(video=0)]
    size = tuple(stored["size"].tolist())
    times = stored["t"].tolist()
    frames = [Frame(rgbx, t) for rgbx, t in zip(pictures, times, strict=True)]
    poses = [
        Pose.of(t, k.astype(float), size) for t, k in zip(times, stored["keypoints"], strict=True)
    ]
    return frames, poses


@pytest.mark.parametrize("room", [True, False], ids=["both", "segmenter alone"])
def test_a_rendered_rounded_back_stands_apart(*, room: bool) -> None:
    """The shirt has the wall's colour in places, so the room alone would see no back here."""
    try:
        segmenter = load_segmenter()
    except ModelError as error:
        pytest.skip(str(error))
    frames, poses = rendered()
    made = BackObserver(segmenter)
    for frame in frames[: 3 if room else 0]:
        made.update_background(frame)
    observer = BodyObserver()
    for k in range(10):
        observer.observe(Pose.of(poses[3].time_s - 1 + k / 10, poses[3].keypoints, poses[3].size))
    found = []
    for frame, pose in zip(frames[4:], poses[4:], strict=True):
        body = observer.observe(pose)
        found.append(made.observe(moved(frame, pose.time_s), pose, body))
    assert all(isinstance(profile, BackProfile) for profile in found)
    bulges = [profile.bulge for profile in found]
    assert np.ptp(bulges[:6]) < 0.03
    assert min(bulges[6:]) > max(bulges[:6])
    assert np.median(bulges[6:]) - np.median(bulges[:6]) > 0.03


# -- the frames of a rep ---------------------------------------------------------------------------

BODY = body_of(bent())


def accepted(leans: list[float | None]) -> list[float]:
    gate = FrameGate()
    return [
        lean
        for lean in leans
        if gate.accepts(replace(BODY, trunk_lean_deg=lean)) and lean is not None
    ]


def rep(fps: float, deepest: float = 75.0, seconds: float = 3.0) -> list[float | None]:
    steps = round(fps * seconds)
    return [deepest * math.sin(math.pi * k / steps) ** 2 for k in range(steps + 1)]


@pytest.mark.parametrize("fps", [10, 15, 30, 60])
@pytest.mark.parametrize("seconds", [1.5, 3.0, 6.0])
def test_a_full_hinge_is_measured_a_few_times(fps: float, seconds: float) -> None:
    taken = accepted(rep(fps, seconds=seconds))
    assert 6 <= len(taken) <= 18
    assert min(taken) >= LEAST_LEAN_DEG
    assert max(taken) > 65


@pytest.mark.parametrize("fps", [15, 30])
@pytest.mark.parametrize("deepest", [55.0, 65.0])
def test_a_lift_from_the_floor_is_measured_often_enough_on_the_way_up(
    fps: float, deepest: float
) -> None:
    leans = rep(fps, deepest)
    lowest = leans.index(max(leans, key=float))  # type: ignore[arg-type]  # all are known here
    assert len(accepted(leans)) - len(accepted(leans[: lowest + 1])) >= LEAST_READINGS


def test_the_leans_hardly_depend_on_the_frame_rate() -> None:
    slow, fast = accepted(rep(20)), accepted(rep(60))
    assert len(slow) == len(fast)
    assert all(abs(a - b) < 9 for a, b in zip(slow, fast, strict=True))


def test_a_rest_at_the_bottom_is_measured_once() -> None:
    down = [float(lean) for lean in range(0, 71, 2)]
    resting = [70 + 0.5 * math.sin(k) for k in range(300)]
    assert len(accepted([*down, *resting])) == len(accepted(down))


def test_a_shallow_rep_is_not_measured() -> None:
    assert accepted(rep(15, deepest=LEAST_LEAN_DEG - 1)) == []


@pytest.mark.parametrize("fps", [15, 30])
def test_a_rep_just_deep_enough_is_measured_often_enough(fps: float) -> None:
    assert len(accepted(rep(fps, deepest=LEAST_LEAN_DEG + 8))) >= LEAST_READINGS


def test_a_lift_by_somebody_not_yet_seen_standing_is_measured_by_the_lean_in_the_picture() -> None:
    gate, bent_body = FrameGate(), replace(BODY, standing=None, trunk_lean_deg=None)
    for lean, taken in ((70.0, True), (70.0, False), (62.0, True), (20.0, False)):
        outline = replace(BODY.outline, lean_deg=-lean)
        assert gate.accepts(replace(bent_body, outline=outline)) is taken


def test_nobody_there_is_as_between_two_reps() -> None:
    gate = FrameGate()
    assert not gate.accepts(None)
    first = accepted(rep(15))
    assert accepted([*rep(15), None, *rep(15)]) == first + first
