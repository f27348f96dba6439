"""The machine below: health, heat, watchdog, clock, retries, folders and pins."""
