"""Passwords as they are kept: argon2id, slow on purpose, and therefore never reckoned inside a transaction."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from storage.sealing import Secret

# OWASP's second profile: 35 ms here; the library's default takes ten times as long and as much memory.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Read out on the phone or copied from paper: no letter that looks like a digit.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4
SHORTEST = 10

# Verified when nobody has that login, so that an unknown name takes as long as a wrong password.
_NOBODY = _HASHER.hash(secrets.token_urlsafe())


class PasswordTooWeak(Exception):
    """Too short, or made of the login or one repeated character; nothing was changed."""


def one_time() -> Secret:
    """A password for the first sign-in: 79 random bits in four groups."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return Secret("-".join(groups))


def hashed(password: Secret) -> str:
    return _HASHER.hash(password.reveal())


def matches(kept: str | None, password: Secret) -> bool:
    """Whether this is the password; with nothing kept the answer is no, after the same time."""
    try:
        _HASHER.verify(kept or _NOBODY, password.reveal())
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def check_strength(password: Secret, login: str) -> None:
    """Refuse what is guessed first; length does the rest (NIST 800-63B asks for no mixture of characters)."""
    text = password.reveal()
    if len(text) < SHORTEST or len(set(text)) < 4 or login.lower() in text.lower():
        raise PasswordTooWeak
