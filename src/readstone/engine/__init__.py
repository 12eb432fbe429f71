"""Pure computing, bytes or text in and frozen dataclasses out."""
