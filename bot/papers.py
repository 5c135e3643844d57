"""The office's papers, put together: the book of their words, the rooms that write them, their pages, and the campaign's reminders."""

from dataclasses import dataclass
from typing import Self

from fastapi import APIRouter

from bot.channels.web.campaigns import campaign_routes, import_routes
from bot.channels.web.papers import PaperRooms, paper_routes
from bot.channels.web.staff import Shell
from bot.rooms import Rooms
from handlers.campaigns import Campaigns
from handlers.imports import Imports
from handlers.papers.annex import Annex
from handlers.papers.book import PaperBook
from handlers.papers.documents import Documents
from handlers.papers.exporting import Exports

FOLDER = "exports"


@dataclass(frozen=True)
class Papers:
    """Built once over the rooms."""

    rooms: PaperRooms
    campaigns: Campaigns
    imports: Imports

    @classmethod
    def over(cls, rooms: Rooms) -> Self:
        book = PaperBook.load(rooms.policy, rooms.zone)
        database, clock, folder = rooms.database, rooms.clock, rooms.settings.var_dir / FOLDER
        campaigns = Campaigns(database, book, rooms.rules, clock)
        documents = Documents(database, book, rooms.rules, clock, drafts=campaigns.handed_in)
        made = PaperRooms(book, documents, Exports(database, book, clock, folder), Annex(database, book, clock))
        return cls(made, campaigns, Imports(database, book, clock, folder))

    def routes(self, shell: Shell) -> list[APIRouter]:
        """The pages of papers, of the campaign, and of the import."""
        book = self.rooms.book
        return [
            paper_routes(shell, self.rooms),
            campaign_routes(shell, self.campaigns, book),
            import_routes(shell, self.imports, book),
        ]
