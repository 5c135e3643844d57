"""The smallest world in which every table has a row, written straight into the tables: for tests of what the tables themselves refuse."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.tables.mail import addressee, data_key, draft, inbox, outbox
from storage.tables.reports import assignment, attachment, clock, event, extension, handling, identity, message, report
from storage.tables.staff import access, officer, sign_in

Row = dict[str, Any]


class Rows:
    """Valid rows, all at one moment. `with_` changes a few columns of one, to see what the database says to that."""

    def __init__(self, at: datetime) -> None:
        later = at + timedelta(days=1)
        self.at, self.later = at, later
        self._rows: dict[str, Row] = {
            "data_key": {"wrapped": b"k", "wrapping_key": "k1", "created_at": at},
            "addressee": {"channel": "web", "address_index": b"a", "address": b"a", "data_key_id": 1, "created_at": at},
            "officer": self._officer("li"),
            "inbox": {"channel": "web", "event_id": "e1", "addressee_id": 1, "payload": b"p", "received_at": at},
            "draft": {"addressee_id": 1, "version": 1, "content": b"c", "updated_at": at, "expires_at": later},
            "outbox": {
                "addressee_id": 1,
                "channel": "web",
                "cause_id": 1,
                "dedupe_key": "m1",
                "payload": b"p",
                "created_at": at,
                "not_before": at,
            },
            "report": self._report("1", b"1"),
            "identity": {"report_id": 1, "data_key_id": 1, "content": b"c", "wants_reply": True, "may_disclose": False},
            "assignment": {"report_id": 1, "department": "edu", "part": "lead", "status": "pending_sign", "dispatched_at": at},
            "clock": {
                "report_id": 1,
                "assignment_id": 1,
                "kind": "sign",
                "unit": "work_minute",
                "amount": 60,
                "started_at": at,
                "due_original": later,
                "due_at": later,
                "provisional": False,
            },
            "event": self._event(1, None, b"1"),
            "extension": {"assignment_id": 1, "asked_by": 1, "asked_at": at, "days": 5},
            "handling": {
                "assignment_id": 1,
                "round": 1,
                "disposition": "answered",
                "measures": [],
                "content": b"c",
                "saved_by": 1,
                "saved_at": at,
            },
            "message": {"report_id": 1, "from_reporter": True, "at": at, "text": b"t"},
            "attachment": {
                "report_id": 1,
                "kind": "photo",
                "media_type": "image/jpeg",
                "size": 1,
                "digest": b"d",
                "data_key_id": 1,
                "added_at": at,
            },
            "access": {"role": "officer", "action": "read", "allowed": True, "at": at, "previous_hash": b"", "hash": b"1"},
            "sign_in": {"officer_id": 1, "token_hash": b"t", "created_at": at, "seen_at": at, "expires_at": later, "device": "-"},
        }

    def with_(self, table: sa.Table, **changes: Any) -> sa.Insert:
        return sa.insert(table).values({**self._rows[table.name], **changes})

    def build(self, tx: Connection) -> None:
        """One row of each, and a colleague, a report without a history yet, an assisting department, and a second event."""
        for table in (data_key, addressee, officer):
            tx.execute(self.with_(table))
        tx.execute(self.with_(officer, login="wang"))
        for table in (inbox, draft, outbox, report, identity, assignment, clock, event, extension, handling, message, attachment):
            tx.execute(self.with_(table))
        for table in (access, sign_in):
            tx.execute(self.with_(table))
        tx.execute(self.with_(report, number="2", code_hash=b"2"))
        tx.execute(self.with_(assignment, department="market_reg", part="assist"))
        tx.execute(self.with_(event, seq=2, kind="claimed", from_status="received", hash=b"2"))

    def _officer(self, login: str) -> Row:
        fixed = {"password_hash": "-", "must_change_password": False, "recovery_hashes": [], "active": True, "created_at": self.at}
        return {"login": login, "name": login, "department": "edu", "role": "officer", **fixed}

    def _report(self, number: str, code: bytes) -> Row:
        words = {"source": "chat", "channel": "web", "nature": "T", "category": "c", "secondary": [], "regulator": "edu", "level": "P2"}
        state = {"status": "received", "sealed": False, "auto": True, "about": [], "data_key_id": 1, "story_digest": b"s"}
        return {"number": number, "code_hash": code, "reporter_id": 1, "filed_at": self.at, **words, **state}

    def _event(self, seq: int, before: str | None, digest: bytes) -> Row:
        fixed = {"report_id": 1, "kind": "filed", "role": "system", "at": self.at, "to_status": "received", "details": {}}
        return {"seq": seq, "from_status": before, "previous_hash": b"", "hash": digest, **fixed}
