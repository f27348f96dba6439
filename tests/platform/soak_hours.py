"""Plays hours of use in minutes, with faults in between, and judges what grew or was lost.

`.venv/bin/python tests/platform/soak_hours.py --hours 24 --seed 1`; exit code 1 where something
was lost or grew.
"""

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from soak.report import format_heading, format_report, format_sample
from soak.soak import soak


def _above_zero(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return number


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Hours of use in minutes.")
    parser.add_argument("--hours", type=_above_zero, default=24.0, help="of use (24)")
    parser.add_argument(
        "--speed", type=_above_zero, default=math.inf, help="times life at most; default: no limit"
    )
    parser.add_argument("--seed", type=int, default=1, help="another one, another day (1)")
    arguments = parser.parse_args(argv)
    print(format_heading(), flush=True)
    with TemporaryDirectory(prefix="kiosk-soak-") as folder:
        result = soak(
            Path(folder),
            arguments.hours,
            speed=arguments.speed,
            seed=arguments.seed,
            report=lambda found: print(format_sample(found), flush=True),
        )
    print(f"\n{format_report(result)}")
    return 1 if result.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
