"""Every role before every report in every state: what has no button cannot be done, and who may not know learns nothing."""

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from handlers.desk.accounts import Person
from handlers.desk.desk import Desk
from handlers.desk.moving import ON_ASSIGNMENT, ON_REPORT
from handlers.desk.refusals import AlreadyTaken, Forbidden, NotFound, Refused, Wrong
from handlers.policy import Policy
from storage import accesses, reports
from storage.database import Database
from storage.rules import Rules
from storage.sealing import Keyring
from storage.vocabulary import Role, Status
from tests.clock import Now
from tests.handlers import stations
from tests.kept import Kept, lived

# Enough of everything to get any move past its form.
VALUES = {
    "reason": ["有理由"],
    "no_conflict": ["yes"],
    "suggested": ["market_reg"],
    "to": ["market_reg"],
    "lead": ["market_reg"],
    "department": ["market_reg"],
    "days": ["2"],
    "to_officer": ["1"],
    "question": ["几号楼？"],
    "ground": ["in_court"],
    "way": ["找法院"],
    "into": ["WG-SJ-20261125-0001"],
    "reached": ["no"],
    "level": ["P1"],
    "category": ["subject_time"],
    "institution": ["星光"],
    "text": ["说一句"],
    "disposition": ["answered"],
    "answer": ["已答复"],
}
KNOWS: dict[str, frozenset[Status]] = {
    "owner": frozenset(stations.STATES) - {Status.TRIAGE, Status.REJECTED, Status.SEALED, Status.WITHDRAWN, Status.MERGED},
    "office": frozenset(stations.STATES) - {Status.SEALED},
    "discipline": frozenset({Status.SEALED}),
    "elsewhere": frozenset(),
    "clerk": frozenset(),
    "reader": frozenset(),
}
KNOWS |= {"colleague": KNOWS["owner"], "head": KNOWS["owner"]}


class World:
    """The desk, the people, and a report in every state."""

    def __init__(self, desk: Desk, database: Database, people: dict[str, Person], numbers: dict[Status, str]) -> None:
        self.desk, self.database, self.people, self.numbers = desk, database, people, numbers


Stood = tuple[dict[str, Person], dict[Status, str]]


async def everything(database: Database) -> Stood:
    """One person of each kind, and the number of a report in each state."""
    now = Now()
    people = await database.write(stations.hire, now())
    return people, {state: await database.write(stations.bring, state, people, now()) for state in stations.STATES}


@pytest.fixture(scope="module")
def stood(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path, keyring: Keyring, rules: Rules) -> Kept[Stood]:
    return lived(everything, tmp_path_factory.mktemp("stood"), migrated_file, keyring, rules)


@pytest.fixture
async def world(stood: Kept[Stood], tmp_path: Path, rules: Rules, policy: Policy, now: Now) -> AsyncIterator[World]:
    async with stood.copied(tmp_path) as database:
        yield World(Desk(database, policy, rules, now), database, *stood.memory)


@pytest.mark.parametrize("who", sorted(stations.ROLES))
async def test_a_report_exists_only_for_those_who_may_know_of_it(world: World, who: str) -> None:
    seen = set()
    for state, number in world.numbers.items():
        try:
            await world.desk.report(world.people[who], number)
            seen.add(state)
        except NotFound:
            pass
    assert seen == KNOWS[who]


@pytest.mark.parametrize("who", sorted(stations.ROLES))
async def test_what_has_no_button_cannot_be_done(world: World, who: str) -> None:
    """The page and the record must agree: a move nobody was shown changes nothing, in any state."""
    person, done = world.people[who], []
    for state, number in world.numbers.items():
        offered = await _offered(world, person, number)
        target = await world.database.read(stations.assignment_of, number)
        before = await world.database.read(stations.events_of, number)
        for name, at in _moves(target, known=state in KNOWS[who]):
            if name in offered:
                continue
            with suppress(NotFound, Forbidden, Refused, Wrong, AlreadyTaken):
                await world.desk.move(person, number, name, VALUES, at)
            after = await world.database.read(stations.events_of, number)
            if after != before:
                done.append((state, name))
    assert not done


async def test_an_unknown_number_and_a_forbidden_one_are_refused_alike(world: World) -> None:
    refused = []
    for number in (world.numbers[Status.SEALED], "WG-SJ-19990101-0001"):
        with pytest.raises(NotFound) as told:
            await world.desk.report(world.people["office"], number)
        refused.append((type(told.value), told.value.args))
    assert refused[0] == refused[1]


async def test_every_refusal_is_written_down(world: World) -> None:
    with pytest.raises(NotFound):
        await world.desk.report(world.people["elsewhere"], world.numbers[Status.HANDLING])
    line = (await world.database.read(accesses.latest, 1))[0]
    assert (line.officer, line.number, line.allowed) == ("elsewhere", world.numbers[Status.HANDLING], False)


async def test_the_log_never_names_a_sealed_report(world: World) -> None:
    with pytest.raises(NotFound):
        await world.desk.report(world.people["owner"], world.numbers[Status.SEALED])
    assert (await world.database.read(accesses.latest, 1))[0].number == ""


async def test_who_filed_it_opens_for_the_owner_and_the_office_with_a_reason_and_a_trace(world: World) -> None:
    number = world.numbers[Status.HANDLING]
    for who in ("owner", "office"):
        opened = await world.desk.open_identity(world.people[who], number, {"reason": ["要约时间去现场"]})
        assert opened.phone == "13912345678"
    with pytest.raises(Wrong):
        await world.desk.open_identity(world.people["owner"], number, {})
    for who, refusal in (("colleague", Forbidden), ("head", Forbidden), ("discipline", NotFound)):
        with pytest.raises(refusal):
            await world.desk.open_identity(world.people[who], number, {"reason": ["好奇"]})
    report_id = await world.database.read(reports.by_number, number)
    log = await world.database.read(accesses.of_report, report_id, accesses.Action.READ_IDENTITY)
    assert [(line.officer, line.allowed, line.reason) for line in reversed(log)] == [
        ("owner", True, "要约时间去现场"),
        ("office", True, "要约时间去现场"),
        ("colleague", False, ""),
        ("head", False, ""),
        ("discipline", False, ""),
    ]


async def test_the_queues_and_the_search_hold_only_what_one_may_know(world: World) -> None:
    for who, person in world.people.items():
        found = await world.desk.search(person)
        known = {world.numbers[state] for state in KNOWS[who]}
        assert {line.number for line in found} <= known | _mains(world), who
        if person.role is Role.DISCIPLINE:
            assert {line.number for line in found} == known


def _mains(world: World) -> set[str]:
    """The report that the merged one was merged into has a number of its own."""
    merged = world.numbers[Status.MERGED]
    return {f"{merged[:-4]}{int(merged[-4:]) + 1:04d}"}


def _moves(target: int | None, *, known: bool) -> list[tuple[str, int | None]]:
    """Every move there is; before a closed door one of each kind is enough, since the door comes first."""
    everything = [*((name, None) for name in ON_REPORT), *((name, target) for name in ON_ASSIGNMENT if target)]
    return everything if known else [one for one in everything if one[0] in ("write", "dispatch", "claim", "approve")]


async def _offered(world: World, person: Person, number: str) -> set[str]:
    try:
        page = await world.desk.report(person, number)
    except NotFound:
        return set()
    return {*page.moves, *(name for task in page.tasks for name in task.moves)}
