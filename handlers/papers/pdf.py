"""Word to PDF, where LibreOffice is installed; without it there is Word alone."""

import shutil
import subprocess
import tempfile
from pathlib import Path

PROGRAMS = ("soffice", "libreoffice")
LONGEST_SECONDS = 90


class NoConverter(Exception):
    """LibreOffice is not installed here, or could not convert this document."""


def is_possible() -> bool:
    return _program() is not None


def convert(document: bytes) -> bytes:
    """The same document as PDF. Slow: for a thread of its own."""
    program = _program()
    if program is None:
        raise NoConverter
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        source = folder / "paper.docx"
        source.write_bytes(document)
        # A profile of its own: two conversions at once would wait for each other's.
        profile = f"-env:UserInstallation=file://{folder / 'profile'}"
        command = [program, profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=LONGEST_SECONDS)  # noqa: S603 - our own file, no shell
            return (folder / "paper.pdf").read_bytes()
        except (subprocess.SubprocessError, OSError) as fault:
            raise NoConverter from fault


def _program() -> str | None:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)
