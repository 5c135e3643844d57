"""An officer who looks where the account is signed in recognises the own phone."""

import tomllib
from pathlib import Path

import pytest

from bot.channels.web.devices import told

WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0 Safari/537.36 MicroMessenger/8.0"
DESKTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0"
APPLE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (WECHAT, "微信 · 安卓手机或平板"),
        (DESKTOP, "Edge 浏览器 · Windows 电脑"),
        (APPLE, "Safari 浏览器 · 苹果手机"),
        ("curl/8.5", "curl/8.5"),
        ("", ""),
    ],
)
def test_a_browser_is_called_as_people_call_it(agent: str, name: str, policy: Path) -> None:
    words = tomllib.loads((policy / "desk.toml").read_text("utf-8"))["device"]
    assert told(agent, words) == name
