"""Asks a virus scanner (ClamAV's INSTREAM) about a file, when the installation has one."""

import asyncio
import contextlib

PIECE = 1 << 16
PATIENCE_SECONDS = 60


class ScannerAway(Exception):
    """The scanner does not answer. A file that was not scanned is not taken where scanning is wished for."""


class Scanner:
    """A clamd at `host:port`; it sees the content and nothing about whose it is."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self._host, self._port = host, int(port)

    async def is_clean(self, content: bytes) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer = await self._ask(content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as away:
            raise ScannerAway from away
        if answer.endswith("FOUND"):
            return False
        if answer.endswith("OK"):
            return True
        raise ScannerAway(answer)

    async def _ask(self, content: bytes) -> str:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), PIECE):
                piece = content[start : start + PIECE]
                writer.write(len(piece).to_bytes(4, "big") + piece)
                await writer.drain()
            writer.write(bytes(4))
            return (await reader.readuntil(b"\0"))[:-1].decode(errors="replace").strip()
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
