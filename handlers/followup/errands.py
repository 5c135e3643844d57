"""Carries out what a parent wants with an earlier report, by number and code or because it is their own."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from handlers.conversation import Conversation, Errand, Purpose
from handlers.dialogue import Choice, Incoming, Kind, Reply
from handlers.followup import progress, rating
from handlers.followup.visit import Answered, Visit, closing
from handlers.menu import LOOK_UP, PROGRESS, RESUME, Wish
from handlers.policy import Policy
from handlers.wording import tidy
from storage import reports

# A report's number wherever it stands in a text, and the code that may follow it.
NUMBER = re.compile(r"[A-Za-z]{1,4}-?[A-Za-z]{1,4}-\d{8}-\d{4,6}")
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z \-]{6,30}[0-9A-Za-z]")
KEY = re.compile(r"f\.(\d{1,18})\.([a-z_]+)(?::([a-z_]+))?")


class FollowUp:
    def __init__(self, policy: Policy, zone: ZoneInfo) -> None:
        self._policy, self._zone = policy, zone
        self._verbs: dict[str, Callable[[Visit, int, str], Answered]] = {
            "show": self._show,
            "add": self._add,
            "withdraw": self._withdraw,
            "solved": partial(rating.ask, policy),
            "rate": partial(rating.take, policy),
            "rated": partial(rating.finish, policy),
        }

    def concerns(self, talk: Conversation, incoming: Incoming) -> bool:
        """Whether this message is about an earlier report."""
        if incoming.choice:
            return incoming.choice.startswith("f.") or incoming.choice in (PROGRESS, LOOK_UP)
        text = tidy(incoming.text)
        wish = self._policy.menu.wish(text)
        if wish is Wish.PROGRESS and talk.draft is None:
            return True
        return talk.errand is not None or bool(NUMBER.search(text) and CODE.search(NUMBER.sub(" ", text)) and len(text) < 80)

    def answer(self, visit: Visit) -> Answered:
        talk, replies = self._answer(visit)
        if talk.draft and talk.errand is None and replies:
            # The unfinished report is not forgotten over the errand.
            resume = Choice(RESUME, self._say("button.menu.resume"))
            replies = (*replies[:-1], replace(replies[-1], choices=(*replies[-1].choices, resume)))
        return talk, replies

    def overview(self, visit: Visit) -> Answered:
        """The sender's own reports to choose from; without any, number and code are asked for."""
        own = reports.of_reporter(visit.tx, visit.person.id)
        if not own:
            return self._ask_number(visit)
        labels = [self._say("follow.own", number=one.number, status=self._policy.texts.label("status", one.status)) for one in own]
        choices = [Choice(f"f.{one.report_id}.show", label) for one, label in zip(own, labels, strict=True)]
        return visit.done(Reply(self._say("follow.which"), (*choices, Choice(LOOK_UP, self._say("button.follow.look_up"))), Kind.PROGRESS))

    def _answer(self, visit: Visit) -> Answered:
        choice, errand = visit.incoming.choice, visit.talk.errand
        if choice == PROGRESS or (not choice and self._policy.menu.wish(visit.text) is Wish.PROGRESS):
            return self.overview(visit)
        if choice == LOOK_UP:
            return self._ask_number(visit)
        if choice:
            return self._press(visit, choice)
        if self._policy.menu.wish(visit.text) in (Wish.CANCEL, Wish.BACK):
            return visit.done(self._closing("follow.stopped"))
        if NUMBER.search(visit.text) or errand is None:
            return self._look_up(visit, errand)
        return self._words(visit, errand)

    def _words(self, visit: Visit, errand: Errand) -> Answered:
        match errand.purpose:
            case Purpose.LOOK_UP:
                return self._look_up(visit, errand)
            case Purpose.ADD:
                return self._added(visit, errand)
            case Purpose.REASON:
                return rating.reasoned(self._policy, visit, errand)
        held = "\n".join(part for part in (errand.held, visit.text) if part)
        return visit.waits(
            replace(errand, held=held, attachments=errand.attachments + visit.incoming.attachments), Reply(self._say("follow.choose_first"))
        )

    def _press(self, visit: Visit, choice: str) -> Answered:
        match = KEY.fullmatch(choice)
        verb = self._verbs.get(match[2]) if match else None
        if match is None or verb is None or not self._may(visit, int(match[1])):
            # One answer for a wrong key and for somebody else's report: nothing is given away by trying.
            return visit.done(self._closing("follow.not_found"))
        return verb(visit, int(match[1]), match[3] or "")

    def _may(self, visit: Visit, report: int) -> bool:
        return report in visit.talk.opened or any(one.report_id == report for one in reports.of_reporter(visit.tx, visit.person.id))

    def _ask_number(self, visit: Visit) -> Answered:
        return visit.waits(Errand(Purpose.LOOK_UP), Reply(self._say("follow.ask_number"), kind=Kind.QUESTION))

    def _look_up(self, visit: Visit, errand: Errand | None) -> Answered:
        """Number and code, in one message or two."""
        number = NUMBER.search(visit.text)
        said = number[0].upper() if number else (errand.number if errand else "")
        code = CODE.search(NUMBER.sub(" ", visit.text)) or (CODE.fullmatch(visit.text) if not number else None)
        if not said:
            return visit.waits(Errand(Purpose.LOOK_UP), Reply(self._say("follow.ask_number"), kind=Kind.QUESTION))
        if not code:
            return visit.waits(Errand(Purpose.LOOK_UP, number=said), Reply(self._say("follow.ask_code"), kind=Kind.QUESTION))
        found = reports.find(visit.tx, said, re.sub(r"[\s-]", "", code[0]).upper())
        if found is None:
            return visit.waits(Errand(Purpose.LOOK_UP), self._closing("follow.wrong_code"))
        return self._show(replace(visit, talk=visit.talk.open(found)), found, "")

    def _show(self, visit: Visit, report: int, _: str) -> Answered:
        return visit.done(progress.show(reports.view_for_reporter(visit.tx, report), self._policy, self._zone))

    def _add(self, visit: Visit, report: int, _: str) -> Answered:
        held = visit.talk.errand
        if held and held.purpose is Purpose.BELONGS:
            return self._added(visit, replace(held, purpose=Purpose.ADD, report=report))
        return visit.waits(Errand(Purpose.ADD, report), Reply(self._say("follow.add"), kind=Kind.QUESTION))

    def _added(self, visit: Visit, errand: Errand) -> Answered:
        text = "\n".join(part for part in (errand.held, visit.text) if part)
        attachments = errand.attachments + visit.incoming.attachments
        if not text and not attachments:
            return visit.waits(errand, Reply(self._say("follow.add"), kind=Kind.QUESTION))
        reports.add_information(visit.tx, errand.report, text, attachments, visit.at)
        again = Choice(f"f.{errand.report}.add", self._say("button.follow.add_more"))
        show = Choice(f"f.{errand.report}.show", self._say("button.follow.show"))
        return visit.done(Reply(self._say("follow.added"), (again, show)))

    def _withdraw(self, visit: Visit, report: int, value: str) -> Answered:
        if value != "yes":
            sure = Choice(f"f.{report}.withdraw:yes", self._say("button.follow.withdraw_sure"))
            return visit.done(
                Reply(self._say("follow.withdraw"), (sure, Choice(f"f.{report}.show", self._say("button.follow.keep"))), Kind.QUESTION)
            )
        reports.withdraw(visit.tx, report, visit.at)
        return visit.done(self._closing("follow.withdrawn"))

    def _closing(self, key: str) -> Reply:
        return closing(self._policy, key)

    def _say(self, key: str, **fields: object) -> str:
        return self._policy.texts.say(key, **fields)
