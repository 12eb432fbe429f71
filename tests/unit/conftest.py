"""What the unit tests share."""

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The loop on which the service runs."""
    return "asyncio"
