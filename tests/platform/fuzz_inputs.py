"""Damages thousands of files of every format, and counts those that end in anything but one line.

    .venv/bin/python tests/platform/fuzz_inputs.py [--inputs 20000] [--seed N] [FORMAT ...]

Prints a line a format, and the traceback of the first input of each kind that failed. Exit code 1
if any did. `tests/test_fuzz.py` tries a few of them in every run.
"""

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from fuzzing import FORMATS, found_in


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help=", ".join(FORMATS))
    parser.add_argument("--inputs", type=int, default=20_000, help="of each format")
    parser.add_argument("--seed", type=int, default=0, help="number of the first input")
    arguments = parser.parse_args()
    failed = 0
    for name in arguments.formats or FORMATS:
        began, kinds = time.monotonic(), dict[str, list[int]]()
        with TemporaryDirectory() as folder:
            numbers = range(arguments.seed, arguments.seed + arguments.inputs)
            for number, fault in found_in(name, numbers, Path(folder)):
                # the same line of code is the same fault
                kind = "\n".join(fault.splitlines()[-4:])
                if not kinds.setdefault(kind, []):
                    print(f"{name} {number}:\n{fault}", flush=True)
                kinds[kind].append(number)
        count = sum(map(len, kinds.values()))
        failed += count
        took_s = time.monotonic() - began
        print(
            f"{name:9} {arguments.inputs:7,} inputs {took_s:7.0f} s {count:6,} failed", flush=True
        )
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
