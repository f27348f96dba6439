"""What tests/platform/privacy_strace.sh makes of the kernel's calls, which only runs by hand."""

import runpy
import sqlite3
import wave
from contextlib import closing
from pathlib import Path

import pytest

from paths import ROOT

SCRIPT = runpy.run_path(str(ROOT / "tests/platform/privacy_calls.py"))
STARTED = '1 execve("/venv/bin/python", ["pyth"...], 0x7f /* 6 vars */) = 0'
VOICE = '2 execve("/usr/bin/espeak-ng", ["/usr"...], 0x7f /* 8 vars */) = 0'
UNIX = "socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 6<socket:[5]>"
SOUND = (
    'connect(6<socket:[5]>, {sa_family=AF_UNIX, sun_path="/tmp/pulse-PKdh/native"}, 110)'
    " = -1 ENOENT (No such file or directory)"
)
MEMORY = 'memfd_create("pulseaudio", MFD_ALLOW_SEALING) = 5</memfd:pulseaudio>(deleted)'
SHARED = (
    "mmap(NULL, 67108864, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_NORESERVE,"
    " 5</memfd:pulseaudio>(deleted), 0) = 0x7f1e"
)
USUAL = [
    STARTED,
    "1 socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC|SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT) = 4<so>",
    "1 bind(4<socket:[9]>, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=0x000002}, 12) = 0",
    "1 mmap(NULL, 4758512, PROT_READ, MAP_SHARED, 3</models/movenet.tflite>, 0) = 0x7f4e",
    "1 mmap(0, 9, PROT_READ|PROT_WRITE, MAP_SHARED, 7<{}/history/history.sqlite3-shm>, 0) = 0x7f",
    '1 pwrite64(6<{}/history/history.sqlite3-wal>, "7\\177\\6"..., 4096, 32) = 4096',
    '1 pwrite64(8<{}/history/history.sqlite3.lock>, "4711"..., 5, 0) = 5',
    '1 write(9<{}/home/.cache/gym-mirror/speech/#3260592>, "Tall"..., 14) = 14',
    '2 write(1<{}/home/.cache/gym-mirror/speech/#3260695>, "eSpe"..., 82) = 82',
    '1 execve("/usr/local/bin/espeak-ng", ["/usr"...], 0x7f) = -1 ENOENT (No such file)',
    VOICE,
    f"2 {MEMORY}",
    f"2 {SHARED}",
    f"2 {UNIX}",
    f"2 {SOUND}",
    '2 write(3<{}/home/.cache/gym-mirror/speech/raw/raw.wav>, "RIFF"..., 4096) = 4096',
    '1 rename("{}/x/speech/.1.a.wav", "{}/home/.cache/gym-mirror/speech/a.wav") = 0',
    '2 symlink("/tmp/pulse-PKdh", "{}/home/.config/pulse/a-runtime") = 0',
    '1 write(1<pipe:[77]>, "{{\\"wr"..., 5000) = 5000',
]


def wrong(folder: Path, *lines: str) -> list[str]:
    """What is said of a usual set in which these calls are made too."""
    calls = SCRIPT["Calls"]()
    text = "\n".join([*USUAL, *lines]).replace("{}", str(folder))
    for process, call, rest, result in SCRIPT["CALL"].findall(SCRIPT["whole_lines"](text)):
        calls.take(process, call, rest, int(result))
    return list(SCRIPT["judge"](calls, folder))


def test_a_usual_set_has_nothing_wrong(tmp_path: Path) -> None:
    assert wrong(tmp_path) == []


@pytest.mark.parametrize(
    ("lines", "noticed"),
    [
        (['1 execve("/bin/sh", ["sh"...], 0x7f) = 0'], "a program was started: /bin/sh"),
        (['3 execve("/usr/bin/curl", ["cu"...], 0x7f) = 0'], "a program was started"),
        (
            [
                '3 execve("/bin/sh", ["sh"...], 0x7f <unfinished ...>',
                '2 symlink("/tmp/pulse-PKdh", "{}/home/.config/pulse/a-runtime") = 0',
                '1 write(1<pipe:[77]>, "x", 1) = 1',
                "3 <... execve resumed>)             = 0",
            ],
            "a program was started",
        ),
        (
            ['1 write(8<{}/history/frame-1>, "\\1\\2"..., 3000) = 3000'],
            "written beside the history",
        ),
        (
            ['1 pwrite64(8<{}/history/history.sqlite3.lock>, "\\1\\2"..., 3000, 0) = 3000'],
            "written beside the history",
        ),
        (
            ['1 write(9<{}/home/.cache/gym-mirror/speech/#3260592>, "\\1\\2"..., 3000) = 3000'],
            "no words, among the speech",
        ),
        (
            ['1 write(9<{}/home/.cache/gym-mirror/speech/#3260592>, "\\1\\2"..., 99) = 99'] * 50,
            "no words, among the speech",
        ),
        (
            ['1 pwrite64(6<{}/history/history.sqlite3-wal>, "ab"..., 4096, 4) = 4096'] * 150,
            "in all",
        ),
        (
            ['1 write(8<{}/home/.cache/gym-mirror/speech/a.wav>, "\\377\\330"..., 900) = 900'],
            "no sound, among the speech",
        ),
        (
            ['1 write(8<{}/home/.cache/gym-mirror/speech/a.jpg>, "RIFF"..., 900) = 900'],
            "no sound, among the speech",
        ),
        (["1 socket(AF_UNIX, SOCK_DGRAM|SOCK_CLOEXEC, 0) = 6<socket:[5]>"], "AF_UNIX, SOCK_DGRAM"),
        (["2 socket(AF_UNIX, SOCK_DGRAM|SOCK_CLOEXEC, 0) = 6<socket:[5]>"], "AF_UNIX, SOCK_DGRAM"),
        ([f"1 {UNIX}"], "it reaches out: socket"),
        (["1 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 6<socket:[5]>"], "AF_INET"),
        ([f"1 {SOUND}"], "it reaches out: connect"),
        (['2 connect(6<s>, {sa_family=AF_UNIX, sun_path="/run/spy"}, 110) = 0'], "/run/spy"),
        (
            ['2 connect(6<s>, {sa_family=AF_UNIX, sun_path="/run/pulse/native"}, 110) = 0'],
            "it reaches out: connect",
        ),
        (['1 sendto(6<socket:[5]>, "\\1\\2"..., 3000, 0, NULL, 0) = 3000'], "sendto"),
        (["1 sendmsg(6<socket:[5]>, {msg_namelen=0}, 0) = 3000"], "sendmsg"),
        (['1 write(6<socket:[5]>, "\\1\\2"..., 3000) = 3000'], "sent"),
        ([f"1 {MEMORY}"], "it reaches out: memfd_create"),
        ([f"1 {SHARED}"], "shared memory that is written"),
        (
            ["1 mmap(NULL, 921600, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0) = 0x7f"],
            "shared memory that is written: of no file",
        ),
        (
            ["1 mmap(NULL, 9, PROT_READ|PROT_WRITE, MAP_SHARED, 5</dev/shm/a-shm>, 0) = 0x7f"],
            "shared memory that is written: /dev/shm/a-shm",
        ),
        (["1 shmget(0x1, 921600, IPC_CREAT|0600) = 3"], "shmget"),
        (['1 rename("{}/history/history.sqlite3", "/srv/www/a") = 0'], "moved: /srv/www/a"),
        (['1 write(8<{}/work/frame.raw>, "\\1\\2"..., 900) = 900'], "written outside"),
    ],
)
def test_each_way_out_is_noticed(tmp_path: Path, lines: list[str], noticed: str) -> None:
    assert any(noticed in line for line in wrong(tmp_path, *lines))


def test_what_lies_in_the_history_and_among_the_speech_is_looked_at(tmp_path: Path) -> None:
    speech = tmp_path / "home/.cache/gym-mirror/speech"
    for folder in (speech, tmp_path / "history"):
        folder.mkdir(parents=True)
    with wave.open(str(speech / "a.wav"), "wb") as sound:
        sound.setparams((1, 2, 22050, 0, "NONE", ""))
        sound.writeframes(bytes(1000))
    with closing(sqlite3.connect(tmp_path / "history/history.sqlite3")) as history, history:
        history.execute("CREATE TABLE sets (checks TEXT)")
    assert wrong(tmp_path) == []
    with closing(sqlite3.connect(tmp_path / "history/history.sqlite3")) as history, history:
        history.execute("INSERT INTO sets VALUES (zeroblob(17))")
    with (speech / "a.wav").open("ab") as file:
        file.write(b"\xff\xd8")
    (speech / "b.wav").write_bytes(b"\xff\xd8")
    assert sorted(line.partition(":")[0] for line in wrong(tmp_path)) == [
        "a picture in the history",
        "more than sound",
        "no sound, among the speech",
    ]


def test_the_script_builds_in_every_leak() -> None:
    script = (ROOT / "tests/platform/privacy_strace.sh").read_text("utf-8")
    leaks = (ROOT / "tests/privacy/watched_set.py").read_text("utf-8").partition("LEAKS:")[2]
    known = {line.strip(" ,") for line in leaks.partition(")")[0].splitlines()[3:]}
    built_in = {line.split()[1] for line in script.splitlines() if line.startswith("leak ")}
    assert built_in == known - {""}
