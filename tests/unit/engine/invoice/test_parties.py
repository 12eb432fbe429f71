"""Tests of engine/invoice/parties.py: who sells and who buys."""

from readstone.engine.invoice.identifiers import identifiers_of
from readstone.engine.invoice.notes import take_notes
from readstone.engine.invoice.parties import buyer_of, vendor_of
from tests.typed import typed

WIDE = " " * 80 + "."


def parties(text: str) -> tuple[str | None, str | None]:
    """Return the names of the seller and of the buyer."""
    notes = take_notes(typed(text))
    buyer = buyer_of(notes)
    bought = [*(buyer.name.notes if buyer.name else ()), *buyer.address]
    names = vendor_of(notes, identifiers_of(notes), bought)
    return names[0].text if names else None, buyer.name.text if buyer.name else None


def test_labels_name_both() -> None:
    """What stands below "bill to" is the buyer, however it looks."""
    text = f"""
From                          Bill to                                                   {WIDE}
Marlow & Finch                Pelham Stationers Ltd
14 Harbour Lane               2 Mill Road
Northquay NQ7 4TB             Eastbrook EB1 2CD"""
    assert parties(text) == ("Marlow & Finch", "Pelham Stationers Ltd")


def test_sender_line_names_the_seller_and_the_buyer_is_below() -> None:
    """As in a window envelope."""
    text = f"""
Holzwerk Brandner GmbH · Sägemühle 7 · 83512 Wasserburg                                 {WIDE}
Schreinerei Obermaier
Am Anger 12
94032 Passau"""
    assert parties(text) == ("Holzwerk Brandner GmbH", "Schreinerei Obermaier")


def test_name_stands_beside_the_word_name() -> None:
    """Blocks of labels and values are read as what they are."""
    text = f"""
Verkäufer                                                                               {WIDE}
Name:          Lieferant GmbH
Anschrift:     Lieferantenstraße 20
               80333 München
Käufer
Name:          Kunden AG Mitte
Anschrift:     Kundenstraße 15
               69876 Frankfurt"""
    assert parties(text) == ("Lieferant GmbH", "Kunden AG Mitte")


def test_seller_of_a_receipt_stands_on_top() -> None:
    """Registration numbers are no part of the name."""
    text = """
TAX INVOICE
SOON HUAT TRADING (JM0352019-K)
NO.53 JALAN PUTRA 1
81200 JOHOR BAHRU
Total 327.00"""
    assert parties(text) == ("SOON HUAT TRADING", None)


def test_mail_address_speaks_for_a_name() -> None:
    """A name that is also that of a domain is more likely that of the seller."""
    text = f"Some person\nBluewater\nhello@bluewater.example{WIDE}"
    assert parties(text)[0] == "Bluewater"


def test_salutation_goes_with_the_name() -> None:
    """The name of a person may be on the line below."""
    text = f"""
Rechnungsempfänger                                                                      {WIDE}
Herrn
Max Mustermann
Musterstr. 11
12346 Musterhausen"""
    assert parties(text)[1] == "Herrn Max Mustermann"
