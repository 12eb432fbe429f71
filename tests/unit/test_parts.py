"""Tests of parts.py: names of the configuration become parts, or refuse the start."""

from collections.abc import AsyncIterator

import pytest

from readstone.engine.base import OcrOptions
from readstone.engine.line import Lane, Ticket
from readstone.engine.recognise import read_page
from readstone.errors import Draining
from readstone.parts import Parts, build_parts
from tests.unit.processes import until, worker_pids
from tests.unit.stand_ins import config, picture

TICKET = Ticket(Lane.NOW, 30)


@pytest.fixture
async def parts() -> AsyncIterator[Parts]:
    """The parts of the shipped configuration."""
    built = await build_parts(config())
    yield built
    await built.close()


@pytest.mark.anyio
async def test_parts_are_warm_and_known(parts: Parts) -> None:
    """A service that has started knows its engine and can read."""
    assert (parts.engine.name, parts.pool.size, parts.pool.warm) == ("tesseract", 1, 1)
    assert "eng" in parts.engine.languages
    outcome = await parts.pool.run(
        read_page, picture(255), OcrOptions(), deadline_s=30, ticket=TICKET
    )
    assert outcome.value.lines == ()


@pytest.mark.anyio
async def test_stores_have_the_configured_room(parts: Parts) -> None:
    """A picture as large as a body may be finds room."""
    await parts.storage.put("a", bytes(parts.config.limits.body_bytes))
    assert parts.jobs.durability == "volatile"


@pytest.mark.anyio
async def test_close_leaves_nothing() -> None:
    """No worker outlives its parts, and no work is taken."""
    built = await build_parts(config())
    assert worker_pids()
    await built.close()
    await until(lambda: not worker_pids(), limit_s=2)
    with pytest.raises(Draining):
        await built.pool.run(read_page, deadline_s=1, ticket=TICKET)


@pytest.mark.anyio
async def test_second_engine_rests_until_it_is_needed() -> None:
    """It reads in a worker of its own, which is there from its first page to the end."""
    built = await build_parts(config())
    assert built.second
    at_rest = worker_pids()
    work = (read_page, picture(255), OcrOptions())
    outcome = await built.second.pool.run(*work, deadline_s=30, ticket=TICKET)
    assert outcome.value.engines == ("rapidocr",)
    assert len(worker_pids() - at_rest) == 1
    figures = {reading.name: reading.read() for reading in built.readings()}
    assert figures["readstone_second_engine_running"] == 1
    await built.close()
    await until(lambda: not worker_pids(), limit_s=2)
