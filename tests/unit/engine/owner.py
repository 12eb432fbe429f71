"""A small service: owns a pool of one idle and one busy worker until it is killed."""

import asyncio
import sys
from pathlib import Path

from readstone.engine.line import Lane, Ticket
from readstone.engine.pool import EnginePool
from tests.unit.engine import failures


async def own(notes: Path) -> None:
    """Start two workers, and hang in one of them."""
    pool = EnginePool(failures.build, workers=2, max_tasks=10, memory_bytes=2**30)
    await pool.start()
    await pool.run(failures.hang, notes, deadline_s=600, ticket=Ticket(Lane.NOW, 600))


if __name__ == "__main__":
    asyncio.run(own(Path(sys.argv[1])))
