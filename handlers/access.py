"""Who may open which page of the workbench: every route of the staff has a row here, and one without a row opens for nobody."""

from collections.abc import Mapping

from storage.vocabulary import Role

STAFF = frozenset({Role.CLERK, Role.OFFICER, Role.HEAD, Role.OFFICE, Role.DISCIPLINE, Role.READER})
WORKING = frozenset({Role.OFFICER, Role.HEAD, Role.OFFICE})
READING = WORKING | {Role.DISCIPLINE}
ENTERING = frozenset({Role.CLERK, Role.OFFICE})
OFFICE = frozenset({Role.OFFICE})

# Whoever reads figures; all but the office and those who oversee it see their own department's alone.
COUNTING = WORKING | {Role.DISCIPLINE, Role.READER}

# Routes that need no sign-in at all.
OPEN = frozenset({"login", "sign_in"})

# By the route's name. Inside a page, the one door and the tables of moves decide about each report and each move.
PAGES: Mapping[str, frozenset[Role]] = {
    "board": STAFF,
    "search": READING,
    "report": READING,
    "move_report": READING,
    "move_assignment": WORKING,
    "open_identity": WORKING,
    "file": READING,
    "file_picture": READING,
    "file_thumbnail": READING,
    "file_paper": READING,
    "file_original": READING,
    "cover_file": READING,
    "add_document": frozenset({Role.OFFICER, Role.HEAD}),
    "overview": COUNTING,
    "asked": COUNTING,
    "sign_out": STAFF,
    "account": STAFF,
    "change_password": STAFF,
    "enrol": STAFF,
    "confirm_enrolment": STAFF,
    "unenrol": STAFF,
    "chat_code": STAFF,
    "leave_chat": STAFF,
    "revoke_sign_in": STAFF,
    "enter": ENTERING,
    "file_report": ENTERING,
    "officers": OFFICE,
    "hire": OFFICE,
    "reset_password": OFFICE,
    "close_account": OFFICE,
    "reopen_account": OFFICE,
    "duty": OFFICE,
    "put_on_duty": OFFICE,
    "accesses": OFFICE,
    "outside": OFFICE,
    "issue_token": OFFICE,
    "revoke_token": OFFICE,
    "subscribe": OFFICE,
    "stop_webhook": OFFICE,
    "send_trial": OFFICE,
    "problems": WORKING,
    "find_problem": OFFICE,
    "problem": WORKING,
    "act_on_problem": WORKING,
    "risks": OFFICE,
    "act_on_risk": OFFICE,
    "inspections": WORKING,
    "inspect": WORKING,
    "spot_checks": OFFICE,
    "draw": OFFICE,
    "judge": OFFICE,
    "institutions": WORKING,
    "register": OFFICE,
    "institution": WORKING,
    "act_on_institution": OFFICE,
    "papers": WORKING,
    "begin_export": WORKING,
    "fetch_export": WORKING,
    "single_paper": WORKING,
    "periodical_paper": OFFICE,
    "annex": OFFICE,
    "campaigns": WORKING,
    "open_campaign": OFFICE,
    "hand_in_summary": frozenset({Role.OFFICER, Role.HEAD}),
    "import_list": OFFICE,
    "preview_import": OFFICE,
    "apply_import": OFFICE,
}

# Pages that open even while the first password still stands, or a second factor is still due: otherwise nobody could mend it.
BEFORE_SETTLED = frozenset({"account", "change_password", "enrol", "confirm_enrolment", "sign_out"})

# The navigation: path, the word for it in desk.toml `[nav]`, and the route that decides who sees it.
LINKS = (
    ("/desk", "board", "board"),
    ("/desk/search", "search", "search"),
    ("/desk/enter", "enter", "enter"),
    ("/office", "office", "overview"),
    ("/office/problems", "ledgers", "problems"),
    ("/office/institutions", "institutions", "institutions"),
    ("/office/papers", "papers", "papers"),
    ("/office/duty", "duty", "duty"),
    ("/office/officers", "officers", "officers"),
)


def links(role: Role) -> list[tuple[str, str]]:
    """The navigation of this role: path and word."""
    return [(path, word) for path, word, route in LINKS if may_open(route, role)]


def may_open(route: str, role: Role) -> bool:
    return role in PAGES.get(route, frozenset())
