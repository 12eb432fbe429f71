"""Invoices: what a document says in structured form, and what is concluded from its words."""
