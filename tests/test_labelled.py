import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.coaching.record import CheckResult, Measures, Rep, Tempo, Verdict
from kiosk.errors import BadInputError
from labelled import Clip, Labelled, Share, Tally, match, read_clips, unique, view_of
from paths import ROOT, TRACES

SILENT = CheckResult(verdict=Verdict.NOT_ASSESSED, reason="turn_side_on")
FAULT, OK = CheckResult(verdict=Verdict.FAULT), CheckResult(verdict=Verdict.OK)


def rep(bottom_s: float, **checks: CheckResult) -> Rep:
    tempo = Tempo(eccentric_s=1, pause_s=0, concentric_s=1)
    times = {"start_s": bottom_s - 1, "bottom_s": bottom_s, "end_s": bottom_s + 1}
    return Rep(number=1, **times, counted=True, tempo=tempo, measures=Measures(), checks=checks)


def clip(*bottoms_s: float, optional: int = 0, film: bool = False, **faults: bool) -> Clip:
    return Clip(
        name="somebody",
        source=Path("somebody.mp4" if film else "somebody.npz"),
        others=(),
        exercise="deadlift",
        real=True,
        person="a",
        view="side-on",
        reps=tuple(Labelled(bottom_s=(s, s), faults=faults) for s in bottoms_s),
        optional=optional,
        most=len(bottoms_s),
    )


def tally(labels: Clip, *counted: Rep) -> Tally:
    result = Tally()
    result.add(labels, counted)
    return result


def parts(share: Share) -> tuple[int, int]:
    return share.part, share.whole


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [  # Newcombe 1998, table I, and Brown et al. 2001
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_an_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    assert Share(part, whole).interval == pytest.approx((low, high), abs=5e-5)


def test_a_label_gets_the_nearest_counted_rep_and_each_only_once() -> None:
    labelled = [(1.0, 1.0), (2.0, 2.0)]
    assert match(labelled, [1.9, 0.4]) == {0: 1, 1: 0}
    assert match(labelled, [1.7]) == {1: 0}
    assert match(labelled, [3.1]) == {}


def test_a_bottom_that_lasts_is_met_anywhere_in_it() -> None:
    assert match([(5.0, 15.0)], [10.0]) == {0: 0}


def test_a_label_without_a_time_takes_a_rep_that_no_other_has() -> None:
    assert match([None, (2.0, 2.0)], [2.1, 7.0]) == {1: 0, 0: 1}


def test_a_rep_that_the_clip_cuts_is_neither_missed_nor_false() -> None:
    cut = clip(0.1, 3.0, 6.0, optional=1)
    for counted in ([3, 6], [0.1, 3, 6], [1.5, 3, 6]):
        result = tally(cut, *map(rep, counted))
        assert parts(result.found) == (len(counted),) * 2
        assert result.false.part == 0
    assert parts(tally(cut, rep(3)).found) == (1, 2)


def test_a_shallow_rep_may_be_counted_or_not() -> None:
    deep, shallow = clip(1, 4).reps
    either = replace(clip(1, 4), reps=(deep, replace(shallow, must=False)))
    assert parts(tally(either, rep(1)).found) == (1, 1)
    assert parts(tally(either, rep(1), rep(4)).found) == (2, 2)


def test_a_rep_with_no_label_near_is_false_and_its_label_missed() -> None:
    result = tally(clip(1, 4), rep(1), rep(7))
    assert parts(result.found) == (1, 2)
    assert parts(result.false) == (1, 2)


def test_more_reps_than_can_be_right_are_false() -> None:
    three_bottoms_of_two_reps = replace(clip(0, 3, 6, optional=2), most=2)
    assert parts(tally(three_bottoms_of_two_reps, rep(0), rep(3), rep(6)).false) == (1, 3)


def test_silence_and_a_missed_rep_are_faults_not_found() -> None:
    faulty = clip(1, 4, 7, 10, lean_back=True)
    counted = rep(1, lean_back=FAULT), rep(4, lean_back=SILENT), rep(7, lean_back=OK)
    check = tally(faulty, *counted).checks["lean_back"]
    assert parts(check.found) == (1, 4)
    assert check.silent == 2
    assert parts(check.judged) == (2, 3)
    assert parts(check.false) == (0, 0)


def test_only_a_judged_clean_rep_can_raise_a_false_alarm() -> None:
    clean = clip(1, 4, 7, lean_back=False)
    counted = rep(1, lean_back=FAULT), rep(4, lean_back=SILENT), rep(7, lean_back=OK)
    assert parts(tally(clean, *counted).checks["lean_back"].false) == (1, 2)


def test_a_check_that_the_labels_do_not_speak_of_is_neither_right_nor_wrong() -> None:
    check = tally(clip(1), rep(1, tempo=FAULT)).checks["tempo"]
    assert parts(check.found) == parts(check.false) == (0, 0)
    assert parts(check.judged) == (1, 1)


def test_a_check_that_is_off_does_not_appear() -> None:
    off = CheckResult(verdict=Verdict.NOT_ASSESSED, reason="off")
    assert tally(clip(1), rep(1, head_up=off)).checks == {}


def test_the_back_is_measured_on_films_only() -> None:
    counted = rep(1, rounded_back=SILENT)
    assert "rounded_back" not in tally(clip(1, rounded_back=True), counted).checks
    seen = tally(clip(1, film=True, rounded_back=True), counted).checks["rounded_back"]
    assert parts(seen.found) == (0, 1)


def test_tempo_and_back_are_no_verdict_on_form() -> None:
    assert parts(tally(clip(1), rep(1, tempo=OK, rounded_back=OK, shallow=SILENT)).form) == (0, 1)
    assert parts(tally(clip(1), rep(1, shallow=OK)).form) == (1, 1)


@pytest.mark.parametrize(
    ("seen", "view"),
    [
        ("side", "side-on"),
        ("front-oblique, low camera", "oblique"),
        ("side to oblique", "oblique"),
        ("front", "front"),
        ("", "unknown"),
        (-19.0, "side-on"),
        (21.0, "oblique"),
        (61.0, "front"),
        (-150.0, "oblique"),
        (170.0, "side-on"),
    ],
)
def test_a_view_is_read_from_words_or_degrees(seen: str | float, view: str) -> None:
    assert view_of(seen) == view


def write_labels(folder: Path, *labels: dict[str, object], frames: int = 1) -> Path:
    folder.mkdir(exist_ok=True)
    for label in labels:
        np.savez(folder / f"{label['id']}.npz", keypoints=np.zeros((frames, 17, 3)))
    file = folder / "labels.json"
    file.write_text(json.dumps({"clips": labels}))
    return file


def test_a_stranger_needs_no_more_than_an_exercise_and_a_count(tmp_path: Path) -> None:
    write_labels(tmp_path, {"id": "me_monday", "exercise": "squat", "reps": 5})
    (found,) = read_clips(str(tmp_path))
    assert (found.exercise, found.person, found.view) == ("squat", "me", "unknown")
    assert (len(found.reps), found.optional, found.most) == (5, 0, 5)
    assert found.reps[0].faults == {}


def test_a_label_is_believed_where_it_is_sure(tmp_path: Path) -> None:
    sure = {"fault": "knee_dominant (squatty swing)", "reps": "all", "confidence": "medium"}
    doubtful = {"fault": "rounded_back", "reps": "all", "confidence": "low"}
    some = {"fault": "shallow", "reps": "some", "confidence": "high"}
    label = {"id": "a_1", "exercise": "deadlift", "reps": [1, 2], "bottoms_s": [1, 4]}
    write_labels(tmp_path, label | {"faults": [sure, doubtful, some]})
    (found,) = read_clips(str(tmp_path))
    assert found.reps[0].faults == {"knee_dominance": True}
    assert (found.optional, found.most) == (1, 2)
    write_labels(tmp_path, label | {"faults": []})
    (found,) = read_clips(str(tmp_path))
    assert found.reps[0].faults["lean_back"] is False


def test_the_same_film_is_measured_once_from_its_longest_trace(tmp_path: Path) -> None:
    label = {"id": "a_1", "exercise": "squat", "reps": 1}
    files = [write_labels(tmp_path / str(n), label, frames=n) for n in (3, 9, 5)]
    (best,) = unique(one for file in files for one in read_clips(str(file)))
    assert best.source.parent.name == "9"


def test_a_rendered_fault_too_small_to_be_seen_is_left_out(tmp_path: Path) -> None:
    times = {"bottom0": 1.0, "bottom1": 2.0}
    faults = [{}, {"lean_back": 8}, {"lean_back": 20}, {"shallow": 35}]
    truth = {
        "body": 7,
        "tag": {"exercise": "rdl", "yaw": -45.0},
        "reps": [times | {"faults": one} for one in faults],
    }
    (tmp_path / "r.json").write_text(json.dumps(truth))
    np.savez(tmp_path / "r.npz", knee=np.zeros(3))  # the renderer's own arrays
    (tmp_path / "poses").mkdir()
    assert list(read_clips(str(tmp_path))) == []
    np.savez(tmp_path / "poses" / "r.npz", keypoints=np.zeros((3, 17, 3)))
    (found,) = read_clips(f"{tmp_path}:{tmp_path / 'poses'}")
    assert (found.exercise, found.person, found.view) == ("romanian_deadlift", "7", "oblique")
    assert [one.faults.get("lean_back") for one in found.reps] == [False, None, True, False]
    assert [one.must for one in found.reps] == [True, True, True, False]


def test_the_packaged_recording_and_its_truth_are_labelled_clips() -> None:
    (found,) = read_clips(str(ROOT / "kiosk/commands/demo"))
    assert found.film
    assert found.exercise == "hip_hinge"
    assert len(found.reps) == 5


def test_a_film_is_taken_before_its_trace_only_when_asked(tmp_path: Path) -> None:
    write_labels(tmp_path, {"id": "a_1", "exercise": "squat", "reps": 1, "clip": "a_1.mp4"})
    (tmp_path / "a_1.mp4").touch()
    assert [next(read_clips(str(tmp_path), films=films)).film for films in (0, 1)] == [False, True]
    named = f"{tmp_path}:{tmp_path}"
    assert not next(read_clips(named, films=True)).film


def test_the_fixtures_are_labelled_clips() -> None:
    found = list(read_clips(str(TRACES)))
    assert len(found) == len(list(TRACES.glob("*.npz")))
    assert {one.view for one in found} == {"side-on", "oblique", "front"}


def test_labels_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    file = write_labels(tmp_path, {"id": "a_1", "reps": 3})
    with pytest.raises(BadInputError, match=r"labels\.json.*exercise"):
        list(read_clips(str(file)))
    with pytest.raises(BadInputError, match="does not exist"):
        list(read_clips(str(tmp_path / "nowhere")))
