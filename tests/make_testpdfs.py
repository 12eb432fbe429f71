"""Makes the PDFs of testdata/pdf/; `python tests/make_testpdfs.py`, after make_testdata.py.

Needs reportlab, pikepdf and the Debian package fonts-liberation2; the same versions of them give
the same bytes. The text is invented.
"""

import io
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

TESTDATA = Path(__file__).parent.parent / "testdata"
PDFS = TESTDATA / "pdf"
FONTS = Path("/usr/share/fonts/truetype/liberation2")
LETTER = TESTDATA / "page" / "letter.png"
LETTER_TEXT = LETTER.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
LETTER_AT, LETTER_SIZE, LETTER_PITCH = (71.4, 742.3), 15, 21.3  # of its lines, in points
LINE = "Order 4711: 12 boxes of blue paper, 1,284.50 EUR"
WIDTH, HEIGHT = A4

PROSE = """\
The ferry to Northquay leaves from pier three in the early morning and returns before dark. Most of
those who take it work on the other side, in the offices along the harbour, and they know each
other by sight. In winter the crossing takes longer because the pilot keeps to the marked channel.

Nobody remembers when the first boat was put into service. The oldest ticket in the museum bears
the date of a market day, and a drawing of the town from the same year shows a rope across the
river with a raft that could carry one cart and its horse. The rope was replaced by a chain.

Today there are plans for a bridge. The council has asked three firms for their drawings and will
choose one of them after the summer. Until then the ferry remains the only way across, and the
company has ordered a second vessel that burns less oil and has room for twenty bicycles."""
ROWS = (
    ("Pos", "Description", "Qty", "Unit price", "Amount"),
    ("1", "Blue paper, A4, 80 g", "12", "8.50", "102.00"),
    ("2", "Linen, by the metre", "3", "14.20", "42.60"),
    ("3", "Bone folder", "2", "6.75", "13.50"),
    ("4", "Bookbinding glue, 1 l", "1", "11.90", "11.90"),
)

Draw = Callable[[Canvas], None]


def pdf_of(draw: Draw, size: tuple[float, float] = A4, **options: object) -> bytes:
    """Return a PDF with the pages that `draw` draws."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1, pageCompression=1, **options)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def changed(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """Return a PDF after a change to its objects."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def one_line(canvas: Canvas) -> None:
    """Draw the line."""
    canvas.setFont("Helvetica", 12)
    canvas.drawString(72, 700, LINE)


def signs(canvas: Canvas) -> None:
    """Draw what is not as simple as it looks: ligatures, accents, a hyphen, other scripts."""
    pdfmetrics.registerFont(TTFont("Liberation", FONTS / "LiberationSans-Regular.ttf"))
    canvas.setFont("Liberation", 12)
    for number, text in enumerate(
        (
            "The of\N{LATIN SMALL LIGATURE FI}ce \N{LATIN SMALL LIGATURE FL}ows: fi and fl",
            "caf\u00e9 na\u00efve stra\u00dfe 10 \u20ac \u201cquoted\u201d",
            "nai\u0308ve, with the accent as a sign of its own",
            "A long word is divided at the end of the line as extra-",
            "ordinary words are in books",
            # As typesetting leaves them: each letter where it stands, from left to right.
            "\u05dd\u05dc\u05d5\u05e2 \u05dd\u05d5\u05dc\u05e9",
            "\u0420\u0443\u0441\u0441\u043a\u0438\u0439 \u03ba\u03b5\u03af\u03bc\u03b5\u03bd\u03bf",
        )
    ):
        canvas.drawString(72, 760 - 20 * number, text)


def two_columns(canvas: Canvas) -> None:
    """Draw prose in two columns, line by line across both, so that the file has a wrong order."""
    canvas.setFont("Times-Bold", 18)
    canvas.drawCentredString(WIDTH / 2, 760, "The ferry to Northquay")
    canvas.setFont("Times-Roman", 10)
    paragraphs = [textwrap.wrap(paragraph, 48) for paragraph in PROSE.split("\n\n")]
    lines = [line for paragraph in paragraphs for line in (*paragraph, "")]
    half = (len(lines) + 1) // 2
    for number in range(half):
        canvas.drawString(72, 720 - 12 * number, lines[number])
        if half + number < len(lines):
            canvas.drawString(305, 720 - 12 * number, lines[half + number])
    canvas.drawString(
        72, 60, "A footer as wide as the page, which stands below both of the columns"
    )


def table(canvas: Canvas) -> None:
    """Draw an invoice's table column by column, so that the file has a wrong order."""
    canvas.setFont("Helvetica", 10)
    for x, column in zip((72, 110, 330, 400, 480), zip(*ROWS, strict=True), strict=True):
        for number, cell in enumerate(column):
            canvas.drawString(x, 700 - 16 * number, cell)


def beyond(canvas: Canvas) -> None:
    """Draw text that is not seen, text that is turned, and text in a form that is drawn."""
    one_line(canvas)
    canvas.drawString(-400, 600, "Left of the page")
    canvas.drawString(72, -40, "Below the page")
    canvas.saveState()
    window = canvas.beginPath()
    window.rect(72, 550, 110, 20)
    canvas.clipPath(window, stroke=0, fill=0)
    canvas.drawString(72, 555, "Seen through a window, the rest is cut away")
    canvas.restoreState()
    canvas.saveState()
    canvas.rotate(90)
    canvas.drawString(300, -40, "Up the margin")
    canvas.restoreState()
    canvas.saveState()
    canvas.translate(200, 250)
    canvas.rotate(45)
    canvas.drawString(0, 0, "DRAFT COPY")
    canvas.restoreState()
    canvas.beginForm("stamp")
    canvas.drawString(0, 0, "Drawn as a form")
    canvas.endForm()
    canvas.saveState()
    canvas.translate(300, 400)
    canvas.scale(1.5, 1.5)
    canvas.doForm("stamp")
    canvas.restoreState()
    text = canvas.beginText(72, 500)
    text.setTextRenderMode(3)
    text.textLine("Not meant to be seen")
    canvas.drawText(text)


def infinite(canvas: Canvas) -> None:
    """Draw the line, and then larger than numbers go: text, a picture, and a form with both."""
    one_line(canvas)
    canvas.beginForm("both")
    canvas.drawString(0, 0, "In a form")
    canvas.drawImage(ImageReader(LETTER.parent.parent / "line" / "line.png"), 0, 0, 1, 1)
    canvas.endForm()
    for _ in range(14):
        canvas.scale(1_000, 1_000)
        canvas.setLineWidth(1)  # reportlab would join scales that follow each other
    canvas.drawString(0, 0, "Far too large")
    canvas.drawImage(ImageReader(LETTER.parent.parent / "line" / "line.png"), 0, 0, 1, 1)
    canvas.doForm("both")


def figure(canvas: Canvas) -> None:
    """Draw a picture as wide as the page above the line, and a link."""
    canvas.drawImage(ImageReader(LETTER.parent.parent / "line" / "line.png"), 0, 760, WIDTH, 40)
    one_line(canvas)
    canvas.linkURL("https://ferry.example/", (72, 690, 300, 710))


def letter(canvas: Canvas) -> None:
    """Draw the letter as a scan that fills the page."""
    canvas.drawImage(ImageReader(LETTER), 0, 0, WIDTH, HEIGHT)


def text_of_letter(canvas: Canvas, lines: list[str], *, mode: int) -> None:
    """Draw lines where the letter has its lines, in a text rendering mode; 3 is invisible."""
    text = canvas.beginText(*LETTER_AT)
    text.setFont("Times-Roman", LETTER_SIZE, leading=LETTER_PITCH)
    text.setTextRenderMode(mode)
    for line in lines:
        text.textLine(line)
    text.setTextRenderMode(0)
    canvas.drawText(text)


def scan_with_text(canvas: Canvas) -> None:
    """Draw the letter, and over it invisibly what it says."""
    letter(canvas)
    text_of_letter(canvas, LETTER_TEXT, mode=3)


def scan_with_wrong_text(canvas: Canvas) -> None:
    """Draw the letter, and over it invisibly something else."""
    letter(canvas)
    text_of_letter(canvas, textwrap.wrap(PROSE, 60), mode=3)


def scan_with_half_the_text(canvas: Canvas) -> None:
    """Draw the letter, and over it invisibly the lower half of what it says."""
    letter(canvas)
    text_of_letter(canvas, ["" if n < 12 else line for n, line in enumerate(LETTER_TEXT)], mode=3)


def scan_over_text(canvas: Canvas) -> None:
    """Draw what the letter says, and then the letter over it."""
    text_of_letter(canvas, LETTER_TEXT, mode=0)
    letter(canvas)


def stamped_scan(canvas: Canvas) -> None:
    """Draw the letter, and a stamp in its margin."""
    letter(canvas)
    canvas.setFont("Helvetica", 9)
    canvas.drawString(72, 815, "Received 5 March 2025, file 2025-118, page 1 of 1")


def fields(canvas: Canvas) -> None:
    """Draw a form with a field that is filled in."""
    canvas.setFont("Helvetica", 12)
    canvas.drawString(72, 700, "Name of the vessel")
    canvas.acroForm.textfield(value="Northern Star", x=200, y=692, width=200, height=22)


def nameless_glyphs(pdf: pikepdf.Pdf) -> None:
    """Map the characters of the font to where Unicode has no characters."""
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap /CMapType 2 def\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n"
        b"1 beginbfrange <20> <7e> <e020> endbfrange\nendcmap end"
    )
    for font in pdf.pages[0].Resources.Font.values():
        font.ToUnicode = pdf.make_stream(cmap)


def turn_and_crop(pdf: pikepdf.Pdf) -> None:
    """Turn the page, and show only a part of it."""
    pdf.pages[0].Rotate = 90
    pdf.pages[0].CropBox = [50, 600, 450, 800]


def crop_all_away(pdf: pikepdf.Pdf) -> None:
    """Show a part that is not on the page."""
    pdf.pages[0].CropBox = [2_000, 2_000, 3_000, 3_000]


def add_broken_page(pdf: pikepdf.Pdf) -> None:
    """Add a page that is no page."""
    pdf.pages.append(pdf.pages[0])
    pdf.pages[1].obj.Type = pikepdf.Name.Nothing


def oversized_picture(pdf: pikepdf.Pdf) -> None:
    """Say that the picture has many more pixels than there are."""
    for picture in pdf.pages[0].get_images().values():
        picture.Width, picture.Height = 25_000, 25_000


def files() -> Iterator[tuple[str, bytes]]:
    """Yield the name of each file, and its bytes."""
    line = pdf_of(one_line)
    yield "line.pdf", line
    yield "signs.pdf", pdf_of(signs)
    yield "two_columns.pdf", pdf_of(two_columns)
    yield "table.pdf", pdf_of(table)
    yield "beyond.pdf", pdf_of(beyond)
    yield "infinite.pdf", pdf_of(infinite)
    yield "figure.pdf", pdf_of(figure)
    yield "fields.pdf", pdf_of(fields)
    yield "turned.pdf", changed(line, turn_and_crop)
    yield "nonsense.pdf", changed(line, nameless_glyphs)
    scan = pdf_of(letter)
    yield "scan.pdf", scan
    yield "scan_with_text.pdf", pdf_of(scan_with_text)
    yield "scan_with_wrong_text.pdf", pdf_of(scan_with_wrong_text)
    yield "scan_with_half_the_text.pdf", pdf_of(scan_with_half_the_text)
    yield "scan_over_text.pdf", pdf_of(scan_over_text)
    yield "stamped_scan.pdf", pdf_of(stamped_scan)
    yield "oversized_picture.pdf", changed(scan, oversized_picture)
    lock = StandardEncryption("open sesame", "owner", strength=128)
    locked = pdf_of(one_line, encrypt=lock)
    yield "user_password.pdf", locked
    yield "public_key.pdf", locked.replace(b"/Standard", b"/Adobe.PubSec")
    guard = StandardEncryption("", "owner", canPrint=0, canCopy=0, strength=128)
    yield "owner_password.pdf", pdf_of(one_line, encrypt=guard)
    yield "huge_page.pdf", pdf_of(one_line, (1_000_000, 1_000_000))
    yield "cropped_away.pdf", changed(line, crop_all_away)
    yield "broken_page.pdf", changed(line, add_broken_page)
    yield "no_pages.pdf", changed(line, lambda pdf: pdf.pages.__delitem__(0))
    yield "damaged.pdf", line[: len(line) // 2]


def main() -> None:
    """Write every file anew."""
    PDFS.mkdir(exist_ok=True)
    for name, data in files():
        (PDFS / name).write_bytes(data)


if __name__ == "__main__":
    main()
