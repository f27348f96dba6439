"""One step of seeing, and the buttons that other threads press meanwhile."""

import threading
from collections.abc import Callable, Iterable
from itertools import compress

import pytest
from msgspec.structs import replace

from doubles import blank_frame
from kiosk.app.pipeline import Pipeline
from kiosk.body.follower import Follower
from kiosk.body.pose import Pose
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import Ended, SetRecord
from kiosk.coaching.snapshot import RepPhase, Snapshot, Stage
from kiosk.errors import CameraError, FrameError, KioskError
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.exercises.exercise import Exercise
from kiosk.vision.pose.source import BEFORE_S, DURING_S, PoseSource
from kiosk.vision.pose.unseen import UNSEEN
from people import STANDS_S, Beat, figure, film, hinges, nobody, shifted, thinned

BEAT = Beat(1.2, 0.3, 1.2, 0.6)


class Poses(PoseSource):
    """A `PoseSource` that plays a script of poses and faults, and notes how it was steadied."""

    def __init__(self, script: Iterable[Pose | KioskError]) -> None:
        self.script = iter(script)
        self.capture_s = 0.0
        self.invoke_s = 0.0
        self.steadied: list[tuple[bool, bool]] = []
        self.asked: list[float | None] = []
        self.followed: list[Follower] = []
        self.closed = False

    def read(self) -> Pose | None:
        step = next(self.script, None)
        if isinstance(step, KioskError):
            raise step
        return step

    def steady(self, *, stands_still: bool, wanted: bool) -> None:
        self.steadied.append((stands_still, wanted))

    def check_bystander(self, every_s: float | None) -> None:
        self.asked.append(every_s)

    def follow(self, person: Follower) -> None:
        self.followed.append(person)

    def close(self) -> None:
        self.closed = True


def looking(
    script: Iterable[Pose | KioskError], coach: Coach | None = None
) -> tuple[Pipeline, list[SetRecord]]:
    told: list[SetRecord] = []
    coach = coach or Coach(exercise_by_id("hip_hinge"))
    return Pipeline(Poses(script), coach, told.append), told


def run(perception: Pipeline) -> list[Snapshot]:
    seen = []
    while perception.step():
        assert perception.snapshot is not None
        seen.append(perception.snapshot)
    return seen


def test_the_source_to_its_end() -> None:
    poses = hinges(1, BEAT)
    perception, _ = looking(poses)
    assert perception.snapshot is None
    seen = run(perception)
    assert [s.time_s for s in seen] == [p.time_s for p in poses]
    assert perception.step() is False
    assert perception.snapshot is seen[-1]


def test_every_raw_pose_is_handed_on_as_it_came() -> None:
    poses, kept = hinges(1, BEAT, noise_px=2), []
    coach = Coach(exercise_by_id("hip_hinge"))
    run(Pipeline(Poses(poses), coach, lambda _: None, kept.append))
    assert kept == poses


def test_a_set_is_told_whenever_it_has_changed_and_only_then() -> None:
    perception, told = looking(hinges(3, BEAT))
    run(perception)
    perception.finish()
    assert len(set(map(id, told))) == len(told)
    assert [len(record.counted) for record in told] == [0, 1, 2, 3, 3]
    assert [record.ended for record in told] == [None] * 4 + [Ended.BUTTON]
    assert {record.serial for record in told} == {told[0].serial}
    perception.finish()
    assert len(told) == 5


def test_switching_closes_the_set_and_changes_the_exercise() -> None:
    perception, told = looking(hinges(1, BEAT))
    assert perception.exercise.id == "hip_hinge"
    run(perception)
    perception.switch(exercise_by_id("squat"))
    assert perception.exercise.id == "squat"
    assert told[-1].ended is Ended.SWITCHED
    assert len(told[-1].counted) == 1
    assert perception.snapshot is not None
    assert perception.snapshot.exercise == "squat"


def test_accepting_a_suggestion_moves_the_set_in_the_next_step() -> None:
    squats = hinges(3, BEAT, lean_deg=25.0, knee_deg=105.0)
    coach = Coach(exercise_by_id("hip_hinge"), catalogue().values())
    perception, told = looking(squats, coach)
    while perception.snapshot is None or perception.snapshot.suggested is None:
        assert perception.step()
    perception.accept()
    assert perception.exercise.id == "hip_hinge"
    perception.step()
    assert perception.exercise.id == "squat"
    run(perception)
    perception.finish()
    assert {record.serial for record in told} == {1}
    assert (told[-1].exercise, len(told[-1].counted)) == ("squat", 3)


def test_accepting_without_a_suggestion_changes_nothing() -> None:
    perception, told = looking(hinges(2, BEAT))
    perception.accept()
    run(perception)
    perception.finish()
    assert (told[-1].exercise, len(told[-1].counted)) == ("hip_hinge", 2)


def test_a_button_before_the_first_pose_is_harmless() -> None:
    perception, told = looking(hinges(1, BEAT))
    perception.finish()
    perception.switch(exercise_by_id("squat"))
    assert perception.snapshot is not None
    assert perception.snapshot.stage is Stage.WAITING
    assert told == []


def test_the_section_is_wanted_steady_only_when_ready_and_in_a_set() -> None:
    poses = hinges(1, BEAT)
    gone = shifted(film(4, nobody), poses[-1].time_s + 0.1)
    perception, _ = looking([*poses, *gone])
    seen = run(perception)
    source = perception.poses
    assert isinstance(source, Poses)
    stages = {snapshot.stage for snapshot in seen}
    assert {Stage.FRAMING, Stage.READY, Stage.SET, Stage.SUMMARY} <= stages
    for snapshot, (stands_still, wanted) in zip(seen, source.steadied, strict=True):
        assert wanted == (snapshot.stage in (Stage.READY, Stage.SET))
        assert stands_still == (snapshot.stillness == 1.0)
    assert (True, True) in source.steadied


def test_a_look_aside_is_wanted_only_of_somebody_upright_between_two_reps() -> None:
    poses = hinges(1, BEAT)
    gone = shifted(film(4, nobody), poses[-1].time_s + 0.1)
    bent = film(1, lambda t: figure(t, lean_deg=60))
    perception, _ = looking([*bent, *shifted([*poses, *gone], 1.0)])
    seen = run(perception)
    source = perception.poses
    assert isinstance(source, Poses)
    assert seen[0].stage is Stage.FRAMING
    assert not any(source.asked[: len(bent)])
    asked = {(s.stage, every_s) for s, every_s in zip(seen, source.asked, strict=True) if every_s}
    before = {(Stage.FRAMING, BEFORE_S), (Stage.READY, BEFORE_S)}
    assert asked == {*before, (Stage.SET, DURING_S)}
    moving = [s.phase is not RepPhase.TOP for s in seen]
    assert any(moving)
    assert not any(compress(source.asked, moving)), "a second inference must not cost a frame"
    stood = range(len(bent), len(bent) + round(15 * STANDS_S))
    assert all(source.asked[n] for n in stood)


def test_the_source_is_told_whom_to_look_for() -> None:
    coach = Coach(exercise_by_id("hip_hinge"))
    perception, _ = looking(hinges(1, BEAT), coach)
    run(perception)
    source = perception.poses
    assert isinstance(source, Poses)
    assert source.followed[-1] is coach.person.follower


def test_a_rejected_frame_is_a_step_without_a_pose() -> None:
    poses = hinges(2, BEAT)
    middle = len(poses) // 2
    perception, told = looking([*poses[:middle], FrameError("NaN"), *poses[middle:]])
    seen = run(perception)
    assert len(seen) == len(poses) + 1
    assert seen[middle] is seen[middle - 1]
    perception.finish()
    assert len(told[-1].counted) == 2


def test_what_cannot_be_seen_is_not_counted_and_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    poses = hinges(4, BEAT)
    middle = len(poses) // 2
    dark = [replace(pose, unseen="dark") for pose in poses[middle:]]
    kept: list[Pose] = []
    told: list[SetRecord] = []
    coach = Coach(exercise_by_id("hip_hinge"))
    perception = Pipeline(Poses([*poses[:middle], *dark]), coach, told.append, kept.append)
    seen = run(perception)
    assert perception.unseen == "dark"
    assert (len(told[-1].counted), told[-1].ended) == (2, Ended.WALKED_OFF)
    assert seen[middle].pose is None or seen[-1].stage in (Stage.SUMMARY, Stage.WAITING)
    assert kept[-1] is dark[-1]  # a recording keeps what the model found
    assert caplog.messages == [UNSEEN["dark"]]


@pytest.mark.parametrize(("fps", "reps"), [(1, 0), (2, 0), (3, 0), (5, 4), (15, 4)])
def test_too_few_poses_a_second_count_nothing(fps: float, reps: int) -> None:
    perception, told = looking(thinned(hinges(4, BEAT), fps))
    run(perception)
    perception.finish()
    assert perception.unseen == (None if reps else "slow")
    assert len(told[-1].counted if told else ()) == reps


def test_what_fails_beside_the_count_costs_no_rep(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def update(self, *_: object) -> None:
            raise ZeroDivisionError

    poses = Poses(hinges(2, BEAT))
    poses.frame = blank_frame(0.0)
    told: list[SetRecord] = []
    run(Pipeline(poses, Coach(exercise_by_id("hip_hinge")), told.append, load=Broken()))
    assert len(told[-1].counted) == 2
    assert len(caplog.records) == 1


def test_a_lost_camera_passes_through_and_the_set_goes_on() -> None:
    poses = hinges(2, BEAT)
    middle = len(poses) // 2
    script = [*poses[:middle], CameraError("camera 0: no frame for a second"), *poses[middle:]]
    perception, told = looking(script)
    with pytest.raises(CameraError, match="camera 0"):
        run(perception)
    before = perception.snapshot
    run(perception)
    assert before is not None
    assert len(told[-1].counted) == 2


class Watched(Coach):
    """A coach that must never be touched by two threads at once."""

    guarded: Callable[[], bool]
    touched = 0

    def _touch(self) -> None:
        assert self.guarded()
        self.touched += 1

    def update(self, pose: Pose) -> Snapshot:
        self._touch()
        return super().update(pose)

    def finish(self, ended: Ended = Ended.BUTTON) -> Snapshot:
        self._touch()
        return super().finish(ended)

    def switch(self, exercise: Exercise) -> Snapshot:
        self._touch()
        return super().switch(exercise)


def test_whoever_touches_the_coach_holds_the_lock() -> None:
    coach = Watched(exercise_by_id("hip_hinge"))
    perception, _ = looking([figure(0.0)], coach)
    coach.guarded = perception.lock.locked
    perception.step()
    perception.finish()
    perception.switch(exercise_by_id("squat"))
    assert coach.touched == 3


def test_buttons_pressed_from_another_thread_lose_nothing() -> None:
    perception, told = looking(hinges(6, BEAT))
    seeing = threading.Thread(target=run, args=[perception])
    seeing.start()
    while seeing.is_alive():
        perception.finish()
    seeing.join()
    perception.finish()
    serials = [record.serial for record in told]
    assert serials == sorted(serials)
    newest = {record.serial: record for record in told}.values()
    assert sum(len(record.counted) for record in newest) == 6
    assert all(record.ended is not None for record in newest)
