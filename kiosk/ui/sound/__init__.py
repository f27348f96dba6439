"""What is heard: tones, spoken cues, and the speaker that plays them."""
