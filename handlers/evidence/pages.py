"""A PDF as pictures of its pages: nothing of it runs, nothing of it is kept but what can be seen.

The renderer is large and written in C, and the file is a stranger's: it works in a process of its own, without our keys, our
environment or a way to write, and is ended when it takes too long. This file is run there by itself, so it imports nothing of ours.
"""

import io
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence

MOST_PAGES = 30
LONGEST_SIDE = 1_600
QUALITY = 80
SECONDS = 30
MEMORY_BYTES = 1_500_000_000
LENGTH_BYTES = 4


def pages(content: bytes) -> tuple[bytes, ...]:
    """The first pages, each as a JPEG; none when the file is damaged, locked, or too much for the renderer."""
    command = [sys.executable, "-I", __file__]
    try:
        drawn = subprocess.run(command, input=content, capture_output=True, env={}, timeout=SECONDS, check=True)  # noqa: S603
    except (subprocess.SubprocessError, OSError):
        return ()
    return unpacked(drawn.stdout)


def packed(pictures: Sequence[bytes]) -> bytes:
    """Several pictures as one piece, each after its length."""
    return b"".join(len(picture).to_bytes(LENGTH_BYTES) + picture for picture in pictures)


def unpacked(content: bytes) -> tuple[bytes, ...]:
    return tuple(_pieces(content))


def _pieces(content: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(content):
        after = start + LENGTH_BYTES + int.from_bytes(content[start : start + LENGTH_BYTES])
        yield content[start + LENGTH_BYTES : after]
        start = after


def _draw(content: bytes) -> Iterator[bytes]:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        target = io.BytesIO()
        picture = page.render(scale=LONGEST_SIDE / max(*page.get_size(), 1)).to_pil()
        picture.convert("RGB").save(target, "JPEG", quality=QUALITY)
        yield target.getvalue()


def _confine() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _confine()
    sys.stdout.buffer.write(packed(tuple(_draw(sys.stdin.buffer.read()))))
