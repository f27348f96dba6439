from datetime import date

import pytest

from kiosk.coaching.record import Grade, SetRecord
from kiosk.coaching.set_summary import Fade, Summary, Tally
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.ui.screen.gallery.scenes import samples
from kiosk.ui.summary_text import (
    DEPTH_DEG,
    HIP_SHARE,
    TEMPO_S,
    back_line,
    fade_line,
    rests_on_line,
    takeaway,
    unjudged_line,
)
from kiosk.ui.words.words import Words

DAY = date(2026, 11, 25)


def summary(
    score: int | None = 90,
    *,
    main: tuple[str, ...] = (),
    rests_on: tuple[str, ...] = (),
    scored: int = 6,
    **tallies: Tally,
) -> Summary:
    return Summary(
        reps=6,
        partials=0,
        grades=dict.fromkeys(Grade, 0),
        score=score,
        scored=scored,
        rests_on=rests_on,
        fade=Fade(),
        one_thing=None,
        assessed=tallies,
        main=main,
    )


def unseen(reason: str, reps: int = 6, ok: int = 0) -> Tally:
    return Tally(not_assessed=reps, ok=ok, reason=reason)


@pytest.mark.parametrize(
    ("fade", "text"),
    [
        (Fade(), None),
        (Fade(trunk_lean_deg=-0.99 * DEPTH_DEG), None),
        (Fade(trunk_lean_deg=62 - 70), "Last reps: 8° shallower"),
        (Fade(trunk_lean_deg=70 - 62), "Last reps: 8° deeper"),
        (Fade(tempo_s=0.9 * TEMPO_S), None),
        (Fade(tempo_s=3.4 - 3.0), "Last reps: 0.4 s slower"),
        (Fade(tempo_s=3.0 - 3.4), "Last reps: 0.4 s faster"),
        (Fade(hip_share=-1.1 * HIP_SHARE), "Last reps: more knee bend"),
        (
            Fade(
                trunk_lean_deg=62 - 70,
                tempo_s=3.4 - 3.0,
                hip_share=0.6 - 0.8,
            ),
            "Last reps: 8° shallower, 0.4 s slower",
        ),
    ],
)
def test_fade_reports_what_is_worth_a_word(fade: Fade, text: str | None, words: Words) -> None:
    assert fade_line(fade, exercise_by_id("hip_hinge"), words) == text


def test_a_squat_is_not_called_shallow_for_an_upright_trunk(words: Words) -> None:
    fade = Fade(trunk_lean_deg=20 - 40, tempo_s=3.4 - 3.0)
    assert fade_line(fade, exercise_by_id("squat"), words) == "Last reps: 0.4 s slower"


def test_what_was_judged_in_most_reps_is_not_spoken_of(words: Words) -> None:
    assert unjudged_line(summary(shallow=unseen("turn_side_on", 2, ok=4)), words) is None
    assert unjudged_line(summary(head_up=unseen("off")), words) is None
    assert unjudged_line(summary(), words) is None


def test_the_most_common_reason_is_text_with_its_checks(words: Words) -> None:
    line = unjudged_line(
        summary(
            knee_dominance=unseen("turn_side_on"),
            stance=unseen("face_me_first", 5),
            tempo=unseen("face_me_first", 5),
        ),
        words,
    )
    assert line == "Not judged: stance, tempo · Face the mirror first"


def test_the_reason_is_that_of_the_main_checks_where_one_was_not_judged(words: Words) -> None:
    open_ = {
        "no_lockout": unseen("turn_side_on"),
        "stance": unseen("face_me_first"),
        "tempo": unseen("face_me_first"),
    }
    line = unjudged_line(summary(main=("no_lockout", "shallow"), **open_), words)
    assert line == "Not judged: lockout · Turn side-on"
    line = unjudged_line(summary(main=("shallow",), **open_), words)
    assert line == "Not judged: stance, tempo · Face the mirror first"


@pytest.mark.parametrize(
    ("checks", "scored", "text"),
    [
        (("knee_dominance", "no_lockout"), 6, "from knees, lockout"),
        # the two checks of the back are one
        (
            ("knee_dominance", "rounded_back", "over_arched_back", "tempo"),
            6,
            "from knees, back, tempo",
        ),
        (
            ("knee_dominance", "shallow", "no_lockout", "rounded_back", "tempo", "stance"),
            6,
            "from knees, depth, lockout, back +2",
        ),
        (("knee_dominance",), 2, "from knees · 2 of 6 reps"),
    ],
)
def test_the_score_says_what_it_rests_on(
    checks: tuple[str, ...], scored: int, text: str, words: Words
) -> None:
    assert rests_on_line(summary(rests_on=checks, scored=scored), words) == text
    assert rests_on_line(summary(None, scored=0), words) is None


def test_many_checks_are_only_counted_and_the_back_is_one(words: Words) -> None:
    back = {
        "rounded_back": unseen("no_reference"),
        "over_arched_back": unseen("no_reference"),
    }
    assert unjudged_line(summary(**back), words) == "Not judged: back · Two good reps first"
    more = back | {check: unseen("no_reference") for check in ("shallow", "lean_back")}
    assert unjudged_line(summary(**more), words) == "Not judged: 3 checks · Two good reps first"


def test_without_a_score_nothing_was_judged(words: Words) -> None:
    text = unjudged_line(summary(None, shallow=unseen("turn_side_on")), words)
    assert text == "Form not judged · Turn side-on"


@pytest.mark.parametrize("reason", ["turn_side_on", "hidden", "bar_covers_back", "no_back_line"])
def test_every_check_has_a_name_for_any_reason(reason: str, words: Words) -> None:
    for check in ("knee_dominance", "shallow", "no_lockout", "hips_late", "stance", "head_up"):
        assert unjudged_line(summary(**{check: unseen(reason)}), words)


@pytest.mark.parametrize(
    ("tally", "told"),
    [
        (Tally(ok=1, not_assessed=5), True),
        (Tally(fault=1, not_assessed=5), True),
        (unseen("no_reference"), False),
    ],
)
def test_a_judged_back_is_said_to_be_compared_with_ones_own(
    tally: Tally, words: Words, *, told: bool
) -> None:
    hinge = exercise_by_id("hip_hinge")
    line = back_line(summary(rounded_back=tally, shallow=Tally(ok=6)), hinge, words)
    assert line == ("Back: against your first good reps" if told else None)


# -- to take home ----------------------------------------------------------------------------------


def taken_home(name: str, words: Words, day: date | None = DAY) -> list[str]:
    snapshot = samples()[name].snapshot
    assert snapshot is not None
    assert snapshot.current is not None
    assert snapshot.summary is not None
    return takeaway(snapshot.current, snapshot.summary, day, words).splitlines()


def test_the_takeaway_tells_what_the_summary_tells(words: Words) -> None:
    lines = taken_home("summary-faults", words)
    assert lines[0] == "Hip hinge 2026-11-25"
    assert lines[1] == "9 reps, score 83 from knees, depth, lockout, back +4"
    assert lines[2] == "+ 4 clean, ! 5 to work on"
    assert lines[-2].startswith("Work on: Send your hips back")
    assert lines[-1] == "Drill: Wall tap"


@pytest.mark.parametrize(
    ("name", "signs", "grades"),
    [
        # the partial one is no rep
        ("summary-mixed", "++.+!.+.!", "+ 4 clean, ! 2 to work on, . 3 not judged"),
        ("summary-turned", "~~~++~++", "+ 4 clean, ~ 4 in part"),
    ],
)
def test_depths_stand_rep_by_rep_with_a_sign_for_the_grade(
    name: str, signs: str, grades: str, words: Words
) -> None:
    lines = taken_home(name, words)
    depths = next(line for line in lines if line.startswith("Depth"))
    assert "".join(figure[-1] for figure in depths.partition(": ")[2].split()) == signs
    assert grades in lines


def test_a_long_set_tells_its_last_reps_alone(words: Words) -> None:
    longest = max(len(line.split()) for line in taken_home("summary-hundred", words))
    assert longest < 40


def test_a_takeaway_without_a_score_or_a_day_tells_neither(words: Words) -> None:
    lines = taken_home("summary-hidden", words, None)
    assert lines[:3] == ["Hip hinge", "8 reps", ". 8 not judged"]
    assert not any("Work on" in line for line in lines)


def test_an_empty_set_has_no_tempo(words: Words) -> None:
    record = SetRecord(serial=1, exercise="squat", started_s=0.0, reps=())
    summary = Summary.of(record, exercise_by_id("squat"))
    assert takeaway(record, summary, DAY, words) == "Squat 2026-11-25\n0 reps"
