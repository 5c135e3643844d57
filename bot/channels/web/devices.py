"""Where somebody is signed in, in words: the program and the system out of what a browser calls itself."""

from collections.abc import Mapping

Names = Mapping[str, str]


def told(agent: str, words: Mapping[str, Names]) -> str:
    """The first program and the first system that are known in it; its own words when none is, so that nothing strange is hidden."""
    found = (_first(agent, words[part]) for part in ("program", "system"))
    return " · ".join(name for name in found if name) or agent


def _first(agent: str, names: Names) -> str:
    return next((name for sign, name in names.items() if sign in agent), "")
