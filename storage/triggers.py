"""History cannot be rewritten: triggers refuse to change or delete a row of it. A migration that copies a table must call this again."""

from sqlalchemy import Connection

APPEND_ONLY = ("event", "access")


def create(tx: Connection) -> None:
    """Make the append-only tables so, on whichever engine this is."""
    statements = _postgres if tx.dialect.name == "postgresql" else _sqlite
    for table in APPEND_ONLY:
        for statement in statements(table):
            tx.exec_driver_sql(statement)


def drop(tx: Connection) -> None:
    for table in APPEND_ONLY:
        for change in ("update", "delete"):
            on = f" ON {table}" if tx.dialect.name == "postgresql" else ""
            tx.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{change}{on}")
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_change()")


def _sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{change} BEFORE {change.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for change in ("update", "delete")
    ]


def _postgres(table: str) -> list[str]:
    function = (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    return [
        function,
        *(
            f"CREATE OR REPLACE TRIGGER {table}_no_{change} BEFORE {change.upper()} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            for change in ("update", "delete")
        ),
    ]
