"""The gym mirror: light → pose → body → coach → screen, sound and history."""

import os

# pygame greets on stdout when it is imported, where `--json` output belongs
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
