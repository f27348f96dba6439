"""One useful thing at a time: scripted sets with their cues, and what always holds."""

import itertools
import re
from collections.abc import Mapping
from typing import get_args

import pytest
from coaching.scripted import VERDICTS, rep, reps, result, rule
from hypothesis import given
from hypothesis import strategies as st

from kiosk.coaching.cues import (
    LEAST_S,
    LONGEST_S,
    REPEAT_REPS,
    Cue,
    CueArbiter,
    CueKind,
    drill_offer,
)
from kiosk.coaching.record import HIDDEN, Verdict
from kiosk.exercises.exercise import CheckId, CheckRule
from kiosk.ui.words.words import Words, languages
from people import FEW

KNEE = rule("knee_dominance", 1, drill="wall_tap")
LOCKOUT = rule("no_lockout", 2, drill="band_resisted")
BACK = rule("rounded_back", 3, (2, 3), drill="dowel_rod")
HEAD = rule("head_up", 1, drill="dowel_rod", experimental=True)
RULES = (BACK, HEAD, LOCKOUT, KNEE)
SHORT = {"K": "knee_dominance", "L": "no_lockout", "B": "rounded_back", "H": "head_up"}
LETTER = {check: letter for letter, check in SHORT.items()}


def written(cue: Cue | None) -> str:
    """K for a cue on the knee, k for its praise, a dot for silence."""
    if cue is None:
        return "."
    letter = LETTER[cue.check]
    return letter if cue.kind is CueKind.FAULT else letter.lower()


def told(script: Mapping[str, str], rules: tuple[CheckRule, ...] = RULES) -> str:
    arbiter = CueArbiter(rules)
    spelt = {SHORT[letter]: verdicts for letter, verdicts in script.items()}
    return "".join(written(arbiter.update(one, one.end_s)) for one in reps(spelt))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        # silence
        ({"K": "OOOO", "L": "----"}, "...."),
        ({}, ""),
        # told at once, then every third rep
        ({"K": "FFFFFFF"}, "K..K..K"),
        # gone: praised once, and not again
        ({"K": "FOOO"}, "Kk.."),
        # no praise while another fault stands; it stays owed
        ({"K": "FOOO", "L": "FFFO"}, "KL.k"),
        # what was never told earns no praise
        ({"B": "FOOO"}, "...."),
        # the next rep that is assessed decides
        ({"K": "F-O-O"}, "K.k.."),
        ({"K": "FFO"}, "K.k"),
        # back again too soon: silence until its third rep, then praised anew
        ({"K": "FOFFO"}, "Kk.Kk"),
        # the same praise keeps its distance too
        ({"K": "F-OFOO"}, "K.kK.k"),
        # two of the last three assessed, and a fault now
        ({"B": "FFOF"}, ".Bb."),
        ({"B": "FOF"}, "..B"),
        ({"B": "F--F"}, "...B"),
        ({"B": "FOOF"}, "...."),
        ({"B": "FF-FF"}, ".B..B"),
        # the better priority first, the other while that one must rest
        ({"K": "FFFF", "L": "FFFF"}, "KL.K"),
        # a fault comes before praise, which waits while all is well
        ({"K": "FOO", "L": "OFO"}, "KLk"),
        ({"K": "FOOO", "L": "FFOO"}, "KLkl"),
        # experimental checks are silent
        ({"H": "FFFO", "K": "OOFO"}, "..Kk"),
    ],
)
def test_a_set_brings_these_cues(script: dict[str, str], expected: str) -> None:
    assert told(script) == expected


def test_the_order_of_the_rules_does_not_matter_but_the_priority_does() -> None:
    script = {"K": "FFOF", "L": "FFFO", "B": "FFFF"}
    assert {told(script, rules) for rules in itertools.permutations(RULES)} == {"KLBK"}


def test_two_rules_of_one_check_are_one_voice() -> None:
    side, front = rule("knee_dominance", 3), rule("knee_dominance", 1)
    assert told({"K": "FFFO", "L": "FFFO"}, (side, front, LOCKOUT)) == "KL.k"


def test_a_cue_says_when_and_in_which_words() -> None:
    arbiter = CueArbiter(RULES)
    fault, fine = reps({"no_lockout": "FO"})
    cue, praise = arbiter.update(fault, 7.5), arbiter.update(fine, 11.0)
    assert cue == Cue(CueKind.FAULT, "no_lockout", 7.5)
    assert praise == Cue(CueKind.PRAISE, "no_lockout", 11.0)
    assert (cue.key, praise.key) == ("cue.no_lockout", "praise.no_lockout")


def test_a_new_set_knows_nothing_of_the_last() -> None:
    arbiter = CueArbiter(RULES)
    fault = rep(1, reps({"knee_dominance": "F", "rounded_back": "F"})[0].checks)
    fine = rep(1, reps({"knee_dominance": "O"})[0].checks)
    assert written(arbiter.update(fault, 1.0)) == "K"
    arbiter.reset()
    assert arbiter.shown(1.1) is None
    assert arbiter.update(fine, 2.0) is None
    assert written(arbiter.update(fault, 3.0)) == "K"


def test_a_rep_without_that_check_says_nothing_of_it() -> None:
    arbiter = CueArbiter(RULES)
    assert arbiter.update(rep(1), 1.0) is None


CHECKS = ("knee_dominance", "no_lockout", "rounded_back", "head_up")
SETS = st.integers(0, 14).flatmap(
    lambda n: st.fixed_dictionaries(
        {check: st.text("FO-", min_size=n, max_size=n) for check in CHECKS}
    )
)


@given(SETS)
@FEW
def test_every_cue_has_its_reason(script: dict[str, str]) -> None:
    arbiter = CueArbiter(RULES)
    by_id: dict[str, CheckRule] = {one.id: one for one in RULES}
    said: dict[tuple[CueKind, str], int] = {}
    owed = dict.fromkeys(CHECKS, 0)
    for position, one in enumerate(reps(script)):
        cue = arbiter.update(one, one.end_s)
        faults = {c for c in CHECKS[:-1] if script[c][position] == "F"}
        if cue is None:
            # the one thing that is always told: a fault that needs no proof and was not told lately
            fresh = {c for c in faults if by_id[c].speak == (1, 1)}
            assert all(position - said[CueKind.FAULT, c] < REPEAT_REPS for c in fresh)
            continue
        assert not by_id[cue.check].experimental
        last = said.get((cue.kind, cue.check))
        assert last is None or position - last >= REPEAT_REPS
        said[cue.kind, cue.check] = position
        if cue.kind is CueKind.FAULT:
            assert cue.check in faults
            wanted, among = by_id[cue.check].speak
            seen = script[cue.check][: position + 1].replace("-", "")[-among:]
            assert seen.count("F") >= wanted
            owed[cue.check] = 1
        else:
            assert script[cue.check][position] == "O"
            owed[cue.check] -= 1
            assert owed[cue.check] == 0
        for check in faults:
            better = by_id[check].priority < by_id[cue.check].priority
            if by_id[check].speak == (1, 1) and (better or cue.kind is CueKind.PRAISE):
                assert position - said[CueKind.FAULT, check] < REPEAT_REPS


@given(SETS)
@FEW
def test_nothing_is_said_when_nothing_is_wrong(script: dict[str, str]) -> None:
    fine = {check: verdicts.replace("F", "O") for check, verdicts in script.items()}
    arbiter = CueArbiter(RULES)
    assert all(arbiter.update(one, one.end_s) is None for one in reps(fine))


TICK_S = 0.125


@given(SETS, st.sampled_from([0.5, 1.5, 3.0, 7.0]))
@FEW
def test_a_cue_stands_long_enough_and_not_too_long(script: dict[str, str], rep_s: float) -> None:
    arbiter = CueArbiter(RULES)
    waiting = iter(reps(script))
    said: list[Cue] = []
    seen: list[Cue | None] = []
    for tick in range(int((len(script["head_up"]) * rep_s + 2 * LONGEST_S) / TICK_S)):
        time_s = tick * TICK_S
        one = next(waiting, None) if time_s % rep_s == 0 else None
        cue = arbiter.update(one, time_s) if one is not None else None
        if cue is not None:
            said.append(cue)
            # nothing on the screen: seen at once
            assert seen[-1:] not in ([], [None]) or arbiter.shown(time_s) is cue
        seen.append(arbiter.shown(time_s))
    for cue, stretch in itertools.groupby(seen):
        if cue is not None:
            assert LEAST_S <= len(list(stretch)) * TICK_S <= LONGEST_S
            assert cue in said
    # each comes once, and none comes late
    shown = [cue for cue, _ in itertools.groupby(seen) if cue is not None]
    assert len(shown) == len(set(shown))
    assert all(
        cue.time_s <= tick * TICK_S < cue.time_s + LONGEST_S + LEAST_S
        for tick, cue in enumerate(seen)
        if cue is not None
    )


@pytest.mark.parametrize(
    ("script", "times", "moments"),
    [
        # alone: until it is over
        ({"K": "F"}, [0], {0: "K", LONGEST_S - 0.1: "K", LONGEST_S: "."}),
        # the more important one waits for the least time, and no longer
        ({"L": "FO", "K": "OF"}, [0, 1], {1: "L", 2.4: "L", 2.5: "K", 6.9: "K", 7: "."}),
        ({"L": "FO", "K": "OF"}, [0, 4], {3.9: "L", 4: "K", 9.9: "K", 10: "."}),
        # the less important one waits for the longest
        ({"K": "FF", "L": "OF"}, [0, 1], {2.6: "K", 5.9: "K", 6: "L", 8.4: "L", 8.5: "."}),
        ({"K": "FF", "L": "OF"}, [0, 4], {5.9: "K", 6: "L", 9.9: "L", 10: "."}),
        # a fault that is gone need not stand there
        ({"K": "FO"}, [0, 3], {2.9: "K", 3: "k", 8.9: "k", 9: "."}),
        ({"K": "FO"}, [0, 1], {2.4: "K", 2.5: "k"}),
        # praise gives way to any fault
        ({"K": "FOO", "L": "OOF"}, [0, 3, 4], {5.4: "k", 5.5: "L", 9.9: "L", 10: "."}),
        # just one waits, the more important
        ({"L": "FFOO", "K": "OFOO"}, [0, 1, 2, 2.2], {2.4: "L", 2.5: "k", 7.9: "k", 8: "."}),
        ({"K": "FOO", "B": "FFO", "L": "OOF"}, [0, 1, 2], {2.5: "K", 6: "L", 8.5: "."}),
        ({"K": "FOO", "L": "OFO", "B": "OFF"}, [0, 1, 2], {5.9: "K", 6: "L", 8.5: "."}),
    ],
)
def test_the_screen_shows_these_cues(
    script: dict[str, str], times: list[float], moments: dict[float, str]
) -> None:
    arbiter = CueArbiter(RULES)
    for one, time_s in zip(reps({SHORT[k]: v for k, v in script.items()}), times, strict=True):
        arbiter.update(one, time_s)
    assert {at: written(arbiter.shown(at)) for at in moments} == moments


@pytest.mark.parametrize(
    ("script", "drill"),
    [
        ({"K": "FFF"}, "wall_tap"),
        ({"K": "FOFOF"}, "wall_tap"),
        ({"K": "FOFO"}, None),
        ({"K": "FFFOOO"}, None),
        ({"K": "FF---F"}, None),
        ({"K": "F-F-F"}, "wall_tap"),
        ({"L": "FFF", "B": "FFF"}, "band_resisted"),
        ({"K": "OOF", "L": "FFF"}, "band_resisted"),
        ({"H": "FFFFF"}, None),
    ],
)
def test_a_mistake_that_keeps_coming_has_its_drill_offered(
    script: dict[str, str], drill: str | None
) -> None:
    assert drill_offer(reps({SHORT[k]: v for k, v in script.items()}), RULES) == drill


def test_partial_reps_do_not_matter_for_a_drill() -> None:
    faults = reps({"knee_dominance": "FFF"})
    partials = [rep(3, faults[0].checks, counted=False)] * 4
    assert drill_offer([*partials, *faults[:2]], RULES) is None
    assert drill_offer([*faults, *partials], RULES) == "wall_tap"


def test_a_mistake_without_a_drill_leaves_the_offer_to_the_next() -> None:
    script = {"stance": "FFF", "no_lockout": "FFF"}
    assert drill_offer(reps(script), (rule("stance", 1), LOCKOUT)) == "band_resisted"


# -- hints ----------------------------------------------------------------------------------------


def hints(hidden: str, *, plates: bool = True, other: str = "-") -> list[str | None]:
    """The hint after each rep: K hides the knees, H the hips, a dot hides nothing."""
    reasons = {"K": "hidden_knees", "H": "hidden_hips"}
    arbiter, said = CueArbiter(RULES, plates=plates), []
    for number, letter in enumerate(hidden):
        silent = result("-", reasons.get(letter, "turn_side_on"))
        one = rep(number + 1, {"knee_dominance": silent, "no_lockout": result(other)})
        cue = arbiter.update(one, 4.0 * number)
        said.append(cue.key if cue is not None and cue.kind is CueKind.HINT else None)
    return said


KNEES, HIPS = "hint.hidden_knees", "hint.hidden_hips"


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        ("K....", []),
        ("KK...", [(1, KNEES)]),
        ("K.K..", [(2, KNEES)]),
        ("K..K..", []),
        ("KH", [(1, HIPS)]),
        ("KHK", [(1, HIPS)]),
        ("KKKKKKKKKK", [(1, KNEES)]),
    ],
)
def test_what_plates_keep_hiding_is_said_once_a_set(
    hidden: str, said: list[tuple[int, str]]
) -> None:
    assert [(at, key) for at, key in enumerate(hints(hidden)) if key] == said


def test_without_plates_nobody_is_asked_to_turn() -> None:
    assert not any(hints("KKKK", plates=False))


def test_a_fault_is_named_before_a_hint() -> None:
    arbiter = CueArbiter((rule("no_lockout", 2, speak=(1, 1)),), plates=True)
    silent = result("-", "hidden_knees")
    faulty = {"knee_dominance": silent, "no_lockout": result("F")}
    arbiter.update(rep(1, {"knee_dominance": silent}), 0.0)
    assert arbiter.update(rep(2, faulty), 4.0) == Cue(CueKind.FAULT, "no_lockout", 4.0)
    hint = Cue(CueKind.HINT, "hidden_knees", 8.0)
    assert arbiter.update(rep(3, faulty), 8.0) == hint
    # on the screen it waits until the fault has gone
    assert [arbiter.shown(at) == hint for at in (8.0, 10.1)] == [False, True]


def test_a_new_set_may_have_its_hint_again() -> None:
    arbiter = CueArbiter(RULES, plates=True)
    for _ in range(2):
        arbiter.reset()
        silent = {"knee_dominance": result("-", "hidden_knees")}
        cues = [arbiter.update(rep(n, silent), 4.0 * n) for n in range(2)]
        assert [cue and cue.kind for cue in cues] == [None, CueKind.HINT]


@pytest.mark.parametrize("language", languages())
def test_every_hidden_joint_has_its_words(language: str) -> None:
    words = Words.load(language)
    for reason in HIDDEN:
        assert f"hint.{reason}" in words
        assert f"reason.{reason}" in words
    assert len(words("hint.spoken").split()) <= 4


@pytest.mark.parametrize("language", languages())
def test_every_check_has_words_short_enough_to_be_read_in_passing(language: str) -> None:
    words = Words.load(language)
    for check in get_args(CheckId):
        for section in ("cue", "praise"):
            assert f"{section}.{check}" in words
    for key in words.keys:
        if key.startswith(("cue.", "praise.")):
            assert 1 <= len(words(key).split()) <= 4, key
            assert key.split(".")[-1] in get_args(CheckId), key


FORBIDDEN = {
    "de": r"\b(nicht|kein|nie|falsch|schlecht|weh|schmerz|schad|schäd|verletz|gefähr|gesund)",
    "en": r"\b(don't|never|wrong|bad|hurt|injur|danger)",
}


@pytest.mark.parametrize("language", languages())
def test_words_say_what_to_do_and_never_that_somebody_is_hurt(language: str) -> None:
    words, forbidden = Words.load(language), re.compile(FORBIDDEN[language], re.IGNORECASE)
    for key in words.keys:
        if key.startswith(("cue.", "praise.", "advice.")):
            assert not forbidden.search(words(key)), key


def test_the_scripts_know_every_verdict() -> None:
    assert set(VERDICTS.values()) == set(Verdict)
