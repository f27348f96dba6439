"""Every screen in every state, as pictures."""
