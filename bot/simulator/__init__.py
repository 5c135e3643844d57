"""A Telegram of our own on this machine: the Bot API over HTTP with its faults, for tests and for trying both bots without a token."""
