"""Makes testdata/pii/: texts and documents with planted data; `python tests/make_testpii.py`.

Needs reportlab, pikepdf and the Debian package fonts-dejavu-core for the documents. A text is a
template of tests/pii/SPLIT/LANG.txt, filled in. Each name in braces stands for a thing that
tests/pii/invent.py invents; the same letter behind a name means the same person again. The rules
were written on the split `known` alone.
"""

import io
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.pii.invent import Inventor, Person

HERE = Path(__file__).parent
TESTDATA = HERE.parent / "testdata" / "pii"
LANGUAGES = ("en", "de", "fr", "es", "zh")
SPLITS = {"known": 3, "unseen": 3}
PLACE = re.compile(r"\{(\w+)(?::(\w))?\}")
KINDS = frozenset(
    (
        "person",
        "email",
        "phone",
        "iban",
        "card",
        "national_id",
        "address",
        "birth_date",
        "ip",
        "passport",
    )
)
KIND_OF = {"first": "person", "last": "person", "address_lines": "address"}
NOISY_SHARE = 0.15


def templates(split: str, lang: str) -> Iterator[tuple[str, str]]:
    """Yield the names and the texts of the templates."""
    text = (HERE / "pii" / split / f"{lang}.txt").read_text(encoding="utf-8")
    for part in text.split("=== ")[1:]:
        name, _, body = part.partition("\n")
        yield name, body


def as_scanned(kind: str, value: str, dice: random.Random) -> str:
    """Return a value as poor recognition or a narrow column leaves it."""
    if kind == "email":
        return value.replace("@", dice.choice((" @", "@ ", " @ ")))
    if kind in ("iban", "address") and " " in value:
        place = dice.choice([i for i, sign in enumerate(value) if sign == " "])
        return f"{value[:place]}\n{value[place + 1 :]}"
    if kind in ("iban", "card", "phone", "national_id"):
        inner = [i for i in range(2, len(value) - 1) if value[i - 1 : i + 1].isdigit()]
        place = dice.choice(inner)
        return f"{value[:place]} {value[place:]}"
    return value


def filled(template: str, inventor: Inventor) -> tuple[str, list[dict[str, Any]]]:
    """Return a template with everything invented, and what was planted in it."""
    text, items, people, end = "", [], {}, 0
    for match in PLACE.finditer(template):
        name, letter = match.groups()
        kind = KIND_OF.get(name, name)
        text += template[end : match.start()]
        end = match.end()
        if kind == "person":
            person: Person = people.setdefault(letter, inventor.person())
            value = person.full if name == "person" else getattr(person, name)
        elif name == "address_lines":
            value = "\n".join(inventor.address_lines())
        else:
            value = inventor.made(name)
        is_noisy = kind in KINDS and inventor.random.random() < NOISY_SHARE
        seen = as_scanned(kind, value, inventor.random) if is_noisy else value
        if kind in KINDS:
            items.append({"kind": kind, "start": len(text), "end": len(text) + len(seen)})
        text += seen
    return text + template[end:], items


def rows(split: str) -> Iterator[dict[str, Any]]:
    """Yield the texts of a split with what was planted in them."""
    for lang in LANGUAGES:
        for name, template in templates(split, lang):
            for copy in range(SPLITS[split]):
                text, items = filled(template, Inventor(lang, split, f"{name} {copy}"))
                yield {"lang": lang, "kind": name, "text": text, "items": items}


LETTER = """\
Marlow Paper Ltd, Accounts Department

Mrs Margaret Fairweather
14 Harbour Lane
Leeds LS7 4TB

Dear Mrs Fairweather,

Thank you for your order of 12 boxes of blue paper. We take
1,284.50 EUR from your account DE89 3704 0044 0532 0130 00
and send the parcel on Friday. Please confirm your date of
birth: 3 March 1961. For changes, call +44 20 7946 0958 or
write to m.fairweather@example.com before noon.

Kind regards,
Oluwaseun Adeyemi
"""
INVOICE = """\
INVOICE 2025-118273                    Page 1 of 1

Bill to:
Lloyd Pemberton
7 Foundry Way
Bristol BS1 5TR

Item                     Quantity       Amount
Blue paper, A4                 12       102.00
Linen by the metre              3        42.60

Total                                   144.60

Customer phone: 0117 496 0733
Card: 4111 1111 1111 1111
E-mail: lloyd@pemberton.example.org
"""
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
MONO = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
SECRET = "secret.author@example.com"


def scanned(text: str, font: str, *, skew_deg: float = 0) -> Image.Image:
    """Return a page at 150 dpi with a text on it."""
    page = Image.new("L", (1240, 1100), 255)
    draw = ImageDraw.Draw(page)
    draw.multiline_text((120, 100), text, 0, ImageFont.truetype(font, 26), spacing=14)
    return page.rotate(skew_deg, Image.Resampling.BICUBIC, fillcolor=255)


def encoded(page: Image.Image, name: str, **options: object) -> bytes:
    """Return a picture as a file."""
    out = io.BytesIO()
    page.save(out, name, dpi=(150, 150), **options)
    return out.getvalue()


def pdf_with_secrets() -> bytes:
    """Return a PDF that says something on its page, and more wherever a PDF can hold something."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setAuthor(SECRET)
    canvas.setFont("Helvetica", 12)
    for number, line in enumerate(LETTER.splitlines()):
        canvas.drawString(72, 740 - 20 * number, line)
    hidden = canvas.beginText(72, 60)
    hidden.setTextRenderMode(3)
    hidden.textOut(f"hidden {SECRET}")
    canvas.drawText(hidden)
    canvas.showPage()
    picture = ImageReader(scanned(INVOICE, MONO))
    canvas.drawImage(picture, 0, 842 - 595 * 1100 / 1240, 595, 595 * 1100 / 1240)
    canvas.showPage()
    canvas.save()
    with pikepdf.open(out) as pdf:
        pdf.attachments["secret.txt"] = SECRET.encode()
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Text,
            Rect=[0, 0, 9, 9],
            Contents=SECRET,
        )
        pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:creator"] = [SECRET]
        pdf.save(out := io.BytesIO(), deterministic_id=True)
    return out.getvalue()


def documents() -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes of documents with planted personal data."""
    exif = Image.Exif()
    exif[0x013B] = SECRET
    yield "letter.png", encoded(scanned(LETTER, FONT), "PNG")
    yield "letter_skewed.jpg", encoded(scanned(LETTER, FONT, skew_deg=2), "JPEG", exif=exif)
    yield "invoice.tif", encoded(scanned(INVOICE, MONO).convert("1"), "TIFF", compression="group4")
    yield "letter_and_invoice.pdf", pdf_with_secrets()


def main() -> None:
    """Write both splits and all documents anew."""
    TESTDATA.mkdir(exist_ok=True)
    for name, data in documents():
        (TESTDATA / name).write_bytes(data)
    for split in SPLITS:
        lines = [json.dumps(row, ensure_ascii=False) for row in rows(split)]
        (TESTDATA / f"{split}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
