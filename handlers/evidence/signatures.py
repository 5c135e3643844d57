"""What a file really is: told by its first bytes, from a short list of what we take. Names and claimed types are never believed."""

import io
import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum

MPEG_AUDIO = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]|ID3[\x02-\x04]", re.DOTALL)
AAC = re.compile(rb"\xff[\xf0\xf1\xf8\xf9]")
OGG_AUDIO = (b"OpusHead", b"\x01vorbis", b"Speex   ")
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
BRANDS = {
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash"), "video/mp4"),
}
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_MEMBERS = 2_000


class Kind(StrEnum):
    """What a file is to the people who handle it."""

    PHOTO = "photo"
    DOCUMENT = "document"
    AUDIO = "audio"
    VIDEO = "video"


@dataclass(frozen=True)
class Type:
    """A type we take. `decoder` is the picture format that alone may read it; empty: it is no picture."""

    media_type: str
    kind: Kind
    decoder: str = ""


HEIC = Type("image/heic", Kind.PHOTO, "HEIF")
PDF = Type("application/pdf", Kind.DOCUMENT)
GIF = Type("image/gif", Kind.PHOTO, "GIF")
STARTS = (
    (b"\xff\xd8\xff", Type("image/jpeg", Kind.PHOTO, "JPEG")),
    (b"\x89PNG\r\n\x1a\n", Type("image/png", Kind.PHOTO, "PNG")),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"#!AMR", Type("audio/amr", Kind.AUDIO)),
)
RIFF = {b"WEBP": Type("image/webp", Kind.PHOTO, "WEBP"), b"WAVE": Type("audio/wav", Kind.AUDIO)}


def recognise(content: bytes) -> Type | None:
    """The type of this content, or None when it is none of those we take."""
    plain = next((found for start, found in STARTS if content.startswith(start)), None)
    if plain:
        return plain
    if content.startswith(b"RIFF"):
        return RIFF.get(content[8:12])
    if content.startswith(b"PK\x03\x04"):
        return _office_document(content)
    return _iso_media(content) if content[4:8] == b"ftyp" else _audio(content)


def _audio(content: bytes) -> Type | None:
    if content.startswith(b"OggS"):
        return Type("audio/ogg", Kind.AUDIO) if any(mark in content[:128] for mark in OGG_AUDIO) else None
    if AAC.match(content):
        return Type("audio/aac", Kind.AUDIO)
    return Type("audio/mpeg", Kind.AUDIO) if MPEG_AUDIO.match(content) else None


def _iso_media(content: bytes) -> Type | None:
    size = int.from_bytes(content[:4], "big")
    box = content[8 : min(size, 256)]
    brands = [box[:4], *(box[start : start + 4] for start in range(8, len(box), 4))]
    if brands[0] in HEIC_BRANDS:
        return HEIC
    if brands[0].startswith((b"3gp", b"3g2")):
        return Type("video/3gpp", Kind.VIDEO)
    media_type = next((BRANDS[brand] for brand in brands if brand in BRANDS), None)
    return Type(media_type, Kind(media_type.partition("/")[0])) if media_type else None


def _office_document(content: bytes) -> Type | None:
    """Word and Excel without macros; any other archive is refused. Only the list of members is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist()[:MOST_MEMBERS])
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    if "word/document.xml" in names:
        return Type(WORD, Kind.DOCUMENT)
    return Type(EXCEL, Kind.DOCUMENT) if "xl/workbook.xml" in names else None
