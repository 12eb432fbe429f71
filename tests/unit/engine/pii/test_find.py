"""Tests of pii/find.py: personal data is found, what looks like it is not, and no text is slow."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readstone.engine.pii.find import find_personal_data
from readstone.findings import PiiKind

TESTDATA = Path(__file__).parents[4] / "testdata" / "pii"

FOUND = [
    # A text with what is to be found between < and >.
    (PiiKind.PERSON, "Dear Mr. <John Smith>, thank you."),
    (PiiKind.PERSON, "MRS <MARY O'NEILL> was here"),
    (PiiKind.PERSON, "Please ask Dr. <J. R. Brown>."),
    (PiiKind.PERSON, "Sehr geehrte Frau Dr. <Müller-Lüdenscheidt>,"),
    (PiiKind.PERSON, "Herr <von der Heide> kommt"),
    (PiiKind.PERSON, "M. <Le Goff> et son fils"),
    (PiiKind.PERSON, "la señora <de la Cruz> llamó"),
    (PiiKind.PERSON, "Name: <Lindqvist, Astrid>\nOrder: 12"),
    (PiiKind.PERSON, "Patient\n<Wiebke Petersen>\n"),
    (PiiKind.PERSON, "Mr. <Gonza-\nlez> agreed"),
    (PiiKind.PERSON, "Hi <Tamsin>,\nhow are you"),
    (PiiKind.PERSON, "Kind regards,\n\n<Tamsin Wharf>\n"),
    (PiiKind.PERSON, "From: <Anna Schmidt> <anna"),
    (PiiKind.PERSON, "尊敬的<王小明>先生：您好"),
    (PiiKind.PERSON, "姓名：<欧阳建国>\n"),
    (PiiKind.EMAIL, "write to <maria.gonzalez@example.com>."),
    (PiiKind.EMAIL, "write to <maria.gonzalez @ example.com> today"),
    (PiiKind.EMAIL, "write to <maria.gonza-\nlez@example.com> today"),
    (PiiKind.EMAIL, "write to <maria@example . org> today"),
    (PiiKind.EMAIL, "邮箱<li_na@example.cn>，谢谢"),
    (PiiKind.PHONE, "call <+44 20 7946 0958> now"),
    (PiiKind.PHONE, "call <+ 49 30 12 34 56> now"),
    (PiiKind.PHONE, "call <030/1234567> now"),
    (PiiKind.PHONE, "appelez le <06 12 34 56 78> demain"),
    (PiiKind.PHONE, "call <(212) 555-0123> now"),
    (PiiKind.PHONE, "Tel.: <555 01 23>"),
    (PiiKind.PHONE, "电话<13812345678>，谢谢"),
    (PiiKind.IBAN, "to <DE89 3704 0044 0532 0130 00> please"),
    (PiiKind.IBAN, "to <DE89 3704 0044\n0532 0130 00> please"),
    (PiiKind.IBAN, "to <DE89 37O4 0044 0532 0130 00> please"),
    (PiiKind.IBAN, "IBAN: <DE89 3704 0044 0532 0130 01> please"),
    (PiiKind.CARD, "card <4111 1111 1111 1111> exp 04/27"),
    (PiiKind.CARD, "paid with <4111-1111-11 11-1111>."),
    (PiiKind.NATIONAL_ID, "SSN <536-90-4399>"),
    (PiiKind.NATIONAL_ID, "has <AB 12 34 56 C> as"),
    (PiiKind.NATIONAL_ID, "NIR <2 55 08 14 168 025 38> fin"),
    (PiiKind.NATIONAL_ID, "su <54362315K> es"),
    (PiiKind.NATIONAL_ID, "身份证<360426199101010071>。"),
    (PiiKind.NATIONAL_ID, "Steuer-ID: <36 574 261 809>"),
    (PiiKind.PASSPORT, "Passport No. <C01X0006H> of"),
    (PiiKind.BIRTH_DATE, "Date of birth: <3 March 1985>"),
    (PiiKind.BIRTH_DATE, "geb. am <03.03.1985> in Bonn"),
    (PiiKind.BIRTH_DATE, "née le <1er mars 1985> à"),
    (PiiKind.BIRTH_DATE, "nacida el <3 de marzo de 1985> en"),
    (PiiKind.BIRTH_DATE, "出生日期：<1985年3月3日>"),
    (PiiKind.ADDRESS, "lives at <14 Harbour Lane, Leeds LS7 4TB>."),
    (PiiKind.ADDRESS, "at <2207 Maple Street, Springfield, IL 62704> now"),
    (PiiKind.ADDRESS, "in der <Hauptstraße 12a, 10115 Berlin> wohnt"),
    (PiiKind.ADDRESS, "<Am Bahnhof 3\n79098 Freiburg im Breisgau>\n"),
    (PiiKind.ADDRESS, "au <12 bis, rue de la Paix, 75002 Paris>."),
    (PiiKind.ADDRESS, "en <Calle de la Constitución 5, 28013 Madrid>."),
    (PiiKind.ADDRESS, "Address: <The Old Mill 3>\n"),
    (PiiKind.ADDRESS, "in <DE 12345 Beispielstadt>\n"),
    (PiiKind.ADDRESS, "住在<北京市朝阳区建国路88号2单元501室>。"),
    (PiiKind.IP, "from <192.0.2.17> and"),
    (PiiKind.IP, "from <2001:db8::17> and"),
]

NOTHING = [
    "Order 204817 of 12/03/2025 costs 1,284.50 EUR.",
    "Invoice no. 2025-118273, VAT DE123456789, version 10.4.2",
    "Marlow & Finch Ltd and Thomas Weber KG deliver model HX-2200.",
    "Dear Sir or Madam,\nDear Customer,\nHello everyone,",
    "Sehr geehrte Damen und Herren,\nfür Ihre Bestellung 0815-4711 vom 01.02.2025",
    "Facture n° 0123456789 du 03/04/2025, TVA FR40123456789",
    "Abierto de 08.30 a 12.30, pedido 612345, San Francisco Bay",
    "订单号：20251127001，总额¥1,284.50，北京明远科技有限公司",
    "The build took 12:30:45 and used ::1 and 127.0.0.1.",
    "GLN 4012345001235, article 4333741000005",
    "Bill to Address:\nTotal due on 3 August $4.11",
    "",
]

# Repeated, each of these once made a rule try the same characters again and again.
UNITS = [
    *("a", "A", "Aa ", "Aa-", "Aa'", "A.", "1", "1 ", "1-", "0 ", "(", "+1", ".", ":", "@", "a@"),
    *("a@b.", " ", "\n", "-\n", "DE12", "AB 12", "12345 Aa ", "SW1A ", "12 Aa ", "rue de la "),
    *("Straße", "Straße 1 ", "Am Aa 1", "12 Street ", "Mr Aa ", "Name: ", "Dear Aa", "Hans Aa "),
    *("von der ", "Aa & ", "Aa GmbH ", "王", "北京市", "路", "号", "我叫", "在北", "1 Jan ", "1月"),
    *("Kind regards\n", "P.O. Box 1", "Springfield, IL 6270", "né le ", "Box", "Aastreet", "::"),
]


@pytest.mark.parametrize(("kind", "marked"), FOUND)
def test_finds_whole(kind: PiiKind, marked: str) -> None:
    """What stands between the marks is found, from its first character to its last."""
    start, end = marked.index("<"), marked.index(">") - 1
    text = marked.replace("<", "", 1).replace(">", "", 1)
    assert (kind, text[start:end]) in [(span.kind, span.text) for span in find_personal_data(text)]


@pytest.mark.parametrize("text", NOTHING)
def test_leaves_alone_what_only_looks_like_it(text: str) -> None:
    """Numbers, dates, prices, companies and polite words are no personal data."""
    assert find_personal_data(text) == []


def test_name_is_found_wherever_it_stands_again() -> None:
    """A person who is introduced once is known by the parts of the name."""
    text = "Mr. John Fairweather came. Later Fairweather left, and John came back."
    spans = find_personal_data(text)
    assert [span.text for span in spans] == ["John Fairweather", "Fairweather", "John"]
    assert {span.value for span in spans} == {"john fairweather"}


def test_title_with_a_surname_is_the_person_of_that_name() -> None:
    """Who is named in full once is the same person by a part of the name, also before that."""
    spans = find_personal_data("Dear Mrs Ng,\nof course Mrs Ruth Ng may come.\n")
    assert {span.value for span in spans} == {"ruth ng"}


def test_only_the_wanted_kinds() -> None:
    """What was not asked for is not reported."""
    text = "Mr. Smith, smith@example.com"
    assert [span.kind for span in find_personal_data(text, (PiiKind.EMAIL,))] == [PiiKind.EMAIL]


def test_ways_of_writing_have_one_value() -> None:
    """The same number is the same, however it is spaced."""
    text = "DE89 3704 0044 0532 0130 00, DE89370400440532013000; +49 30 123456, 030/123456"
    values = Counter(span.value for span in find_personal_data(text))
    assert values == {"DE89370400440532013000": 2, "+4930123456": 2}


def sets() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the texts of both splits."""
    for split in ("known", "unseen"):
        for line in (TESTDATA / f"{split}.jsonl").read_text(encoding="utf-8").splitlines():
            yield split, json.loads(line)


def test_planted_data_is_found() -> None:
    """Of the texts on which the rules were written all is found, of the others nearly all."""
    planted, covered = Counter[str](), Counter[str]()
    for split, row in sets():
        spans = find_personal_data(row["text"])
        hidden = {place for span in spans for place in range(span.start, span.end)}
        for item in row["items"]:
            places = range(item["start"], item["end"])
            planted[split] += 1
            covered[split] += all(p in hidden or row["text"][p].isspace() for p in places)
    assert planted["unseen"] >= 500
    assert covered["known"] == planted["known"]
    assert covered["unseen"] >= 0.97 * planted["unseen"]


@pytest.mark.parametrize("unit", UNITS)
def test_effort_grows_with_the_text_and_no_faster(unit: str) -> None:
    """No repetition makes the rules look at the same characters again and again.

    A pattern that did would not come back from a text of this length within the test's time.
    """
    text = (unit * 40_000)[:40_000]
    spans = find_personal_data(text)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@given(st.text(st.sampled_from("aA1 .-@:,\n/+(王路号'é"), max_size=200))
def test_spans_lie_in_the_text_in_order(text: str) -> None:
    """Whatever the text is, spans say what stands where, and do not overlap."""
    end = 0
    for span in find_personal_data(text):
        assert end <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
        assert 0 < span.confidence <= 1
        assert re.search(r"\w|:", span.text)
        end = span.end


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    """The rules load the numbering plans; the service, which only asks workers, does not."""
    code = "import sys, readstone.app; sys.exit('phonenumbers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
