"""Tokens, told apart without telling anything."""

import pytest

from readstone.api.security import ANONYMOUS, Caller, TokenCheck, address_queue, header_token
from readstone.errors import Unauthorized
from tests.fakes import settings

ALICE, BOB = "correct-horse", "battery-staple"
CLIENT = ("192.0.2.7", 50_000)


@pytest.fixture
def check() -> TokenCheck:
    """Who knows two callers."""
    return TokenCheck(settings(auth__tokens=f"alice:{ALICE},bob:{BOB}").auth)


def test_a_token_has_a_caller(check: TokenCheck) -> None:
    """Each token is that of its caller."""
    assert check.caller(ALICE, CLIENT) == Caller("alice", "alice")
    assert check.caller(BOB, CLIENT) == Caller("bob", "bob")


@pytest.mark.parametrize(
    "token", [None, "", " ", "alice", ALICE[:-1], ALICE + " ", ALICE + BOB, "\ud800", "é" * 1_000]
)
def test_any_other_token_is_refused(check: TokenCheck, token: str | None) -> None:
    """Nothing but the whole token will do, and no letter breaks the comparison."""
    with pytest.raises(Unauthorized):
        check.caller(token, CLIENT)


@pytest.mark.parametrize("token", [None, "", ALICE])
def test_without_tokens_everybody_is_anonymous(token: str | None) -> None:
    """Where nobody needs a token, none is looked at."""
    assert TokenCheck(settings().auth).caller(token, CLIENT) == Caller(ANONYMOUS, "@192.0.2.7")


@pytest.mark.parametrize(
    ("client", "queue"),
    [
        (("192.0.2.7", 50_000), "@192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 50_000), "@2001:db8:1:2::/64"),
        (("2001:db8:1:2::9", 50_000), "@2001:db8:1:2::/64"),
        (("fe80::1%eth0", 50_000), "@fe80::/64"),
        (("testclient", 50_000), "@testclient"),
        (None, "@"),
    ],
)
def test_an_address_has_a_queue(client: tuple[str, int] | None, queue: str) -> None:
    """One for each address, since a customer has a whole network of them with IPv6."""
    assert address_queue(client) == queue


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer  abc ", "abc"),
        ("Bearer", None),
        ("Bearer ", None),
        ("Basic abc", None),
        ("abc", None),
        ("", None),
    ],
)
def test_the_header_is_read_as_rfc_6750_writes_it(header: str, token: str | None) -> None:
    """The scheme counts in any case; another scheme is no token."""
    assert header_token({"authorization": header}) == token


def test_no_header_is_no_token() -> None:
    """Without the header there is no token."""
    assert header_token({}) is None
