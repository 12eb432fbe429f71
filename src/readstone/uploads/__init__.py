"""Keeps what callers send once, to be used again and again by its id."""
