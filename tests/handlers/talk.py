"""One parent talking to the intake alone, without records: enough to see what is asked and what is understood."""

from dataclasses import replace
from datetime import UTC, date, datetime

from handlers.dialogue import Incoming, Kind, Reply
from handlers.intake.draft import Draft
from handlers.intake.scene import End, Scene
from handlers.intake.turn import Intake

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
HIDDEN = "垭口一个小区3号楼2单元5楼天天有一帮初三学生补数学，周六上午八点到十一点，一个人收三千块"
REFUND = "孩子在朱兰星光舞蹈班报了一年课交了9800元，上了一个月不想上了，老板一直拖着不退钱"


class Talk:
    """Says and presses by label; `latest` is what the last turn brought, `draft` what would be stored."""

    def __init__(self, intake: Intake) -> None:
        self._intake, self._count = intake, 0
        self.draft, self.end = Draft("ab12", NOW), End.NOT_YET
        self.replies: tuple[Reply, ...] = ()
        self.asked: list[str] = []

    def say(self, text: str, **more: object) -> "Talk":
        return self._send(Incoming(self._next(), "web", "a", text, **more))

    def press(self, label: str) -> "Talk":
        buttons = {choice.label: choice.key for reply in self.replies for choice in reply.choices}
        lines = {line.label: line.edit_key for reply in self.replies if reply.card for line in reply.card.lines}
        key = (lines | buttons).get(label)
        assert key, f"{label!r} is not among {sorted(lines | buttons)}: {self.latest}"
        return self.press_key(key)

    def press_key(self, key: str) -> "Talk":
        return self._send(Incoming(self._next(), "web", "a", choice=key))

    def agree(self) -> "Talk":
        """Confirm what was understood: the reading may be sure, or ask with two buttons of which the first is the likelier."""
        return self.press("对" if "对" in self.labels else self.labels[0])

    def skip_all(self) -> "Talk":
        while self.end is End.NOT_YET and "跳过" in self.labels:
            self.press("跳过")
        return self

    @property
    def latest(self) -> str:
        return "\n".join(reply.text for reply in self.replies)

    @property
    def labels(self) -> list[str]:
        return [choice.label for reply in self.replies for choice in reply.choices]

    @property
    def lines(self) -> dict[str, str]:
        """The summary card."""
        return {line.label: line.value for reply in self.replies if reply.card for line in reply.card.lines}

    @property
    def scene(self) -> Scene:
        return self._intake.scene(self.draft, TODAY)

    def _send(self, incoming: Incoming) -> "Talk":
        turn = self._intake.turn(self.draft, incoming, TODAY)
        # Through the store and back, as every turn does.
        self.draft = Draft.from_content(turn.scene.draft.to_content())
        self.replies, self.end = turn.replies, turn.end
        self.asked += [reply.text for reply in turn.replies if reply.kind is Kind.QUESTION]
        return self

    def _next(self) -> str:
        self._count += 1
        return str(self._count)

    def later(self, text: str) -> "Talk":
        """Come back after a long while and write."""
        turn = self._intake.resume(self.draft, Incoming(self._next(), "web", "a", text), TODAY)
        self.draft, self.replies = replace(turn.scene.draft), turn.replies
        return self
