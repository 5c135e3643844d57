"""Every router of the staff's pages, put together for the composition root."""

from fastapi import APIRouter

from bot.channels.web.account import account_routes, login_routes
from bot.channels.web.desk import desk_routes
from bot.channels.web.limits import Limits
from bot.channels.web.staff import Shell
from handlers.desk.desk import Desk


def staff_routes(shell: Shell, desk: Desk, limits: Limits) -> list[APIRouter]:
    """Signing in, one's account, and the workbench."""
    return [login_routes(shell, limits), account_routes(shell, limits), desk_routes(shell, desk)]
