"""Addresses on the net: e-mail and IP."""

import ipaddress
import re
from collections.abc import Iterator

from readstone.engine.pii.plain import Candidate
from readstone.findings import PiiKind

# Only behind blanks, as poor recognition leaves them, must the last part be one of these.
ENDINGS = "com|org|net|edu|gov|info|eu|io|co|uk|us|ie|de|at|ch|fr|be|es|mx|ar|it|nl|cn|hk|tw|biz"
AT = re.compile(r"[ ]{0,2}(?:@|[(\[][ ]?at[ ]?[)\]])[ ]{0,2}", re.IGNORECASE)
# From the @ backwards; a hyphen or a point at the end of the line above divides it.
USER_BACKWARDS = re.compile(r"[\w+%-][\w.+%'-]{0,63}(?:\n[-._][\w.+%-]{1,62})?", re.ASCII)
LABEL = "[A-Za-z0-9-]{1,63}"
SPACED_ENDING = rf"[ ]?\.[ ]?(?:[a-z0-9-]{{1,30}}[ ]?\.[ ]?)?(?:{ENDINGS})(?![\w-])"
HOST = re.compile(rf"\n?{LABEL}(?:-\n{LABEL})?(?:\.{LABEL}|{SPACED_ENDING}){{1,5}}", re.ASCII)
IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)", re.ASCII)
IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f:]{2,39}(?:\.\d{1,3}){0,3}(?![\w:])", re.ASCII)


def find_emails(text: str) -> Iterator[Candidate]:
    """Yield e-mail addresses, also with blanks beside the @ and divided at the end of a line."""
    backwards = text[::-1]
    for at in AT.finditer(text):
        host = HOST.match(text, at.end())
        user = USER_BACKWARDS.match(backwards, len(text) - at.start())
        if host and user:
            start = at.start() - len(user[0].rstrip(".'"))
            address = f"{text[start : at.start()]}@{host[0]}"
            value = re.sub(r"-?\n|\s", "", address).casefold()
            yield Candidate(PiiKind.EMAIL, start, host.end(), 0.95, "email", value)


def find_ips(text: str) -> Iterator[Candidate]:
    """Yield IP addresses of both versions."""
    for pattern in (IPV4, IPV6):
        for match in pattern.finditer(text):
            if pattern is IPV6 and match[0].count(":") < 2:
                continue
            try:
                address = ipaddress.ip_address(match[0])
            except ValueError:
                continue
            if address.is_loopback or address.is_unspecified:
                continue
            yield Candidate(PiiKind.IP, *match.span(), 0.85, "ip", str(address))
