"""What the simplest rules say of an invoice: the largest amount, the first date, the first line."""

from readstone.document import Document
from readstone.engine.invoice.values import days_in, decimal_mark, numbers_in


def baselines_of(document: Document | None) -> dict[str, str]:
    """Return the total, the date and the vendor by the simplest rules; empty when there is none."""
    pages = document.pages if document else ()
    lines = [line.text for page in pages for line in page.lines]
    mark = decimal_mark(lines)
    amounts = [n.value for line in lines for n in numbers_in(line, mark) if n.is_money]
    days = [day.value for line in lines for day in days_in(line)]
    return {
        "total": str(max(amounts)) if amounts else "",
        "date": str(days[0]) if days else "",
        "vendor": lines[0] if lines else "",
    }
