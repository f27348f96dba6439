"""The back line: from the outline of a person in a frame to what can be said of a rep."""
