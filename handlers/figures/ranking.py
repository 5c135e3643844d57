"""The end that was asked for: groups in its order, and a sentence that says who stands there. Too few are not compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.figures.saying import Saying
from storage.metrics.questions import By, Group, Share, Timing, Value

MOST = "most"


@dataclass(frozen=True)
class Ranking:
    """Puts groups in order by one figure; `say` are the sentences of asking.toml."""

    saying: Saying
    say: Mapping[str, str]

    def ordered(self, groups: Sequence[Group], key: str, order: str) -> list[Group]:
        """The asked-for end first; then those of too few, what nobody knows the name of, and last what has no number."""
        sign = -1 if order == MOST else 1

        def rank(group: Group) -> tuple[bool, bool, bool, float]:
            value = group.values.get(key)
            number = self.saying.figure(key, value)
            return number is None, not group.key[0], self.saying.is_few(value), sign * (number or 0)

        return sorted(groups, key=rank)

    def sentence(self, groups: Sequence[Group], key: str, order: str, by: By) -> str:
        """Who stands at that end, how it is there, and of how many reports; or that nothing can be compared."""
        counted = [group for group in self.ordered(groups, key, order) if self.saying.figure(key, group.values.get(key)) is not None]
        named = [group for group in counted if group.key[0]]
        compared = [group for group in named if not self.saying.is_few(group.values[key])]
        label, group_word = self.saying.book.label(key), self.saying.book.words["by"][by]
        few = {"number": len(named) - len(compared), "few": self.saying.book.rules["few"], "by": group_word}
        unnamed = "".join(self._unnamed(group, key, by) for group in counted if not group.key[0])
        if not named:
            return self.say["nothing"].format(metric=label) + unnamed
        if not compared:
            return self.say["too_few"].format(metric=label, **few)
        value = compared[0].values[key]
        number = self.saying.figure(key, value)
        first = [group for group in compared if self.saying.figure(key, group.values[key]) == number]
        who = self.say["joined"].join(self._named(group, key, by) for group in first)
        form = "alone" if len(compared) == 1 else f"{order}_{_kind(value)}"
        left_out = (self.say["left_out"].format(**few) if few["number"] else "") + unnamed
        return self.say[form].format(metric=label, who=who, value=self._short(key, value), left_out=left_out)

    def _named(self, group: Group, key: str, by: By) -> str:
        """A group with the number its figure is made of."""
        name = self.saying.key(by, group.key[0])
        match group.values[key]:
            case Timing(number=number):
                return self.say["of_number"].format(name=name, number=number)
            case Share(of=of, among=among):
                return self.say["of_share"].format(name=name, of=of, among=among)
        return name

    def _unnamed(self, group: Group, key: str, by: By) -> str:
        """What cannot be said to be anybody's, such as reports without a place."""
        return self.say["unnamed"].format(name=self.saying.key(by, group.key[0]), value=self._short(key, group.values[key]))

    def _short(self, key: str, value: Value) -> str:
        return self.saying.share(value, short=True) if isinstance(value, Share) else self.saying.value(key, value)


def _kind(value: Value) -> str:
    match value:
        case Timing():
            return "span"
        case Share():
            return "rate"
    return "count"
