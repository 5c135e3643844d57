"""Meets somebody who has nothing unfinished: a menu word, a question about the rules, or words about an earlier report."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from handlers.conversation import Errand, Purpose
from handlers.dialogue import Choice, Incoming, Kind, Reply
from handlers.faq import Entry
from handlers.followup.visit import Answered, Visit, button
from handlers.intake.turn import MAY_BE_QUESTION, Reads
from handlers.menu import ANOTHER, PROGRESS, REPORT, Wish
from handlers.policy import Policy
from handlers.wording import tidy
from storage import reports

OFFERED = 3
BEGINNING = frozenset({Wish.START, Wish.ANOTHER, Wish.RESTART, Wish.PROGRESS})

SAID: Mapping[Wish, str] = {Wish.HELP: "menu.help", Wish.THANKS: "menu.welcome"}


class Arrival:
    def __init__(self, policy: Policy, reader: Reads) -> None:
        self._policy, self._reader = policy, reader

    def meet(self, visit: Visit, asked: Entry | None) -> Answered | None:
        """What is said to somebody without a draft; None when a new report begins."""
        say, talk, choice = self._policy.texts.say, visit.talk, visit.incoming.choice
        if choice:
            return None if choice in (REPORT, ANOTHER) else (talk, self.with_menu((Reply(say("odd.old_button")),)))
        wish = self._policy.menu.wish(visit.text)
        if wish and wish not in BEGINNING:
            return talk, self.with_menu((Reply(say(SAID.get(wish, "menu.nothing_open"))),))
        if wish or not (visit.text or visit.incoming.attachments):
            return None
        return (talk, self.with_menu((self._answer(asked),))) if asked else self._belongs(visit)

    def with_menu(self, replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
        """The replies, with what can be done next under the last one."""
        return (*replies[:-1], replace(replies[-1], choices=self.menu())) if replies else ()

    def menu(self) -> tuple[Choice, ...]:
        say = self._policy.texts.say
        return Choice(REPORT, say("button.menu.report")), Choice(PROGRESS, say("button.menu.progress"))

    def asked(self, incoming: Incoming, today: date) -> Entry | None:
        """The rule somebody asks about out of the blue, if that is all they want."""
        faq, text = self._policy.faq, tidy(incoming.text)
        if incoming.choice or not faq.is_question(text):
            return None
        return faq.find(text) if self._reader.read(text, today).category in MAY_BE_QUESTION else None

    def _answer(self, entry: Entry) -> Reply:
        faq = self._policy.faq
        text = self._policy.texts.say("consult.answer", answer=entry.answer, basis=entry.basis, closing=faq.closing)
        return Reply(text, kind=Kind.ANSWER)

    def _belongs(self, visit: Visit) -> Answered | None:
        """Somebody with open reports, or with the code of one, who writes again may mean it: keep the words and ask."""
        filed = reports.of_reporter(visit.tx, visit.person.id)
        others = set(visit.talk.opened.values()) - {report.id for report in filed}
        shown = [reports.get(visit.tx, report_id) for report_id in sorted(others)]
        own = [report for report in (*filed, *shown) if report.is_open][:OFFERED]
        if not own:
            return None
        say = self._policy.texts.say
        choices = [button(self._policy, one.number, "add", say("follow.to_this", number=one.number)) for one in own]
        question = Reply(say("follow.belongs"), (*choices, Choice(ANOTHER, say("follow.another"))), Kind.QUESTION)
        return visit.waits(Errand(Purpose.BELONGS, held=visit.text, attachments=visit.incoming.attachments), question)
