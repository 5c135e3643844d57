"""What an operator sees when a setting is wrong."""

from pathlib import Path

import pytest

from bot import settings
from bot.settings import WrongSettings

ROOT = Path(__file__).parents[2]


def written(folder: Path, text: str) -> Path:
    env_file = folder / ".env"
    env_file.write_text(text)
    return env_file


def test_everything_has_a_default(tmp_path: Path) -> None:
    assert settings.load(written(tmp_path, "")).database().startswith("sqlite+aiosqlite:///")


def test_an_unknown_setting_stops_the_start_and_the_nearest_name_is_offered(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings) as wrong:
        settings.load(written(tmp_path, "DATABSE_URL=x\n"))
    assert "DATABSE_URL: unknown setting; did you mean DATABASE_URL?" in wrong.value.faults


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings) as wrong:
        settings.load(written(tmp_path, "PORT=eighty\nDRAFT_DAYS=0\n"))
    assert [fault.split(":")[0] for fault in wrong.value.faults] == ["PORT", "DRAFT_DAYS"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("TELEGRAM_MODE=webhook\n", "PUBLIC_URL"),
        ("PARENTS_TOKEN=1:a\nSTAFF_TOKEN=1:a\n", "STAFF_TOKEN"),
        ("DATABASE_URL=mysql://x\n", "DATABASE_URL"),
        ("POLICY=policy/nowhere\n", "POLICY"),
        ("SECOND_FACTOR=office, boss\n", "SECOND_FACTOR"),
        ("VAR_DIR=README.md/var\n", "VAR_DIR"),
    ],
)
def test_settings_that_contradict_each_other_name_the_mend(tmp_path: Path, text: str, name: str) -> None:
    with pytest.raises(WrongSettings) as wrong:
        settings.load(written(tmp_path, text))
    assert wrong.value.faults[0].startswith(f"{name}: ")


def test_the_roles_that_need_a_second_factor_are_named_in_one_line(tmp_path: Path) -> None:
    assert settings.load(written(tmp_path, "")).second_factor_for() == frozenset()
    assert settings.load(written(tmp_path, "SECOND_FACTOR=office, discipline\n")).second_factor_for() == {"office", "discipline"}


def test_a_token_never_shows_itself(tmp_path: Path) -> None:
    loaded = settings.load(written(tmp_path, "PARENTS_TOKEN=123:planted\n"))
    assert "planted" not in repr(loaded)


def test_the_example_lists_every_setting_as_it_is() -> None:
    assert (ROOT / ".env.example").read_text() == settings.example()
