"""Where one person's conversation stands between two messages: a report in the making, an errand on an earlier one, or nothing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Self

from handlers.intake.draft import Draft, DraftUnreadable


class Purpose(StrEnum):
    """What the next words of the person are for."""

    LOOK_UP = "look_up"
    ADD = "add"
    REASON = "reason"
    BELONGS = "belongs"


@dataclass(frozen=True)
class Errand:
    """Something begun about an earlier report, waiting for the person's words."""

    purpose: Purpose
    number: str = ""
    held: str = ""
    attachments: tuple[int, ...] = ()


@dataclass(frozen=True)
class Conversation:
    """`opened` are the reports, by number, this person showed the code of; `consent` outlives a draft, so nobody agrees twice in a row."""

    draft: Draft | None = None
    errand: Errand | None = None
    opened: Mapping[str, int] = field(default_factory=dict)
    consent: str = ""

    def open(self, number: str, report: int) -> Self:
        return replace(self, opened={**self.opened, number: report})

    def is_empty(self) -> bool:
        return self == type(self)()

    def to_content(self) -> dict[str, object]:
        return {
            "draft": self.draft.to_content() if self.draft else None,
            "errand": asdict(self.errand) if self.errand else None,
            "opened": dict(self.opened),
            "consent": self.consent,
        }

    @classmethod
    def from_content(cls, content: Mapping[str, object]) -> Self:
        """Read what was stored; nothing stored is an empty conversation."""
        draft, errand, opened = content.get("draft"), content.get("errand"), content.get("opened")
        return cls(
            draft=_draft(draft) if isinstance(draft, dict) else None,
            errand=_errand(errand) if isinstance(errand, dict) else None,
            opened=dict(opened) if isinstance(opened, dict) else {},
            consent=str(content.get("consent", "")),
        )


def _draft(content: Mapping[str, object]) -> Draft | None:
    try:
        return Draft.from_content(content)
    except DraftUnreadable:
        # Left by another version after an upgrade: beginning afresh costs the parent a minute, misreading it costs the report.
        return None


def _errand(content: Mapping[str, object]) -> Errand:
    fields = {key: value for key, value in content.items() if key in Errand.__dataclass_fields__}
    attachments = fields.pop("attachments", ())
    return Errand(
        **{**fields, "purpose": Purpose(str(fields["purpose"]))},  # type: ignore[arg-type]
        attachments=tuple(attachments) if isinstance(attachments, list | tuple) else (),
    )
