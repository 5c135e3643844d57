"""A parent who tells a story and presses on to the receipt, however often the service dies on the way."""

from collections.abc import Callable

from bot.reception import Reception, StoredReply
from handlers.dialogue import Choice, Incoming, Kind

STORY = "朱兰那个学校说关了，老师还在原来楼上教数学"
# What is pressed first where several can be; anything else, the first button.
PREFERRED = ("确认提交", "匿名", "跳过", "说完了", "对", "同意，继续")

# A talk that goes on for longer than this runs in circles.
LONGEST = 40

Note = Callable[[str, str], None]


class InCircles(Exception):
    """The conversation never came to its receipt."""


async def walk(door: Reception, task: str, note: Note) -> None:
    """`task` is the person and how many of their messages were acknowledged so far: the next carries that number."""
    person, _, number = task.partition("-")
    for said in range(int(number), LONGEST):
        screen = await door.after("web", person, 0)
        if any(stored.reply.kind is Kind.RECEIPT for stored in screen):
            note("finished", person)
            return
        incoming = _next(person, said, screen)
        kept = await door.receive(incoming)
        note("acknowledged", incoming.id)
        await door.answered(kept)
    raise InCircles(person)


def _next(person: str, said: int, screen: list[StoredReply]) -> Incoming:
    choices = next((stored.reply.choices for stored in reversed(screen) if stored.reply.choices), ())
    if not choices:
        return Incoming(f"{person}-{said}", "web", person, text=STORY)
    return Incoming(f"{person}-{said}", "web", person, choice=_preferred(choices).key)


def _preferred(choices: tuple[Choice, ...]) -> Choice:
    by_label = {choice.label: choice for choice in choices}
    return next((by_label[label] for label in PREFERRED if label in by_label), choices[0])
