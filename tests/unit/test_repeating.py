"""Tests of repeating.py: a step goes on whatever goes wrong."""

import asyncio

import pytest
from structlog.testing import capture_logs

from readstone.repeating import Repeated

pytestmark = pytest.mark.anyio


async def test_step_is_done_again_after_a_failure() -> None:
    """The log names the step, and says why it failed."""
    begun, done = 0, asyncio.Event()

    async def step() -> None:
        nonlocal begun
        begun += 1
        if begun <= 2:
            raise OSError("no disk")
        done.set()

    with capture_logs() as lines:
        repeated = Repeated("sweep", step, pause_s=0.001)
        repeated.start()
        await asyncio.wait_for(done.wait(), 30)
        await repeated.stop()
    assert [(line["step"], line["log_level"]) for line in lines] == [("sweep", "error")] * 2


async def test_stop_ends_the_step_that_is_being_done() -> None:
    """Nothing of it is left when `stop` returns; one that was not begun can be stopped too."""
    reached, ended = asyncio.Event(), asyncio.Event()

    async def step() -> None:
        reached.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    repeated = Repeated("wait", step, pause_s=0.001)
    await repeated.stop()
    repeated.start()
    await asyncio.wait_for(reached.wait(), 30)
    await repeated.stop()
    assert ended.is_set()
