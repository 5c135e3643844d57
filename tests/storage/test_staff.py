"""Accounts, sign-ins, the access log and the queues, on both engines."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage import accesses, chain, dossiers, officers, queues, reports, searching, sign_ins
from storage.accesses import Action
from storage.database import Database
from storage.officers import LastOffice, LoginTaken, Officer, WrongRole
from storage.sealing import Secret
from storage.tables.staff import access, officer, sign_in
from storage.vocabulary import Role
from tests.clock import Now
from tests.handlers import stations


async def hire(database: Database, now: Now, login: str, role: Role = Role.OFFICER, department: str = "edu") -> Officer:
    given = {"login": login, "name": login, "department": department, "role": role, "password_hash": "-"}
    return await database.write(officers.create, now(), **given)


async def test_a_login_belongs_to_one_person_however_it_is_typed(database: Database, now: Now) -> None:
    await hire(database, now, "Li")
    with pytest.raises(LoginTaken):
        await hire(database, now, " li ")


@pytest.mark.parametrize(
    ("role", "department"), [(Role.OFFICE, "edu"), (Role.DISCIPLINE, "edu"), (Role.OFFICER, "discipline"), (Role.CITIZEN, "edu")]
)
async def test_nobody_rules_or_sees_sealed_reports_from_another_department(
    embedded: Database, now: Now, role: Role, department: str
) -> None:
    with pytest.raises(WrongRole):
        await hire(embedded, now, "li", role, department)


async def test_the_last_account_of_the_office_is_not_closed(database: Database, now: Now) -> None:
    wang = await hire(database, now, "wang", Role.OFFICE, "shuangjian_office")
    with pytest.raises(LastOffice):
        await database.write(officers.close, wang.id)


async def test_a_token_is_kept_as_a_hash_and_ends_by_itself(database: Database, now: Now) -> None:
    li = await hire(database, now, "li")
    token = await database.write(sign_ins.begin, li.id, "手机", now())
    kept = await database.read(lambda tx: tx.execute(sa.select(sign_in.c.token_hash)).scalar_one())
    assert token.reveal().encode() not in bytes(kept)
    assert (await database.read(sign_ins.present, token, now())).officer.id == li.id
    assert await database.read(sign_ins.present, Secret("guessed"), now()) is None
    assert await database.read(sign_ins.present, token, now() + timedelta(hours=12)) is None


async def test_the_secret_of_a_second_factor_is_not_in_the_file(database: Database, now: Now) -> None:
    li = await hire(database, now, "li")
    codes = await database.write(officers.set_second_factor, li.id, Secret("JBSWY3DPEHPK3PXP"), now())
    kept = await database.read(lambda tx: tx.execute(sa.select(officer.c.totp_secret, officer.c.recovery_hashes)).one())
    assert b"JBSWY3DPEHPK3PXP" not in bytes(kept.totp_secret)
    assert codes[0].reveal() not in str(kept.recovery_hashes)
    assert (await database.read(officers.credentials, "li")).second_factor.reveal() == "JBSWY3DPEHPK3PXP"


async def test_the_access_log_is_a_chain_that_nobody_rewrites(database: Database, now: Now) -> None:
    li = await hire(database, now, "li")
    for reason in ("一", "二"):
        await database.write(accesses.record, li.actor, Action.READ_IDENTITY, now(), allowed=True, reason=reason)
    rows = await database.read(lambda tx: tx.execute(sa.select(access).order_by(access.c.id)).all())
    previous = chain.GENESIS
    for row in rows:
        assert (row.previous_hash, row.hash) == (previous, accesses.link(previous, row._mapping))
        previous = row.hash
    with pytest.raises(sa.exc.DatabaseError, match="append-only"):
        await database.write(lambda tx: tx.execute(sa.update(access).values(reason="三")))


async def test_every_queue_and_every_page_reads_on_either_engine(database: Database, now: Now) -> None:
    people = await database.write(stations.hire, now())
    for state in stations.STATES:
        await database.write(stations.bring, state, people, now())
    owner, office = people["owner"].actor, people["office"].actor
    assert len(await database.read(queues.of_department, owner)) == 4
    assert len(await database.read(queues.of_office, office)) == 6
    assert len(await database.read(queues.sealed)) == 1
    found = await database.read(searching.search, office, status="handling", category="hidden_venue", text="wg-sj")
    assert [(one.department, one.officer_id) for one in found] == [("edu", owner.officer_id)]
    assert all([await database.read(_whole, one.number) for one in await database.read(searching.search, office)])


def _whole(tx: Connection, number: str) -> dossiers.Dossier:
    return dossiers.whole(tx, reports.by_number(tx, number) or 0)
