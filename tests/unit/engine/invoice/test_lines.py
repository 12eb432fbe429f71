"""Tests of engine/invoice/lines.py and columns.py: the items of an invoice."""

from readstone.engine.invoice.columns import header_at
from readstone.engine.invoice.lines import items_of
from readstone.engine.invoice.notes import take_notes
from tests.typed import typed

Found = tuple[str, str | None, str | None, str]


def items(*pages: str) -> list[Found]:
    """Return (description, quantity, price, amount) of each item."""
    return [
        (
            " ".join(note.cell.text for note in item.description),
            str(item.quantity.value) if item.quantity else None,
            str(item.unit_price.value) if item.unit_price else None,
            str(item.amount.value),
        )
        for item in items_of(take_notes(typed(*pages)))
    ]


def test_items_stand_below_their_header() -> None:
    """Each amount in the column of amounts is an item; the sum below them is none."""
    text = """
Pos   Description       Quantity   Unit price    Amount
1     Linen thread             3        10.72     32.16
2     Bone folder              2        19.83     39.66
                                    Subtotal      71.82"""
    assert items(text) == [
        ("Linen thread", "3", "10.72", "32.16"),
        ("Bone folder", "2", "19.83", "39.66"),
    ]


def test_columns_may_be_in_any_order_and_language() -> None:
    """The headings tell the columns, and a product tells quantity and price."""
    text = """
Menge    Bezeichnung           Einzelpreis     Gesamtpreis
12 Stk   Eichenbohle 40 mm           35,20          422,40
                             Zwischensumme          422,40"""
    assert items(text) == [("Eichenbohle 40 mm", "12", "35.20", "422.40")]


def test_lines_that_go_on_are_no_items() -> None:
    """What has no amount belongs to the item over it."""
    text = """
Description          Qty     Price    Amount
Calf leather           1     80.00     80.00
with a certificate of 12.03.2023
Glue                   2      4.00      8.00"""
    assert [item[0] for item in items(text)] == ["Calf leather", "Glue"]


def test_items_go_on_over_pages() -> None:
    """Sums carried over are left out, and the header may be repeated."""
    header = "Description          Qty     Price     Amount\n"
    first = (
        "Paper                  2     10.00      20.00\n"
        "Carried forward                         20.00"
    )
    second = (
        "Brought forward                         20.00\n"
        "Ink                    1      5.00       5.00"
    )
    assert [item[0] for item in items(header + first, header + second)] == ["Paper", "Ink"]


def test_amount_may_stand_lower_than_its_row() -> None:
    """Where an amount is centred on several rows, the numbers around it are its own."""
    text = """
Pos   Description       Quantity   Unit price    Amount
1     Cheese            5 kg             5.50
      400005                                      27.50
2     Water             2 l              1.10
      400006                                       2.20"""
    assert items(text) == [("Cheese", "5", "5.50", "27.50"), ("Water", "2", "1.10", "2.20")]


def test_discounts_and_taxes_are_no_items() -> None:
    """A table of discounts, or of taxes, has amounts as well."""
    text = """
Description          Qty     Price     Amount
Paper                  2     10.00      20.00
Discount                                -2.00
VAT 20 %                     18.00       3.60"""
    assert [item[0] for item in items(text)] == ["Paper"]


def test_prose_is_no_header() -> None:
    """A sentence may have all the words of one."""
    text = (
        "The price and the quantity of each item and its amount are given in the description below"
    )
    assert header_at(take_notes(typed(text)), 0) is None


def test_header_may_go_over_two_rows() -> None:
    """What stands close over a heading belongs to it."""
    text = """
                               Unit        Net
Item                  Qty      price      amount
Handle                  2       3.00        6.00"""
    assert items(text) == [("Handle", "2", "3.00", "6.00")]
