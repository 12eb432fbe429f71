"""Keeps messages whose address a caller has named from reaching into the own network."""

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from readstone.errors import InvalidRequest

HTTPS = 443
# Forms in which an IPv4 address can hide, which `is_global` takes for public ones.
DISGUISES = tuple(
    ip_network(network)
    for network in (
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
    )
)


class AddressRefused(Exception):
    """An address leads, or may lead, into a network that is not public."""


def check_address(address: str, allowed_hosts: Sequence[str]) -> None:
    """Refuse an address whose host the configuration does not allow.

    Args:
        allowed_hosts: `hooks.example` is this host, `*.example` each below it, `*` every one, all
            on port 443; `hooks.example:8443` is another port of it.

    Raises:
        InvalidRequest: the detail says what to change.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise InvalidRequest("callback_url: not an address") from error
    if parts.scheme != "https" or not host or parts.username:
        raise InvalidRequest("callback_url: must be https://host/path, without a user")
    if not any(_matches(host, port or HTTPS, allowed.lower()) for allowed in allowed_hosts):
        raise InvalidRequest(
            "callback_url: its host is not allowed here; name a target of the configuration",
            setting="webhooks.allowed_hosts",
        )


def _matches(host: str, port: int, allowed: str) -> bool:
    name, _, number = allowed.partition(":")
    if port != int(number or HTTPS):
        return False
    return name in ("*", host) or (name.startswith("*.") and host.endswith(name[1:]))


async def resolve_public(host: str, port: int) -> str:
    """Return the IP address of a host, to be dialled in place of its name.

    Raises:
        AddressRefused: one of its addresses is not public.
        OSError: it has none.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(sockaddr[0]) for *_, sockaddr in found]
    if not all(is_public(address) for address in addresses):
        raise AddressRefused(host)
    return addresses[0]


def is_public(address: str) -> bool:
    """Say whether an IP address belongs to the internet and to no network within it."""
    ip = ip_address(address.partition("%")[0])
    hides = any(ip.version == net.version and ip in net for net in DISGUISES)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or hides)
