"""What is heard: tones, spoken cues, and the speaker that plays them."""

import os

# pygame greets on stdout when it is imported, where `--json` output belongs
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
