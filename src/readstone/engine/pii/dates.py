"""Dates as five languages write them."""

import re
from functools import cache

from readstone.engine.pii.lexicon import any_of, lexicon


@cache
def date_pattern() -> re.Pattern[str]:
    """Return a pattern for dates: in figures, and with the names of months."""
    month = f"{any_of(lexicon().months)}\\.?"
    day = r"\d{1,2}(?:st|nd|rd|th|er|º|\.)?"
    shapes = (
        r"\d{4} ?年 ?\d{1,2} ?月(?: ?\d{1,2} ?[日号])?",
        r"\d{1,4} ?[./-] ?\d{1,2} ?[./-] ?\d{2,4}",
        rf"{day}(?:\s|-)(?:de\s|of\s)?{month},?(?:\s|-)(?:del?\s)?\d{{2,4}}",
        rf"{month}\s{day},?\s\d{{4}}",
        r"\d{8}",
    )
    return re.compile(rf"(?:{'|'.join(shapes)})(?!\d)", re.IGNORECASE)
