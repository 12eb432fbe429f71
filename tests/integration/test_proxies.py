"""Who asks through a proxy, as a running service tells it."""

from collections.abc import Callable

import pytest

from tests.integration.conftest import RunningService


@pytest.mark.parametrize(
    ("proxies", "statuses"), [("127.0.0.1", [200, 429, 200]), ("", [200, 429, 429])]
)
def test_a_proxy_is_believed_if_it_is_known(
    start_service: Callable[..., RunningService], line: bytes, proxies: str, statuses: list[int]
) -> None:
    """Clients are told apart by the address that a known proxy names, and by no other header."""
    service = start_service(limits__requests_per_minute=1, server__proxies=proxies)
    answers = [
        service.client.post("/v2/ocr", content=line, headers={"X-Forwarded-For": address})
        for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2")
    ]
    assert [answer.status_code for answer in answers] == statuses
