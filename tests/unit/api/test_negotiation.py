"""The format that an Accept header asks for."""

import pytest

from readstone.api.negotiation import accepted_format


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("text/plain", "text"),
        ("TEXT/Markdown; charset=utf-8", "markdown"),
        ("application/json;q=0.2, text/vnd.hocr+html;q=0.8", "hocr"),
        ("application/alto+xml, application/json", "alto"),
        ("image/png, text/tab-separated-values;q=0.1", "tsv"),
        ("application/pdf", "pdf"),
        ("image/png", "json"),
        ("text/plain;q=0, application/json;q=0.1", "json"),
        ("text/plain;q=rubbish", "json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "json"),
    ],
)
def test_first_known_format_by_preference_is_taken(accept: str, name: str) -> None:
    """Quality decides, then order; what is not known is passed over."""
    assert accepted_format(accept) == name
