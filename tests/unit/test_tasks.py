"""Tests of tasks.py: what a request does now, and what it leaves for later."""

import time
from collections.abc import AsyncIterator
from math import inf

import pytest

from readstone import tasks
from readstone.config import load_config
from readstone.engine.base import OcrOptions
from readstone.engine.line import Lane
from readstone.parts import Parts
from readstone.settings import AppConfig
from tests.unit.stand_ins import PoolHere, build_stand_ins, picture

pytestmark = pytest.mark.anyio

CONFIG = {
    "OCR__DEADLINE_S": "7",
    "OCR__WAIT_S": "3",
    "JOBS__WAIT_S": "90",
    "JOBS__DEADLINE_S": "80",
}


@pytest.fixture
def config() -> AppConfig:
    """Times that can be told apart."""
    return load_config({f"READSTONE_{name}": value for name, value in CONFIG.items()})


@pytest.fixture
async def parts(config: AppConfig) -> AsyncIterator[Parts]:
    """Parts that work in this process."""
    built = await build_stand_ins(config)
    yield built
    await built.close()


def asked(parts: Parts) -> list[tuple[float, float, Lane]]:
    """Return with which times the pool was asked."""
    assert isinstance(parts.pool, PoolHere)
    return parts.pool.asked


async def test_picture_is_read_while_its_sender_waits(parts: Parts) -> None:
    """The times are those for somebody who waits."""
    document, costs = await tasks.read_now(parts, "alice", picture(), OcrOptions())
    assert (document.text, costs.is_cached) == ("seen", False)
    assert asked(parts) == [(7.0, 3.0, Lane.NOW)]


async def test_picture_is_sent_back_while_its_sender_waits(parts: Parts) -> None:
    """An echo is work like any other."""
    outcome = await tasks.echo_now(parts, "alice", picture())
    assert outcome.value[1] == "image/png"
    assert asked(parts) == [(7.0, 3.0, Lane.NOW)]


async def test_job_has_its_own_times(parts: Parts) -> None:
    """It waits longer than a person, and no page of it is begun after its deadline."""
    patience = tasks.later(parts, "alice")
    assert (patience.ticket.lane, patience.ticket.wait_s) == (Lane.LATER, 90)
    assert 79 < patience.until - time.monotonic() <= 80
    assert not patience.is_over
    assert tasks.now(parts, "alice").until == inf
