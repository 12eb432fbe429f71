"""How well the service reads documents whose text is known."""
