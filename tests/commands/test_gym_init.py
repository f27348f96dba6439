import psycopg
import pytest

from kiosk.commands.cli import main


def test_a_new_database_says_what_to_do_next_and_a_second_call_changes_nothing(
    empty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["gym", "init", empty]) == 0
    first = capsys.readouterr().out
    assert "created" in first
    assert "IN ROLE mirror" in first
    assert first.count("\n") <= 2
    assert main(["gym", "init", empty]) == 0
    assert "up to date" in capsys.readouterr().out


def test_a_newer_schema_is_one_line_and_exit_code_2(
    gym_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(gym_url) as connection:
        connection.execute("INSERT INTO gym.version VALUES (99, 'future', 99)")
    assert main(["gym", "init", gym_url]) == 2
    error = capsys.readouterr().err
    assert "newer kiosk" in error
    assert error.count("\n") == 1


def test_whoever_may_not_make_tables_is_told_in_one_line(
    postgres: object, empty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("CREATE ROLE stranger LOGIN")
    assert main(["gym", "init", empty.replace("owner@", "stranger@")]) == 2
    error = capsys.readouterr().err
    assert "the role stranger may not do this" in error
    assert error.count("\n") == 1
