"""The machine below: health, heat, watchdog, threads, retries, clock, folders and pins."""
