"""What the unit tests share."""

from collections.abc import AsyncIterator

import pytest

from readstone.config import load_config
from readstone.parts import Parts
from tests.unit.job_work import CONFIG
from tests.unit.stand_ins import build_stand_ins


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The loop on which the service runs."""
    return "asyncio"


@pytest.fixture
async def parts() -> AsyncIterator[Parts]:
    """Parts that work in this process; nobody claims jobs."""
    config = load_config({f"READSTONE_{name}": value for name, value in CONFIG.items()})
    built = await build_stand_ins(config)
    yield built
    await built.close()
