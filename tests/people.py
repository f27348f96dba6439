"""A jointed paper figure: poses of a person whose every angle is known."""

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from msgspec.structs import replace
from numpy.typing import NDArray

from kiosk.body.pose import Keypoint, Pose
from kiosk.coaching.stroke import smooth_step
from kiosk.exercises.stick_figure import HEAD, SHIN, THIGH, skeleton

# as wide as MoveNet draws people who face the camera: .72 and .44 trunks
HALF_SHOULDERS, HALF_HIPS = 0.104, 0.063

FEW = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
"""Hypothesis as these tests use it: the same examples in every run, and no watch."""

Depth = Callable[[float], float]

SHOULDERS_M = 1.31
"""Height of the shoulders above the ankles of somebody who is 1.70 m tall."""


def figure(
    time_s: float,
    *,
    lean_deg: float = 0.0,
    knee_deg: float = 0.0,
    facing: int = 1,
    yaw_deg: float = 0.0,
    stature_px: float = 300.0,
    feet: tuple[float, float] = (320.0, 440.0),
    lift: tuple[float, float] = (0.0, 0.0),
    step: tuple[float, float] = (0.0, 0.0),
    stance: float = 1.0,
    score: float = 0.8,
    size: tuple[int, int] = (640, 480),
) -> Pose:
    """One pose.

    Args:
        time_s: its time.
        lean_deg, knee_deg: trunk lean forward and knee bend; `skeleton` has what follows.
        facing: +1 to the picture's right, -1 to its left.
        yaw_deg: 0 side-on, 90 towards the camera.
        stature_px: height of the standing person.
        feet: where the ankles are.
        lift: how far the left and right foot and knee are raised, in statures.
        step: how far the left and right foot and knee are ahead, in statures.
        stance: feet apart in hip widths; the knees lie half-way.
        score: of every keypoint.
        size: of the picture.
    """
    body = skeleton(lean_deg, knee_deg)
    lean = math.radians(lean_deg)
    ahead, width = math.cos(math.radians(yaw_deg)) * facing, math.sin(math.radians(yaw_deg))
    points = np.zeros((17, 3))
    points[:, 2] = score

    def put(k: int, forward: float, up: float, left: float) -> None:
        # the person's left is on the picture's right when they face the camera
        x = feet[0] + stature_px * (forward * ahead + left * width)
        y = feet[1] - stature_px * (up + 0.04 * forward * width)
        points[k, :2] = x, y

    (knee_f, knee_u), (hip_f, hip_u), (sho_f, sho_u) = body.knee, body.hip, body.shoulder
    head_f, head_u = sho_f + HEAD * math.sin(lean), sho_u + HEAD * math.cos(lean)
    for side, sign in ((0, 1), (1, -1)):
        foot, knee = sign * HALF_HIPS * stance, sign * HALF_HIPS * (1 + stance) / 2
        put(Keypoint.LEFT_ANKLE + side, step[side], lift[side], foot)
        put(Keypoint.LEFT_KNEE + side, knee_f + step[side], knee_u + lift[side], knee)
        put(Keypoint.LEFT_HIP + side, hip_f, hip_u, sign * HALF_HIPS)
        put(Keypoint.LEFT_SHOULDER + side, sho_f, sho_u, sign * HALF_SHOULDERS)
        put(Keypoint.LEFT_ELBOW + side, sho_f, sho_u - 0.16, sign * HALF_SHOULDERS)
        put(Keypoint.LEFT_WRIST + side, sho_f, sho_u - 0.32, sign * HALF_SHOULDERS)
        put(Keypoint.LEFT_EAR + side, head_f, head_u, sign * 0.04)
        put(Keypoint.LEFT_EYE + side, head_f + 0.04, head_u + 0.02, sign * 0.02)
    put(Keypoint.NOSE, head_f + 0.06, head_u, 0.0)
    return Pose.of(time_s, points, size)


@dataclass(frozen=True, slots=True)
class Joints:
    """What is to be measured of a `figure`: angles in degrees, and travels in leg lengths.

    Attributes:
        shin_deg, thigh_deg: from the vertical; knee ahead of ankle and hip behind knee positive.
        hip_deg: between trunk and thigh, 0 when standing.
        hip_travel_legs, knee_travel_legs: hips backward and knees forward of the ankles.
    """

    shin_deg: float
    thigh_deg: float
    hip_deg: float
    hip_travel_legs: float
    knee_travel_legs: float


def joints(lean_deg: float, knee_deg: float) -> Joints:
    """What is to be measured of a `figure` that is bent like this."""
    body = skeleton(lean_deg, knee_deg)
    shin_deg = math.degrees(math.atan2(*body.knee))
    thigh_deg = knee_deg - shin_deg
    leg = SHIN + THIGH
    return Joints(shin_deg, thigh_deg, lean_deg + thigh_deg, -body.hip[0] / leg, body.knee[0] / leg)


def changed(pose: Pose, where: Any, value: NDArray[np.float64] | float) -> Pose:
    """The same pose with other figures at an index of its `keypoints`."""
    keypoints = pose.keypoints.copy()
    keypoints[where] = value
    return Pose.of(pose.time_s, keypoints, pose.size)


def nobody(time_s: float) -> Pose:
    """An empty room, in which the model sees a phantom."""
    return figure(time_s, score=0.12, stature_px=120, lean_deg=20 * math.sin(7 * time_s))


def through(*keys: tuple[float, float]) -> Depth:
    """A course of depths: from key to key (seconds, depth), calm at each, level outside."""

    def depth(time_s: float) -> float:
        for (t0, d0), (t1, d1) in itertools.pairwise(keys):
            if t0 <= time_s < t1:
                return d0 + (d1 - d0) * smooth_step((time_s - t0) / (t1 - t0))
        return keys[0][1] if time_s < keys[0][0] else keys[-1][1]

    return depth


@dataclass(frozen=True, slots=True)
class Beat:
    """Seconds of one rep: down, still at the bottom, up, and at the top before the next."""

    down: float = 1.2
    hold: float = 0.3
    up: float = 1.2
    top: float = 0.3

    @property
    def whole(self) -> float:
        """From one descent to the next."""
        return self.down + self.hold + self.up + self.top


STANDS_S = 3.0
"""Seconds that the people of `cycles` stand before their first rep."""


def cycles(reps: int, beat: Beat = Beat(), depths: Sequence[float] = ()) -> Depth:
    """Stands still for STANDS_S, does reps to the given depths (1 where none is given), stands."""
    keys = []
    for number in range(reps):
        start = STANDS_S + number * beat.whole
        deep = depths[number] if number < len(depths) else 1.0
        keys += [
            (start, 0.0),
            (start + beat.down, deep),
            (start + beat.down + beat.hold, deep),
            (start + beat.down + beat.hold + beat.up, 0.0),
        ]
    return through(*keys or [(0.0, 0.0)])


def film(
    seconds: float,
    pose: Callable[[float], Pose],
    *,
    fps: float = 15.0,
    noise_px: float = 0.0,
    seed: int = 0,
    uneven: float = 0.0,
) -> list[Pose]:
    """Poses with noise on every position; `uneven` shifts each time by that part of a frame."""
    rng = np.random.default_rng(seed)
    poses = []
    for n in range(int(seconds * fps)):
        p = pose((n + uneven * rng.uniform(-0.5, 0.5)) / fps)
        points = p.keypoints.copy()
        points[:, :2] += rng.normal(0, noise_px, (17, 2)) if noise_px else 0.0
        poses.append(Pose.of(p.time_s, points, p.size))
    return poses


def bending(
    depth: Depth, *, lean_deg: float = 70.0, knee_deg: float = 15.0, **how: object
) -> Callable[[float], Pose]:
    """A figure that bends as `depth` says, to these angles at depth 1; `how` goes to `figure`."""

    def pose(time_s: float) -> Pose:
        deep = depth(time_s)
        return figure(time_s, lean_deg=lean_deg * deep, knee_deg=knee_deg * deep, **how)  # type: ignore[arg-type]  # figure's own keywords

    return pose


def hinges(
    reps: int = 3,
    beat: Beat = Beat(),
    *,
    depths: Sequence[float] = (),
    fps: float = 15.0,
    noise_px: float = 0.0,
    seed: int = 0,
    uneven: float = 0.0,
    **how: object,
) -> list[Pose]:
    """Stands still, does reps, stands for 1.5 s; `how` goes to `bending`."""
    return film(
        STANDS_S + reps * beat.whole + 1.5,
        bending(cycles(reps, beat, depths), **how),  # type: ignore[arg-type]  # bending's own keywords
        fps=fps,
        noise_px=noise_px,
        seed=seed,
        uneven=uneven,
    )


def standing(camera_m: float, away_m: float, *, pitch_deg: float = 0.0, lens: float = 0.85) -> Pose:
    """Somebody who stands that far from a pinhole camera, at time 0.

    Args:
        camera_m: its height above the ankles; the shoulders are SHOULDERS_M above them.
        away_m: metres.
        pitch_deg: by which it looks down.
        lens: its focal length in picture heights.
    """
    shape = figure(0.0)
    width, height = shape.size
    xs, ys = shape.keypoints[:, 0], shape.keypoints[:, 1]
    feet, shoulders = ys[15:17].mean(), ys[5:7].mean()
    metre = (feet - shoulders) / SHOULDERS_M
    angles = np.arctan2(camera_m - (feet - ys) / metre, away_m) - math.radians(pitch_deg)
    across = (xs - xs[11:13].mean()) / metre / away_m
    points = shape.keypoints.copy()
    points[:, 0] = width / 2 + lens * height * across
    points[:, 1] = height * (0.5 + lens * np.tan(angles))
    return Pose.of(0.0, points, shape.size)


def broad(pose: Pose, times: float) -> Pose:
    """The same body with shoulders and hips so many times as wide."""
    points = pose.keypoints.copy()
    for left, right in ((5, 6), (11, 12)):
        middle = points[[left, right], 0].mean()
        points[[left, right], 0] = middle + times * (points[[left, right], 0] - middle)
    return Pose.of(pose.time_s, points, pose.size)


def mirrored(poses: Iterable[Pose]) -> list[Pose]:
    """The same film seen in a mirror: left is right."""
    swap = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15]
    turned = []
    for p in poses:
        points = p.keypoints[swap].copy()
        points[:, 0] = p.size[0] - points[:, 0]
        turned.append(Pose.of(p.time_s, points, p.size))
    return turned


def shifted(poses: Iterable[Pose], seconds: float) -> list[Pose]:
    """The same film at another time."""
    return [replace(p, time_s=p.time_s + seconds) for p in poses]


def thinned(poses: Iterable[Pose], fps: float) -> list[Pose]:
    """The same film with frames left out, down to about `fps`."""
    kept: list[Pose] = []
    due = -math.inf
    for p in poses:
        if p.time_s >= due - 1e-6:
            kept.append(p)
            due = (p.time_s if due == -math.inf else due) + 1 / fps
    return kept
