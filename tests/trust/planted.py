"""Secrets planted in every place a parent can write to, and the search for them in whatever lies on the disk."""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from handlers.evidence.receiving import EvidenceIntake
from storage import addressees, drafts, followup, inbox, outbox, reports
from storage.addressees import Address
from storage.database import Database
from storage.drafts import NOTHING
from storage.reports import Contact, Filed
from tests.storage.cases import SUBMISSION
from tests.trust.hostile import PLACE, a_telling_photo

PLANTED = {
    "name": "欧阳植入",
    "phone": "13800004711",
    "chat": "chat-id-4711471147",
    "story": "植入的故事：朱兰那个学校说关了，老师还在原来楼上教数学",
    "fact": "植入街道四十七号楼",
    "draft": "植入的半句话",
    "message": "植入的收件",
    "reply": "植入的回话",
    "more": "植入的补充",
    "camera": PLACE,
}


async def tell_everything(database: Database, intake: EvidenceIntake, at: datetime, sender: str = PLANTED["chat"]) -> Filed:
    """A parent who writes every planted secret wherever one can write."""
    address, turn = Address.of("web", sender), sha256(sender.encode()).hexdigest()
    photo = await intake.receive("web", sender, a_telling_photo())
    person = await database.write(addressees.remember, address, at)
    await database.write(inbox.put, turn, address, PLANTED["message"], at)
    await database.write(drafts.save, person, {"story": PLANTED["draft"]}, read=NOTHING, at=at, keep=timedelta(days=7))
    await database.write(outbox.tell, person.id, {"text": PLANTED["reply"]}, dedupe_key=turn, at=at)
    told = replace(
        SUBMISSION,
        reporter=person.id,
        story=PLANTED["story"],
        facts={"address": PLANTED["fact"]},
        reading={"evidence": [{"text": PLANTED["story"]}]},
        contact=Contact(PLANTED["name"], PLANTED["phone"]),
        attachments=(photo.id,),
    )
    filed = await database.write(reports.file, told, at)
    await database.write(followup.add_information, filed.report_id, PLANTED["more"], (), at, giver=None)
    return filed


def readable_in(path: Path) -> list[str]:
    """The planted secrets that can be read in this file, however they are encoded."""
    content = path.read_bytes()
    return [
        key
        for key, secret in PLANTED.items()
        if any(
            form in content for form in (secret.encode(), secret.encode("utf-16-le"), secret.encode("gbk"), secret.encode("unicode_escape"))
        )
    ]


def all_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
