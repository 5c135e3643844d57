"""Who acts: the reporter, an officer of a department, the office, or the system itself."""

from dataclasses import dataclass

from storage.vocabulary import Role


@dataclass(frozen=True)
class Actor:
    """Someone who makes a move. The reporter has neither an officer's number nor a department."""

    role: Role
    officer_id: int | None = None
    department: str | None = None


CITIZEN = Actor(Role.CITIZEN)
SYSTEM = Actor(Role.SYSTEM)
