"""A disk that the system runs from is not for sets."""

from pathlib import Path

import pytest

from kiosk.system.block_device import is_in_use
from kiosk.system.health import Roots


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    """Two sticks: `sda` with two partitions, and `sdb` without any."""
    roots = Roots(sys=tmp_path / "sys", proc=tmp_path / "proc", dev=tmp_path / "dev")
    classes = roots.sys / "class/block"
    classes.mkdir(parents=True)
    for name, number, disk in (
        ("sda", "8:0", None),
        ("sda1", "8:1", "sda"),
        ("sda2", "8:2", "sda"),
        ("sdb", "8:16", None),
    ):
        folder = roots.sys / "devices" / (f"{disk}/{name}" if disk else name)
        folder.mkdir(parents=True)
        (folder / "dev").write_text(f"{number}\n")
        if disk:
            (folder / "partition").write_text("1\n")
        (classes / name).symlink_to(folder)
    (roots.proc / "self").mkdir(parents=True)
    return roots


@pytest.mark.parametrize(
    ("mounted", "used"),
    [("8:2", {"sda", "sda1", "sda2"}), ("8:0", {"sda", "sda1", "sda2"}), ("8:16", {"sdb"})],
)
def test_a_disk_is_in_use_where_anything_of_it_is_mounted(
    roots: Roots, mounted: str, used: set[str]
) -> None:
    (roots.proc / "self/mountinfo").write_text(
        f"22 1 0:21 / /proc rw - proc proc rw\n23 1 {mounted} / / rw - ext4 /dev/root rw\n"
    )
    names = ("sda", "sda1", "sda2", "sdb", "sdc")
    assert {name for name in names if is_in_use(Path("/dev", name), roots)} == used


def test_a_name_of_a_device_leads_to_it(roots: Roots, tmp_path: Path) -> None:
    (roots.proc / "self/mountinfo").write_text("23 1 8:2 / / rw - ext4 /dev/root rw\n")
    (tmp_path / "sda1").touch()
    (tmp_path / "stick").symlink_to(tmp_path / "sda1")
    assert is_in_use(tmp_path / "stick", roots)
