"""Tells an event by HTTP, signed after the Standard Webhooks specification."""

import json
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus

import httpx
from standardwebhooks import Webhook

from readstone.errors import InvalidRequest
from readstone.events.event import Event, Refused
from readstone.events.guard import HTTPS, AddressRefused, check_address, resolve_public

ANSWER_LIMIT_S = 15.0
Resolve = Callable[[str, int], Awaitable[str]]


class WebhookSender:
    """Sends events to the targets of the configuration, and to allowed addresses.

    A target that the configuration names may lie in the own network; an address that a caller
    names must be public when it is dialled, and what is dialled is what was looked at.

    Args:
        targets: the name of a target to its address.
        allowed_hosts: of addresses that callers may name.
        secret: with which messages are signed: `whsec_` and base64.
        resolve, tls: how names become IP addresses, and whose certificates are believed.
    """

    tells_topics = False

    def __init__(
        self,
        targets: Mapping[str, str],
        *,
        allowed_hosts: Sequence[str],
        secret: str,
        resolve: Resolve = resolve_public,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._targets = targets
        self._allowed_hosts = allowed_hosts
        self._signer = Webhook(secret)
        self._resolve = resolve
        self._client = httpx.AsyncClient(
            trust_env=False,
            follow_redirects=False,
            timeout=ANSWER_LIMIT_S,
            verify=tls or ssl.create_default_context(),
        )

    def check(self, target: str) -> None:
        """Refuse a target to which nothing could be sent.

        Raises:
            InvalidRequest: it is neither a name that is configured nor an address that is allowed.
        """
        if target in self._targets:
            return
        if "://" not in target:
            raise InvalidRequest(
                "callback: no target has this name; ask the operator for one",
                setting="webhooks.targets",
            )
        check_address(target, self._allowed_hosts)

    async def send(self, event: Event) -> None:
        """Return when the target has taken the event.

        Raises:
            Refused: it has not.
        """
        try:
            request = await self._request(event)
            answer = await self._client.send(request, stream=True)
        except (AddressRefused, InvalidRequest) as error:
            raise Refused("its address is not allowed", for_good=True) from error
        except (OSError, httpx.HTTPError) as error:
            raise Refused(type(error).__name__) from error
        await answer.aclose()
        if not answer.is_success:
            is_gone = answer.status_code == HTTPStatus.GONE
            raise Refused(f"it answered {answer.status_code}", for_good=is_gone)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def _request(self, event: Event) -> httpx.Request:
        body = json.dumps(event.envelope(), separators=(",", ":"))
        headers = self._signed(event.id, body)
        if event.target in self._targets:
            return self._client.build_request(
                "POST", self._targets[event.target], content=body, headers=headers
            )
        check_address(event.target, self._allowed_hosts)
        url = httpx.URL(event.target)
        return self._client.build_request(
            "POST",
            url.copy_with(host=await self._resolve(url.host, url.port or HTTPS)),
            content=body,
            headers=headers | {"host": url.netloc.decode()},
            extensions={"sni_hostname": url.host},
        )

    def _signed(self, event_id: str, body: str) -> dict[str, str]:
        now = datetime.now(UTC)
        return {
            "content-type": "application/json",
            "user-agent": "readstone",
            "webhook-id": event_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(event_id, now, body),
        }
