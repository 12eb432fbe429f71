"""Opens a database; every statement runs in a transaction of one of two kinds."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import wraps
from importlib.util import find_spec
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from readstone.errors import (
    ConfigError,
    InvalidRequest,
    ReadstoneError,
    StorageFailed,
    StorageFull,
    Unavailable,
)

P = ParamSpec("P")
T = TypeVar("T")

IN_MEMORY = "sqlite://"
BUSY_LIMIT_S = 5.0
CONNECTION_LIMIT_S = 30.0
CONNECTIONS = 8
# A text may hold half of a pair of surrogates; PostgreSQL keeps no NUL, nor more than has room.
FAILURES = (DBAPIError, NoConnection, OSError, UnicodeError)


def to_the_end(
    method: Callable[P, Coroutine[Any, Any, T]],
) -> Callable[P, Coroutine[Any, Any, T]]:
    """Let a method end although its caller is cancelled.

    A statement that is cut short costs the connection, and with it a database in memory.
    """

    @wraps(method)
    async def shielded(*args: P.args, **kwargs: P.kwargs) -> T:
        task = asyncio.ensure_future(method(*args, **kwargs))
        # asyncio.shield would complain of a failure that nobody waits for any more.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait([task])
        return task.result()

    return shielded


class Database:
    """A database that is open; closing it closes all connections."""

    def __init__(self, engine: AsyncEngine, *, is_durable: bool) -> None:
        self._engine = engine
        self._reading = engine.execution_options(only_reads=True)
        self._users: set[asyncio.Task[Any] | None] = set()
        self.is_durable = is_durable

    @property
    def is_sqlite(self) -> bool:
        """Whether this machine keeps it, and nobody else upgrades it."""
        return self._engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Give a transaction that is on disk when its block has ended.

        Raises:
            StorageFull, StorageFailed: the database cannot be written now.
            InvalidRequest: what was given cannot be kept at all.
        """
        try:
            with self._in_use():
                async with self._engine.begin() as connection:
                    yield connection
        except IntegrityError:
            raise  # a rule of the table was broken, and the database is well
        except FAILURES as error:
            raise _translated(error) from error

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a transaction that changes nothing and keeps nobody from writing.

        Raises:
            StorageFailed: the database cannot be asked now.
            InvalidRequest: what was given can be nowhere in it.
        """
        try:
            with self._in_use():
                async with self._reading.connect() as connection:
                    yield connection
        except FAILURES as error:
            raise _translated(error) from error

    async def check(self) -> None:
        """Raise StorageFailed when the database does not answer."""
        async with self.read() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close all connections, when nobody uses them any more."""
        if self._users:
            await asyncio.wait(filter(None, self._users))
        await self._engine.dispose()

    @contextmanager
    def _in_use(self) -> Iterator[None]:
        task = asyncio.current_task()
        self._users.add(task)
        try:
            yield
        finally:
            self._users.discard(task)


def _translated(error: Exception) -> ReadstoneError:
    if isinstance(error, DataError | UnicodeError):
        return InvalidRequest("a text is too long, or holds a sign that cannot be kept")
    if "full" in str(getattr(error, "orig", error)).lower():
        return StorageFull("the disk of the database is full; send the request again later")
    return StorageFailed("the database cannot be used now; send the request again later")


def open_database(url: str) -> Database:
    """Return a database; nothing is asked of it yet.

    Raises:
        ConfigError, Unavailable: its address is of no kind that is known, or needs a driver.
    """
    try:
        backend = make_url(url).get_backend_name()
    except ArgumentError:
        backend = "none"
    if backend == "sqlite":
        return _open_sqlite(url)
    if backend == "postgresql":
        return _open_postgresql(url)
    raise ConfigError("database.url: begin it with postgresql://, or leave it empty for SQLite")


def _open_postgresql(url: str) -> Database:
    if find_spec("psycopg") is None:
        raise Unavailable("database.url: run scripts/setup.sh --with distributed for PostgreSQL")
    address = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_async_engine(address, pool_size=CONNECTIONS, pool_pre_ping=True)
    return Database(engine, is_durable=True)


def _open_sqlite(url: str) -> Database:
    """Return SQLite over one connection, since it has one writer at a time anyway."""
    engine = create_async_engine(
        make_url(url).set(drivername="sqlite+aiosqlite"),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=CONNECTION_LIMIT_S,
        # Transactions are begun below, and not by the driver.
        connect_args={"isolation_level": None, "timeout": BUSY_LIMIT_S},
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return Database(engine, is_durable=make_url(url).database not in (None, "", ":memory:"))


def _prepare_sqlite(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # what was committed survives a loss of power
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that begins by reading cannot write once another process has written.
    only_reads = connection.get_execution_options().get("only_reads")
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")
