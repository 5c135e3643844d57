"""What a parent presses is what the office reads."""

import tomllib

from handlers.followup.rating import SATISFACTION
from handlers.policy import Policy


def test_a_rating_is_told_to_the_office_in_the_words_the_parent_pressed(policy: Policy) -> None:
    read = tomllib.loads((policy.folder / "desk.toml").read_text("utf-8"))["satisfaction"]
    assert {key: policy.texts.say(f"button.rate.{key}") for key in SATISFACTION} == {
        key: read[str(one)] for key, one in SATISFACTION.items()
    }
