"""Tests of the sender of webhooks, against real servers."""

import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from types import MappingProxyType

import pytest
import trustme

from readstone.errors import InvalidRequest
from readstone.events.event import Event, Refused, new_event
from readstone.events.guard import resolve_public
from readstone.events.webhook import Resolve, WebhookSender
from tests.webhook_receiver import SECRET, Receiver, receive

pytestmark = pytest.mark.anyio

NONE: Mapping[str, str] = MappingProxyType({})
Sender = Callable[..., WebhookSender]


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    """Make senders; they are closed when the test ends."""
    async with AsyncExitStack() as stack:

        def made(
            targets: Mapping[str, str] = NONE,
            *,
            allowed_hosts: Sequence[str] = ("hooks.example",),
            resolve: Resolve = resolve_public,
            tls: ssl.SSLContext | None = None,
        ) -> WebhookSender:
            one = WebhookSender(
                targets, allowed_hosts=allowed_hosts, secret=SECRET, resolve=resolve, tls=tls
            )
            stack.push_async_callback(one.close)
            return one

        yield made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A target that takes what it is sent."""
    with receive() as target:
        yield target


def event(target: str) -> Event:
    """Return an event for a target."""
    return new_event("job.finished", "j1", target, {"status": "succeeded"}, datetime.now(UTC))


async def test_event_is_sent_signed(sender: Sender, receiver: Receiver) -> None:
    """A receiver with the library of the specification believes the message."""
    told = event("erp")
    await sender({"erp": receiver.address}).send(told)
    message = receiver.next()
    assert message.verified() == told.envelope()
    assert message.headers["webhook-id"] == told.id


@pytest.mark.parametrize(
    ("status", "for_good"), [(500, False), (404, False), (302, False), (410, True)]
)
async def test_answer_that_is_no_success_refuses(
    sender: Sender, status: int, for_good: bool
) -> None:
    """Redirects are not followed; only 410 says that nobody wants to be told any more."""
    with receive(iter([status])) as target:
        with pytest.raises(Refused) as refused:
            await sender({"erp": target.address}).send(event("erp"))
        assert refused.value.for_good == for_good
        target.next()
        assert target.messages.empty()


async def test_target_that_does_not_answer_refuses(sender: Sender) -> None:
    """A target that is not there can be there later."""
    with pytest.raises(Refused) as refused:
        await sender({"erp": "http://127.0.0.1:9/"}).send(event("erp"))
    assert not refused.value.for_good


async def test_address_within_the_own_network_is_never_dialled(
    sender: Sender, receiver: Receiver
) -> None:
    """An allowed host that leads to this machine gets nothing, for good."""
    with pytest.raises(Refused) as refused:
        await sender(allowed_hosts=["localhost"]).send(event("https://localhost/hook"))
    assert refused.value.for_good
    assert receiver.messages.empty()


async def test_looked_up_address_is_dialled_and_the_name_is_proved(sender: Sender) -> None:
    """The certificate must be that of the name, although an IP address is dialled."""
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hooks.example").configure_cert(server)
    trust = ssl.create_default_context()
    authority.configure_trust(trust)

    async def resolve(host: str, port: int) -> str:
        return "127.0.0.1"

    with receive(tls=server) as target:
        host = f"hooks.example:{target.port}"
        sending = sender(allowed_hosts=[host], resolve=resolve, tls=trust)
        await sending.send(event(f"https://{host}/hook"))
        assert target.next().headers["host"] == host


@pytest.mark.parametrize("target", ["nobody", "https://other.example/", "http://hooks.example/"])
async def test_target_that_is_not_known_is_refused_at_once(sender: Sender, target: str) -> None:
    """Who asks hears of it, and not the log."""
    with pytest.raises(InvalidRequest):
        sender({"erp": "https://erp.example/"}).check(target)
