"""Tells others what has happened: events wait in an outbox until their target has taken them."""
