"""Tables, and the way to them: SQLite in a file or in memory, or PostgreSQL."""
