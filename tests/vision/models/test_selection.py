"""Which model is taken, on machines of made-up speed."""

from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from kiosk.exercises.catalogue import exercise_by_id
from kiosk.exercises.exercise import LEAST_FPS
from kiosk.vision.models import selection as choice
from kiosk.vision.models.manifest import ModelSpec, load_manifest
from kiosk.vision.models.selection import (
    FILE_NAME,
    Choice,
    choose,
    load_interpreter,
)
from kiosk.vision.pose.movenet import load_estimator

F16, INT8, THUNDER = "lightning_f16", "lightning_int8", "thunder_f16"
PI_5 = {THUNDER: 40.0, F16: 15.0, INT8: 10.0}
PI_4 = {THUNDER: 130.0, F16: 50.0, INT8: 25.0}


class Machine:
    """Has some models, and takes its own time for each."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.took_ms: dict[str, float] = {}
        self.here: set[str] = set()
        self.timed: list[str] = []
        self._names = {spec.file: name for name, spec in load_manifest().models.items()}
        monkeypatch.setattr(choice, "file_fault", self._fault)
        monkeypatch.setattr(choice, "time_model_ms", self.clock)

    def holds(self, took_ms: dict[str, float], *here: str) -> None:
        self.took_ms, self.here = took_ms, set(here or took_ms)

    def clock(self, path: Path, spec: ModelSpec, threads: int) -> float:
        name = self._names[path.name]
        self.timed.append(name)
        return self.took_ms[name]

    def _fault(self, path: Path, spec: ModelSpec) -> str | None:
        return None if self._names[path.name] in self.here else "missing"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setenv("CACHE_DIRECTORY", str(tmp_path / "cache"))
    return Machine(monkeypatch)


@pytest.mark.parametrize(
    ("took_ms", "fps", "taken"),
    [(PI_5, 15, THUNDER), (PI_5, 25, F16), (PI_4, 15, INT8), (PI_4, 25, INT8)],
)
def test_the_most_accurate_model_that_holds_the_rate_is_taken(
    machine: Machine, took_ms: dict[str, float], fps: float, taken: str
) -> None:
    machine.holds(took_ms)
    assert choose(fps).variant == taken


def test_where_none_holds_the_rate_the_fastest_is_taken_and_says_so(machine: Machine) -> None:
    machine.holds({THUNDER: 900.0, F16: 300.0, INT8: 200.0})
    found = choose(15)
    assert (found.variant, found.holds) == (INT8, False)


def test_a_machine_is_timed_once(machine: Machine) -> None:
    machine.holds(PI_5)
    first = choose(15)
    assert machine.timed == [THUNDER, F16, INT8]
    assert choose(15) == first
    assert len(machine.timed) == 3


def test_other_threads_are_timed_anew_and_so_is_a_model_that_has_come(machine: Machine) -> None:
    machine.holds(PI_5, F16, INT8)
    choose(15, 3)
    choose(15, 2)
    assert machine.timed == [F16, INT8] * 2
    machine.holds(PI_5)
    choose(15, 2)
    assert machine.timed[4:] == [THUNDER]


def test_a_single_model_is_not_timed_until_somebody_asks(machine: Machine) -> None:
    machine.holds(PI_5, F16)
    assert choose(15) == Choice(F16, {}, pytest.approx(1000 / 15 / 1.5))
    assert not machine.timed
    assert choose(15, always=True).took_ms == {F16: 15.0}


def test_whoever_asks_anew_corrects_what_was_timed_on_a_busy_machine(machine: Machine) -> None:
    machine.holds({F16: 90.0, INT8: 60.0})
    assert choose(15).variant == INT8
    machine.holds(PI_5, F16, INT8)
    assert choose(15, always=True).variant == F16
    assert choose(15).variant == F16


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"a": "b"}', b"\xff"])
def test_damaged_figures_are_made_again(machine: Machine, tmp_path: Path, content: bytes) -> None:
    kept = tmp_path / "cache" / FILE_NAME
    kept.parent.mkdir()
    kept.write_bytes(content)
    machine.holds(PI_5)
    assert choose(15).variant == THUNDER
    assert len(msgspec.json.decode(kept.read_bytes())) == 3


def test_figures_that_cannot_be_kept_do_not_matter(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CACHE_DIRECTORY", str(tmp_path / "file" / "cache"))
    machine.holds(PI_5)
    assert choose(15).variant == THUNDER


def test_without_any_model_the_default_is_named_so_that_its_absence_is_told(
    machine: Machine,
) -> None:
    machine.holds({}, "none")
    assert choose(15).variant == F16


def test_an_exercise_asks_for_what_its_most_demanding_check_needs() -> None:
    assert exercise_by_id("hip_hinge").needed_fps == 15
    swing = exercise_by_id("kettlebell_swing")
    assert swing.needed_fps == LEAST_FPS
    quick = tuple(replace(rule, least_fps=25.0) for rule in swing.checks)
    assert replace(swing, checks=quick).needed_fps == 25


def test_a_live_set_is_told_the_figures_and_a_replay_is_not_timed(
    machine: Machine,
) -> None:
    machine.holds(PI_5, F16, INT8)
    assert load_estimator(threads=1, fps=15.0)[1] == "lightning_f16, 15.0 of 44 ms"
    machine.timed.clear()
    assert load_estimator(threads=1)[1] == F16
    assert not machine.timed


def test_the_real_clock_tells_the_real_model() -> None:
    found = choose(15, 1, always=True)
    assert found.took_ms[F16] > 0


class Opened:
    """Stands in for `Interpreter`: notes what it was to open."""

    input_size = 192

    def __init__(self, path: Path, spec: ModelSpec, threads: int | None) -> None:
        self.path, self.spec, self.threads = path, spec, threads


@pytest.fixture
def opened_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "Interpreter", Opened)


@pytest.mark.usefixtures("opened_anything")
@pytest.mark.parametrize(
    ("here", "taken"), [([F16, INT8], F16), ([F16], F16), ([INT8], INT8), ([], F16)]
)
def test_auto_takes_the_best_that_is_there(models: Path, here: list[str], taken: str) -> None:
    for variant in here:
        (models / load_manifest().spec(variant).file).touch()
    opened, variant = load_interpreter()
    assert isinstance(opened, Opened)
    assert (variant, opened.path) == (taken, models / load_manifest().spec(taken).file)
    assert opened.spec == load_manifest().spec(taken)


@pytest.mark.usefixtures("opened_anything")
@pytest.mark.parametrize(("asked", "given"), [(0, None), (3, 3)])
def test_threads_are_handed_on_and_none_means_the_interpreters_own_choice(
    models: Path, asked: int, given: int | None
) -> None:
    opened, variant = load_interpreter("thunder_f16", asked)
    assert (variant, opened.threads) == ("thunder_f16", given)
