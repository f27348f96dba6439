"""How fast the mirror is on this machine, part by part."""
