"""The workbench has a word for everything the record can say, and no sentence with a hole in it."""

import inspect
import tomllib
from enum import StrEnum
from string import Formatter

import pytest

from handlers.access import LINKS
from handlers.desk import entry, forms
from handlers.desk.due import Press
from handlers.desk.moving import ON_ASSIGNMENT, ON_REPORT
from handlers.desk.queues import Queue
from handlers.desk.refusals import key
from handlers.desk.rulings import UnknownInstitution
from handlers.office import forms as office
from handlers.office.ledgers import ACTS, UnknownNumber
from handlers.office.register import ACTS as REGISTER_ACTS
from handlers.office.staffing import SAYS
from handlers.policy import Policy
from handlers.routing import Settled
from nlp.reading import Sureness
from storage import errors, vocabulary
from storage.accesses import Action
from storage.errors import NoSuchReport, ReportError
from storage.reminding import STAGES, Stage
from storage.rules import Unit

SECTIONS: dict[str, type[StrEnum]] = {
    "status": vocabulary.Status,
    "step": vocabulary.AssignmentStatus,
    "part": vocabulary.Part,
    "level": vocabulary.Level,
    "nature": vocabulary.Nature,
    "source": vocabulary.Source,
    "role": vocabulary.Role,
    "clock": vocabulary.ClockKind,
    "disposition": vocabulary.Disposition,
    "measure": vocabulary.Measure,
    "ground": vocabulary.RejectionGround,
    "resolved": vocabulary.Resolved,
    "event": vocabulary.EventKind,
    "institution_kind": vocabulary.InstitutionKind,
    "institution_state": vocabulary.InstitutionState,
    "fund_mode": vocabulary.FundMode,
    "risk_kind": vocabulary.RiskKind,
    "risk_level": vocabulary.RiskLevel,
    "problem_source": vocabulary.ProblemSource,
    "finding": vocabulary.Finding,
    "action": Action,
    "queue": Queue,
    "press": Press,
    "unit": Unit,
    "sureness": Sureness,
}


@pytest.fixture(scope="module")
def words(policy: Policy) -> dict[str, dict[str, str]]:
    return tomllib.loads((policy.folder / "desk.toml").read_text("utf-8"))


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_every_member_of_a_fixed_set_has_a_label(words: dict[str, dict[str, str]], section: str) -> None:
    assert not {str(member) for member in SECTIONS[section]} - words[section].keys()


def test_whoever_settles_a_category_is_named(words: dict[str, dict[str, str]]) -> None:
    assert {str(who) for who in Settled if who} == words["settled"].keys()


def test_every_move_has_a_name(words: dict[str, dict[str, str]]) -> None:
    assert not {*ON_ASSIGNMENT, *ON_REPORT, *ACTS, *REGISTER_ACTS, "open_identity"} - words["move"].keys()


def test_every_field_has_a_name_and_every_list_its_labels(words: dict[str, dict[str, str]]) -> None:
    fields = [one for table in (*forms.FIELDS.values(), *office.FIELDS.values(), entry.FIELDS) for one in table]
    assert not {one.name for one in fields} - words["field"].keys()
    assert not {(one.labels, key) for one in fields for key in one.options if key not in words[one.labels]}


def test_every_reason_of_a_refusal_has_a_sentence_with_the_right_gaps(words: dict[str, dict[str, str]]) -> None:
    own = [one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, ReportError)]
    for error in (*own, UnknownInstitution, UnknownNumber):
        if error in (ReportError, NoSuchReport):
            continue
        gaps = {name for _, name, _, _ in Formatter().parse(words["refused"][key(error)]) if name}
        assert gaps <= set(getattr(error, "__dataclass_fields__", {})), error
    assert not set(SAYS.values()) - words["refused"].keys()


def test_every_reminder_of_the_timeline_says_which_deadline_and_until_when(words: dict[str, dict[str, str]]) -> None:
    said = {stage for kind in vocabulary.ClockKind for stage in STAGES[kind]} - {Stage.ASK_AGAIN, Stage.LAPSED}
    assert {str(stage) for stage in said} == words["reminder"].keys()
    for sentence in words["reminder"].values():
        assert {name for _, name, _, _ in Formatter().parse(sentence) if name} == {"clock", "due"}


def test_every_link_has_a_word(words: dict[str, dict[str, str]]) -> None:
    assert not {word for _, word, _ in LINKS} - words["nav"].keys()
