"""The running version: the package's and, in a checkout, the commit."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.system import version
from kiosk.system.version import commit_of, rolled_back, running_version


def test_the_version_starts_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    running_version.cache_clear()
    monkeypatch.setattr(subprocess, "Popen", None)
    assert running_version()


@pytest.mark.skipif(shutil.which("git") is None, reason="a bare Debian has no git")
def test_a_checkout_tells_its_commit(tmp_path: Path) -> None:
    git(tmp_path, "init")
    assert commit_of(tmp_path) is None  # nothing is committed yet
    git(tmp_path, "commit", "--allow-empty", "--message", "begin")
    commit = commit_of(tmp_path)
    assert commit is not None
    assert git(tmp_path, "rev-parse", "HEAD").startswith(commit)
    # a folder in it is not the checkout
    (tmp_path / "inside").mkdir()
    assert commit_of(tmp_path / "inside") is None


@pytest.mark.skipif(shutil.which("git") is None, reason="a bare Debian has no git")
def test_a_packed_branch_and_a_linked_work_tree_tell_theirs(tmp_path: Path) -> None:
    main, linked = tmp_path / "main", tmp_path / "linked"
    main.mkdir()
    git(main, "init")
    git(main, "commit", "--allow-empty", "--message", "begin")
    git(main, "worktree", "add", "-b", "aside", str(linked))
    git(linked, "commit", "--allow-empty", "--message", "go on")
    for packed in (False, True):
        if packed:
            git(main, "pack-refs", "--all")
        for tree in (main, linked):
            commit = commit_of(tree)
            assert commit is not None
            assert git(tree, "rev-parse", "HEAD").startswith(commit)
    assert commit_of(main) != commit_of(linked)


def test_outside_a_checkout_there_is_a_version_and_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(version, "_CHECKOUT", tmp_path)
    running_version.cache_clear()
    found = running_version()
    running_version.cache_clear()
    assert found
    assert "(" not in found


def git(folder: Path, *words: str) -> str:
    names = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    command = ["git", "-C", str(folder), *names, *words]
    alone = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=alone).stdout


def test_a_release_that_is_in_use_again_says_which_one_failed(tmp_path: Path) -> None:
    release = tmp_path / "0123456789ab"
    release.mkdir()
    assert rolled_back(release) is None
    (tmp_path / "rolled-back").write_text("fedcba987654 failed to start 3 times in a row\n")
    assert rolled_back(release) is None  # a checkout beside a file of that name
    (release / "complete").touch()
    assert rolled_back(release) == (
        "the new release fedcba987654 failed to start 3 times in a row; this is the one before"
    )
    assert rolled_back() is None


def test_a_system_of_the_other_slot_that_failed_is_told_of_too(tmp_path: Path) -> None:
    release, slots = tmp_path / "opt/0123456789ab", tmp_path / "slots"
    for folder in (release, slots):
        folder.mkdir(parents=True)
    (release / "complete").touch()
    assert rolled_back(release, slots) is None
    (slots / "rolled-back").write_text("system_b did not come up\n")
    told = "the new system system_b did not come up; this is the one before"
    assert rolled_back(release, slots) == told
