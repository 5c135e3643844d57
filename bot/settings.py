"""The settings of one installation: read from the environment and `.env`, checked whole before anything starts."""

import difflib
import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from handlers.access import STAFF

ENV_FILE = Path(".env")


class WrongSettings(Exception):
    """One or more settings cannot be used; `faults` says for each the name, what is wrong and how to mend it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Settings(BaseSettings):
    """Every setting has a default that works on one machine; `.env.example` is made from these descriptions."""

    model_config = SettingsConfigDict(env_file=ENV_FILE, env_file_encoding="utf-8", extra="forbid", frozen=True)

    host: str = Field("127.0.0.1", description="Address the web pages listen on; behind a reverse proxy leave it on loopback.")
    port: int = Field(8080, ge=1, le=65535, description="Port of the web pages.")
    public_url: str = Field("", description="Address parents and officers use from outside, for links and QR codes; empty: the local one.")
    proxies: str = Field("127.0.0.1", description="Addresses whose X-Forwarded-For is believed, comma separated: your reverse proxy.")
    database_url: str = Field("", description="Empty: SQLite in VAR_DIR. Or postgresql+asyncpg://user:password@host/name.")
    policy: Path = Field(Path("policy/wugang"), description="The city's rule book: a folder of TOML files.")
    var_dir: Path = Field(Path("var"), description="Folder for the embedded database, sealed evidence files and backups.")
    key_file: Path = Field(
        Path("var/keys.json"), description="Keys that seal identities and find addresses; keep a copy apart from the database."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged; never what a parent wrote.")
    demo: bool = Field(False, description="Marks every page as a demonstration; set by `make demo`.")
    draft_days: int = Field(7, ge=1, le=90, description="Days an unfinished report is kept before it is deleted.")
    text_limit: int = Field(20_000, ge=1_000, description="Longest single message in characters; longer ones are politely refused.")
    file_limit_mb: int = Field(20, ge=1, le=100, description="Largest single evidence file in megabytes.")
    files_per_report: int = Field(9, ge=1, le=50, description="Evidence files one report can carry at intake.")
    quota_gb: int = Field(20, ge=1, description="Space evidence files may take in all; the office is warned well before.")
    messages_per_minute: int = Field(30, ge=1, description="Messages one sender may send a minute before being slowed down.")
    address_per_minute: int = Field(240, ge=1, description="Messages one network address may send a minute; a school may share one.")
    lookups_per_hour: int = Field(
        20, ge=1, description="Wrong query codes one sender or network address may give an hour, by page or chat."
    )
    proof_of_work: bool = Field(
        False, description="Ask new browsers for a small computation first, against floods; phones need https for it."
    )
    second_factor: str = Field(
        "", description="Roles that must sign in with a code from their phone too, comma separated, such as office,discipline."
    )
    virus_scanner: str = Field("", description="host:port of a ClamAV daemon that checks evidence files; empty: none.")
    parents_token: SecretStr = Field(SecretStr(""), description="Telegram token of the parents' bot; empty: that bot is off.")
    staff_token: SecretStr = Field(SecretStr(""), description="Telegram token of the officers' bot, another one; empty: off.")
    parents_library: Literal["aiogram", "ptb"] = Field("aiogram", description="Library that carries the parents' bot.")
    staff_library: Literal["aiogram", "ptb"] = Field("ptb", description="Library that carries the officers' bot.")
    telegram_mode: Literal["polling", "webhook"] = Field("polling", description="How updates arrive; webhook needs PUBLIC_URL.")
    telegram_api: str = Field("https://api.telegram.org", description="Bot API server; another one for a local server or the simulator.")
    telegram_proxy: str = Field("", description="Proxy for Telegram where it cannot be reached directly, such as socks5://127.0.0.1:1080.")
    webhook_secret: SecretStr = Field(SecretStr(""), description="Secret Telegram sends with every webhook call; empty: made at start.")
    digest_hour: int = Field(8, ge=0, le=23, description="Local hour of the office's daily digest.")
    font_path: Path | None = Field(None, description="Chinese font for charts; empty: the one that is installed with the project.")

    def database(self) -> str:
        """The database address, with the embedded default filled in."""
        return self.database_url or f"sqlite+aiosqlite:///{self.var_dir / 'tipline.db'}"

    def second_factor_for(self) -> frozenset[str]:
        """The roles that must sign in with a second factor."""
        return _names(self.second_factor)

    def address(self) -> str:
        """Where people reach the pages, without a slash at the end."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


def load(env_file: Path = ENV_FILE, **overrides: object) -> Settings:
    """The settings of this installation, or `WrongSettings` with every fault at once."""
    try:
        settings = Settings(_env_file=env_file, **overrides)  # type: ignore[arg-type]
    except ValidationError as wrong:
        raise WrongSettings([_fault(error) for error in wrong.errors()]) from wrong
    faults = list(_contradictions(settings))
    if faults:
        raise WrongSettings(faults)
    return settings


def example() -> str:
    """The text of `.env.example`: every setting with its default and one line why."""
    lines = ["# Settings of one installation. Copy to .env and uncomment what you change.", ""]
    for name, field in Settings.model_fields.items():
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        shown = "" if default is None else str(default).lower() if isinstance(default, bool) else str(default)
        lines += [f"# {field.description}", f"# {name.upper()}={shown}", ""]
    return "\n".join(lines)


def _fault(error: object) -> str:
    location, kind, message = error["loc"], error["type"], error["msg"]  # type: ignore[index]
    name = str(location[0]).upper() if location else "?"
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(name.lower(), Settings.model_fields, n=1)
        mend = f"did you mean {near[0].upper()}?" if near else "remove it, or see .env.example for the names."
        return f"{name}: unknown setting; {mend}"
    description = Settings.model_fields[name.lower()].description if name.lower() in Settings.model_fields else ""
    return f"{name}: {message}. {description}"


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(",") if name.strip())


def _blocked(folder: Path) -> Path | None:
    """What keeps this folder from being made or written in: itself, or the nearest thing above it that exists; None when nothing does."""
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if os.access(one, os.F_OK))
    return None if there.is_dir() and os.access(there, os.W_OK | os.X_OK) else there


def _contradictions(settings: Settings) -> list[str]:
    faults = []
    if not settings.policy.is_dir():
        faults.append(f"POLICY: no folder at {settings.policy}; give the city's rule book, such as policy/wugang.")
    blocked = _blocked(settings.var_dir)
    if blocked:
        faults.append(f"VAR_DIR: {blocked} is no folder this account may write in; give another one, or correct its owner.")
    if settings.telegram_mode == "webhook" and not settings.public_url.startswith("https://"):
        faults.append("PUBLIC_URL: a webhook needs the https:// address Telegram can reach; set it, or TELEGRAM_MODE=polling.")
    unknown = _names(settings.second_factor) - STAFF
    if unknown:
        faults.append(f"SECOND_FACTOR: no role is called {', '.join(sorted(unknown))}; the roles are {', '.join(sorted(STAFF))}.")
    parents, staff = settings.parents_token.get_secret_value(), settings.staff_token.get_secret_value()
    if parents and parents == staff:
        faults.append("STAFF_TOKEN: the same as PARENTS_TOKEN; two audiences need two bots, or a leaked token opens the staff's door.")
    if settings.database_url and not settings.database_url.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        faults.append("DATABASE_URL: begins with neither sqlite+aiosqlite:/// nor postgresql+asyncpg://; correct it or leave it empty.")
    return faults
