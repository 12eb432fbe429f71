"""A font without glyphs, for text that is searched and copied but not seen."""

from struct import pack, unpack

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

# In thousandths of the letter size. Ascent and descent are those by which a letter size is told
# from boxes, so that a selection is as high as the print.
WIDTH, ASCENT, DESCENT = 500, 700, -220
HEIGHT = ASCENT - DESCENT
VERSION = 0x10000  # of the font format, and of its tables
MAPPINGS_A_BLOCK = 100  # as the CMap format allows

CMAP = """\
/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{}
endcmap CMapName currentdict /CMap defineresource pop end end
"""


class GlyphlessFont:
    """Gives each character that comes up a code, and says in the PDF which one it is.

    Args:
        name: under which pages know it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._codes: dict[str, int] = {}

    def encode(self, text: str) -> bytes:
        """Return a text as a PDF string, two bytes a character."""
        codes = (self._codes.setdefault(each, len(self._codes) + 1) for each in text)
        data = b"".join(code.to_bytes(2, "big") for code in codes)
        for raw in (b"\\", b"(", b")"):
            data = data.replace(raw, b"\\" + raw)
        return b"(" + data.replace(b"\r", b"\\r") + b")"

    def add_to(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """Return the font as an object of a PDF, with the characters encoded so far."""
        collection = Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0)
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name.Glyphless,
            Flags=4,
            FontBBox=Array([0, DESCENT, WIDTH, ASCENT]),
            ItalicAngle=0,
            Ascent=ASCENT,
            Descent=DESCENT,
            CapHeight=ASCENT,
            StemV=80,
            FontFile2=Stream(pdf, _truetype()),
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name.Glyphless,
            CIDSystemInfo=collection,
            FontDescriptor=pdf.make_indirect(descriptor),
            CIDToGIDMap=Stream(pdf, bytes(2 * (len(self._codes) + 1))),
            DW=WIDTH,
        )
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name.Glyphless,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=Stream(pdf, self._to_unicode()),
        )
        return pdf.make_indirect(font)

    def _to_unicode(self) -> bytes:
        rows = [f"<{code:04X}> <{_utf16(each)}>" for each, code in self._codes.items()]
        starts = range(0, len(rows), MAPPINGS_A_BLOCK)
        blocks = [rows[start : start + MAPPINGS_A_BLOCK] for start in starts]
        parts = [f"{len(b)} beginbfchar\n{chr(10).join(b)}\nendbfchar" for b in blocks]
        return CMAP.format("\n".join(parts)).encode("ascii")


def _utf16(character: str) -> str:
    return character.encode("utf-16-be").hex().upper()


def _truetype() -> bytes:
    """Return a font file with one glyph: a stroke to and fro, which has a size and no ink.

    PDFium leaves out single characters whose glyph has no size.
    """
    corners = (0, DESCENT, WIDTH, ASCENT)
    on_curve = 1
    glyph = pack(">5h2H2B4h", 1, *corners, 1, 0, on_curve, on_curve, 0, WIDTH, DESCENT, HEIGHT)
    tables = {
        b"glyf": glyph,
        b"head": pack(
            ">4I2H2q4h2H3h",
            *(VERSION, VERSION, 0, 0x5F0F3CF5, 0, 1000, 0, 0, *corners, 0, 8, 2, 0, 0),
        ),
        b"hhea": pack(">I3hH11hH", VERSION, ASCENT, DESCENT, 0, WIDTH, *[0] * 11, 1),
        b"hmtx": pack(">Hh", WIDTH, 0),
        b"loca": pack(">2H", 0, len(glyph) // 2),
        b"maxp": pack(">I14H", VERSION, 1, 2, 1, 0, 0, 1, *[0] * 8),
    }
    directory, body = b"", b""
    for tag, data in tables.items():
        padded = data + bytes(-len(data) % 4)
        checksum = sum(unpack(f">{len(padded) // 4}I", padded)) % 2**32
        start = 12 + 16 * len(tables) + len(body)
        directory += tag + pack(">3I", checksum, start, len(data))
        body += padded
    return pack(">I4H", VERSION, len(tables), 64, 2, 32) + directory + body
