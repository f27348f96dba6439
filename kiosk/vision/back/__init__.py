"""The back line: from the outline of a person in a frame to how it bows."""
