"""Moments in the words people use for them."""

from datetime import datetime, tzinfo

from handlers.texts import Texts


def day(moment: datetime, zone: tzinfo, texts: Texts) -> str:
    """A date as people say it."""
    local = moment.astimezone(zone)
    return texts.say("date.day", month=local.month, day=local.day)
