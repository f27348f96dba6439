"""Reads what strace wrote of a set (see privacy_strace.sh): who wrote how much, and where to."""

import json
import re
import sys
import wave
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from large_values import large_values

# SQLite writes its log a page at a time, and a page's 24 bytes of header before it
LARGEST_WRITE = 4096
# the log of five reps takes some 300 kB; a picture of the film takes 920 kB, and so many thumbnails
# of 3 kB as the film has frames 1.8 MB
LARGEST_IN_ALL = 600_000
# each cue's WAV takes 50 kB
LARGEST_CUE = 200_000
# a cue's words, and what the synthesiser says of itself
LARGEST_TEXT = 300
# the number of the mirror's process
LOCK, LARGEST_LOCK = "history.sqlite3.lock", 20
# the journal is used once, to make the file
HISTORY = (
    "history.sqlite3",
    "history.sqlite3-wal",
    "history.sqlite3-shm",
    "history.sqlite3-journal",
)
VOICES = {"espeak-ng", "pico2wave"}
# the kernel's word that a keyboard was plugged in, for which SDL listens
UEVENT = "AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC|SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT"
# memory, not a file: espeak-ng's library of sound takes some for each cue, plays nothing from it,
# and looks for a server of sound, by these names
MEMORY = "/memfd:pulseaudio"
SOUND_SERVERS = re.compile(r'sun_path="(?:/tmp|/var/run|/run|/[^"]*/tmp)/[^"]*pulse[^"]*/native"')
# what the models' files take on this machine
TIMES = "model_times.json"
NOWHERE = ("pipe:", "anon_inode:", "/dev/null")

CALL = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)", re.MULTILINE)
TARGET = re.compile(r"\d+<([^>]*)>")
WRITING = {"write", "pwrite64", "writev", "pwritev", "pwritev2"}
MOVING = {"rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat"}


@dataclass
class Writes:
    """What went to one file: bytes at once and in all, and how the first of them began."""

    largest: int = 0
    total: int = 0
    begins: str = ""


@dataclass
class Calls:
    """What the kernel was asked, boiled down.

    Attributes:
        writes: by file.
        moved: files that were given another name, by that name.
        wrong: calls that a set has no use for.
    """

    writes: dict[str, Writes] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    _voices: set[str] = field(default_factory=set)
    _started: bool = False

    def take(self, process: str, call: str, rest: str, result: int) -> None:
        if call in {"execve", "execveat"}:
            self._start(process, rest, result)
        elif call in WRITING:
            self._write(process, rest, result)
        elif call == "mmap":
            self._map(process, rest)
        elif call in MOVING:
            # the synthesiser's library of sound links to a folder of its own
            if result == 0 and process not in self._voices:
                self.moved.append(re.findall(r'"([^"]*)"', rest)[-1])
        elif call in {"socket", "connect", "bind", "memfd_create"}:
            self._open(process, call, rest, result)
        elif result >= 0:  # the network, or a way round write
            self.wrong.append(f"a call it has no use for: {call}({rest})")

    def _open(self, process: str, call: str, rest: str, result: int) -> None:
        """What can reach another process is allowed by its name."""
        voice = process in self._voices
        allowed = {
            "memfd_create": voice,
            "socket": rest == UEVENT or (voice and rest.startswith("AF_UNIX, SOCK_STREAM")),
            "bind": "sa_family=AF_NETLINK" in rest,  # of that socket
            "connect": voice and result < 0 and SOUND_SERVERS.search(rest) is not None,
        }
        if not allowed[call]:
            self.wrong.append(f"it reaches out: {call}({rest})")

    def _start(self, process: str, rest: str, result: int) -> None:
        """The mirror itself is the first program; all others are its voice."""
        if result != 0:  # not found here: looked for in the next folder of the path
            return
        (program,) = re.findall(r'^(?:AT_FDCWD[^,]*, )?"([^"]*)"', rest)
        if Path(program).name in VOICES:
            self._voices.add(process)
        elif self._started:
            self.wrong.append(f"a program was started: {program}")
        self._started = True

    def _write(self, process: str, rest: str, result: int) -> None:
        target = TARGET.search(rest)
        if target is None or result < 0:
            return
        if target[1].startswith("socket:"):
            self.wrong.append(f"sent: {rest}")
        elif not (process in self._voices and target[1].startswith(MEMORY)):
            text = re.search(r'"([^"]*)"', rest)
            writes = self.writes.setdefault(target[1], Writes(begins=text[1] if text else ""))
            writes.largest = max(writes.largest, result)
            writes.total += result

    def _map(self, process: str, rest: str) -> None:
        if "MAP_SHARED" not in rest:
            return
        target = TARGET.search(rest)
        path = target[1] if target else ""
        elsewhere = not path or path.startswith(("/memfd:", "/dev/shm/"))
        if "PROT_WRITE" not in rest and not elsewhere:
            return
        voice = process in self._voices and path.startswith(MEMORY)
        if not voice and not path.endswith(f"/history/{HISTORY[2]}"):
            self.wrong.append(f"shared memory that is written: {path or 'of no file'}")


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
    kept: dict[str, Writes] = {}
    for path, writes in calls.writes.items():
        if path.startswith(NOWHERE) or Path(path).parent == folder:  # its own words
            continue
        if Path(path).is_relative_to(history):
            kept[path] = writes
        elif Path(path).is_relative_to(speech):
            yield from judge_speech(path, writes)
        elif Path(path).parent != cache or not path.endswith(TIMES):
            yield f"written outside: {path}"
        elif writes.total > LARGEST_WRITE:
            yield f"too large for a few times: {writes.total:,} bytes to {path}"
    yield from judge_history(history, kept)
    yield from (f"moved: {p}" for p in calls.moved if Path(p).parent not in {speech, cache})
    yield from left(history, speech)


def judge_speech(path: str, writes: Writes) -> Iterable[str]:
    # a file without a name is gone with its process; its number may be another one's a moment later
    if re.fullmatch(r"#\d+", Path(path).name):
        if writes.largest > LARGEST_TEXT or writes.total > LARGEST_WRITE:
            yield f"no words, among the speech: {writes.largest:,} bytes at once to {path}"
        return
    if not path.endswith(".wav") or not writes.begins.startswith("RIFF"):
        yield f"no sound, among the speech: {path} begins with {writes.begins}"
    if writes.total > LARGEST_CUE:
        yield f"as large as a picture: {writes.total:,} bytes to {path}"


def judge_history(history: Path, kept: dict[str, Writes]) -> Iterable[str]:
    for path, writes in kept.items():
        if path == str(history / LOCK) and writes.total <= LARGEST_LOCK:
            continue
        if path not in {str(history / name) for name in HISTORY}:
            yield f"written beside the history: {path}"
        if writes.largest > LARGEST_WRITE:
            yield f"as large as a picture: {writes.largest:,} bytes at once to {path}"
    total = sum(writes.total for writes in kept.values())
    if total > LARGEST_IN_ALL:
        yield f"as large as a picture: {total:,} bytes in all to {history}"


def left(history: Path, speech: Path) -> Iterable[str]:
    """What was left behind that could be a picture."""
    if (history / HISTORY[0]).exists():
        yield from large_values(history / HISTORY[0])
    for file in speech.glob("*") if speech.is_dir() else ():
        try:
            with wave.open(str(file)) as sound:
                size = sound.getnframes() * sound.getnchannels() * sound.getsampwidth()
        except (OSError, EOFError, wave.Error):
            yield f"no sound, among the speech: {file}"
        else:
            if file.stat().st_size > size + 44:  # the header's bytes
                yield f"more than sound: {file}"


def main(folder: Path) -> int:
    """Prints what was written; returns the exit code, 0 where all is as it should be."""
    calls = Calls()
    text = whole_lines((folder / "calls").read_text("utf-8", "replace"))
    for process, call, rest, result in CALL.findall(text):
        calls.take(process, call, rest, int(result))
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
