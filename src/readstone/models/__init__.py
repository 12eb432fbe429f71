"""What crosses the wire; a class name carries the version."""
