"""What is left of a strip when the words that are known are taken out of it."""

from collections.abc import Iterator, Sequence

from readstone.document import Box
from readstone.engine.ocr.rapid.regions import Strip

# Of the height of a strip, which is more than that of its letters. Blanks are narrower.
NARROWEST = 0.6


def gaps(strip: Strip, known: Sequence[Box]) -> Iterator[Strip]:
    """Yield the parts of a strip in which there may be words that are not known."""
    words = sorted(box for box in known if strip.holds(box))
    if not words:
        yield strip
        return
    left, narrowest = strip.x1, NARROWEST * strip.height
    for box in words:
        if box.x1 - left > narrowest:
            yield strip.between(left, box.x1)
        left = max(left, box.x2)
    if strip.x2 - left > narrowest:
        yield strip.between(left, strip.x2)
