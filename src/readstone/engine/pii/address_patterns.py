"""Patterns for streets and towns as they are written in five languages."""

import re
from functools import cache

from readstone.engine.pii.lexicon import HAN, any_of, lexicon

NUMBER = (
    r"\d{1,4}(?:[ ]?[A-Za-z])?(?:[ ]?(?:bis|ter|quater))?(?:[ ]?[-/+][ ]?\d{1,4}[A-Za-z]?)?(?!\w)"
)
# Bounded, since what is bounded cannot take long.
CAPITAL = rf"[^\W\d_a-zß-öø-ÿ{HAN}][\w'.-]{{0,40}}"
LETTER = rf"[^\W\d_{HAN}]"
PARTICLES = (
    *("de", "del", "la", "las", "los", "le", "les", "du", "des", "aux", "au", "à", "el", "y", "et"),
    *("sur", "en", "von", "der", "den", "dem", "am", "an", "zum", "zur"),
)
PARTICLE = rf"(?:{any_of(PARTICLES)}\s|[dl]')"
# Calle de la Constitución, rue du Général-Leclerc
PROPER = rf"(?:{PARTICLE}){{0,3}}{CAPITAL}(?:[ ](?:{PARTICLE}){{0,2}}{CAPITAL}){{0,4}}"
BEGINNING = r"(?<![\w.'/@#-])"

# Frankfurt am Main, Neustadt an der Weinstraße, Palma de Mallorca
TOWN = (
    rf"{CAPITAL}(?:[ -](?:{PARTICLE})?{CAPITAL}"
    rf"|[ ](?:am|an der|a\.|im|bei|ob der|in)[ ]{CAPITAL}){{0,3}}"
)
COUNTRY = r"(?:(?:D|DE|A|AT|CH|F|FR|E|ES|B|BE|L|I|IT)[ ]?-[ ]?|(?:DE|AT|CH|FR|ES|BE|IT)[ ])"
UK_POSTCODE = r"(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})(?!\w)"
UK_TOWN = rf"(?:{CAPITAL}(?:[ ,]{{1,2}}\n?|\n)){{0,4}}{UK_POSTCODE}"
CONTINENTAL_TOWN = rf"(?:{COUNTRY})?\d{{4,5}}\s{TOWN}"

POST_BOX = re.compile(
    r"(?<!\w)(?:P\.? ?O\.? ?Box|Postfach|Boîte postale|Apartado(?: de Correos)?) \d[\d ]{0,7}\d"
)


def _us_town() -> str:
    states = any_of(lexicon().addresses["states.en"])
    return rf"(?:{CAPITAL}[ ]?){{1,3}},?\s{{1,2}}{states}\s\d{{5}}(?:-\d{{4}})?(?!\w)"


@cache
def town_behind() -> re.Pattern[str]:
    """Return a pattern for the town behind a street, on the same line or the next."""
    between = r"[ ]?,?[ ]?-?[ ]?\n?[ ]{0,4}"
    return re.compile(rf"{between}(?:{CONTINENTAL_TOWN}|{_us_town()}|{UK_TOWN})")


@cache
def towns() -> tuple[re.Pattern[str], ...]:
    """Return patterns for towns with their postcodes that need no street to be known."""
    return (
        re.compile(rf"{BEGINNING}{COUNTRY}\d{{4,5}}[ ]{TOWN}"),
        re.compile(rf"(?:(?<=\n)|^)[ ]{{0,4}}\d{{5}}[ ]{TOWN}(?=[ ]?(?:\n|$))"),
        re.compile(rf"{BEGINNING}{_us_town()}"),
        re.compile(rf"{BEGINNING}{UK_TOWN}"),
    )


@cache
def streets() -> tuple[re.Pattern[str], ...]:
    """Return patterns for streets with their numbers."""
    words = lexicon().addresses
    names = [any_of(words[f"units.{lang}"]) for lang in ("en", "de", "fr", "es")]
    unit = (
        rf"(?:(?:{'|'.join(names)})\.?[ ]?\w{{1,5}}|#[ ]?\w{{1,5}}"
        r"|\d{1,2}[º°ª]?[ ]?(?:[A-Z]|izq|dcha)\b\.?)"
    )
    english = any_of([*words["streets.en"], *(word.upper() for word in words["streets.en"])])
    german, rare = any_of(words["streets.de"]), any_of(words["rare_streets.de"])
    roman = any_of([*words["streets.fr"], *words["streets.es"]])
    patterns = (
        rf"(?:{unit},?[ ])?{NUMBER},?\s(?:{CAPITAL}[ ]){{1,4}}(?i:{english})(?!\w)\.?"
        r"(?:[ ](?:[NSEW]|[NS][EW])\b)?",
        rf"(?={CAPITAL})(?:{CAPITAL}[ ]){{0,3}}(?:{LETTER}[\w-]{{0,40}})?(?i:{german})\.?"
        rf"\s{NUMBER}",
        rf"(?={CAPITAL}){LETTER}[\w-]{{0,40}}(?i:{rare})\s{NUMBER}(?={town_behind().pattern})",
        rf"{any_of(words['street_openings.de'])}[ ]{CAPITAL}(?:[ ]{CAPITAL})?[ ]{NUMBER}",
        rf"{NUMBER},?\s(?i:{roman})\.?\s{PROPER}",
        rf"(?i:{roman})\.?\s?{PROPER},?\s(?:n\.?[º°]\s?)?{NUMBER}",
    )
    return tuple(re.compile(rf"{BEGINNING}{pattern}(?:,?[ ]{unit})?") for pattern in patterns)


@cache
def chinese() -> re.Pattern[str]:
    """Return a pattern for whole Chinese addresses, from the province to the door."""
    words = lexicon().addresses
    province = rf"{any_of(words['provinces.zh'])}(?:省|市|自治区|特别行政区)?"
    before = "在到往至是为住于寄址"
    town = rf"(?:(?<=[{before}:,。; \n])|^)(?:(?![{before}])[{HAN}]){{2,5}}(?:市|县|区)"
    sign = rf"[{HAN}A-Za-z0-9()-]"
    street, unit = any_of(words["streets.zh"]), any_of(words["units.zh"])
    door = "(?:[0-9A-Za-z-]{1,8}(?:室|号|座)?)?"
    return re.compile(rf"(?:{province}|{town}){sign}{{0,40}}{street}{sign}{{0,30}}{unit}{door}")
