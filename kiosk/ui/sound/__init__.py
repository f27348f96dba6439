"""Tones and speech, and the loudspeaker that plays them."""
