"""Tests of invoicing.py: XML first, then the pages, and both together."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from readstone.document import Page
from readstone.engine.base import OcrOptions, PageImage, PictureLimits
from readstone.engine.invoice.combine import DIFFERS
from readstone.engine.invoice.work import RECEIPT_MODE, SHEET_MODE
from readstone.engine.line import Lane, Ticket
from readstone.errors import CorruptInput, EngineFailed, UnsupportedType
from readstone.findings import Finding, Source
from readstone.invoicing import BROKEN_XML, InvoiceOptions, InvoiceReader, ReadInvoice
from readstone.parts import build_invoice_reader
from readstone.reading import Patience
from tests.fakes import FakeEngine, FakePool, Gate, fake_reader, picture, settings
from tests.typed import typed

pytestmark = pytest.mark.anyio
FOLDER = Path(__file__).parents[2] / "testdata" / "invoice" / "xml"
PATIENCE = Patience(Ticket(Lane.NOW, wait_s=1), max_pages=5)
FROM_PAGE_SHAPE = OcrOptions(psm=0, orientation="none")
OPTIONS = InvoiceOptions(FROM_PAGE_SHAPE)
Read = tuple[Finding[Decimal], list[int]]


def reader(pool: FakePool | None = None, **given: object) -> InvoiceReader:
    """Return a reader of invoices whose pool works in this process."""
    pool, config = pool or FakePool(limits=PictureLimits(50_000_000, 32_767)), settings(**given)
    return build_invoice_reader(pool, fake_reader(config, pool), config)  # type: ignore[arg-type]


async def read(name: str, *, want_xml: bool = True) -> ReadInvoice:
    """Return what a file of the test data says."""
    data = (FOLDER / name).read_bytes()
    return await reader().read(data, InvoiceOptions(FROM_PAGE_SHAPE, want_xml), PATIENCE)


async def test_bare_xml_has_no_pages() -> None:
    """XML is an invoice without any page."""
    read_invoice = await read("ubl.xml")
    assert read_invoice.document is None
    assert str(read_invoice.invoice.total.value) == "125.87"
    assert not read_invoice.invoice.needs_review


async def test_xml_and_pages_are_read() -> None:
    """The value is that of the XML, its box that of the page."""
    total = (await read("same.pdf")).invoice.total
    assert (str(total.value), total.source, total.page) == ("125.87", Source.EMBEDDED_XML, 1)


async def test_pages_alone_are_read_when_nobody_wants_xml() -> None:
    """A reader of pages can be compared with the XML."""
    total = (await read("same.pdf", want_xml=False)).invoice.total
    assert (str(total.value), total.source) == ("125.87", Source.TEXT_LAYER)


async def test_difference_and_damage_are_reasons() -> None:
    """Neither XML that lies nor XML that is broken is passed over in silence."""
    assert DIFFERS in (await read("differs.pdf")).invoice.reasons
    broken = await read("broken.pdf")
    assert broken.invoice.reasons == (BROKEN_XML,)
    assert str(broken.invoice.total.value) == "125.87"


@pytest.mark.parametrize(("size", "mode"), [((50, 70), SHEET_MODE), ((50, 140), RECEIPT_MODE)])
async def test_shape_of_the_page_chooses_the_mode(size: tuple[int, int], mode: int) -> None:
    """A receipt is read in another way than a letter, unless the request says how."""
    pool = FakePool()
    await reader(pool).read(picture(size=size), InvoiceOptions(FROM_PAGE_SHAPE), PATIENCE)
    await reader(pool).read(picture(size=size), InvoiceOptions(OcrOptions(psm=11)), PATIENCE)
    assert [options.psm for options in pool.engine.asked] == [mode, 11]


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"<svg/>", UnsupportedType), (b"<Invoice>", CorruptInput), (b"", UnsupportedType)],
)
async def test_what_cannot_be_read_is_refused(data: bytes, error: type[Exception]) -> None:
    """The refusal says whether it is damaged or of another type."""
    with pytest.raises(error):
        await reader().read(data, InvoiceOptions(FROM_PAGE_SHAPE), PATIENCE)


RECEIPT = "Finch Stores\nReceipt No 4711 date 1 March 2023\nTotal {} EUR\nCash {} EUR thank you"
DOUBTFUL = RECEIPT.format("12.00", "13.00")  # more was paid than was asked for


class Readings(FakeEngine):
    """Reads something else each time; keeps the modes it was asked with."""

    def __init__(self, *texts: str) -> None:
        super().__init__()
        self.texts = list(texts)

    def read(self, image: PageImage, options: OcrOptions, *, number: int = 1) -> Page:
        self.asked.append(options)
        text = self.texts.pop(0)
        return replace(typed(text, confidence=0.6).pages[0], number=number)


async def retried(*texts: str, options: OcrOptions = FROM_PAGE_SHAPE, retry_s: float = 10) -> Read:
    """Return what became of a receipt that is read as these texts, one after the other."""
    engine = Readings(*texts)
    pool = FakePool(engine=engine)
    read_invoice = await reader(pool, invoices__retry_s=retry_s).read(
        picture(size=(50, 140), text="x"), InvoiceOptions(options), PATIENCE
    )
    return read_invoice.invoice.total, [each.psm for each in engine.asked]


async def test_doubtful_page_is_read_in_another_way() -> None:
    """What two readings agree on is surer than either of them."""
    once, _ = await retried(DOUBTFUL, options=replace(FROM_PAGE_SHAPE, psm=6))
    twice, modes = await retried(*[DOUBTFUL] * 2)
    assert modes == [RECEIPT_MODE, SHEET_MODE]
    assert twice.value == once.value
    assert twice.confidence > once.confidence


async def test_nothing_is_read_again_after_the_time_for_it() -> None:
    """The first reading took longer than all of it may take."""
    _, modes = await retried(DOUBTFUL, retry_s=0.001)
    assert modes == [RECEIPT_MODE]


async def test_reading_that_takes_too_long_is_given_up() -> None:
    """What the first reading has told is the answer, and nobody works at the other any more."""
    engine = Readings(DOUBTFUL)
    pool = FakePool(engine=engine)
    invoices = reader(pool, invoices__retry_s=0.3)
    pool.script.extend([None, None, None, Gate()])  # the gate stays shut
    found = await invoices.read(picture(size=(50, 140)), OPTIONS, PATIENCE)
    assert str(found.invoice.total.value) == "12.00"
    assert [each.psm for each in engine.asked] == [RECEIPT_MODE]
    assert pool.cancelled == 1


async def test_reading_again_that_fails_takes_nothing_away() -> None:
    """A worker that breaks at the second reading leaves what the first one has told."""
    engine = Readings(DOUBTFUL)
    pool = FakePool(engine=engine)
    pool.script.extend([None, None, None, EngineFailed("broken")])
    found = await reader(pool).read(picture(size=(50, 140)), OPTIONS, PATIENCE)
    assert str(found.invoice.total.value) == "12.00"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (RECEIPT.format("12.00", "12.00"), "read"),
        (RECEIPT.format("12.00", "13.00").replace("1 March 2023", "soon"), "needs_review"),
        ("A tree", "not_an_invoice"),
    ],
)
async def test_outcome_is_one_of_three(text: str, outcome: str) -> None:
    """Sure, to be looked at, or nothing of the kind."""
    pool = FakePool(engine=Readings(*[text] * 2))
    assert (await reader(pool).read(picture(), OPTIONS, PATIENCE)).outcome == outcome


async def test_few_words_are_not_read_again() -> None:
    """A picture of something else is read once."""
    total, modes = await retried("A tree")
    assert (total.value, modes) == (None, [RECEIPT_MODE])
