"""Conversation tokens: whoever holds one is the same unknown person as last time. Nothing is stored to check them."""

import hmac
import secrets
from hashlib import sha256

COOKIE = "talk"
_ADDRESS_BYTES = 18


class ConversationTokens:
    """Issues and reads tokens of the form `address.mac`; a forged or shortened one reads as nothing."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def issue(self) -> str:
        address = secrets.token_urlsafe(_ADDRESS_BYTES)
        return f"{address}.{self._mac(address)}"

    def address(self, token: str) -> str | None:
        address, _, mac = token.partition(".")
        genuine = mac.isascii() and hmac.compare_digest(mac.encode(), self._mac(address).encode())
        return address if genuine else None

    def _mac(self, address: str) -> str:
        return hmac.new(self._key, f"conversation:{address}".encode(), sha256).hexdigest()[:32]
