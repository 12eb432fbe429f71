"""Who may call: tokens, and the web pages from which a browser may."""

import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from fastapi.security import HTTPBearer
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from readstone.api.problems import problem_response
from readstone.errors import OriginRefused, Unauthorized
from readstone.settings import AuthConfig

Client = tuple[str, int] | None

ANONYMOUS = "anonymous"
# The network that one customer has at least: addresses within it are free to choose.
IPV6_PREFIX = 64
UNGUARDED_PATHS = frozenset({"/health", "/ready", "/version"})

bearer_scheme = HTTPBearer(auto_error=False, description="One of the tokens of auth.tokens.")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request: whose its jobs are, and in which queue its work takes turns."""

    name: str
    queue: str


class TokenCheck:
    """Tells callers by their tokens, in a time that does not depend on the token."""

    def __init__(self, config: AuthConfig) -> None:
        # Digests have one length, so that comparing them says nothing about a token's length.
        self._digests = {
            name: _digest(token.get_secret_value()) for name, token in config.tokens.items()
        }

    @property
    def are_needed(self) -> bool:
        """Whether there are tokens at all."""
        return bool(self._digests)

    def caller(self, token: str | None, client: Client) -> Caller:
        """Return the caller whose token this is; raise Unauthorized for any other.

        Without configured tokens everybody is `anonymous`, and waits in the queue of the address.
        """
        if not self._digests:
            return Caller(ANONYMOUS, address_queue(client))
        given = _digest(token or "")
        found = [name for name, each in self._digests.items() if hmac.compare_digest(each, given)]
        if token and found:
            return Caller(found[0], found[0])
        said = "the token is not known" if token else "send the header Authorization: Bearer TOKEN"
        raise Unauthorized(said)


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def address_queue(client: Client) -> str:
    """Return the queue of whoever calls from an address; no name of a caller begins with @."""
    host = client[0] if client else ""
    if ":" in host:
        network = ipaddress.ip_network((host.partition("%")[0], IPV6_PREFIX), strict=False)
        return f"@{network}"
    return f"@{host}"


def header_token(headers: Mapping[str, str]) -> str | None:
    """Return the token of the Authorization header, None without one."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


class OriginFilter:
    """Refuses requests that a browser sends for a web page which is not allowed.

    A request without an Origin header comes from no other page. The service's own pages are allowed
    when a token is needed, or under an address no other site can take: by its own name a foreign
    site could lead a browser to this machine (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, *, allowed: tuple[str, ...], needs_token: bool) -> None:
        self.app = app
        self.allowed = frozenset(allowed)
        self.needs_token = needs_token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_allowed(scope):
            await self.app(scope, receive, send)
            return
        refused = OriginRefused("web pages of this origin may not use the service")
        await problem_response(refused, scope["path"])(scope, receive, send)

    def _is_allowed(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        origin = headers.get("origin", "").lower()
        # request.url would be built from the Host header, which the client chooses.
        if not origin or scope["path"] in UNGUARDED_PATHS or "*" in self.allowed:
            return True
        if origin in self.allowed:
            return True
        is_own = origin.partition("://")[2] == headers.get("host", "").lower()
        return is_own and (self.needs_token or _is_fixed_address(origin))


def _is_fixed_address(origin: str) -> bool:
    try:
        host = urlsplit(origin).hostname or ""
        return host == "localhost" or bool(ipaddress.ip_address(host))
    except ValueError:
        return False
