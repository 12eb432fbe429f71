"""Which languages the models read, and with which of the characters that they know."""

# Of PP-OCRv6. Without Fraktur, and without what Latin letters with two accents are needed for.
# fmt: off
LATIN = (
    "afr", "bre", "cat", "ceb", "ces", "cos", "cym", "dan", "deu", "eng", "enm", "epo", "est",
    "eus", "fao", "fil", "fin", "fra", "frm", "fry", "gla", "gle", "glg", "hat", "hrv", "hun",
    "ind", "isl", "ita", "ita_old", "jav", "kmr", "lat", "lav", "lit", "ltz", "mlt", "mri", "msa",
    "nld", "nor", "oci", "pol", "por", "que", "ron", "script/Latin", "slk", "slv", "spa",
    "spa_old", "sqi", "srp_latn", "sun", "swa", "swe", "tgl", "ton", "tur", "uzb_latn",
)
# fmt: on
EAST_ASIAN = ("chi_sim", "chi_tra", "jpn")
LANGUAGES = tuple(sorted((*LATIN, *EAST_ASIAN)))

# Letters with one accent; punctuation; currencies; arrows; shapes, ticks and boxes to tick.
LATIN_RANGES = (
    (0x21, 0x17E),
    (0x2010, 0x205E),
    (0x20A0, 0x20BF),
    (0x2190, 0x2193),
    (0x25A0, 0x2718),
)
LATIN_BESIDE = "ȘșȚț№™"


def can_read(lang: str) -> bool:
    """Return whether all languages of a request, as `eng+fra`, can be read."""
    return all(code in LANGUAGES for code in lang.split("+"))


def is_of(character: str, lang: str) -> bool:
    """Return whether a character may stand in text of the languages of a request."""
    if any(code in EAST_ASIAN for code in lang.split("+")):
        return True
    is_in_range = any(first <= ord(character) <= last for first, last in LATIN_RANGES)
    return is_in_range or character in LATIN_BESIDE
