"""Reads what strace wrote of a set (see privacy_strace.sh): who wrote how much, and where to."""

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

# SQLite writes its log a page at a time, and a page's 24 bytes of header before it
LARGEST_WRITE = 4096
# the log of five reps takes some 300 kB; each cue's WAV 50 kB. A picture of the film takes 920 kB
LARGEST_IN_ALL = 600_000
# on the machine, and the kernel's word that a keyboard was plugged in, for which SDL listens
LOCAL = ("AF_UNIX", "AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC|SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT")
# memory, not a file: espeak-ng's library of sound takes some for each cue, plays nothing from it
MEMORY = "/memfd:pulseaudio"
# what the models' files take on this machine
TIMES = "model_times.json"
NOWHERE = ("pipe:", "anon_inode:", "socket:", "/dev/null")

CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (\d+)", re.MULTILINE)
TARGET = re.compile(r"\d+<([^>]*)>")


@dataclass
class Writes:
    """What went to one file: bytes at once and in all."""

    largest: int = 0
    total: int = 0


@dataclass
class Calls:
    """What the kernel was asked, boiled down.

    Attributes:
        writes: by file.
        wrong: calls that a set has no use for.
    """

    writes: dict[str, Writes] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def take(self, call: str, rest: str, result: int) -> None:
        target = TARGET.search(rest)
        if call in {"write", "pwrite64", "writev", "pwritev", "pwritev2"} and target:
            writes = self.writes.setdefault(target[1], Writes())
            writes.largest = max(writes.largest, result)
            writes.total += result
        elif call == "mmap":
            shared = target and "MAP_SHARED" in rest and "PROT_WRITE" in rest
            if shared and not target[1].endswith("-shm") and not target[1].startswith(MEMORY):
                self.wrong.append(f"mapped to be written: {target[1]}")
        elif not rest.startswith(LOCAL):  # the network, or a way round write
            self.wrong.append(f"a call it has no use for: {call}({rest})")


def whole_lines(text: str) -> str:
    """Puts calls together that another thread's were told in the middle of."""
    begun: dict[str, str] = {}
    lines = []
    for line in text.splitlines():
        thread = line.split(maxsplit=1)[0]
        if line.endswith("<unfinished ...>"):
            begun[thread] = line.removesuffix("<unfinished ...>").rstrip()
        elif resumed := re.search(r"<\.\.\. \w+ resumed>(.*)", line):
            lines.append(begun.pop(thread, "") + resumed[1])
        else:
            lines.append(line)
    return "\n".join(lines)


def judge(calls: Calls, folder: Path) -> Iterable[str]:
    """What is not as it should be."""
    yield from calls.wrong
    history, cache = folder / "history", folder / "home/.cache/gym-mirror"
    speech = cache / "speech"
    for path, writes in calls.writes.items():
        if path.startswith(NOWHERE) or Path(path).parent == folder:  # its own words
            continue
        if Path(path).parent == history:
            if writes.largest > LARGEST_WRITE:
                yield f"as large as a picture: {writes.largest:,} bytes at once to {path}"
        elif Path(path).parent == cache and path.endswith(TIMES):
            if writes.total > LARGEST_WRITE:
                yield f"too large for a few times: {writes.total:,} bytes to {path}"
        elif not Path(path).is_relative_to(speech):
            yield f"written outside: {path}"
        if writes.total > LARGEST_IN_ALL:
            yield f"as large as a picture: {writes.total:,} bytes in all to {path}"


def main(folder: Path) -> int:
    """Prints what was written; returns the exit code, 0 where all is as it should be."""
    calls = Calls()
    for call, rest, result in CALL.findall(whole_lines((folder / "calls").read_text("utf-8"))):
        calls.take(call, rest, int(result))
    reps = json.loads((folder / "told").read_text("utf-8").splitlines()[-1])["reps"]
    say = sys.stdout.write
    say(f"{reps} reps stored\n  largest    in all  written to\n")
    for path, writes in sorted(calls.writes.items()):
        if not path.startswith(NOWHERE):
            name = path.replace(str(folder), "")
            say(f"{writes.largest:9,} {writes.total:9,}  {name}\n")
    wrong = list(judge(calls, folder))
    for line in wrong:
        say(f"{line}\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
