"""Replies that are filled in when they are sent: a report or figures as they stand then, so that nothing of them waits in the outbox."""

from handlers.dialogue import Card, Reply

REPORT, FIGURES = "live:report", "live:figures"


def report(number: str, said: str = "") -> Reply:
    """The card of this report, below these words."""
    return Reply(said, card=Card(REPORT, number=number))


def figures(question: str) -> Reply:
    return Reply("", card=Card(FIGURES, number=question))


def kind(reply: Reply) -> str:
    """What must be filled in; empty when the reply is ready."""
    return reply.card.title if reply.card and reply.card.title in (REPORT, FIGURES) else ""
