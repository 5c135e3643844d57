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
        ("nlp/planted.py", "import storage.vocabulary\n"),
        ("handlers/planted.py", "import bot.settings\n"),
    ],
    "Only bot speaks to chat networks and browsers": [
        ("handlers/planted.py", "import fastapi\n"),
        ("storage/planted.py", "import aiogram\n"),
    ],
    "Only storage speaks SQL": [("handlers/planted.py", "import sqlite3\n")],
    "Only nlp cuts words": [("storage/planted.py", "import jieba\n")],
    "Channels reach records only through handlers": [("bot/channels/planted.py", "import storage.vocabulary\n")],
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


@pytest.mark.parametrize(("contract", "module", "line"), [(name, *plant) for name, plants in VIOLATIONS.items() for plant in plants])
def test_a_planted_violation_breaks_its_contract(copy_of_the_rooms: Path, contract: str, module: str, line: str) -> None:
    planted = copy_of_the_rooms / module
    planted.parent.mkdir(parents=True, exist_ok=True)
    (planted.parent / "__init__.py").touch()
    planted.write_text(line)
    verdict = lint_imports(copy_of_the_rooms)
    assert verdict.returncode != 0
    assert f"{contract} BROKEN" in " ".join(verdict.stdout.split())


def test_no_rule_stands_in_code() -> None:
    """No department name and no telephone number in a Python file; they are data in policy/."""
    departments = tomllib.loads((ROOT / "policy/wugang/departments.toml").read_text())
    names = {entry["name"] for entry in departments.values()}
    for module in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        text = module.read_text()
        assert not [name for name in names if name in text], module
