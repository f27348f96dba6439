"""Pure geometry: rays, edges, and the bow of a contour."""

import math

import numpy as np
import pytest
from drawn import DEPTH, bent, body_of, mask_of, trunk_of
from hypothesis import given
from hypothesis import strategies as st

from kiosk.vision.back.contour import (
    ALONG,
    RAYS,
    REACH,
    Contour,
    Trunk,
    bow,
    edges,
    fuse,
    ray_points,
)
from people import FEW


def inside_of(trunk: Trunk, bump: float) -> np.ndarray:
    """What the rays would sample of a drawn trunk, without a picture in between."""
    x, y = ray_points(trunk)
    along, back = trunk.axes
    x, y = x - trunk.hip[0], y - trunk.hip[1]
    at = (x * along[0] + y * along[1]) / (trunk.length * trunk.torso_px)
    behind = (x * back[0] + y * back[1]) / trunk.torso_px
    depth = DEPTH + bump * np.sin(np.pi * np.clip(at / 0.9, 0, 1))
    return np.clip((depth - behind) / 0.02 + 0.5, 0, 1)


def bulge_of(trunk: Trunk, bump: float) -> float:
    found = bow(fuse([inside_of(trunk, bump)]))
    assert found is not None
    return found.bulge


TRUNK = Trunk((300.0, 240.0), (370.0, 200.0), 1, 86.0)


def test_the_rays_leave_the_trunk_for_the_back() -> None:
    x, y = ray_points(Trunk((100.0, 200.0), (180.0, 200.0), 1, 80.0))
    assert x.shape == y.shape == (RAYS, len(REACH))
    assert np.allclose(x[:, 0], 100 + 80 * ALONG)
    assert y[0, -1] < 200 - 40  # bent forward, the back is above
    standing = ray_points(Trunk((100.0, 200.0), (100.0, 120.0), 1, 80.0))[0]
    assert standing[0, -1] < 100 - 40  # facing right, it is on the left


@FEW
@given(
    lean=st.floats(35, 95),
    bump=st.floats(-0.08, 0.1),
    scale=st.floats(0.5, 3),
    x=st.floats(-200, 200),
    y=st.floats(-200, 200),
)
def test_mirror_scale_and_place_do_not_matter(
    lean: float, bump: float, scale: float, x: float, y: float
) -> None:
    angle = np.radians(lean)
    end = 300 + 80 * np.sin(angle), 240 - 80 * np.cos(angle)
    plain = Trunk((300.0, 240.0), end, 1, 86.0)
    mirrored = Trunk((-300.0, 240.0), (-end[0], end[1]), -1, 86.0)
    other = Trunk(
        (300 * scale + x, 240 * scale + y), (end[0] * scale + x, end[1] * scale + y), 1, 86 * scale
    )
    expected = bulge_of(plain, bump)
    assert bulge_of(mirrored, bump) == pytest.approx(expected, abs=1e-6)
    assert bulge_of(other, bump) == pytest.approx(expected, abs=1e-6)


@FEW
@given(bump=st.floats(-0.08, 0.1), more=st.floats(0.01, 0.05))
def test_a_rounder_back_bulges_more(bump: float, more: float) -> None:
    rise = bulge_of(TRUNK, bump + more) - bulge_of(TRUNK, bump)
    assert 0.6 * more < rise < more


def test_a_shifted_hip_shoulder_line_is_forgiven_by_three_quarters() -> None:
    straight, deeper = inside_of(TRUNK, 0.0), np.roll(inside_of(TRUNK, 0.0), 8, axis=1)
    deeper[:, :8] = 1
    shift = 8 * (REACH[1] - REACH[0])
    rise = bow(fuse([deeper])).bulge - bow(fuse([straight])).bulge
    assert rise == pytest.approx(shift / 4, abs=0.003)


def test_an_edge_lies_where_the_body_ends_at_one_half() -> None:
    row = np.ones(len(REACH))
    row[60:] = 0
    row[60] = 0.3
    assert edges(row[np.newaxis])[0] == pytest.approx(REACH[59] + 0.005 * 0.5 / 0.7)


@pytest.mark.parametrize(
    ("holes", "found"),
    [([(30, 38)], True), ([(30, 45)], False)],
    ids=["a stripe is no edge", "a gap is"],
)
def test_short_holes_are_bridged(holes: list[tuple[int, int]], *, found: bool) -> None:
    row = np.ones(len(REACH))
    row[60:] = 0
    for start, end in holes:
        row[start:end] = 0
    assert bool(abs(edges(row[np.newaxis])[0] - REACH[59]) < 0.005) is found


def test_a_ray_without_a_body_or_without_an_end_has_no_edge() -> None:
    rows = np.zeros((3, len(REACH)))
    rows[1] = 1
    rows[2, 80:90] = 1  # something behind the back
    assert np.isnan(edges(rows)).all()


def test_one_source_that_fails_is_outvoted_by_two() -> None:
    right, near = inside_of(TRUNK, 0.0), inside_of(TRUNK, 0.01)
    wrong = right.copy()
    wrong[8:12, :110] = 1  # a shadow
    wrong[15:18] = 0  # a hole
    wrong[20:23, 30:] = 0  # a part that is missing
    found = fuse([near, wrong, right])
    for rays in (slice(8, 12), slice(15, 18), slice(20, 23)):
        between = np.sort([edges(right)[rays], edges(near)[rays]], axis=0)
        assert (found.reach[rays] >= between[0]).all()
        assert (found.reach[rays] <= between[1]).all()
    assert found.sure.all()


def test_two_sources_are_sure_only_where_they_agree() -> None:
    right, wrong = inside_of(TRUNK, 0.0), inside_of(TRUNK, 0.0)
    wrong[8:12, :110] = 1
    wrong[15:18] = 0
    doubted = fuse([right, wrong])
    assert not doubted.sure[8:12].any()
    assert not doubted.sure[15:18].any()
    assert doubted.sure[18:].all()
    assert np.array_equal(doubted.reach[15:18], edges(right)[15:18])
    wrong = inside_of(TRUNK, 0.0)
    wrong[15:18] = 0
    assert bow(fuse([right, wrong])).clear < bow(fuse([right])).clear == 1.0


def test_a_ray_that_no_source_sees_end_has_no_edge() -> None:
    blind = inside_of(TRUNK, 0.0)
    blind[5] = 1
    for sources in ([blind], [blind] * 2, [blind] * 3):
        found = fuse(sources)
        assert np.flatnonzero(np.isnan(found.reach)).tolist() == [5]
        assert np.flatnonzero(~found.sure).tolist() == [5]


def test_without_any_source_there_is_no_contour() -> None:
    assert fuse([]) is None


def test_the_reach_between_two_rays_lies_between_theirs() -> None:
    reach = 0.2 + 0.1 * ALONG
    reach[10] = np.nan
    contour = Contour(reach, np.isfinite(reach))
    assert contour.at(float(ALONG[10])) == pytest.approx(0.2 + 0.1 * ALONG[10])
    assert contour.at(-0.5) == pytest.approx(reach[0])
    assert math.isnan(Contour(np.full(RAYS, np.nan), np.zeros(RAYS, bool)).at(0.5))


def test_a_broken_contour_is_refused() -> None:
    reach = edges(inside_of(TRUNK, 0.0))
    reach[6:12] = np.nan
    assert bow(Contour(reach, np.isfinite(reach))) is None
    reach = edges(inside_of(TRUNK, 0.0))
    reach[:2] = np.nan  # the chord has lost an end
    assert bow(Contour(reach, np.isfinite(reach))) is None


def test_a_rough_contour_is_refused() -> None:
    reach = edges(inside_of(TRUNK, 0.0))
    reach[10:13] += 0.15  # an elbow
    assert bow(Contour(reach, np.isfinite(reach))) is None


def test_place_tells_along_and_behind() -> None:
    trunk = Trunk((100.0, 200.0), (180.0, 200.0), 1, 80.0)
    assert trunk.place(140, 160) == pytest.approx((0.5, 0.5))
    assert Trunk((100.0, 200.0), (20.0, 200.0), -1, 80.0).place(60, 160) == pytest.approx(
        (0.5, 0.5)
    )


def test_the_drawn_people_have_the_depth_they_are_drawn_with() -> None:
    pose = bent()
    trunk = trunk_of(pose, body_of(pose))
    mask = mask_of(trunk, 0.0)
    assert 0.2 < mask.sum() / trunk.torso_px**2 < 1.2
