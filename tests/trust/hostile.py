"""Files as attackers and unlucky phones send them, built here so that no such file lies in the repository."""

import io
import random
import struct
import zipfile
import zlib

import pillow_heif
from PIL import Image

GPS = 0x8825
MAKE = 0x010F
ORIENTATION = 0x0112
PLACE = "PLANTED-CAMERA-4711"


def a_picture(picture_format: str = "JPEG", size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    target = io.BytesIO()
    picture = Image.frombytes("RGB", size, random.Random(7).randbytes(3 * size[0] * size[1]))
    if picture_format == "HEIF":
        pillow_heif.from_pillow(picture).save(target)
    else:
        picture.save(target, picture_format, **options)
    return target.getvalue()


def a_telling_photo(turned: int = 1) -> bytes:
    """A photo that says where it was taken, and on which phone."""
    exif = Image.Exif()
    exif[MAKE] = PLACE
    exif[ORIENTATION] = turned
    exif.get_ifd(GPS).update({1: "N", 2: (33.0, 17.0, 30.0), 3: "E", 4: (113.0, 30.0, 0.0)})
    return a_picture(exif=exif, comment=PLACE.encode())


def a_paper(count: int = 3) -> bytes:
    """A PDF of so many pages, with an author it should not tell."""
    target = io.BytesIO()
    first, *others = [Image.new("RGB", (620, 877), (200, 40 * number, 90)) for number in range(count)]
    first.save(target, "PDF", save_all=True, append_images=others, author=PLACE)
    return target.getvalue()


def a_bomb(side: int = 20_000) -> bytes:
    """A PNG of 400 megapixels in some kilobytes."""
    row = b"\0" + bytes(side // 8)
    packed = zlib.compress(row * side, 9)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def a_scan_bomb() -> bytes:
    """A progressive JPEG that asks for thousands of passes over the picture."""
    photo = a_picture(progressive=True)
    start = photo.rindex(b"\xff\xda")
    return photo[:start] + photo[start:-2] * 3_000 + photo[-2:]


def an_archive(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()


SCRIPT = b"<script>alert(document.cookie)</script>"
REFUSED = {
    "html": b"<!doctype html>" + SCRIPT,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>",
    "program": b"MZ" + bytes(200),
    "elf": b"\x7fELF" + bytes(200),
    "plain archive": an_archive("a.txt"),
    "word with macros": an_archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "truncated zip": an_archive("[Content_Types].xml")[:30],
    "tiff": b"II*\0" + bytes(100),
    "postscript": b"%!PS-Adobe-3.0",
    "text": "只是一段文字".encode(),
    "zeros": bytes(5_000),
    "unknown brand": struct.pack(">I4s4sI", 16, b"ftyp", b"evil", 0),
}
SEALED_ONLY = {
    "audio/amr": b"#!AMR\n" + bytes(64),
    "audio/ogg": b"OggS" + bytes(24) + b"OpusHead" + bytes(32),
    "audio/mpeg": b"ID3\x04" + bytes(64),
    "audio/wav": b"RIFF\0\0\0\0WAVEfmt " + bytes(32),
    "audio/mp4": struct.pack(">I4s4sI4s", 20, b"ftyp", b"M4A ", 0, b"M4A ") + bytes(32),
    "video/mp4": struct.pack(">I4s4sI4s", 20, b"ftyp", b"isom", 0, b"mp41") + bytes(32),
    "video/quicktime": struct.pack(">I4s4sI4s", 20, b"ftyp", b"qt  ", 0, b"qt  ") + bytes(32),
    "video/3gpp": struct.pack(">I4s4sI4s", 20, b"ftyp", b"3gp5", 0, b"3gp5") + bytes(32),
    "application/pdf": b"%PDF-1.7\n" + SCRIPT,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": an_archive("[Content_Types].xml", "word/document.xml"),
}


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
