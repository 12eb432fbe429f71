"""Tests of engine/invoice/values.py: numbers, money, percentages and dates as they are printed."""

from datetime import date
from decimal import Decimal

import pytest

from readstone.engine.invoice.values import (
    days_in,
    decimal_mark,
    is_day_first,
    main_currency,
    numbers_in,
)

NUMBERS = {
    "1.005,55": "1005.55",
    "1,005.55": "1005.55",
    "1 005,55 €": "1005.55",
    "1'234.50 CHF": "1234.50",
    "1,23,456.00": "123456.00",
    "1,374,945": "1374945",
    "RM18.80 S": "18.80",
    "86. 00": "86.00",
    "-.02": "-0.02",
    "RM -.02": "-0.02",
    "5.00-": "-5.00",
    "(5.00)": "-5.00",
    "\N{MINUS SIGN}50,00": "-50.00",
    "EUR-5,00": "-5.00",
    "3 m²": "3",
    "54.00SR": "54.00",
}


@pytest.mark.parametrize("text", NUMBERS)
def test_number_is_read(text: str) -> None:
    """Signs, groups and currencies around the digits do not hide a number."""
    (number,) = numbers_in(text, decimal_mark([text]))
    assert number.value == Decimal(NUMBERS[text])


@pytest.mark.parametrize("text", ["05.03.2014", "2018-03-05", "8:01:11 PM", "A12.50", "INV2018.20"])
def test_dates_times_and_ids_hold_no_numbers(text: str) -> None:
    """Digits of something else are not taken for an amount."""
    assert not list(numbers_in(text, "."))


def test_mark_of_the_document_tells_thousands_from_decimals() -> None:
    """Three digits behind a sign are a thousand, unless it is the decimal mark."""
    assert next(numbers_in("1.000", ",")).value == 1000
    assert next(numbers_in("1.000", ".")).value == 1
    assert next(numbers_in("3,3333", ",")).value == Decimal("3.3333")


def test_percentage_is_no_money() -> None:
    """A rate may have two decimals and is still none."""
    rate, amount = numbers_in("19,00 % 12,00", ",")
    assert (rate.is_percent, rate.is_money) == (True, False)
    assert (amount.is_percent, amount.is_money) == (False, True)


def test_number_knows_its_place_and_currency() -> None:
    """A number can be found again in its text."""
    (number,) = numbers_in("Total: € 22,50", ",")
    assert (number.start, number.end, number.currency, number.decimals) == (7, 14, "EUR", 2)


def test_main_currency_is_the_one_named_most() -> None:
    """One fee in another currency does not change that of the invoice."""
    assert main_currency(["12.00 EUR", "13.00 €", "fee 1.00 USD"], ".") == "EUR"
    assert main_currency(["12.00"], ".") == ""


DAYS = {
    "vom 05.06.2018": date(2018, 6, 5),
    "8-9-2022": date(2022, 9, 8),
    "18/03/18 15:17": date(2018, 3, 18),
    "2019-01-09": date(2019, 1, 9),
    "20180305": date(2018, 3, 5),
    "March 3, 2025": date(2025, 3, 3),
    "August 3 , 2014": date(2014, 8, 3),
    "3rd of March 2025": date(2025, 3, 3),
    "15-MAY-2018": date(2018, 5, 15),
    "11. Juli 2014": date(2014, 7, 11),
    "5. März 2014": date(2014, 3, 5),
    "1er août 2020": date(2020, 8, 1),
    "25 april 2022": date(2022, 4, 25),
    "12 de março de 2021": date(2021, 3, 12),
    "3 de enero de 2020": date(2020, 1, 3),
    "7 settembre 2019": date(2019, 9, 7),
    "81/12/2018": date(2018, 12, 1),  # as these are misread
    "13/83/2819": date(2019, 3, 13),
    "31.12.99": None,
    "32.12.2019": None,
    "version 2.1.3": None,
}


@pytest.mark.parametrize("text", DAYS)
def test_date_is_read(text: str) -> None:
    """Dates are understood in seven languages, and nothing else is taken for one."""
    assert next((day.value for day in days_in(text)), None) == DAYS[text]


def test_order_of_day_and_month_is_told_by_the_others() -> None:
    """One date that can be read in one way only tells how the others are meant."""
    assert is_day_first(["03/04/2023", "13/04/2023"]) is True
    assert is_day_first(["03/04/2023", "04/13/2023"]) is False
    assert is_day_first(["03/04/2023"]) is None
    assert days_in("03/04/2023", day_first=False)[0].value == date(2023, 3, 4)
    assert days_in("03/20/2023")[0].value == date(2023, 3, 20)


def test_two_dates_of_a_period_are_two() -> None:
    """A hyphen between two dates is not part of them."""
    assert [day.value.day for day in days_in("01.05.14-31.05.14")] == [1, 31]
