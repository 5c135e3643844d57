"""The rooms keep their doors: import contracts, and each is seen to fail on a planted violation."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "nlp", "storage")

VIOLATIONS = {
    "bot stands above handlers, handlers above nlp and storage, and the two siblings do not know each other": [
        ("nlp", "storage.vocabulary"),
        ("handlers", "bot.settings"),
    ],
    "Only bot speaks to chat networks and browsers": [
        ("handlers", "fastapi"),
        ("storage", "aiogram"),
    ],
    "Only storage speaks SQL": [("handlers", "sqlite3")],
    "Only nlp cuts words": [("storage", "jieba")],
    "Channels reach records only through handlers": [("bot.channels", "storage.vocabulary")],
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(folder), "PATH": ""}, capture_output=True, text=True, check=False)


@pytest.fixture
def copy_of_the_rooms(tmp_path: Path) -> Path:
    for module in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        target = tmp_path / module.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(module.read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    return tmp_path


def test_every_contract_has_a_planted_violation() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["name"] for contract in contracts} == set(VIOLATIONS)


def test_the_rooms_keep_their_contracts(copy_of_the_rooms: Path) -> None:
    verdict = lint_imports(copy_of_the_rooms)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_planted_violations_break_every_contract_and_are_all_told(copy_of_the_rooms: Path) -> None:
    """Planted together, for a look at the rooms costs the same whatever it finds; each plant offends one contract alone."""
    plants = [plant for planted in VIOLATIONS.values() for plant in planted]
    for package, forbidden in plants:
        module = copy_of_the_rooms.joinpath(*package.split("."), "planted.py")
        with module.open("a") as written:
            written.write(f"import {forbidden}\n")
    verdict = lint_imports(copy_of_the_rooms)
    told = " ".join(verdict.stdout.split())
    assert verdict.returncode != 0
    assert [contract for contract in VIOLATIONS if f"{contract} BROKEN" not in told] == []
    assert [plant for plant in plants if _refusal(*plant) not in told] == []


def _refusal(package: str, forbidden: str) -> str:
    """How the one contract that this plant offends is told."""
    return f"{package} is not allowed to import {forbidden.partition('.')[0]}: - {package}.planted -> {forbidden} "


def test_no_rule_stands_in_code() -> None:
    """No department name and no telephone number in a Python file; they are data in policy/."""
    departments = tomllib.loads((ROOT / "policy/wugang/departments.toml").read_text())
    names = {entry["name"] for entry in departments.values()}
    for module in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        text = module.read_text()
        assert not [name for name in names if name in text], module
