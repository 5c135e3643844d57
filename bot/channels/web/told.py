"""What stood in the way of an act, in the words of desk.toml."""

from collections.abc import Mapping

from bot.channels.web.staff import Shell, Words
from handlers.desk.refusals import AlreadyTaken, Refused, Wrong


def sentence(stopped: Wrong | Refused | AlreadyTaken, shell: Shell) -> str:
    """The sentence for the person who tried."""
    words = shell.words
    if isinstance(stopped, AlreadyTaken):
        return str(words["report"]["taken"].format(officer=stopped.officer, when=shell.moment(stopped.at)))
    if isinstance(stopped, Wrong):
        kind, names = ("missing", stopped.missing) if stopped.missing else ("unreadable", stopped.unreadable)
        return str(words["refused"][kind].format(fields=_list(names, words["field"])))
    known = words["refused"].get(stopped.key, words["refused"]["changed"])
    return str(known.format(**_said(stopped.fields, shell)))


def _said(fields: Mapping[str, object], shell: Shell) -> dict[str, object]:
    """The fields of a refusal in people's words: names for keys, moments for times."""
    departments = shell.labels.departments
    said: dict[str, object] = {}
    for name, value in fields.items():
        match name, value:
            case "missing", tuple():
                said[name] = _list(value, shell.words["field"])
            case "departments" | "without_account", tuple():
                said[name] = _list(value, departments)
            case "department", str():
                said[name] = departments.get(value, value)
            case "until", _:
                said[name] = shell.moment(value)  # type: ignore[arg-type]
            case _:
                said[name] = value
    return said


def _list(names: tuple[str, ...], labels: Words) -> str:
    return "、".join(str(labels.get(name, name)) for name in names)
