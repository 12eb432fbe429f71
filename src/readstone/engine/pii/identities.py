"""Numbers by which states know their people, told by their shape and their check digits."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stdnum.be import nn
from stdnum.ch import ssn as ahv
from stdnum.cn import ric
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.it import codicefiscale
from stdnum.mx import curp
from stdnum.us import ssn

from readstone.engine.pii.plain import Candidate
from readstone.findings import PiiKind


@dataclass(frozen=True, slots=True)
class Identity:
    """One kind of number.

    Attributes:
        shape: a pattern with a blank or break allowed before each sign but the first.
        is_valid: whether its check digits, or the parts of it, are right.
    """

    rule: str
    shape: re.Pattern[str]
    is_valid: Callable[[str], bool]
    confidence: float


def spaced(*parts: tuple[str, int]) -> re.Pattern[str]:
    """Return a pattern for signs of these classes, so many of each, also when set apart."""
    signs = [sign for sign, count in parts for _ in range(count)]
    return re.compile(rf"(?<![\w-]){(r'[ .-]?').join(signs)}(?!\w)", re.ASCII)


def _always(number: str) -> bool:
    return True


LETTER, DIGIT = "[A-Z]", r"\d"
IDENTITIES = (
    Identity(
        "us_ssn",
        re.compile(r"(?<![\w-])\d ?\d ?\d ?- ?\d ?\d ?- ?\d ?\d ?\d ?\d(?![\w-])", re.ASCII),
        ssn.is_valid,
        0.85,
    ),
    Identity(
        "uk_nino",
        spaced(("[A-CEGHJ-PR-TW-Z]", 1), ("[A-CEGHJ-NPR-TW-Z]", 1), (DIGIT, 6), ("[A-D]", 1)),
        _always,
        0.9,
    ),
    Identity("de_idnr", spaced((DIGIT, 11)), idnr.is_valid, 0.7),
    Identity(
        "fr_nir",
        spaced((r"[1-478]", 1), (DIGIT, 4), (DIGIT, 1), ("[0-9AB]", 1), (DIGIT, 8)),
        nir.is_valid,
        0.97,
    ),
    Identity("es_dni", spaced((DIGIT, 8), (LETTER, 1)), dni.is_valid, 0.92),
    Identity("es_nie", spaced(("[XYZ]", 1), (DIGIT, 7), (LETTER, 1)), nie.is_valid, 0.95),
    Identity("cn_ric", spaced(("[1-9]", 1), (DIGIT, 16), ("[0-9Xx]", 1)), ric.is_valid, 0.97),
    Identity("ch_ahv", spaced(("7", 1), ("5", 1), ("6", 1), (DIGIT, 10)), ahv.is_valid, 0.95),
    Identity(
        "be_nn",
        re.compile(r"(?<![\w.-])\d\d\.\d\d\.\d\d-\d{3}[.-]\d\d(?!\w)", re.ASCII),
        nn.is_valid,
        0.9,
    ),
    Identity(
        "it_codice_fiscale",
        spaced(
            (LETTER, 6), (DIGIT, 2), (LETTER, 1), (DIGIT, 2), (LETTER, 1), (DIGIT, 3), (LETTER, 1)
        ),
        codicefiscale.is_valid,
        0.97,
    ),
    Identity(
        "mx_curp",
        spaced((LETTER, 4), (DIGIT, 6), (LETTER, 6), ("[A-Z0-9]", 1), (DIGIT, 1)),
        curp.is_valid,
        0.97,
    ),
)


def find_identities(text: str) -> Iterator[Candidate]:
    """Yield numbers that fit a kind of identity number."""
    for identity in IDENTITIES:
        for match in identity.shape.finditer(text):
            number = re.sub(r"[^0-9A-Za-z]", "", match[0]).upper()
            if identity.is_valid(number):
                kind = PiiKind.NATIONAL_ID
                yield Candidate(kind, *match.span(), identity.confidence, identity.rule, number)
