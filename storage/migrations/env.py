"""Alembic's entry: runs the migrations on the connection that `upgrade` or `downgrade` opened."""

from alembic import context

from storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite", transactional_ddl=False
)
context.run_migrations()
