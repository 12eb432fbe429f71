"""The tables as they are after the last migration."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

# Names that do not depend on the database, so that a migration can drop what another made.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A time in UTC; SQLite keeps none of the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time as the database keeps it."""
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time as it was given."""
        return value and (value if value.tzinfo else value.replace(tzinfo=UTC))


jobs = Table(
    "jobs",
    metadata,
    Column("number", Integer, primary_key=True),  # in the order in which they came
    Column("id", String(32), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("caller", String(128), nullable=False),
    Column("request", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("fingerprint", String(64), unique=True),
    Column("parent", String(32), index=True),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("owner", String(32)),
    Column("lease_until", Moment),
    Column("started_at", Moment),
    Column("finished_at", Moment),
    Column("progress", JSON, nullable=False),
    Column("error", JSON(none_as_null=True)),
    Column("callback", Text),
    Index(None, "status", "number"),
    Index(None, "caller", "number"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("type", String(64), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("target", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Index(None, "status", "due_at"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("caller", String(128), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("media_type", String(64), nullable=False),
    Column("filename", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("caller", "sha256"),
    Index(None, "caller", "number"),
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("caller", String(128), nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("outcome", String(16), nullable=False),
    Column("rule", String(32)),
)

usage = Table(
    "usage",
    metadata,
    Column("caller", String(128), primary_key=True),
    Column("hour", Moment, primary_key=True),
    Column("requests", BigInteger, nullable=False),
    Column("pages", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
)

keys = Table(
    "keys",
    metadata,
    Column("caller", String(128), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("job_id", String(32), nullable=False),
    Column("created_at", Moment, nullable=False),
)
