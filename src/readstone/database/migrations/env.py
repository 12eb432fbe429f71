"""Run by Alembic: migrates over the connection that it is given."""

from alembic import context

from readstone.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
    render_as_batch=True,  # SQLite cannot alter most things of a table
)
context.run_migrations()
