"""Base64 as clients write it."""

from base64 import b64encode, encodebytes

import pytest

from readstone.api.body import base64_picture
from readstone.errors import BadRequest

DATA = bytes(range(256))
PLAIN = b64encode(DATA).decode()


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        encodebytes(DATA).decode(),
        PLAIN.replace("A", "A\r\n"),
        f" \t{PLAIN}\n",
        f"data:image/png;base64,{PLAIN}",
        f"data:;base64,{PLAIN}",
        f"data:image/svg+xml;charset=utf-8;base64,{encodebytes(DATA).decode()}",
    ],
    ids=["plain", "lines", "CRLF", "blanks", "data", "data without type", "data with lines"],
)
def test_base64_is_decoded(text: str) -> None:
    """White space and a data: prefix are left out."""
    assert base64_picture(text) == DATA


@pytest.mark.parametrize("text", ["", " ", "data:", "data:image/png;base64,"])
def test_nothing_is_nothing(text: str) -> None:
    """Empty base64 is no bytes; whether that is allowed is checked later."""
    assert base64_picture(text) == b""


@pytest.mark.parametrize(
    "text", ["A", "AAA", "AA=A", "====", "!!!!", "é", "\ud800", PLAIN[:-1], "AA-_", "\0\0"]
)
def test_what_is_no_base64_is_refused(text: str) -> None:
    """Nothing is guessed or left out."""
    with pytest.raises(BadRequest):
        base64_picture(text)
