"""Flips every bit of the first page of a history, one at a time: is any set lost in silence?

Run from the checkout: PYTHONPATH=tests .venv/bin/python tests/platform/flip_history.py [FIRST LAST]
Ends with 1 where a start on such a file raises, loses a set without a word or keeps no new set.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from history.flips import PAGE_BITS, fault_of, whole_history


def main() -> int:
    first, last = (int(text) for text in sys.argv[1:3]) if len(sys.argv) > 2 else (0, PAGE_BITS)
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place:
        contents = whole_history(Path(place) / "whole")
        for bit in range(first, last):
            try:
                fault = fault_of(contents, bit, Path(place) / "flipped")
            except Exception as error:  # noqa: BLE001 - what a user would see as a traceback
                fault = repr(error)
            if fault is not None:
                found[fault] += 1
                sys.stdout.write(f"byte {bit // 8}, bit {bit % 8}: {fault}\n")
            if bit % 1000 == 0:
                sys.stdout.write(f"{bit} …\n")
                sys.stdout.flush()
    sys.stdout.write(f"{last - first} bits flipped, {sum(found.values())} with a fault\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
