"""How outgoing events are signed; the channel may not reach into the record for it."""

from storage.webhooks import signature

__all__ = ["signature"]
