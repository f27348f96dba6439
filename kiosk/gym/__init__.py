"""The PostgreSQL database of many mirrors, and what coaches read of it."""
