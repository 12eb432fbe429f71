"""Tests of redacting.py: pages are painted over until nothing is found, or not given out at all."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from readstone.document import Box, Page
from readstone.engine.base import OcrOptions, PageImage, PictureLimits
from readstone.engine.line import Lane, Ticket
from readstone.engine.ocr.found import FoundWord, build_page
from readstone.engine.pii.replace import Redaction
from readstone.errors import CorruptInput, NotRedacted
from readstone.findings import PiiKind
from readstone.parts import build_redactor
from readstone.reading import Patience
from readstone.redacting import ROUNDS, Redactor
from tests.fakes import FakeEngine, FakePool, fake_reader, settings

pytestmark = pytest.mark.anyio
PATIENCE = Patience(Ticket(Lane.NOW, wait_s=1), max_pages=5)
WORDS = ("ann@example.com", "bob@example.com", "cyd@example.com", "tea", "dan@example.com")


class FaintEngine(FakeEngine):
    """Sees one word after another, the next only once the one before it is black.

    Args:
        limit: so many words are there; none of them goes away when it is `stubborn`.
    """

    def __init__(self, limit: int, *, stubborn: bool = False, confidence: float = 0.9) -> None:
        super().__init__()
        self.limit, self.stubborn, self.confidence = limit, stubborn, confidence

    def read(self, image: PageImage, options: OcrOptions, *, number: int = 1) -> Page:
        self.asked.append(options)
        found = []
        for row, word in enumerate(WORDS[: self.limit]):
            box = Box(10, 10 + 40 * row, 90, 30 + 40 * row)
            if image.gray[box.y1 : box.y2, box.x1 : box.x2].max() > 40 or self.stubborn:
                found.append(FoundWord(word, box, self.confidence, 1, row))
                break
        return build_page(found, image, language=options.lang, number=number)


def picture(pages: int = 1) -> bytes:
    """Return a white TIFF with so many pages, each with a rule at its top."""
    frames = [Image.new("L", (220, 220), 255) for _ in range(pages)]
    for frame in frames:
        frame.paste(0, (5, 2, 95, 4))
    out = BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def redactor(engine: FakeEngine, pool: FakePool | None = None) -> tuple[Redactor, Redaction]:
    """Return what redacts with an engine, and a request to mask everything."""
    pool = pool or FakePool(engine=engine, limits=PictureLimits(1_000_000, 10_000))
    reader = fake_reader(settings(), pool)
    made = build_redactor(pool, reader, settings())  # type: ignore[arg-type]
    return made, Redaction(tuple(PiiKind), "mask", made.key)


def black(data: bytes, row: int, *, page: int = 0) -> bool:
    """Return whether the place of a word is black."""
    image = Image.open(BytesIO(data))
    image.seek(page)
    return bool(np.asarray(image)[10 + 40 * row : 30 + 40 * row, 10:90].max() == 0)


async def test_what_shows_only_then_is_painted_over_as_well() -> None:
    """Each look may find what the one before did not; the last one finds nothing."""
    engine = FaintEngine(3)
    made, redaction = redactor(engine)
    data, media_type = await made.mask_document(picture(), OcrOptions(), redaction, PATIENCE)
    assert media_type == "image/tiff"
    assert [black(data, row) for row in range(4)] == [True, True, True, False]
    assert len(engine.asked) == ROUNDS
    assert all(each.text_layer == "never" for each in engine.asked[1:])
    assert all(each.orientation == "none" for each in engine.asked[1:])


async def test_gives_up_where_something_is_found_again_and_again() -> None:
    """A document is rather not given out than with something in it."""
    made, redaction = redactor(FaintEngine(1, stubborn=True))
    with pytest.raises(NotRedacted, match=f"{ROUNDS} times"):
        await made.mask_document(picture(), OcrOptions(), redaction, PATIENCE)


async def test_page_without_anything_is_looked_at_twice() -> None:
    """A page on which nothing is found is encoded anew and read again, and no more than that."""
    engine = FaintEngine(0)
    made, redaction = redactor(engine)
    await made.mask_document(picture(), OcrOptions(), redaction, PATIENCE)
    assert len(engine.asked) == 2


async def test_every_page_is_painted_over() -> None:
    """All pages of a document are done, and come back in their order."""
    made, redaction = redactor(FaintEngine(1))
    data, _ = await made.mask_document(picture(3), OcrOptions(), redaction, PATIENCE)
    assert Image.open(BytesIO(data)).n_frames == 3
    assert all(black(data, 0, page=number) for number in range(3))


async def test_badly_read_page_is_not_given_out() -> None:
    """Who cannot read a page cannot say what is on it; the setting says what is bad."""
    made, redaction = redactor(FaintEngine(1, confidence=0.69))
    for work in (made.mask_document, made.redact_document):
        with pytest.raises(NotRedacted) as caught:
            await work(picture(), OcrOptions(), redaction, PATIENCE)
        assert caught.value.facts == {"pages": [1], "setting": "redaction.min_confidence"}


async def test_masked_text_is_looked_at_again() -> None:
    """Text in which something can still be found is not given out."""
    made, redaction = redactor(FakeEngine("tea for ann@example.com"))
    masked = await made.mask_text(picture(), OcrOptions(), redaction, PATIENCE)
    assert masked == "tea for [EMAIL]"
    hides_nothing = replace(redaction, mode="detect")
    with pytest.raises(NotRedacted, match="can still be found"):
        await made.mask_text(picture(), OcrOptions(), hides_nothing, PATIENCE)


async def test_partial_document_is_not_given_out() -> None:
    """One page that cannot be read keeps the others back."""
    engine = FaintEngine(1)
    pool = FakePool(engine=engine, limits=PictureLimits(1_000_000, 10_000))
    made, redaction = redactor(engine, pool)
    pool.script.extend([None, CorruptInput("damaged")])  # type: ignore[list-item]
    with pytest.raises(NotRedacted) as caught:
        await made.mask_document(picture(2), OcrOptions(), redaction, PATIENCE)
    assert caught.value.facts["pages"] == [1]


async def test_failure_while_painting_ends_the_work() -> None:
    """What a worker refuses is said, and no page is left out."""
    engine = FaintEngine(0)
    pool = FakePool(engine=engine, limits=PictureLimits(1_000_000, 10_000))
    made, redaction = redactor(engine, pool)
    nothing = [None] * 4  # counting, reading two pages, finding
    pool.script.extend([*nothing, CorruptInput("damaged")])  # type: ignore[list-item]
    with pytest.raises(CorruptInput):
        await made.mask_document(picture(2), OcrOptions(), redaction, PATIENCE)


async def test_text_of_a_document_and_where_it_stood() -> None:
    """The stand-ins lie in the text, their places on the page."""
    made, redaction = redactor(FaintEngine(1))
    found = await made.redact_document(picture(), OcrOptions(), redaction, PATIENCE)
    assert found.text.text == "[EMAIL]"
    assert [[place.box for place in places] for places in found.places] == [[Box(10, 10, 90, 30)]]


def test_key_is_the_configured_one_or_new() -> None:
    """Without a key in the settings each start has its own."""
    reader = fake_reader(settings(), FakePool())
    key = "a key of sixteen or more"

    def made(**given: object) -> Redactor:
        return build_redactor(FakePool(), reader, settings(**given))  # type: ignore[arg-type]

    assert made(redaction__key=key).key.secret == key.encode()
    assert made(redaction__key=key).key.is_lasting
    assert made().key.secret != made().key.secret
    assert len(made().key.secret) == 32 and not made().key.is_lasting
