"""Whoever the folder is shared with reads the history while it is written, and nothing else."""

import os
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from history.records import MORNING, closed, record, rep

from kiosk.history.backup import backup
from kiosk.history.store import Store

READ = """
import sqlite3, sys
from pathlib import Path
path = Path(sys.argv[1])
connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
print(*connection.execute("SELECT count(*) FROM sets").fetchone())
connection.close()
for forbidden in (lambda: path.open("ab"), lambda: (path.parent / "x").touch()):
    try:
        forbidden()
    except PermissionError:
        continue
    print("may write")
"""


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture
def _as_the_service() -> None:
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_as_the_service")
def test_the_files_are_shared_as_the_folder_is(tmp_path: Path) -> None:
    for shared, expected in ((0o750, 0o640), (0o700, 0o600)):
        folder = tmp_path / f"{shared:o}"
        folder.mkdir()
        folder.chmod(shared)
        with closing(Store(folder)) as store:
            store.save(closed(record(1, rep(1))), MORNING)
            for tail in ("", "-wal", "-shm"):
                assert mode(folder / f"history.sqlite3{tail}") == expected, tail
            backup(store.path, folder / "copy.sqlite3")
            assert mode(folder / "copy.sqlite3") == 0o600
            store.erase_aside(MORNING)
            (erased,) = folder.glob("history.erased-*")
            assert mode(erased) == 0o700
            store.save(closed(record(2, rep(1))), MORNING)
            assert mode(store.path) == expected
        (folder / "history.sqlite3").chmod(0o600)  # of a mirror before there was an outbox
        Store(folder).close()
        assert mode(folder / "history.sqlite3") == expected


@pytest.mark.usefixtures("_as_the_service")
def test_a_recovered_history_is_shared_too(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    with closing(Store(tmp_path)) as store:
        store.save(closed(record(1, rep(1))), MORNING)
    with store.path.open("r+b") as file:
        file.write(b"damaged")
    with closing(Store(tmp_path)) as store:
        assert mode(store.path) == 0o640
    assert all(mode(path) == 0o600 for path in tmp_path.glob("*.damaged-*"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
@pytest.mark.usefixtures("_as_the_service")
def test_another_user_of_the_group_reads_while_the_mirror_writes(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    folder.chmod(0o750)
    for above in folder.parents:
        if above.owner() == "root" and above.is_relative_to("/tmp"):
            above.chmod(above.stat().st_mode | 0o011)
    group = 54321
    os.chown(folder, 0, group)
    folder.chmod(0o2750)  # so that what is made in it is of the group, as under the service
    with closing(Store(folder)) as store:
        store.save(closed(record(1, rep(1))), MORNING)
        done = subprocess.run(
            # that of the tests may lie in root's home
            ["/usr/bin/python3", "-c", READ, str(store.path)],
            cwd="/", user=65534, group=65534, extra_groups=[group],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.stdout, done.stderr) == ("1\n", "")
        store.erase_aside(MORNING)  # nobody keeps it from that
