"""Times and figures of a rep against those of the paper figure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.body.observer import BodyObserver
from kiosk.coaching.counter import sample_of
from kiosk.coaching.movement import Movement, Sample, middle_of
from kiosk.coaching.record import Rep
from kiosk.exercises.catalogue import exercise_by_id
from people import FEW, STANDS_S, Beat, broad, figure, hinges, joints
from replaying import counted

KNOWN_S = 0.25
"""How well a stroke can be timed at all: both its ends are flat."""


def only(reps: list[Rep]) -> Rep:
    (rep,) = reps
    return rep


@pytest.mark.parametrize("fps", [10, 15, 30])
@pytest.mark.parametrize("down", [0.7, 1.2, 2.0])
@pytest.mark.parametrize("hold", [0.0, 0.7, 1.5])
@pytest.mark.parametrize("up", [0.7, 1.2, 2.0])
def test_tempo_is_the_figures(down: float, hold: float, up: float, fps: float) -> None:
    poses = hinges(1, Beat(down, hold, up, 0.3), fps=fps, noise_px=0.5)
    rep = only(counted(poses, "hip_hinge"))
    slack = KNOWN_S + 1 / fps
    assert rep.tempo.eccentric_s == pytest.approx(down, abs=slack)
    assert rep.tempo.pause_s == pytest.approx(hold, abs=slack)
    assert rep.tempo.concentric_s == pytest.approx(up, abs=slack)
    assert rep.start_s == pytest.approx(STANDS_S, abs=slack)
    assert rep.bottom_s == pytest.approx(STANDS_S + down + hold / 2, abs=slack)
    assert rep.end_s == pytest.approx(STANDS_S + down + hold + up, abs=slack)


@pytest.mark.parametrize("fps", [8, 15, 30, 60])
def test_a_slow_lockout_belongs_to_its_rep_at_any_frame_rate(fps: float) -> None:
    rep = only(counted(hinges(1, Beat(1.2, 0.3, 3.0, 0.3), fps=fps), "hip_hinge"))
    assert rep.tempo.concentric_s == pytest.approx(3.0, abs=0.15 * 3)
    assert rep.end_s == pytest.approx(STANDS_S + 4.5, abs=0.15 * 3)


@given(st.floats(0, 2), st.sampled_from([8, 15, 30]), st.integers(0, 99))
@FEW
def test_the_parts_of_a_rep_follow_one_another(noise_px: float, fps: float, seed: int) -> None:
    before_s = 0.0
    for rep in counted(hinges(4, fps=fps, noise_px=noise_px, seed=seed), "hip_hinge"):
        assert before_s <= rep.start_s < rep.bottom_s < rep.end_s
        parts = (rep.tempo.eccentric_s, rep.tempo.pause_s, rep.tempo.concentric_s)
        assert min(parts) >= 0
        assert sum(parts) == pytest.approx(rep.end_s - rep.start_s)
        before_s = rep.end_s - 1 / fps


@given(
    lean_deg=st.floats(55, 85),
    knee_deg=st.floats(5, 40),
    facing=st.sampled_from([-1, 1]),
    stature_px=st.floats(200, 430),
)
@FEW
def test_figures_at_the_bottom_are_the_figures(
    lean_deg: float, knee_deg: float, facing: int, stature_px: float
) -> None:
    poses = hinges(
        1,
        Beat(1.2, 0.5, 1.2, 0.3),
        lean_deg=lean_deg,
        knee_deg=knee_deg,
        facing=facing,
        stature_px=stature_px,
    )
    found, truth = only(counted(poses, "hip_hinge")).measures, joints(lean_deg, knee_deg)
    assert found.trunk_lean_deg == pytest.approx(lean_deg, abs=3)
    assert found.knee_flexion_deg == pytest.approx(knee_deg, abs=3)
    assert found.hip_flexion_deg == pytest.approx(truth.hip_deg, abs=4)
    assert found.shin_angle_deg == pytest.approx(truth.shin_deg, abs=3)
    assert found.hip_travel_legs == pytest.approx(truth.hip_travel_legs, abs=0.03)
    assert found.knee_travel_legs == pytest.approx(truth.knee_travel_legs, abs=0.03)
    assert found.hip_share == pytest.approx(truth.hip_deg / (truth.hip_deg + knee_deg), abs=0.03)


def test_a_deeper_rep_is_deeper() -> None:
    shallow, deep = counted(hinges(2, depths=(0.6, 1.0)), "hip_hinge")
    assert shallow.measures.depth is not None
    assert deep.measures.depth is not None
    assert 0.4 < shallow.measures.depth < deep.measures.depth < 1.3


def test_from_the_front_what_has_no_direction_is_not_told() -> None:
    rep = only(counted(hinges(1, yaw_deg=90), "hip_hinge"))
    told = rep.measures
    assert (told.shin_angle_deg, told.hip_travel_legs, told.knee_travel_legs) == (None,) * 3


# -- one movement ---------------------------------------------------------------------------------


def around(*bends: float, fps: float = 10.0) -> Movement:
    body = BodyObserver().observe(figure(0.0))
    assert body is not None
    return Movement.around(tuple(Sample(n / fps, bend, body) for n, bend in enumerate(bends)))


def test_a_movement_begins_where_the_descent_does_and_is_deepest_at_its_bottom() -> None:
    found = around(2.0, 0.0, 1.0, 30.0, 68.0, 70.0, 69.0, 40.0, 10.0)
    assert (found.start, found.deep) == (2, (4, 6))
    assert (found.peak_deg, found.amplitude_deg) == (70.0, 70.0)
    assert found.bottom_s == pytest.approx(0.5)
    assert found.frames_per_s == pytest.approx(10.0)


@given(turns_s=st.floats(0.42, 0.58), deepest=st.floats(40, 90))
@FEW
def test_the_vertex_is_that_of_the_parabola_between_the_frames(
    turns_s: float, deepest: float
) -> None:
    found = around(*(deepest - 90 * (n / 5 - turns_s) ** 2 for n in range(6)), fps=5.0)
    assert found.vertex_deg == pytest.approx(deepest)
    assert found.peak_deg <= found.vertex_deg + 1e-9


def test_a_movement_cut_off_at_its_deepest_has_no_vertex_beyond() -> None:
    assert around(0.0, 20.0, 50.0).vertex_deg == 50.0


def test_the_middle_is_of_what_is_known() -> None:
    assert middle_of([None, 3.0, 1.0, None, 2.0]) == 2.0
    assert middle_of([None]) is None


@pytest.mark.parametrize("facing", [1, -1])
def test_who_stands_as_if_they_faced_the_mirror_is_read_by_how_they_bend(facing: int) -> None:
    observer = BodyObserver()
    poses = hinges(1, yaw_deg=50.0, facing=facing)
    bodies = [b for p in poses if (b := observer.observe(broad(p, 1.35))) is not None]
    samples = [s for b in bodies if (s := sample_of(b, exercise_by_id("hip_hinge").rep))]
    as_stood = Movement.around(tuple(samples))
    reread = as_stood.reread()
    before, after = (m.samples[-1].body.standing for m in (as_stood, reread))
    assert before is not None
    assert after is not None
    assert before.yaw_deg > 65
    assert before.facing is None
    assert after.yaw_deg == pytest.approx(50, abs=8)
    assert after.facing == facing
    lean_deg = middle_of(b.trunk_lean_deg for b in reread.bottom)
    assert lean_deg == pytest.approx(70, abs=6)
