from datetime import UTC, datetime
from random import Random

import psycopg
import pytest

from kiosk.commands.cli import main
from kiosk.gym.made_up import made_up_sets
from kiosk.gym.simulation import run_mirror

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def test_made_up_sets_are_those_of_the_days_before_in_their_order() -> None:
    sets = list(made_up_sets(Random(1), NOON, 3, 20))
    assert len(sets) == 60
    moments = [one.started_at for one in sets]
    assert moments == sorted(moments)
    assert {datetime.fromtimestamp(moment, UTC).day for moment in moments} == {23, 24, 25}
    assert {one.facts.lifter for one in sets} > {0, 1, 2, 3}
    assert [one.record.serial for one in sets] == list(range(1, 61))


def test_a_seed_makes_up_the_same_sets_again() -> None:
    assert list(made_up_sets(Random(7), NOON, 1, 5)) == list(made_up_sets(Random(7), NOON, 1, 5))


def test_a_made_up_mirror_sends_all_that_it_stores(gym_url: str) -> None:
    sent = run_mirror(gym_url, 1, 2, 60, seed=1)
    with psycopg.connect(gym_url) as connection:
        stored = connection.execute(
            "SELECT count(*), sum(reps + partials) FROM gym.sets"
        ).fetchone()
        (reps,) = connection.execute("SELECT count(*) FROM gym.reps").fetchone() or (0,)
        names = connection.execute("SELECT gym, name FROM gym.mirrors").fetchall()
    assert (sent.sets, sent.reps) == stored == (120, reps)
    assert names == [("gym 01", "gym 01 mirror 1")]


def test_the_command_prints_rates_and_sizes(
    gym_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["gym", "simulate", gym_url, "--mirrors", "2", "--days", "1", "--sets-a-day", "3"]
    assert main(command) == 0
    table = capsys.readouterr().out
    assert "sets a second" in table
    assert "bytes a set" in table


def test_without_tables_it_says_what_to_run(empty: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gym", "simulate", empty]) == 2
    assert "kiosk gym init" in capsys.readouterr().err
