"""转述: what a report says, told by the system from its facts and masked, so that nothing of the reporter's own words travels on."""

from collections.abc import Mapping
from typing import Any

from handlers.papers.book import PaperBook
from nlp.mask import mask


def restate(book: PaperBook, facts: Mapping[str, Any] | None, *, category: str, town: str | None, institution: str | None) -> str:
    """The matter in a few sentences: where, who, of what kind, and the facts that may be passed on. What accuses somebody is 疑似."""
    if facts is None:
        return book.word("restating", "erased")
    who, where = institution or _shown(facts.get("org_name")) or book.word("restating", "someone"), place(book, facts, town)
    of_whom = book.word("restating", "at", place=where, who=who) if where else who
    # A question or a suggestion accuses nobody.
    kind = "plain_opening" if category in book.plain else "opening"
    opening = book.word("restating", kind, who=of_whom, category=book.policy.label(category))
    told = [
        book.word("restating", "fact", label=label, value=book.policy.questions.masked(key, facts[key]))
        for key, label in book.facts.items()
        if facts.get(key) not in (None, "")
    ]
    join, end = book.word("restating", "join"), book.word("restating", "end")
    # Once more for the whole text: a name is easier to know for a name in its sentence.
    return mask(opening + (join.join(told) + end if told else "")).text


def place(book: PaperBook, facts: Mapping[str, Any] | None, town: str | None) -> str:
    """The address as it was said, with its town before it."""
    address, name = _shown((facts or {}).get("address")), book.town(town)
    return address if name and address.startswith(name) else name + address


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "、".join(map(_shown, value))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()
