"""A jointed paper figure: poses of a person whose every angle is known."""

import math
from collections.abc import Callable, Iterable

import numpy as np

from kiosk.pose.pose import Keypoint, Pose

# segment lengths in statures (Winter, Biomechanics of Human Movement)
SHIN, THIGH, TRUNK, HEAD = 0.246, 0.245, 0.288, 0.13
HALF_HIPS, HALF_SHOULDERS = 0.055, 0.1


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
    score: float = 0.8,
    size: tuple[int, int] = (640, 480),
) -> Pose:
    """One pose.

    Args:
        time_s: its time.
        lean_deg, knee_deg: trunk lean forward and knee bend; the hips go where balance puts them.
        facing: +1 to the picture's right, -1 to its left.
        yaw_deg: 0 side-on, 90 towards the camera.
        stature_px: height of the standing person.
        feet: where the ankles are.
        lift: how far the left and right foot is raised, in statures.
        step: how far the left and right foot is ahead, in statures.
        score: of every keypoint.
        size: of the picture.
    """
    knee = math.radians(knee_deg)
    shin = knee * 0.35  # a bent knee tips the shin forward by about a third of the bend
    thigh = knee - shin
    lean = math.radians(lean_deg)
    balance = 0.18 * math.sin(lean)  # hips travel back as the trunk goes forward
    ahead, width = math.cos(math.radians(yaw_deg)) * facing, math.sin(math.radians(yaw_deg))
    points = np.zeros((17, 3))
    points[:, 2] = score

    def put(k: int, forward: float, up: float, left: float) -> None:
        # the person's left is on the picture's right when they face the camera
        x = feet[0] + stature_px * (forward * ahead + left * width)
        y = feet[1] - stature_px * (up + 0.04 * forward * width)
        points[k, :2] = x, y

    hip_f = SHIN * math.sin(shin) - THIGH * math.sin(thigh) - balance
    hip_u = SHIN * math.cos(shin) + THIGH * math.cos(thigh)
    sho_f, sho_u = hip_f + TRUNK * math.sin(lean), hip_u + TRUNK * math.cos(lean)
    for side, sign in ((0, 1), (1, -1)):
        put(Keypoint.LEFT_ANKLE + side, step[side], lift[side], sign * HALF_HIPS)
        put(
            Keypoint.LEFT_KNEE + side,
            SHIN * math.sin(shin) - balance / 2 + step[side],
            SHIN * math.cos(shin) + lift[side],
            sign * HALF_HIPS,
        )
        put(Keypoint.LEFT_HIP + side, hip_f, hip_u, sign * HALF_HIPS)
        put(Keypoint.LEFT_SHOULDER + side, sho_f, sho_u, sign * HALF_SHOULDERS)
        put(Keypoint.LEFT_ELBOW + side, sho_f, sho_u - 0.16, sign * HALF_SHOULDERS)
        put(Keypoint.LEFT_WRIST + side, sho_f, sho_u - 0.32, sign * HALF_SHOULDERS)
        head_f, head_u = sho_f + HEAD * math.sin(lean), sho_u + HEAD * math.cos(lean)
        put(Keypoint.LEFT_EAR + side, head_f, head_u, sign * 0.04)
        put(Keypoint.LEFT_EYE + side, head_f + 0.04, head_u + 0.02, sign * 0.02)
    put(Keypoint.NOSE, head_f + 0.06, head_u, 0.0)
    return Pose(time_s, points, size)


def smooth_step(part: float) -> float:
    """0 to 1 with a calm start and end."""
    part = min(max(part, 0.0), 1.0)
    return part * part * (3 - 2 * part)


def depth_at(time_s: float, reps: int, *, start_s: float, period_s: float) -> float:
    """0 at the top, 1 at the bottom of equal reps, down for 45 %, still for 10 % of the period."""
    index, phase = divmod((time_s - start_s) / period_s, 1.0)
    if not 0 <= index < reps:
        return 0.0
    return smooth_step(phase / 0.4) if phase < 0.5 else smooth_step((0.9 - phase) / 0.4)


def film(
    seconds: float,
    pose: Callable[[float], Pose],
    *,
    fps: float = 15.0,
    noise_px: float = 0.0,
    seed: int = 0,
) -> list[Pose]:
    """Poses at an even rate, with noise on every position."""
    rng = np.random.default_rng(seed)
    poses = []
    for n in range(int(seconds * fps)):
        p = pose(n / fps)
        points = p.keypoints.copy()
        points[:, :2] += rng.normal(0, noise_px, (17, 2)) if noise_px else 0.0
        poses.append(Pose(p.time_s, points, p.size))
    return poses


def hinges(
    reps: int = 4, *, lean_deg: float = 70.0, knee_deg: float = 15.0, **how: float
) -> list[Pose]:
    """Stands still for 3 s, does equal reps of 3 s, stands for 1.5 s."""
    fps = how.pop("fps", 15.0)
    noise_px = how.pop("noise_px", 0.0)

    def pose(time_s: float) -> Pose:
        depth = depth_at(time_s, reps, start_s=3.0, period_s=3.0)
        return figure(time_s, lean_deg=lean_deg * depth, knee_deg=knee_deg * depth, **how)  # type: ignore[arg-type]  # tests pass figure's own keywords

    return film(4.5 + 3.0 * reps, pose, fps=fps, noise_px=noise_px)


def mirrored(poses: Iterable[Pose]) -> list[Pose]:
    """The same film seen in a mirror: left is right."""
    swap = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15]
    turned = []
    for p in poses:
        points = p.keypoints[swap].copy()
        points[:, 0] = p.size[0] - points[:, 0]
        turned.append(Pose(p.time_s, points, p.size))
    return turned


def shifted(poses: Iterable[Pose], seconds: float) -> list[Pose]:
    """The same film at another time."""
    return [Pose(p.time_s + seconds, p.keypoints, p.size) for p in poses]


def thinned(poses: Iterable[Pose], fps: float) -> list[Pose]:
    """The same film with frames left out, down to about `fps`."""
    kept: list[Pose] = []
    due = -math.inf
    for p in poses:
        if p.time_s >= due - 1e-6:
            kept.append(p)
            due = (p.time_s if due == -math.inf else due) + 1 / fps
    return kept
