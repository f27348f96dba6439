"""The drawn person bends by the given angles."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.body.outline import read_outline
from kiosk.body.state import Side
from kiosk.body.view import angles_of
from kiosk.exercises.stick_figure import (
    FOREARM,
    SHIN,
    THIGH,
    TRUNK,
    UPPER_ARM,
    Arms,
    as_pose,
    skeleton,
)
from people import FEW

LEANS, KNEES = st.floats(-20, 100), st.floats(0, 130)
ARMS = st.sampled_from(["hips", "hang", "shoulders", "forward", "chest", "spine", "swing"])


@FEW
@given(LEANS, KNEES, ARMS)
def test_limbs_keep_their_lengths(lean: float, knee: float, arms: Arms) -> None:
    body = skeleton(lean, knee, arms=arms)
    for start, end, length in (
        (body.ankle, body.knee, SHIN),
        (body.knee, body.hip, THIGH),
        (body.hip, body.shoulder, TRUNK),
        (body.shoulder, body.elbow, UPPER_ARM),
        (body.elbow, body.wrist, FOREARM),
    ):
        assert math.dist(start, end) == pytest.approx(length)


@FEW
@given(st.floats(0, 90), st.floats(0, 110))
def test_the_body_is_read_as_it_was_bent(lean: float, knee: float) -> None:
    outline = read_outline(as_pose(skeleton(lean, knee), size=(640, 480)))
    assert outline.lean_deg == pytest.approx(lean, abs=1.5)
    assert angles_of(outline, Side.LEFT, 0.0).knee_deg == pytest.approx(knee, abs=1.5)


@FEW
@given(st.floats(0, 90), st.floats(0, 60))
def test_the_feet_stay_under_the_body(lean: float, knee: float) -> None:
    body = skeleton(lean, knee)
    heaviest = 0.6 * body.shoulder[0] + 0.4 * body.hip[0]
    assert abs(heaviest) < 0.16


def test_what_lies_outside_the_picture_is_hardly_seen() -> None:
    pose = as_pose(skeleton(0, 0), ankle_px=(320.0, 520.0))
    assert pose.keypoints[15, 2] < 0.1 < pose.keypoints[5, 2]


def test_a_wide_person_faces_the_camera() -> None:
    side, front = (as_pose(skeleton(0, 0), half_width=w) for w in (0.006, 0.1))
    widths = [abs(p.keypoints[5, 0] - p.keypoints[6, 0]) for p in (side, front)]
    assert widths[1] > 10 * widths[0]
    assert not math.isnan(widths[0])
