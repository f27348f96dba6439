"""Living as a service: notifying, watching, healing."""
