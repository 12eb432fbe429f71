"""Tests of jobs/news.py: who waits for a job is woken by its news, and by nothing else."""

import asyncio

import pytest

from readstone.jobs.news import News

pytestmark = pytest.mark.anyio


async def test_all_who_wait_are_woken() -> None:
    """News of a job wake everybody who waits for it, and nobody else."""
    news = News()
    waiting = [asyncio.create_task(news.wait("a", limit_s=60)) for _ in range(2)]
    other = asyncio.create_task(news.wait("b", limit_s=60))
    await asyncio.sleep(0)
    news.tell("a")
    await asyncio.wait_for(asyncio.gather(*waiting), 5)
    assert not other.done()
    other.cancel()


async def test_waiting_has_an_end() -> None:
    """Without news one waits for the given time, and nothing is left of it."""
    news = News()
    await news.wait("a", limit_s=0.01)
    assert not news._waiting
    news.tell("a")
