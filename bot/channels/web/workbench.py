"""Every router of the staff's pages, put together for the composition root."""

from dataclasses import dataclass

from fastapi import APIRouter

from bot.channels.web.account import account_routes, login_routes
from bot.channels.web.desk import desk_routes
from bot.channels.web.entry import entry_routes
from bot.channels.web.institutions import register_routes
from bot.channels.web.ledgers import ledger_routes
from bot.channels.web.limits import Limits
from bot.channels.web.office import office_routes
from bot.channels.web.outside import outside_routes
from bot.channels.web.staff import Shell
from handlers.desk.desk import Desk
from handlers.desk.entry import Counter
from handlers.office.ledgers import Ledgers
from handlers.office.programs import Programs
from handlers.office.register import Register
from handlers.office.staffing import Staffing


@dataclass(frozen=True)
class Rooms:
    """What the pages speak to."""

    desk: Desk
    counter: Counter
    staffing: Staffing
    programs: Programs
    ledgers: Ledgers
    register: Register


def staff_routes(shell: Shell, rooms: Rooms, limits: Limits) -> list[APIRouter]:
    """Signing in, one's account, the workbench, and the office's working pages."""
    return [
        login_routes(shell, limits),
        account_routes(shell, limits),
        entry_routes(shell, rooms.counter),
        desk_routes(shell, rooms.desk),
        office_routes(shell, rooms.staffing),
        outside_routes(shell, rooms.programs),
        ledger_routes(shell, rooms.ledgers),
        register_routes(shell, rooms.register),
    ]
