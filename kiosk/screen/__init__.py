"""The screen: drawn from snapshots at the display's own rate."""

import os

# pygame greets on stdout when it is imported, where `--json` output belongs
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
