"""How the machine under the mirror is, for whoever looks after it."""
