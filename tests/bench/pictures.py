"""The pictures of the benchmark: a line, a receipt and an A4 page, rendered or real."""

import io
import json
import os
import random
import struct
import textwrap
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

LINE = "Invoice 2024-0193 total due 1,284.50 EUR"
GOODS = "Apples Bread Butter Candles Cheese Flour Honey Lemons Milk Paper Rice Salt Soap Sugar Tea"
SENTENCES = """\
The harbour office opens at seven and closes when the last ferry has left.
Every parcel is weighed, labelled and entered in the grey book on the counter.
In 1987 the old crane was sold for 4,250 pounds and replaced by two smaller ones.
Nobody remembers who painted the sign, but it has been repaired at least nine times.
Please keep the receipt: without it we cannot change or take back anything.
Our neighbours bring fresh rolls on Saturdays, so the queue is longer than usual.
The second floor is let to a printer who works mostly at night, quietly and alone.
If the weather allows it, the market moves to the square between 10:30 and 16:00.
A third of all letters came back because the house numbers had been changed.
Members pay 12.50 a quarter; guests may read the papers but not borrow them."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPEG file and the text that stands on it."""

    name: str
    data: bytes
    truth: str

    def fresh(self) -> bytes:
        """Return the picture in a file that no cache has seen: with a comment of its own."""
        nonce = os.urandom(16).hex().encode()
        if self.data.startswith(b"\xff\xd8"):
            at = 4 + int.from_bytes(self.data[4:6], "big")  # behind the first segment
            comment = b"\xff\xfe" + struct.pack(">H", len(nonce) + 2) + nonce
        else:
            at = 33  # behind the signature and IHDR
            chunk = b"tEXtComment\0" + nonce
            comment = struct.pack(">I", len(chunk) - 4) + chunk
            comment += struct.pack(">I", zlib.crc32(chunk))
        return self.data[:at] + comment + self.data[at:]

    def is_read_by(self, text: str) -> bool:
        """Say whether the text has at least half of the words; rubbish is read at any speed."""
        words = set(self.truth.split())
        return len(words & set(text.split())) >= len(words) / 2


def rendered_pictures() -> dict[str, Picture]:
    """Return pictures of invented text, the same ones in every run."""
    made = {"line": _line(), "receipt": _receipt(random.Random(7)), "A4": _page(random.Random(7))}
    return {name: Picture(name, data, truth) for name, (data, truth) in made.items()}


def real_pictures(data: Path) -> dict[str, Picture]:
    """Return the line, the receipt of `sroie` nearest to 1000 x 1500, a page of `scribe_pages`.

    Args:
        data: holds both sets; each has a manifest.jsonl whose rows name `file` and `text`.
    """
    receipt = min(
        _rows(data / "sroie"),
        key=lambda row: (abs(row["width"] - 1000) + abs(row["height"] - 1500), row["id"]),
    )
    page = next(row for row in _rows(data / "scribe_pages") if row["kind"] == "filing")
    with Image.open(data / "scribe_pages" / page["file"]) as image:
        size = (1654, round(image.height * 1654 / image.width))
        scaled = image.convert("L").resize(size, Image.Resampling.LANCZOS)
    files = {
        "receipt": ("sroie", receipt, (data / "sroie" / receipt["file"]).read_bytes()),
        "A4": ("scribe_pages", page, _png(scaled, dpi=200)),
    }
    return {"line": rendered_pictures()["line"]} | {
        name: Picture(name, content, (data / folder / row["text"]).read_text(encoding="utf-8"))
        for name, (folder, row, content) in files.items()
    }


def _rows(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _png(image: Image.Image, dpi: int | None = None) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(dpi, dpi) if dpi else None)
    return out.getvalue()


def _line() -> tuple[bytes, str]:
    image = Image.new("L", (600, 60), 255)
    ImageDraw.Draw(image).text((14, 12), LINE, 0, ImageFont.load_default(27))
    return _png(image), LINE


def _receipt(chance: random.Random) -> tuple[bytes, str]:
    """Return a shop's name and address, fifteen articles with prices at the right, and the sums."""
    prices = [(article, chance.randrange(99, 9999) / 100) for article in GOODS.split()]
    total = sum(price for _, price in prices)
    rows = [("NORTHQUAY GENERAL STORE", ""), ("5 Mill Street, Northquay", "Tel. 555 0142")]
    rows += [("Date 17/06/2025 14:32", "No. 003918"), ("", "")]
    rows += [
        (f"{chance.randrange(1, 9)} x {article} {chance.randrange(100, 999)} g", f"{price:.2f}")
        for article, price in prices
    ]
    rows += [("", ""), ("TOTAL", f"{total:.2f}"), ("incl. VAT 7.00 %", f"{total * 7 / 107:.2f}")]
    rows += [
        ("CASH", f"{total + 5:.2f}"),
        ("CHANGE", "5.00"),
        ("", ""),
        ("Thank you, goodbye!", ""),
    ]
    image, font = Image.new("L", (1000, 1500), 255), ImageFont.load_default(36)
    draw = ImageDraw.Draw(image)
    for row, (left, right) in enumerate(rows):
        draw.text((60, 60 + 52 * row), left, 0, font)
        draw.text((940, 60 + 52 * row), right, 0, font, anchor="ra")
    return _png(image), "\n".join(f"{left} {right}" for left, right in rows)


def _page(chance: random.Random) -> tuple[bytes, str]:
    """Return an A4 page at 200 dpi with five paragraphs of 11 point print, some 450 words."""
    sentences = SENTENCES.splitlines()
    paragraphs = [" ".join(chance.sample(sentences, 6)) for _ in range(5)]
    text = "\n\n".join(textwrap.fill(paragraph, 84) for paragraph in paragraphs)
    image = Image.new("L", (1654, 2339), 255)
    font = ImageFont.load_default(30)
    ImageDraw.Draw(image).multiline_text((200, 220), text, 0, font, spacing=16)
    return _png(image, dpi=200), text
