"""Sends stored sets to the database that the owner names, each of them once in effect."""
