"""Every set arrives exactly once, whatever happens on the way; changes and removals follow."""

import shutil
import sqlite3
from contextlib import closing
from uuid import UUID, uuid4

import pytest
from history.records import MORNING, closed, record, rep

from kiosk.errors import TargetError
from kiosk.history.backup import backup, restore
from kiosk.history.store import Store
from kiosk.outbox import server as server_module
from kiosk.outbox.outbox_state import OutboxState
from kiosk.training.facts import Facts
from outboxes import Gym, Outbox


def test_finished_sets_arrive_with_their_reps_the_oldest_first(gym: Gym, outbox: Outbox) -> None:
    outbox.save(120, Facts(lifter=2, load_kg=40.0))
    outbox.sender.step()
    newest = gym.query("SELECT count(*), extract(epoch FROM max(started_at))::int FROM gym.sets")
    assert newest == [(50, MORNING + 60 * 50)]
    outbox.send()
    assert gym.sets() == [("hip_hinge", 2, 2)] * 120
    assert gym.query("SELECT count(*) FROM gym.reps") == [(240,)]
    assert gym.query("SELECT DISTINCT load_kg FROM gym.sets") == [(40.0,)]
    assert gym.query("SELECT name FROM gym.mirrors") == [("Front",)]
    assert (outbox.sender.status.waiting, outbox.sender.status.error) == (0, None)


def test_a_start_sends_nothing_again(gym: Gym, outbox: Outbox) -> None:
    outbox.save(3)
    outbox.send()
    written = gym.query("SELECT xmin::text, ctid::text FROM gym.sets ORDER BY id")
    outbox.restart()
    outbox.send()
    assert gym.query("SELECT xmin::text, ctid::text FROM gym.sets ORDER BY id") == written


def test_a_set_whose_run_was_damaged_arrives_once(gym: Gym, outbox: Outbox) -> None:
    outbox.save(2)
    with closing(sqlite3.connect(outbox.store.path)) as connection, connection:
        connection.execute("UPDATE sets SET run = 'x' || substr(run, 2) WHERE serial = 1")
    outbox.send()
    outbox.restart()
    outbox.send()
    assert gym.count() == 2


def test_a_set_under_way_waits_for_its_end(gym: Gym, outbox: Outbox) -> None:
    outbox.store.save(record(1, rep(1)), MORNING)
    outbox.send()
    assert gym.count() == 0
    outbox.store.save(closed(record(1, rep(1), rep(2))), MORNING)
    outbox.send()
    assert gym.sets() == [("hip_hinge", 2, 0)]


def test_a_correction_follows(gym: Gym, outbox: Outbox) -> None:
    outbox.save(3)
    outbox.send()
    outbox.correct(2, Facts(lifter=3, corrected=5))
    outbox.send()
    found = gym.query("SELECT lifter, corrected FROM gym.sets ORDER BY started_at")
    assert found == [(0, None), (3, 5), (0, None)]


def test_what_is_deleted_or_erased_here_is_erased_there(gym: Gym, outbox: Outbox) -> None:
    outbox.save(2, Facts(lifter=1))
    outbox.save(2, Facts(lifter=2))
    outbox.send()
    outbox.store.delete(1)
    outbox.send()
    assert [row[2] for row in gym.sets()] == [1, 2, 2]
    outbox.store.erase_lifter(2)
    outbox.send()
    assert [row[2] for row in gym.sets()] == [1]
    outbox.store.erase()
    outbox.save(1)
    outbox.send()
    assert gym.sets() == [("hip_hinge", 2, 0)]
    assert gym.query("SELECT count(*) FROM gym.reps") == [(2,)]
    assert gym.query("SELECT count(*) FROM gym.set_ids") == [(1,)]


@pytest.mark.parametrize("whole", [True, False])
def test_an_erasure_while_the_outbox_is_off_follows_and_is_undone(
    gym: Gym, outbox: Outbox, *, whole: bool
) -> None:
    outbox.save(3, Facts(lifter=2))
    outbox.send()
    sent = gym.sets()
    if whole:
        outbox.store.erase_aside(MORNING)
    else:
        outbox.store.erase_lifter_aside(2, MORNING)
    outbox.restart()
    outbox.send()
    assert gym.count() == 0
    assert outbox.store.undo_erase()
    outbox.send()
    assert gym.sets() == sent


def test_what_damage_took_from_the_mirror_stays_until_all_is_erased(
    gym: Gym, outbox: Outbox
) -> None:
    outbox.save(3)
    outbox.send()
    outbox.store.close()
    outbox.store.path.write_bytes(b"no history" * 1000)
    outbox.store = Store(outbox.folder)
    outbox.save(2)
    outbox.send()
    assert gym.count() == 5
    outbox.store.delete(4)  # those that were lost are not meant
    outbox.send()
    assert gym.count() == 4
    outbox.store.erase()
    outbox.send()
    assert gym.count() == 0


def test_going_back_to_a_backup_removes_the_sets_that_it_lacks(gym: Gym, outbox: Outbox) -> None:
    outbox.save(2)
    backup(outbox.store.path, outbox.folder / "copy.sqlite3")
    outbox.save(2)
    outbox.send()
    outbox.store.close()
    restore(outbox.folder / "copy.sqlite3", outbox.store.path)
    outbox.store = Store(outbox.folder)
    outbox.save(7)  # more changes than before it was restored
    kept = [row[0] for row in outbox.store_query("SELECT started_at FROM sets ORDER BY 1")]
    outbox.send()
    found = gym.query("SELECT extract(epoch FROM started_at)::float FROM gym.sets ORDER BY 1")
    assert [row[0] for row in found] == kept
    assert len(kept) == 2 + 7


def test_a_file_that_was_copied_into_place_is_compared_whole(gym: Gym, outbox: Outbox) -> None:
    outbox.save(2)
    outbox.store.close()
    shutil.copy(outbox.store.path, outbox.folder / "copy.sqlite3")
    outbox.store = Store(outbox.folder)
    outbox.save(3)
    outbox.send()
    outbox.store.close()
    shutil.copy(outbox.folder / "copy.sqlite3", outbox.store.path)
    outbox.store = Store(outbox.folder)
    outbox.save(9)  # more changes than before it was copied
    outbox.restart()
    outbox.send()
    assert gym.count() == 2 + 3 + 9


def cut_off_after_commit(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(OutboxState, "note_sent", killed)
        with pytest.raises(KeyboardInterrupt):
            outbox.send()
    outbox.restart()


def test_a_batch_that_is_stored_and_not_noted_is_there_once(
    gym: Gym, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The moment between the server's commit and ours, which no protocol can do away with."""
    outbox.save(30)
    cut_off_after_commit(outbox, monkeypatch)
    assert gym.count() == 30
    outbox.send()
    assert gym.count() == 30
    assert gym.query("SELECT count(*) FROM gym.reps") == [(60,)]


def test_without_the_ids_the_same_cut_stores_sets_twice(
    gym: Gym, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another(_run: str, _serial: int) -> UUID:
        return uuid4()

    monkeypatch.setattr(server_module, "global_id", another)
    outbox.save(30)
    cut_off_after_commit(outbox, monkeypatch)
    outbox.send()
    assert gym.count() == 60


def test_a_server_that_went_back_to_a_backup_gets_what_it_lacks(gym: Gym, outbox: Outbox) -> None:
    outbox.save(5)
    outbox.send()
    gym.query("DELETE FROM gym.sets")
    gym.query("DELETE FROM gym.set_ids")
    outbox.restart()
    outbox.send()
    assert gym.count() == 5


def test_a_lost_state_sends_all_again_and_changes_nothing(gym: Gym, outbox: Outbox) -> None:
    outbox.save(5)
    outbox.send()
    outbox.sender.close()
    outbox.state.close()
    outbox.state.path.write_bytes(b"damaged")
    outbox.begin()
    outbox.send()
    assert (gym.count(), gym.query("SELECT count(*) FROM gym.mirrors")) == (5, [(1,)])


@pytest.mark.parametrize("whole", [True, False])
def test_what_is_removed_before_a_lost_state_is_whole_again_goes_there_too(
    gym: Gym, outbox: Outbox, *, whole: bool
) -> None:
    """As after the target was another one for a while: the server knows more than the outbox."""
    outbox.save(120)
    outbox.send()
    outbox.sender.close()
    outbox.state.close()
    outbox.state.path.unlink()
    outbox.begin()
    outbox.sender.step()
    assert len(list(outbox.state.sent())) == 120
    if whole:
        outbox.store.erase_aside(MORNING)
    else:
        outbox.store.delete(120)
    outbox.send()
    assert gym.count() == (0 if whole else 119)


def test_a_set_that_the_server_refuses_does_not_hold_up_the_others(
    gym: Gym, outbox: Outbox
) -> None:
    outbox.save(2)
    gym.query("ALTER TABLE gym.sets ADD CONSTRAINT few CHECK (load_kg < 100)")
    outbox.save(1, Facts(load_kg=500.0))
    outbox.save(2)
    outbox.send()
    assert gym.count() == 4
    assert (outbox.sender.status.refused, outbox.sender.status.waiting) == (1, 0)
    gym.query("ALTER TABLE gym.sets DROP CONSTRAINT few")
    outbox.restart()
    outbox.send()
    assert gym.count() == 5


@pytest.mark.parametrize("at", [0.0, 4_200_000_000.0])
def test_a_wrong_clock_loses_no_set(gym: Gym, outbox: Outbox, at: float) -> None:
    outbox.save(2)
    outbox.save(2, at=at)
    outbox.save(2)
    outbox.send()
    assert gym.count() == 6


def test_a_full_disk_on_the_server_keeps_the_sets_here_until_there_is_space(
    gym: Gym, outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    gym.query(
        "CREATE FUNCTION gym.full() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE disk_full USING MESSAGE = 'could not extend file'; END $$"
    )
    gym.query("CREATE TRIGGER full_disk BEFORE INSERT ON gym.sets EXECUTE FUNCTION gym.full()")
    outbox.save(60)
    waits = [outbox.sender.step() for _ in range(12)]
    assert waits[:4] == [1.0, 2.0, 4.0, 8.0]
    assert waits[-1] == 300.0
    assert outbox.sender.status.waiting == 60
    assert "could not extend file" in str(outbox.sender.status.error)
    assert [one.levelname for one in caplog.records] == ["WARNING"]
    gym.query("DROP TRIGGER full_disk ON gym.sets")
    outbox.send_on()
    assert gym.count() == 60
    assert outbox.sender.status.error is None


def test_a_fault_while_it_runs_is_waited_for_and_one_at_the_start_is_raised(
    gym: Gym, outbox: Outbox
) -> None:
    outbox.save(1)
    outbox.send()
    gym.query("ALTER SCHEMA gym RENAME TO away")
    outbox.save(1)
    assert outbox.sender.step() == 1.0
    outbox.restart()
    with pytest.raises(TargetError, match="kiosk gym init"):
        outbox.sender.step()
    gym.query("ALTER SCHEMA away RENAME TO gym")
    outbox.send_on()
    assert gym.count() == 2


def test_a_newer_schema_is_refused(gym: Gym, outbox: Outbox) -> None:
    gym.query("INSERT INTO gym.version (number, name, for_mirrors) VALUES (99, 'newer', 99)")
    with pytest.raises(TargetError, match="newer"):
        outbox.sender.step()


def test_the_rate_sets_the_pace(gym: Gym, outbox: Outbox) -> None:
    outbox.close()
    outbox.rate = 20.0
    outbox.store = Store(outbox.folder)
    outbox.begin()
    outbox.save(50)
    assert [outbox.sender.step() for _ in range(3)] == [1.0, 1.0, 0.5]
    assert gym.count() == 50


def test_an_outbox_without_a_history_waits(gym: Gym, outbox: Outbox) -> None:
    outbox.store.close()
    outbox.store.path.unlink()
    outbox.send()
    assert outbox.sender.status.error is None
    assert gym.count() == 0


def test_the_history_can_be_erased_between_two_steps(gym: Gym, outbox: Outbox) -> None:
    """A file that is held open could not be moved away."""
    outbox.save(120)
    outbox.sender.step()
    outbox.store.erase_aside(MORNING)
    outbox.send()
    assert gym.count() == 0


def test_the_outbox_writes_nothing_into_the_history(gym: Gym, outbox: Outbox) -> None:
    outbox.save(3)
    before = outbox.store.path.read_bytes()
    outbox.send()
    assert outbox.store.path.read_bytes() == before
    assert gym.count() == 3
