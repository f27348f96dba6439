"""History: every set, kept on the device."""
