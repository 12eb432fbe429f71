"""Makes the invoices of testdata/invoice/; `python tests/make_testinvoices.py`.

Needs reportlab and pikepdf; the same versions of them give the same bytes. Four layouts, seven
languages, several currencies and rates; all firms, people and goods are invented.
"""

import io
import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
import yaml
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

TEMPLATES = Path(__file__).parent / "xml_templates"
FOLDER = Path(__file__).parent.parent / "testdata" / "invoice"
WORDS = yaml.safe_load((Path(__file__).parent / "testinvoices.yml").read_text(encoding="utf-8"))
LEFT, RIGHT, TOP, BOTTOM = 50, 545, 790, 90
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """One item."""

    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        """Its quantity times its price."""
        return (self.quantity * self.price).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Case:
    """An invoice and how it is laid out."""

    language: str
    layout: str
    number: str
    issued: date
    lines: tuple[Line, ...]
    currency: str
    days: int = 30
    prepaid: Decimal = Decimal(0)
    is_credit: bool = False
    order: str = ""

    @property
    def words(self) -> dict[str, Any]:
        """The words of its language."""
        words: dict[str, Any] = WORDS[self.language]
        return words

    @property
    def taxes(self) -> dict[Decimal, tuple[Decimal, Decimal]]:
        """For each rate, the base and the tax on it."""
        bases: dict[Decimal, Decimal] = {}
        for line in self.lines:
            bases[line.rate] = bases.get(line.rate, Decimal(0)) + line.amount
        return {
            rate: (base, (base * rate / 100).quantize(CENT, ROUND_HALF_UP))
            for rate, base in sorted(bases.items())
        }

    @property
    def net(self) -> Decimal:
        """Without tax."""
        return sum((base for base, _ in self.taxes.values()), Decimal(0))

    @property
    def tax(self) -> Decimal:
        """Of all rates."""
        return sum((tax for _, tax in self.taxes.values()), Decimal(0))

    @property
    def total(self) -> Decimal:
        """With tax."""
        return self.net + self.tax

    @property
    def due(self) -> date:
        """When it is to be paid."""
        return self.issued + timedelta(self.days)

    def money(self, value: Decimal) -> str:
        """Return an amount as it is printed in the language."""
        thousands, mark = self.words["number_format"]
        text = f"{value:,.2f}".replace(",", "\0").replace(".", mark).replace("\0", thousands)
        return text

    def day(self, value: date) -> str:
        """Return a date as it is printed in the language."""
        month = self.words["months"][value.month - 1] if "months" in self.words else ""
        pattern: str = self.words["date_format"]
        return pattern.format(d=value.day, m=value.month, y=value.year, month=month)

    def truth(self) -> dict[str, Any]:
        """Return the fields as a manifest has them."""
        fields = {
            "vendor": self.words["vendor"][0],
            "vendor_vat": self.words["vat_id"].replace(" ", "").replace("-", ""),
            "buyer": self.words["buyer"][0],
            "invoice_number": self.number,
            "date": self.issued.isoformat(),
            "due_date": self.due.isoformat(),
            "currency": self.currency,
            "subtotal": str(self.net),
            "tax": str(self.tax),
            "total": str(self.total),
            "line_items": [
                {
                    "description": line.name,
                    "quantity": str(line.quantity),
                    "unit_price": str(line.price),
                    "amount": str(line.amount),
                }
                for line in self.lines
            ],
        }
        if self.is_credit:
            fields["document_type"] = "credit_note"
        if self.prepaid:
            fields["amount_due"] = str(self.total - self.prepaid)
        return fields


class Sheet:
    """A page that is written from the top to the bottom."""

    def __init__(self, canvas: Canvas, case: Case) -> None:
        self.canvas, self.case, self.y = canvas, case, TOP
        self.font("Helvetica", 10)

    def font(self, name: str, size: int) -> None:
        """Choose a font."""
        self.size = size
        self.canvas.setFont(name, size)

    def down(self, lines: float = 1) -> None:
        """Go so many lines down; begin another page at the end of this one."""
        self.y -= lines * self.size * 1.35
        if self.y < BOTTOM:
            self.footer()
            self.canvas.showPage()
            self.y = TOP
            self.font("Helvetica", self.size)

    def left(self, x: float, text: str) -> None:
        """Write from x on."""
        self.canvas.drawString(x, self.y, text)

    def right(self, x: float, text: str) -> None:
        """Write up to x."""
        self.canvas.drawRightString(x, self.y, text)

    def block(self, x: float, lines: list[str]) -> None:
        """Write lines below each other."""
        for line in lines:
            self.left(x, line)
            self.down()

    def footer(self) -> None:
        """Write who sells, and the ids, at the bottom of the page."""
        words = self.case.words
        self.canvas.setFont("Helvetica", 8)
        for number, text in enumerate(
            (
                " \u00b7 ".join(words["vendor"]),
                f"{words['vat_label']} {words['vat_id']}",
                f"IBAN {words['iban']}",
            )
        ):
            self.canvas.drawString(LEFT, 60 - 11 * number, text)
        self.canvas.drawRightString(RIGHT, 38, f"{words['page']} {self.canvas.getPageNumber()}")

    def table(self, columns: list[tuple[str, float, str]]) -> None:
        """Write the items; columns are (what, where, side)."""
        heads = self.case.words["columns"]
        self.font("Helvetica-Bold", 9)
        for what, x, side in columns:
            getattr(self, side)(x, heads[what])
        self.font("Helvetica", 9)
        self.down(1.6)
        for position, line in enumerate(self.case.lines, start=1):
            cells = {
                "position": str(position),
                "description": line.name,
                "quantity": f"{line.quantity:f}",
                "unit": line.unit,
                "price": self.case.money(line.price),
                "rate": f"{line.rate:f} %",
                "amount": self.case.money(line.amount),
            }
            for what, x, side in columns:
                getattr(self, side)(x, cells[what])
            self.down()
            for more in textwrap.wrap(self.case.words["detail"], 40) if position == 1 else []:
                self.left(columns[1][1] if columns[0][0] == "position" else columns[0][1], more)
                self.down()

    def sums(self, label_x: float, *, labels_right: bool = False) -> None:
        """Write the sums, one below the other, with their labels on the left."""
        case, words = self.case, self.case.words
        write = self.right if labels_right else self.left
        rows = [(words["net"], case.net)]
        rows += [
            (words["tax"].format(rate=f"{rate:f}"), tax) for rate, (_, tax) in case.taxes.items()
        ]
        rows += [(words["total"], case.total)]
        if case.prepaid:
            rows += [(words["prepaid"], -case.prepaid), (words["owed"], case.total - case.prepaid)]
        for label, value in rows:
            write(label_x, label)
            self.right(RIGHT, f"{case.money(value)} {words.get('sign', case.currency)}")
            self.down()


def classic(sheet: Sheet) -> None:
    """Letterhead, sender's line over the address, a block of numbers on the right."""
    case, words = sheet.case, sheet.case.words
    sheet.font("Helvetica-Bold", 16)
    sheet.right(RIGHT, words["vendor"][0])
    sheet.down(2)
    sheet.font("Helvetica", 7)
    sheet.left(LEFT, " \u00b7 ".join(words["vendor"]))
    sheet.font("Helvetica", 10)
    sheet.down(1.2)
    y = sheet.y
    sheet.block(LEFT, words["buyer"])
    low, sheet.y = sheet.y, y
    meta = [
        (words["number"], case.number),
        (words["date"], case.day(case.issued)),
        (words["due"], case.day(case.due)),
    ]
    meta += [(words["order"], case.order)] if case.order else []
    meta += [(words["customer"], "K-20417")]
    for label, value in meta:
        sheet.left(330, f"{label}:")
        sheet.right(RIGHT, value)
        sheet.down()
    sheet.y = min(low, sheet.y)
    sheet.down(2)
    sheet.font("Helvetica-Bold", 14)
    sheet.left(LEFT, words["credit"] if case.is_credit else words["title"])
    sheet.font("Helvetica", 9)
    sheet.down(2)
    sheet.table(
        [
            ("position", LEFT, "left"),
            ("description", 80, "left"),
            ("quantity", 320, "right"),
            ("price", 400, "right"),
            ("rate", 455, "right"),
            ("amount", RIGHT, "right"),
        ]
    )
    sheet.down()
    sheet.sums(370)


def headed(sheet: Sheet) -> None:
    """The numbers stand below their labels in a row; the quantity is the first column."""
    case, words = sheet.case, sheet.case.words
    sheet.block(LEFT, words["vendor"])
    sheet.down()
    sheet.font("Helvetica-Bold", 20)
    sheet.left(LEFT, (words["credit"] if case.is_credit else words["title"]).upper())
    sheet.font("Helvetica", 10)
    sheet.down(2)
    for x, label in (
        (LEFT, words["number"]),
        (190, words["date"]),
        (310, words["due"]),
        (430, words["order"]),
    ):
        sheet.left(x, label)
    sheet.down()
    for x, value in (
        (LEFT, case.number),
        (190, case.day(case.issued)),
        (310, case.day(case.due)),
        (430, case.order or "-"),
    ):
        sheet.left(x, value)
    sheet.down(2)
    sheet.left(LEFT, words["bill_to"])
    sheet.down()
    sheet.block(LEFT, words["buyer"])
    sheet.down(2)
    sheet.table(
        [
            ("quantity", 80, "right"),
            ("description", 110, "left"),
            ("unit", 330, "left"),
            ("price", 450, "right"),
            ("amount", RIGHT, "right"),
        ]
    )
    sheet.down()
    sheet.sums(440, labels_right=True)


def titled(sheet: Sheet) -> None:
    """The number and the date stand in the title; the sums stand below their labels in a row."""
    case, words = sheet.case, sheet.case.words
    sheet.font("Helvetica-Bold", 13)
    sheet.canvas.drawCentredString(A4[0] / 2, sheet.y, words["vendor"][0])
    sheet.down()
    sheet.font("Helvetica", 9)
    sheet.canvas.drawCentredString(A4[0] / 2, sheet.y, ", ".join(words["vendor"][1:]))
    sheet.down(3)
    sheet.block(330, [words["bill_to"], *words["buyer"]])
    sheet.down()
    sheet.font("Helvetica-Bold", 12)
    title = words["credit"] if case.is_credit else words["title"]
    sheet.left(
        LEFT, words["sentence"].format(title=title, number=case.number, date=case.day(case.issued))
    )
    sheet.font("Helvetica", 9)
    sheet.down(2)
    sheet.table(
        [
            ("description", LEFT, "left"),
            ("quantity", 300, "right"),
            ("unit", 310, "left"),
            ("price", 420, "right"),
            ("rate", 470, "right"),
            ("amount", RIGHT, "right"),
        ]
    )
    sheet.down(2)
    for x, label in ((250, words["net"]), (400, words["tax_total"]), (RIGHT, words["total"])):
        sheet.right(x, label)
    sheet.down()
    for x, value in ((250, case.net), (400, case.tax), (RIGHT, case.total)):
        sheet.right(x, f"{case.money(value)} {case.currency}")
    sheet.down(2)
    sheet.left(LEFT, f"{words['due']}: {case.day(case.due)}")


def plain(sheet: Sheet) -> None:
    """As a freelancer writes it: a large title, labels and values in one line each."""
    case, words = sheet.case, sheet.case.words
    sheet.font("Helvetica-Bold", 24)
    sheet.left(LEFT, words["credit"] if case.is_credit else words["title"])
    sheet.down(1.5)
    sheet.font("Helvetica", 10)
    sheet.left(LEFT, f"{words['number']} {case.number}")
    sheet.down()
    sheet.left(LEFT, f"{words['date']}: {case.day(case.issued)}")
    sheet.down()
    sheet.left(LEFT, f"{words['due']} {case.day(case.due)}")
    sheet.down(2)
    y = sheet.y
    sheet.block(LEFT, [words["from"], *words["vendor"]])
    low, sheet.y = sheet.y, y
    sheet.block(320, [words["bill_to"], *words["buyer"]])
    sheet.y = min(low, sheet.y)
    sheet.down(2)
    sheet.table(
        [
            ("description", LEFT, "left"),
            ("price", 360, "right"),
            ("quantity", 430, "right"),
            ("amount", RIGHT, "right"),
        ]
    )
    sheet.down()
    sheet.sums(330)
    sheet.down(2)
    for line in textwrap.wrap(words["thanks"], 80):
        sheet.left(LEFT, line)
        sheet.down()


LAYOUTS: dict[str, Callable[[Sheet], None]] = {
    "classic": classic,
    "headed": headed,
    "titled": titled,
    "plain": plain,
}


def pdf_of(case: Case) -> bytes:
    """Return an invoice as PDF."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    sheet = Sheet(canvas, case)
    LAYOUTS[case.layout](sheet)
    sheet.footer()
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def cases() -> list[Case]:
    """Return every language in every layout, with what makes invoices differ spread over them."""
    found = []
    for index, language in enumerate(WORDS):
        words = WORDS[language]
        for turn, layout in enumerate(LAYOUTS):
            seed = 7 * index + 3 * turn
            rates = [Decimal(str(rate)) for rate in words["rates"]]
            two_rates = turn % 2 == 0
            count = (3, 5, 2, 44)[(turn + index) % 4] if layout != "titled" else 3
            lines = tuple(
                Line(
                    name=words["items"][(seed + n) % len(words["items"])],
                    quantity=Decimal((seed + 5 * n) % 9 + 1),
                    unit=words["unit"],
                    price=Decimal((seed * 137 + n * 911) % 24000 + 250) / 100,
                    rate=rates[n % 2 if two_rates else 0],
                )
                for n in range(count)
            )
            found.append(
                Case(
                    language=language,
                    layout=layout,
                    number=words["numbers"][turn],
                    issued=date(2023, 1, 9) + timedelta(37 * index + 11 * turn),
                    lines=lines,
                    currency=words["currency"],
                    days=(14, 30, 21)[(index + turn) % 3],
                    is_credit=layout == "headed" and index % 3 == 1,
                    order=f"B-{4400 + seed}" if turn < 2 else "",
                )
            )
    paid = replace(found[0], number="PRE-1001", prepaid=Decimal("20.00"))
    return [*found, paid]


def xml_of(case: Case, template: str) -> bytes:
    """Return an invoice as XML in one of the syntaxes of xml_templates/."""
    parts = (TEMPLATES / template).read_text(encoding="utf-8").split("<!-- repeated -->\n")
    head, line, middle, tax, end = parts
    values = {
        "number": case.number,
        "issued": case.issued,
        "due": case.due,
        "currency": case.currency,
        "net": case.net,
        "tax": case.tax,
        "total": case.total,
        "vat_id": case.words["vat_id"].replace(" ", ""),
        "iban": case.words["iban"].replace(" ", ""),
        **{f"seller{n}": escape(text) for n, text in enumerate(case.words["vendor"])},
        **{f"buyer{n}": escape(text) for n, text in enumerate(case.words["buyer"])},
    }
    lines = (line.format(item=each, **values) for each in case.lines)
    taxes = (
        tax.format(rate=rate, base=base, rate_tax=amount, **values)
        for rate, (base, amount) in case.taxes.items()
    )
    once = (part.format(**values) for part in (head, middle, end))
    return "".join((next(once), *lines, next(once), *taxes, next(once))).encode()


def with_xml(pdf: bytes, xml: bytes, name: str = "factur-x.xml") -> bytes:
    """Return a PDF with XML attached to it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.attachments[name] = pikepdf.AttachedFileSpec(
            document, xml, mime_type="text/xml", creation_date="", mod_date=""
        )
        document.save(out, deterministic_id=True)
    return out.getvalue()


def write_xml(case: Case) -> None:
    """Write an invoice as XML alone, and as PDF with XML that says the same, or not."""
    folder = FOLDER / "xml"
    folder.mkdir(exist_ok=True)
    for template in ("cii.xml", "zugferd1.xml", "ubl.xml"):
        (folder / template).write_bytes(xml_of(case, template))
    cii = xml_of(case, "cii.xml")
    (folder / "same.pdf").write_bytes(with_xml(pdf_of(case), cii))
    other = cii.replace(str(case.total).encode(), str(case.total + 100).encode())
    (folder / "differs.pdf").write_bytes(with_xml(pdf_of(case), other))
    (folder / "broken.pdf").write_bytes(with_xml(pdf_of(case), cii[: len(cii) // 2]))
    row = {"file": "same.pdf", "kind": "xml", "lang": case.language, "fields": case.truth()}
    text = json.dumps(row, ensure_ascii=False) + "\n"
    (folder / "manifest.jsonl").write_text(text, encoding="utf-8")


def main() -> None:
    """Write all files and their manifest."""
    FOLDER.mkdir(exist_ok=True)
    rows = []
    write_xml(cases()[0])
    for case in cases():
        name = f"{case.language}_{case.layout}{'_prepaid' if case.prepaid else ''}.pdf"
        (FOLDER / name).write_bytes(pdf_of(case))
        rows.append(
            {"file": name, "kind": case.layout, "lang": case.language, "fields": case.truth()}
        )
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (FOLDER / "manifest.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
