"""Carries out what a parent wants with an earlier report, by number and code or because it is their own."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from handlers.conversation import Conversation, Errand, Purpose
from handlers.dialogue import Choice, Incoming, Kind, Reply
from handlers.followup import adding, lookup, progress, pushes, rating, withdrawing
from handlers.followup.visit import Answered, OwnReport, Visit, button, closing
from handlers.menu import LOOK_UP, PROGRESS, REPORT, RESUME, Wish
from handlers.policy import Policy
from handlers.wording import tidy
from storage import followup, reports
from storage.errors import ReportError
from storage.sealing import KeyDestroyed

KEY = re.compile(r"f\.([A-Z0-9-]{8,40})\.([a-z]+)(?::([a-z_]+))?")

Verb = Callable[[Visit, OwnReport, str], Answered]


class FollowUp:
    def __init__(self, policy: Policy, zone: ZoneInfo) -> None:
        self._policy, self._zone = policy, zone
        self._verbs: dict[str, Verb] = {
            "show": self._show,
            "add": partial(adding.ask, policy),
            "withdraw": partial(withdrawing.withdraw, policy),
            "push": partial(pushes.choose, policy),
            "solved": partial(rating.ask, policy),
            "rate": partial(rating.take, policy),
            "rated": partial(rating.finish, policy),
            "explain": partial(rating.explain, policy),
        }

    def concerns(self, talk: Conversation, incoming: Incoming) -> bool:
        """Whether this message is about an earlier report."""
        if incoming.choice:
            return incoming.choice.startswith("f.") or incoming.choice in (PROGRESS, LOOK_UP)
        text = tidy(incoming.text)
        if self._policy.menu.wish(text) is Wish.PROGRESS and talk.draft is None:
            return True
        if lookup.is_complete(text) or (lookup.is_number_alone(text) and not (talk.draft and talk.draft.story)):
            return True
        if talk.errand is None:
            return False
        # Whoever was asked for a number and tells a story instead wants to tell the story.
        return talk.errand.purpose is not Purpose.LOOK_UP or lookup.could_be(text) or self._policy.menu.wish(text) is not None

    def answer(self, visit: Visit) -> Answered:
        talk, replies = self._answer(visit)
        if talk.draft and talk.errand is None and replies:
            # The unfinished report is not forgotten over the errand; one that was not begun is not called unfinished.
            key, label = (RESUME, "button.menu.resume") if talk.draft.story else (REPORT, "button.menu.report")
            onward = Choice(key, self._policy.texts.say(label))
            replies = (*replies[:-1], replace(replies[-1], choices=(*replies[-1].choices, onward)))
        return talk, replies

    def overview(self, visit: Visit) -> Answered:
        """The sender's own reports and those whose code was shown here, to choose from; without any, number and code are asked for."""
        filed = reports.of_reporter(visit.tx, visit.person.id)
        opened = set(visit.talk.opened.values()) - {one.id for one in filed}
        own = [*filed, *(reports.get(visit.tx, report_id) for report_id in sorted(opened, reverse=True))]
        if not own:
            return lookup.ask(self._policy, visit)
        say, texts = self._policy.texts.say, self._policy.texts
        choices = [
            button(self._policy, one.number, "show", say("follow.own", number=one.number, status=texts.label("status", one.status)))
            for one in own
        ]
        return visit.done(Reply(say("follow.which"), (*choices, Choice(LOOK_UP, say("button.follow.look_up"))), Kind.PROGRESS))

    def _answer(self, visit: Visit) -> Answered:
        choice, errand = visit.incoming.choice, visit.talk.errand
        wish = None if choice else self._policy.menu.wish(visit.text)
        if choice == PROGRESS or wish is Wish.PROGRESS:
            return self.overview(visit)
        if choice == LOOK_UP:
            return lookup.ask(self._policy, visit)
        if choice:
            return self._press(visit, choice)
        if wish in (Wish.CANCEL, Wish.BACK):
            return visit.done(closing(self._policy, "follow.stopped"))
        if errand is None or errand.purpose is Purpose.LOOK_UP or lookup.is_complete(visit.text):
            return self._look_up(visit)
        return self._words(visit, errand)

    def _look_up(self, visit: Visit) -> Answered:
        found = lookup.find(self._policy, visit)
        if not isinstance(found, OwnReport):
            return found
        talk = visit.talk.open(found.number, found.id)
        if talk.draft and not (talk.draft.story or talk.draft.attachments):
            # Nothing was begun: the next words are about this report, unless the person says otherwise.
            talk = replace(talk, draft=None)
        opened = replace(visit, talk=talk)
        return self._tried(opened, lambda: self._show(opened, found, ""))

    def _words(self, visit: Visit, errand: Errand) -> Answered:
        """Words that an errand was waiting for."""
        if errand.purpose is Purpose.BELONGS:
            return adding.keep(self._policy, visit, errand)
        report = self._own(visit, errand.number)
        if report is None:
            return visit.done(closing(self._policy, "follow.not_found"))
        if errand.purpose is Purpose.REASON:
            return self._tried(visit, lambda: rating.finish(self._policy, visit, report, ""))
        return self._tried(visit, lambda: adding.take(self._policy, visit, report, errand))

    def _press(self, visit: Visit, choice: str) -> Answered:
        match = KEY.fullmatch(choice)
        verb = self._verbs.get(match[2]) if match else None
        report = self._own(visit, match[1]) if match else None
        if match is None or verb is None or report is None:
            # One answer for a wrong key and for somebody else's report: nothing is given away by trying.
            return visit.done(closing(self._policy, "follow.not_found"))
        return self._tried(visit, lambda: verb(visit, report, match[3] or ""))

    def _tried(self, visit: Visit, act: Callable[[], Answered]) -> Answered:
        """Do it; what no longer fits where the report stands now is said, and the report is shown as it is."""
        try:
            with visit.tx.begin_nested():
                return act()
        except ReportError:
            return visit.done(closing(self._policy, "follow.too_late"))
        except KeyDestroyed:
            return visit.done(closing(self._policy, "follow.erased"))

    def _own(self, visit: Visit, number: str) -> OwnReport | None:
        """The report of this number, if this person filed it or showed its code."""
        opened = visit.talk.opened.get(number)
        filed = next((one.id for one in reports.of_reporter(visit.tx, visit.person.id) if one.number == number), None)
        known = opened or filed
        return OwnReport(number, known) if known else None

    def _show(self, visit: Visit, report: OwnReport, _: str) -> Answered:
        shown = progress.show(followup.view_for_reporter(visit.tx, report.id), self._policy, self._zone)
        return visit.done(replace(shown, choices=(*shown.choices, *pushes.offer(self._policy, visit, report))))
