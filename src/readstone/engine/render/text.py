"""Plain text."""

from readstone.document import Document


def render_text(document: Document) -> str:
    """Return the text of a document, a form feed between pages."""
    return document.text
