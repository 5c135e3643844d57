"""What every life of the service begins with, loaded once: the nursery imports this before its first fork, and nobody else does."""

import bot.channels.telegram_aiogram
import bot.channels.telegram_ptb  # noqa: F401
import tests.telegram.town_child  # noqa: F401
from tests import city

city.reader()
