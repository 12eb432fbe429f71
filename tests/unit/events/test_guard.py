"""Tests of where messages may be sent."""

import pytest

from readstone.errors import InvalidRequest
from readstone.events.guard import AddressRefused, check_address, is_public, resolve_public

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2001:0:53aa:64c::1",
        "2002:7f00:1::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
    ],
)
def test_address_of_the_own_network_is_not_public(address: str) -> None:
    """Loopback, private and reserved ranges are known, also where they hide in other forms."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07::1"])
def test_address_of_the_internet_is_public(address: str) -> None:
    """What is anybody's to reach may be told."""
    assert is_public(address)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001"])
async def test_name_that_leads_home_is_refused(host: str) -> None:
    """It counts what a name resolves to, and not how it is written."""
    with pytest.raises(AddressRefused):
        await resolve_public(host, 443)


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example/",
        "https://user:word@hooks.example/",
        "https://hooks.example:8443/",
        "https://other.example/",
        "https://example/",
        "https://hooks.example.attacker.example/",
        "https://hooks.example:99999/",
        "https:///path",
        "https://[::1",
        "ftp://hooks.example/",
    ],
)
def test_address_that_is_not_allowed_is_refused(address: str) -> None:
    """Only HTTPS, only the usual port, only hosts of the configuration."""
    with pytest.raises(InvalidRequest):
        check_address(address, ["hooks.example"])


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("hooks.example", "hooks.example"),
        ("HOOKS.example", "Hooks.Example"),
        ("a.hooks.example", "*.hooks.example"),
        ("anything.test", "*"),
        ("hooks.example:8443", "hooks.example:8443"),
    ],
)
def test_allowed_host_is_taken(host: str, allowed: str) -> None:
    """A host is allowed by its name, by the domain above it, or like all others."""
    check_address(f"https://{host}/path?key=1", [allowed])


def test_domain_is_not_among_those_below_it() -> None:
    """`*.example` means hosts below it."""
    with pytest.raises(InvalidRequest):
        check_address("https://hooks.example/", ["*.hooks.example"])
