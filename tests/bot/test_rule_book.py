"""The service starts with the city's rule book as it stands; with one that cannot be read, an operator is told the file and the key."""

import shutil
from pathlib import Path

import pytest
import uvicorn

from bot import logs
from bot.__main__ import main
from bot.compose import assemble
from bot.rooms import Rooms
from handlers.policy import Policy
from nlp.reader import Reader
from storage import policy as rule_files
from storage.database import Database
from storage.policy import PolicyUnreadable
from storage.rules import Rules
from storage.sealing import Keyring
from tests.city import POLICY
from tests.clock import Now
from tests.served import settings_for

FILES = sorted(path.name for path in POLICY.glob("*.toml"))


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return Path(shutil.copytree(POLICY, tmp_path / "city"))


async def test_the_whole_service_is_put_together_from_the_rule_book_as_it_stands(
    tmp_path: Path, embedded: Database, rules: Rules, rule_book: Policy, reader: Reader, keyring: Keyring, now: Now
) -> None:
    rule_files.check(POLICY)
    rooms = Rooms(settings_for(tmp_path, POLICY), rule_book, rules, keyring, embedded, {}, now)
    service = assemble(rooms, reader=reader)
    assert service.app.routes
    assert service.timer


@pytest.mark.parametrize("name", FILES)
def test_a_line_that_stands_twice_is_named_with_its_file(city: Path, name: str) -> None:
    lines = (city / name).read_text("utf-8").splitlines()
    place = next(place for place, line in enumerate(lines) if " = " in line and line[0].isalpha() and line[-1] not in "[{,")
    key = lines[place].split(" = ")[0]
    (city / name).write_text("\n".join([*lines[: place + 1], lines[place], *lines[place + 1 :]]), "utf-8")
    with pytest.raises(PolicyUnreadable, match=rf"^{name}: line {place + 2}: .*{key}: stands there twice; keep one of them\.$"):
        rule_files.check(city)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[a]\nb = 1\n[a]\n", "line 3: [a]: stands there twice; keep one of them."),
        ("[a]\nb = x\n", "line 2: [a] b: Invalid value."),
        ("[a]\nb = '''\n", "Expected"),
        ("a b = 1\n", "line 1: a b: Expected '='"),
    ],
)
def test_what_cannot_be_read_is_told_by_line_and_key(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "figures.toml").write_text(text, "utf-8")
    with pytest.raises(PolicyUnreadable) as wrong:
        rule_files.check(tmp_path)
    assert str(wrong.value).startswith("figures.toml: ")
    assert told in str(wrong.value)


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("figures.toml", 'unit = "', 'unit = "hours"\nunit = "', "unit: stands there twice"),
        ("categories.toml", '\nlead = "', '\nlead = "nobody_', "categories.toml: ["),
        ("texts.toml", "[", "loose = 3\n[", "texts.toml: loose: a sentence must be text in quotes."),
    ],
)
def test_a_start_with_a_rule_book_that_cannot_be_used_says_so_in_one_line(
    city: Path,
    unused_tcp_port: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    old: str,
    new: str,
    told: str,
) -> None:
    (city / name).write_text((city / name).read_text("utf-8").replace(old, new, 1), "utf-8")
    monkeypatch.setattr(logs, "configure", lambda level: None)
    monkeypatch.setattr(uvicorn.Server, "serve", None)
    ours = {"POLICY": city, "VAR_DIR": city / "var", "KEY_FILE": city / "var" / "keys.json", "PORT": unused_tcp_port}
    for key, value in ours.items():
        monkeypatch.setenv(key, str(value))
    assert main(["run"]) == 2
    error = capsys.readouterr().err
    assert (error.count("\n"), told in error) == (1, True), error
