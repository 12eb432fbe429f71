"""How well invoices are understood whose fields are known."""
