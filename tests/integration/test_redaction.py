"""Documents with planted personal data: what comes back shows none of it, however it is read."""

import re
from io import BytesIO
from pathlib import Path

import httpx2
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageOps

from tests.fakes import as_file

TESTDATA = Path(__file__).parents[2] / "testdata"
LETTER = (
    *("Margaret", "Fairweather", "Harbour", "LS7 4TB", "DE89", "0532 0130", "March 1961"),
    *("7946", "m.fairweather", "Oluwaseun", "Adeyemi"),
)
INVOICE = ("Pemberton", "Foundry", "BS1 5TR", "0117", "4111", "Lloyd")
SECRET = "secret.author"
KEPT_LETTER = ("MarlowPaperLtd", "Thankyouforyourorderof12boxes", "1,284.50EUR")
KEPT_INVOICE = ("INVOICE2025-118273", "Billto", "Quantity", "Bluepaper", "102.00", "144.60")
DOCUMENTS = [
    ("letter.png", LETTER, KEPT_LETTER),
    ("letter_skewed.jpg", LETTER, ("Marlow", "Thankyou", "1,284.50")),
    ("invoice.tif", INVOICE, KEPT_INVOICE),
    ("letter_and_invoice.pdf", LETTER + INVOICE, KEPT_LETTER + KEPT_INVOICE),
]


def planted(name: str) -> bytes:
    """Return a document of testdata/pii/."""
    return (TESTDATA / "pii" / name).read_bytes()


def masked(http: httpx2.Client, name: str) -> bytes:
    """Return a document as it comes back."""
    answer = http.post("/v2/redact", files=as_file(planted(name)))
    assert answer.status_code == 200, answer.text
    return answer.content


def bare(text: str) -> str:
    """Return a text without blanks."""
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize(("name", "hidden", "kept"), DOCUMENTS, ids=lambda each: str(each)[:24])
def test_read_again_nothing_is_found(
    http: httpx2.Client, name: str, hidden: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    """What was planted can be read before and not after; all else can still be read."""
    text = {"content": planted(name)}, {"content": masked(http, name)}
    before, after = (bare(http.post("/v2/ocr?format=text", **each).text) for each in text)
    assert [word for word in hidden if bare(word) not in before] == []
    assert [word for word in hidden if bare(word) in after] == []
    assert [word for word in kept if word not in after] == []


@pytest.mark.parametrize(("name", "hidden", "kept"), DOCUMENTS, ids=lambda each: str(each)[:24])
def test_comes_back_as_it_was_sent(
    http: httpx2.Client, name: str, hidden: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    """A document keeps its type, and loses what a file can hold beside its pages."""
    sent, back = planted(name), masked(http, name)
    assert back[:2] == sent[:2]
    assert not any(word.encode() in back for word in (SECRET, *hidden))
    if not name.endswith(".pdf"):
        one, other = Image.open(BytesIO(sent)), Image.open(BytesIO(back))
        assert (one.format, one.size, one.mode) == (other.format, other.size, other.mode)
        assert not set(other.getexif()) & {0x013B}


def test_pdf_holds_nothing_but_pictures(http: httpx2.Client) -> None:
    """No text, hidden or not, no attachment, note or metadata is left in a PDF; pages keep size."""
    before = pdfium.PdfDocument(planted("letter_and_invoice.pdf"))
    after = pdfium.PdfDocument(masked(http, "letter_and_invoice.pdf"))
    assert SECRET in before[0].get_textpage().get_text_range()
    assert before.count_attachments() == 1
    assert len(after) == len(before) == 2
    assert after.count_attachments() == 0
    for one, other in zip(before, after, strict=True):
        assert other.get_textpage().count_chars() == 0
        assert [each.type for each in other.get_objects()] == [pdfium.raw.FPDF_PAGEOBJ_IMAGE]
        assert pdfium.raw.FPDFPage_GetAnnotCount(other) == 0
        assert other.get_size() == pytest.approx(one.get_size(), abs=1)
    assert after.get_metadata_value("Author") == ""


def test_detect_shows_where(http: httpx2.Client) -> None:
    """In the mode `detect` each finding has its box; the pixels in it are those of the words."""
    params = {"mode": "detect", "entities": "iban"}
    found = http.post("/v2/redact", params=params, content=planted("letter.png")).json()
    [entity] = found["entities"]
    assert entity["text"] == "DE89 3704 0044 0532 0130 00"
    assert found["text"][slice(*entity["span"])] == entity["text"]
    [place] = entity["places"]
    assert place["page"] == 1
    cut = Image.open(BytesIO(planted("letter.png"))).crop(place["bbox"])
    out = BytesIO()
    padded = Image.new("L", (cut.width + 40, cut.height + 40), 255)
    padded.paste(cut, (20, 20))
    padded.save(out, "PNG")
    read = http.post("/v2/ocr?format=text&psm=7", content=out.getvalue()).text
    assert bare(read) == bare(entity["text"])


def test_text_of_a_document_gets_pseudonyms(http: httpx2.Client) -> None:
    """The text of a scan can be had without the names in it."""
    answer = http.post("/v2/redact?mode=pseudonym", content=planted("letter.png")).json()
    assert "Dear Mrs PERSON_1," in answer["text"]
    assert not [word for word in LETTER if bare(word) in bare(answer["text"])]
    assert answer["consistent_within"] == "text"


def mirrored(name: str) -> bytes:
    """Return a picture of testdata as it looks from behind."""
    out = BytesIO()
    ImageOps.mirror(Image.open(TESTDATA / name)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("mode", ["mask", "pseudonym", "detect"])
@pytest.mark.parametrize("name", ["page/letter.png", "pdf/broken_page.pdf"])
def test_page_that_cannot_be_read_is_never_given_out(
    http: httpx2.Client, name: str, mode: str
) -> None:
    """A page that says nothing, or is broken, may hold anything: the document is refused."""
    data = mirrored(name) if name.endswith(".png") else (TESTDATA / name).read_bytes()
    answer = http.post(f"/v2/redact?mode={mode}", content=data)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_redacted")
    assert answer.json()["pages"]


def test_pages_that_can_be_read_can_be_asked_for(http: httpx2.Client) -> None:
    """What is given out holds the wanted pages and no others."""
    answer = http.post("/v2/redact?pages=2", content=planted("letter_and_invoice.pdf"))
    assert len(pdfium.PdfDocument(answer.content)) == 1


def test_every_frame_of_a_tiff_comes_back(http: httpx2.Client) -> None:
    """A TIFF with two pages has two pages afterwards."""
    data = (TESTDATA / "format/two_pages.tif").read_bytes()
    back = http.post("/v2/redact", content=data).content
    one, other = Image.open(BytesIO(data)), Image.open(BytesIO(back))
    assert (other.format, other.n_frames) == ("TIFF", 2)
    for frame in range(2):
        one.seek(frame), other.seek(frame)
        assert one.size == other.size


def test_kept_file_can_be_fetched_masked(http: httpx2.Client) -> None:
    """The file itself stays as it was sent."""
    kept = http.post("/v2/files", files=as_file(planted("letter.png"))).json()
    shown = http.get(f"{kept['links']['self']}/masked")
    assert shown.headers["content-type"] == "image/png"
    after = bare(http.post("/v2/ocr?format=text", content=shown.content).text)
    assert [word for word in LETTER if bare(word) in after] == []
    assert http.get(kept["links"]["content"]).content == planted("letter.png")


def test_export_tells_nothing_personal(http: httpx2.Client) -> None:
    """Of what was read on a kept file others get all but what is personal."""
    kept = http.post("/v2/files", files=as_file(planted("invoice.tif"))).json()
    answer = http.get("/v2/export?limit=1")
    [exported] = answer.json()["files"]
    assert exported["id"] == kept["id"]
    assert [word for word in INVOICE if bare(word) in bare(exported["text"])] == []
    assert [word for word in KEPT_INVOICE if word not in bare(exported["text"])] == []
