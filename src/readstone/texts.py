"""What a text must be that is sent as such."""

from readstone.errors import BadRequest, BodyTooLarge


def checked_bytes(text: str, *, max_characters: int) -> bytes:
    """Return a text in UTF-8.

    Raises:
        BodyTooLarge, BadRequest: it has too many characters, or half of one.
    """
    if len(text) > max_characters:
        raise BodyTooLarge(
            "the text has more characters than the service takes; send it in parts",
            limit=max_characters,
            actual=len(text),
            setting="limits.text_characters",
        )
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise BadRequest("text: it holds half a character, a lone surrogate") from error
