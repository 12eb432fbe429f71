"""Tests of engine/invoice/notes.py: what is said of a value by the words around it."""

from readstone.engine.invoice.notes import Label, label_of, take_notes
from tests.typed import typed


def label(text: str, value: str) -> Label:
    """Return what is said of a value that stands once in a text."""
    notes = take_notes(typed(text))
    note = next(note for note in notes if value in note.cell.text)
    start = note.cell.text.index(value)
    return label_of(notes, note, start, start + len(value))


def test_words_in_the_same_cell_are_nearest() -> None:
    """A label before a value in its cell is not a cell away."""
    said = label("Invoice date: 05.03.2014", "05.03.2014")
    assert {"invoice", "date"} <= said.beside
    assert said.gap == 0


def test_words_far_on_the_left_are_beside() -> None:
    """The label of a value may be at the other end of the row."""
    assert "net" in label("Subtotal                        12.00", "12.00").beside


def test_words_beyond_other_amounts_are_beside() -> None:
    """All amounts of a row have its label, and each has the heading of its column."""
    said = label(
        "            Net        Tax      Gross\nTotal     10.00      2.00      12.00", "2.00"
    )
    assert "total" in said.beside
    assert "tax" in said.above


def test_date_beyond_another_date_has_no_label_beside() -> None:
    """What is said of the first date is not said of the second one."""
    said = label("Invoice date     Due date\n05.03.2014       04.04.2014", "04.04.2014")
    assert said.beside == frozenset()
    assert said.above == {"due"}


def test_words_behind_a_value_count() -> None:
    """A modifier may follow the amount."""
    assert "gross" in label("Total 29.99 EUR incl", "29.99").behind


def test_column_goes_down_past_numbers() -> None:
    """A heading is over all numbers of its column, however many there are."""
    rows = "\n".join(f"          {n}.00" for n in range(10, 20))
    assert "tax" in label(f"          Tax\n{rows}", "19.00").above


def test_narrow_print_is_told_by_its_letters() -> None:
    """A receipt has few letters in a line, whatever its size in pixels."""
    assert take_notes(typed("Milk 1.00\nBread 2.00\nTotal 3.00")).is_narrow
    assert not take_notes(typed("x" * 10 + " " * 90 + "12.00")).is_narrow
