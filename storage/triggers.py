"""History cannot be rewritten: triggers refuse to change or delete a row of it. A migration that copies a table must call this again."""

from sqlalchemy import Connection

# What makes a row of each table the same row: SQLite's REPLACE deletes by these without asking the delete trigger.
APPEND_ONLY = {
    "event": ("id = NEW.id", "hash = NEW.hash", "report_id = NEW.report_id AND seq = NEW.seq"),
    "access": ("id = NEW.id", "hash = NEW.hash"),
}
# TRUNCATE asks no row either.
POSTGRES_TRIGGERS = {"no_update": ("UPDATE", "ROW"), "no_delete": ("DELETE", "ROW"), "no_truncate": ("TRUNCATE", "STATEMENT")}
REFUSE = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
)


def create(tx: Connection) -> None:
    """Make the append-only tables so, on whichever engine this is."""
    for statement in statements(tx.dialect.name):
        tx.exec_driver_sql(statement)


def statements(dialect: str) -> list[str]:
    """What makes them so, as statements of this engine."""
    if dialect == "postgresql":
        return [REFUSE, *(statement for table in APPEND_ONLY for statement in _postgres(table))]
    return [statement for table, same in APPEND_ONLY.items() for statement in _sqlite(table, same)]


def drop(tx: Connection) -> None:
    for table in APPEND_ONLY:
        if tx.dialect.name == "postgresql":
            for name in POSTGRES_TRIGGERS:
                tx.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}")
        else:
            for name in ("no_update", "no_delete", "no_replace"):
                tx.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_{name}")
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_change()")


def _sqlite(table: str, same: tuple[str, ...]) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    exists = " OR ".join(f"({key})" for key in same)
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {exists}) {refuse}",
    ]


def _postgres(table: str) -> list[str]:
    return [
        f"CREATE OR REPLACE TRIGGER {table}_{name} BEFORE {change} ON {table} FOR EACH {each} EXECUTE FUNCTION refuse_change()"
        for name, (change, each) in POSTGRES_TRIGGERS.items()
    ]
