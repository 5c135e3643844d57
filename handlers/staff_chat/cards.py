"""Cards in chats over the record: what one shows now, for an officer or a department's group, and which have fallen behind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection

from handlers.desk import desk, dossier
from handlers.desk.accounts import Person
from handlers.desk.refusals import NotFound, translated
from handlers.dialogue import Reply
from handlers.staff_chat import card
from handlers.staff_chat.words import Words
from storage import accesses, addressees, bindings, reports
from storage.accesses import Action
from storage.addressees import Address
from storage.bindings import Shown
from storage.database import Database
from storage.errors import NoSuchReport
from storage.officers import Officer
from storage.rules import Rules
from storage.vocabulary import Role

BATCH = 50


@dataclass(frozen=True)
class Fresh:
    """A card as it is now, and where it belongs."""

    addressee_id: int
    report_id: int
    seq: int
    reply: Reply

    @property
    def digest(self) -> bytes:
        return sha256(self.reply.to_json().encode()).digest()


@dataclass(frozen=True)
class Update:
    """A message to be changed. `fresh` is None when its reader may not see the report any more."""

    shown: Shown
    address: str
    fresh: Fresh | None


@dataclass(frozen=True)
class Post:
    """A card a group does not have yet."""

    address: str
    fresh: Fresh


class Cards:
    def __init__(self, database: Database, words: Words, rules: Rules, clock: Callable[[], datetime], channel: str) -> None:
        self._database, self._words, self._rules, self._clock, self._channel = database, words, rules, clock, channel

    async def card(self, address: str, number: str) -> Fresh | None:
        """The card this chat may see, and a line in the log of who looked at what; None when there is nothing for it to see."""
        return await self._database.write(self._opened, address, number)

    async def sent(self, fresh: Fresh, reference: str) -> None:
        await self._database.write(bindings.show, fresh.addressee_id, fresh.report_id, reference, digest=fresh.digest, seq=fresh.seq)

    async def behind(self) -> list[Update]:
        """Messages that no longer say how things stand; those that only seemed so are settled on the way."""
        updates = await self._database.read(self._behind)
        for update in updates:
            if update.fresh and update.fresh.digest == update.shown.digest:
                await self.changed(update)
        return [one for one in updates if one.fresh is None or one.fresh.digest != one.shown.digest]

    async def changed(self, update: Update) -> None:
        """The message has been edited, or its reader may not see the report any more."""
        if update.fresh:
            await self._database.write(bindings.refresh, update.shown.id, update.fresh.digest, update.fresh.seq)
        else:
            await self.lost(update)

    async def lost(self, update: Update) -> None:
        """The message cannot be edited any more."""
        await self._database.write(bindings.forget, update.shown.id)

    async def unshown(self) -> list[Post]:
        """What the departments' groups are still to be shown."""
        return await self._database.read(self._unshown)

    async def moved(self, old: str, new: str) -> None:
        """The group has another address now."""
        await self._database.write(self._moved, old, new)

    async def left(self, address: str) -> None:
        """The bot is not in that group any more."""
        await self._database.write(self._left, address)

    def _opened(self, tx: Connection, address: str, number: str) -> Fresh | None:
        chat = addressees.recall(tx, Address.of(self._channel, address))
        if chat is None:
            return None
        fresh = self._fresh(tx, chat.id, number)
        reader = bindings.officer_of(tx, chat.id)
        if reader:
            report_id = reports.by_number(tx, number)
            accesses.record(tx, reader.actor, Action.READ_REPORT, self._clock(), allowed=fresh is not None, report_id=report_id)
        return fresh

    def _behind(self, tx: Connection) -> list[Update]:
        return [
            Update(shown, addressees.reach(tx, shown.addressee_id).value.reveal(), self._fresh(tx, shown.addressee_id, shown.number))
            for shown in bindings.behind(tx, BATCH)
        ]

    def _unshown(self, tx: Connection) -> list[Post]:
        posts = []
        for one in bindings.unshown(tx, self._channel, BATCH):
            fresh = self._fresh(tx, one.addressee_id, one.number)
            if fresh:
                posts.append(Post(addressees.reach(tx, one.addressee_id).value.reveal(), fresh))
        return posts

    def _moved(self, tx: Connection, old: str, new: str) -> None:
        bindings.move_group(tx, Address.of(self._channel, old), Address.of(self._channel, new), self._clock())

    def _left(self, tx: Connection, address: str) -> None:
        chat = addressees.recall(tx, Address.of(self._channel, address))
        if chat:
            bindings.drop_group(tx, chat.id)

    def _fresh(self, tx: Connection, addressee_id: int, number: str) -> Fresh | None:
        reader = self._reader(tx, addressee_id)
        if reader is None:
            return None
        try:
            with translated():
                whole, names = desk.open_whole(tx, number, reader)
        except (NotFound, NoSuchReport):
            return None
        page = dossier.page(whole, reader, names, policy=self._words.policy, rules=self._rules, now=self._clock())
        return Fresh(addressee_id, whole.report.id, bindings.last_seq(tx, whole.report.id), card.card(page, self._words, self._clock()))

    def _reader(self, tx: Connection, addressee_id: int) -> Person | None:
        """Whose eyes the card is made for: an officer's, or those of anybody in a department's group."""
        officer = bindings.officer_of(tx, addressee_id)
        department = bindings.department_of(tx, addressee_id)
        if officer is None and department is None:
            return None
        anybody = Officer(0, "", "", department or "", Role.OFFICER, False, False, True)
        return Person(officer or anybody, 0)
