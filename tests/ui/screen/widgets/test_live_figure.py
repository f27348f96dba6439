from typing import get_args

import numpy as np

from kiosk.body.pose import Keypoint, Pose
from kiosk.exercises.exercise import CheckId
from kiosk.ui.screen.gallery.scenes import person
from kiosk.ui.screen.widgets.live_figure import (
    KEYPOINTS_OF_CHECK,
    faces_right,
    feet_position,
    live_figure,
)
from people import changed


def test_the_figure_faces_the_way_the_mirror_shows() -> None:
    pose = person(lean_deg=70)  # leans to the right of the camera's picture
    figure = live_figure(pose, (640, 480), 0.5)
    assert figure.head is not None
    feet = feet_position(pose) * 640
    assert figure.head[0] < feet


def test_the_picture_is_scaled_to_the_box_and_set_around_the_centre() -> None:
    pose = person()
    small, large = (
        live_figure(pose, size, feet_position(pose)) for size in ((320, 240), (640, 480))
    )
    assert small.head is not None
    assert large.head is not None
    assert abs(2 * small.head[1] - large.head[1]) <= 1
    ankle = large.near[-2][-1][0]
    assert abs(ankle[0] - 320) < 10


def test_what_is_not_seen_is_not_drawn() -> None:
    pose = changed(person(), np.s_[:, 2], 0.05)
    figure = live_figure(pose, (640, 480), feet_position(pose))
    assert (figure.near, figure.far, figure.head) == ((), (), None)


def test_a_hidden_joint_in_mid_limb_is_not_bridged() -> None:
    pose = changed(person(), (Keypoint.RIGHT_KNEE, 2), 0.05)
    whole, cut = (live_figure(p, (640, 480), feet_position(p)) for p in (person(), pose))
    assert len([limb for limb in whole.near if len(limb) == 3]) == 2
    assert len([limb for limb in cut.near if len(limb) == 3]) == 1  # the arm
    # nor are hip and ankle joined
    assert len(cut.near) == len(whole.near) - 1


def test_the_side_seen_better_is_near() -> None:
    pose = person()
    figure = live_figure(pose, (640, 480), 0.5)
    swapped = pose.keypoints.copy()
    swapped[5::2, 2], swapped[6::2, 2] = pose.keypoints[6::2, 2], pose.keypoints[5::2, 2]
    other = live_figure(Pose.of(0.0, swapped, pose.size), (640, 480), 0.5)
    assert figure.far != other.far
    assert set(other.far) <= set(figure.near)


def test_every_check_has_a_place_on_the_body() -> None:
    assert set(KEYPOINTS_OF_CHECK) == set(get_args(CheckId))


def test_the_lit_joint_lies_where_the_mirror_shows_it() -> None:
    pose = person(lean_deg=60, knee_deg=60)
    figure = live_figure(pose, (640, 480), 0.5, KEYPOINTS_OF_CHECK["knee_dominance"])
    knees = [limb[1][0] for limb in (*figure.near, *figure.far) if len(limb) == 3]
    assert figure.lit is not None
    assert min(abs(figure.lit[0] - x) + abs(figure.lit[1] - y) for x, y in knees) < 6
    assert live_figure(pose, (640, 480), 0.5).lit is None


def test_who_faces_right_in_the_camera_faces_left_in_the_mirror() -> None:
    pose = person()
    assert not faces_right(pose)
    turned = changed(pose, np.s_[:, 0], 640 - pose.keypoints[:, 0])
    assert faces_right(turned)
