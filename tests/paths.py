"""Folders that tests read."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
"""The checkout."""
TRACES = ROOT / "tests" / "fixtures" / "traces"
HISTORIES = ROOT / "tests" / "fixtures" / "history"
"""Recorded poses, with their expected counts in `expected.json`."""
GOLDEN = ROOT / "tests" / "fixtures" / "golden"
"""Pictures whose exact contents are known."""
