"""Tests of engine/invoice/lexicon.py: what words mean on invoices, in seven languages."""

import pytest

from readstone.engine.invoice.lexicon import load_lexicon, words_of

MEANINGS = {
    "Rechnungsnummer": {"invoice", "number"},
    "N° de facture": {"number", "invoice"},
    "Invoice #": {"invoice", "number"},
    "Fattura n.": {"invoice", "number"},
    "Rechnungssumme Netto (excl. USt.)": {"grand", "net", "tax"},
    "Total Sales (Inclusive of GST)": {"grand", "gross", "tax"},
    "NET À PAYER": {"owed"},
    "Totaal incl. BTW": {"total", "gross"},
    "Base imponible": {"net"},
    "Data de vencimento": {"due"},
    "USt-IdNr.": {"tax_id"},
    "lnvoice": {"invoice"},  # as it is misread
    "TATAL": {"total"},
    "Grand tofal": {"grand"},
}


@pytest.mark.parametrize("text", MEANINGS)
def test_label_says_what_it_means(text: str) -> None:
    """Compounds, accents, signs for "number" and a wrong letter do not hide a meaning."""
    said = {meaning for term in load_lexicon().terms(text) for meaning in term.meanings}
    assert MEANINGS[text] <= said


def test_only_spoken_languages_count() -> None:
    """A word of another language means nothing."""
    assert load_lexicon().terms("fattura")
    assert not load_lexicon().terms("fattura", {"en"})


def test_longest_phrase_counts() -> None:
    """A phrase is more than its words."""
    (term,) = load_lexicon().terms("due date", {"en"})
    assert term.meanings == {"due"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Wir danken für den Auftrag und bitten um Zahlung der Rechnung"),
        ("fr", "Nous vous remercions de votre commande pour les travaux"),
        ("nl", "Hartelijk dank voor uw opdracht, graag betalen met het nummer"),
        ("it", "Grazie per il pagamento con bonifico della fattura"),
        ("en", "Thank you for the order and for your payment"),
    ],
)
def test_language_is_that_of_most_words(language: str, text: str) -> None:
    """A sentence is enough to tell a language."""
    assert load_lexicon().languages_of([text])[0] == language


def test_no_words_are_no_language() -> None:
    """Numbers alone have none."""
    assert load_lexicon().languages_of(["12.00", ""]) == ()


def test_words_are_plain_and_know_their_place() -> None:
    """A word without accents is found where the accented one stands."""
    assert words_of("Größe №5") == [("grosse", 0, 5), ("no", 6, 7), ("5", 7, 8)]
