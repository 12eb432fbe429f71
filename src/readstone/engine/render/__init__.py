"""A document becomes text, hOCR, ALTO, TSV, Markdown or a searchable PDF."""
