"""The shape of a release, frozen as statements: a migration must do tomorrow, on an old database, what it did today.

`python -m storage.migrations.shape 0002` writes what the tables have by now and no earlier revision had; a test holds all to the tables.
"""

import sys
from pathlib import Path

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable

from storage import triggers
from storage.tables import metadata

FOLDER = Path(__file__).parent / "shapes"
DIALECTS = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}
BETWEEN = ";\n\n"


def present(dialect: str) -> list[str]:
    """The tables, indexes and triggers as the code knows them now."""
    speak = DIALECTS[dialect]()
    made = []
    for table in metadata.sorted_tables:
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made.append(str(CreateTable(table).compile(dialect=speak)).strip())
        made += [str(CreateIndex(index).compile(dialect=speak)).strip() for index in indexes]
    return [_tidy(statement) for statement in (*made, *triggers.statements(dialect))]


def frozen(revision: str, dialect: str) -> list[str]:
    """The statements that made this revision."""
    return _path(revision, dialect).read_text("utf-8").rstrip().removesuffix(";").split(BETWEEN)


def taken_down(dialect: str) -> list[str]:
    """What undoes the first shape: the tables, children first."""
    speak = DIALECTS[dialect]()
    return [str(DropTable(table, if_exists=True).compile(dialect=speak)).strip() for table in reversed(metadata.sorted_tables)]


def revisions() -> list[str]:
    """Every revision that has a shape, oldest first."""
    return sorted({path.name.partition(".")[0] for path in FOLDER.iterdir()})


def freeze(revision: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    for dialect in DIALECTS:
        older = {statement for one in revisions() if one < revision for statement in frozen(one, dialect)}
        fresh = [statement for statement in present(dialect) if statement not in older]
        _path(revision, dialect).write_text(BETWEEN.join(fresh) + ";\n", "utf-8")


def _path(revision: str, dialect: str) -> Path:
    return FOLDER / f"{revision}.{dialect}.sql"


def _tidy(statement: str) -> str:
    return "\n".join(line.rstrip() for line in statement.splitlines() if line.strip())


if __name__ == "__main__":
    freeze(sys.argv[1])
