"""Pictures made safe to look at: decoded within limits, set upright, and written anew without anything the camera noted."""

import io
from collections.abc import Sequence
from functools import cache

import pillow_heif
from PIL import Image, ImageDraw, ImageOps

MOST_PIXELS = 50_000_000
MOST_SCANS = 100
LONGEST_SIDE = 4_096
THUMBNAIL_SIDE = 320
QUALITY = 88
START_OF_SCAN = b"\xff\xda"
# Boxes come in thousandths of the picture's sides, so they fit whatever size it is shown in.
WHOLE = 1_000

Box = tuple[int, int, int, int]


class NotDecodable(Exception):
    """The picture is damaged, or not what it says it is."""


class TooManyPixels(Exception):
    """The picture is small to send and huge to unpack."""


def cleaned(content: bytes, decoder: str) -> bytes:
    """The still picture as a new JPEG: no metadata, no second image, nothing behind its end."""
    if decoder == "JPEG" and content.count(START_OF_SCAN) > MOST_SCANS:
        # A progressive picture with thousands of scans keeps a processor busy for minutes.
        raise TooManyPixels
    try:
        flat = _decoded(content, decoder)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as bomb:
        raise TooManyPixels from bomb
    except TooManyPixels:
        raise
    except Exception as damage:  # decoders raise whatever they like about hostile input
        raise NotDecodable from damage
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return _jpeg(flat)


def thumbnail(clean: bytes) -> bytes:
    """A small copy of a clean picture."""
    with Image.open(io.BytesIO(clean), formats=["JPEG"]) as picture:
        picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        return _jpeg(picture.convert("RGB"))


def covered(clean: bytes, boxes: Sequence[Box]) -> bytes:
    """A clean picture with black boxes painted over it; what lay under them is not in the file any more."""
    with Image.open(io.BytesIO(clean), formats=["JPEG"]) as picture:
        painted = picture.convert("RGB")
    pen = ImageDraw.Draw(painted)
    for left, top, right, bottom in boxes:
        corners = (left * painted.width, top * painted.height, right * painted.width, bottom * painted.height)
        pen.rectangle([corner // WHOLE for corner in corners], fill="black")
    return _jpeg(painted)


def _decoded(content: bytes, decoder: str) -> Image.Image:
    with _open(content, decoder) as picture:
        _measure(picture)
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        return _on_white(ImageOps.exif_transpose(picture))


def _measure(picture: Image.Image) -> None:
    """The size is known before a single pixel is unpacked."""
    if picture.width * picture.height > MOST_PIXELS:
        raise TooManyPixels


def _open(content: bytes, decoder: str) -> Image.Image:
    if decoder == "HEIF":
        _know_heif()
    return Image.open(io.BytesIO(content), formats=[decoder])


@cache
def _know_heif() -> None:
    pillow_heif.register_heif_opener()


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(ground, layer).convert("RGB")
    return picture.convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.info.clear()
    picture.save(target, "JPEG", quality=QUALITY)
    return target.getvalue()
