"""What a file is by its first bytes, whatever it is called, and how large a picture is.

Signatures from the formats' own specifications, as collected in the WHATWG MIME Sniffing Standard and PRONOM.
"""

from __future__ import annotations

import re
import struct
from struct import unpack_from

HEAD_BYTES = 65536
"""How much of a file's beginning is looked at."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"FWS", "application/x-shockwave-flash"),
    (b"CWS", "application/x-shockwave-flash"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"FLV\x01", "video/x-flv"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video/mpeg"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_FTYP = {b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic", b"heix": "image/heic",
         b"mif1": "image/heic", b"qt  ": "video/quicktime", b"M4A ": "audio/mp4"}  # fmt: skip
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|script|meta|div|table|h1|p|br|a\s|!--)[\s>]?", re.IGNORECASE
)
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

# Extension -> what the bytes must be; several where the name says less than the bytes do.
_WEBM = ("video/webm",)
_MP4 = ("video/mp4", "audio/mp4", "video/quicktime")
_OLE = ("application/x-ole-storage", "application/rtf", "application/zip")
_ASF = ("video/x-ms-asf",)
_OGG = ("audio/ogg",)
_TEXT = ("text/plain", "text/html", "application/xml")
MEANT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif"), ("image/jpeg",)),
    "png": ("image/png",), "gif": ("image/gif",), "webp": ("image/webp",), "bmp": ("image/bmp",),
    "tif": ("image/tiff",), "tiff": ("image/tiff",), "ico": ("image/x-icon",), "svg": ("image/svg+xml",),
    "avif": ("image/avif",), "heic": ("image/heic",), "pdf": ("application/pdf",),
    **dict.fromkeys(("mp4", "m4v", "mov", "3gp", "m4a"), _MP4),
    "webm": _WEBM, "mkv": _WEBM, "flv": ("video/x-flv",), "avi": ("video/x-msvideo",),
    **dict.fromkeys(("wmv", "wma", "asf"), _ASF), **dict.fromkeys(("mpg", "mpeg"), ("video/mpeg",)),
    "mp3": ("audio/mpeg",), **dict.fromkeys(("ogg", "oga", "ogv"), _OGG), "wav": ("audio/wav",),
    "flac": ("audio/flac",), "amr": ("audio/amr",), "swf": ("application/x-shockwave-flash",),
    **dict.fromkeys(("doc", "xls", "ppt"), _OLE),
    **dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "epub", "zip"), ("application/zip",)),
    "rar": ("application/vnd.rar",), "7z": ("application/x-7z-compressed",), "gz": ("application/gzip",),
    "rtf": ("application/rtf",), **dict.fromkeys(("txt", "csv", "html", "htm", "xml", "json"), _TEXT),
}  # fmt: skip

MEDIA = frozenset(MEANT) - {"html", "htm", "xml", "json"}
"""Extensions of files that a page may link to and that are worth keeping."""


def extension_of(path: str) -> str:
    """The extension in lower case, without its dot; empty where there is none."""
    name = path.partition("?")[0].rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


def mime_type(head: bytes) -> str | None:
    """The media type by the first bytes; None where they are of no kind known here."""
    for signature, found in _SIGNATURES:
        if head.startswith(signature):
            return found
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _FTYP.get(head[8:12], "video/mp4")
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:  # an MPEG audio frame of layer III
        return "audio/mpeg"
    return _text_type(head)


def _text_type(head: bytes) -> str | None:
    text = head[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if _HTML.match(text):
        return "text/html"
    if _SVG.search(text[:1024]) and text.startswith((b"<?xml", b"<svg", b"<!--", b"<!DOCTYPE svg")):
        return "image/svg+xml"
    if text.startswith(b"<?xml"):
        return "text/html" if _HTML.search(text) else "application/xml"
    if text and not head.startswith(_BOMS[1:]) and not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text):
        return "text/plain"
    return None


def is_meant(extension: str, found: str | None) -> bool:
    """Whether bytes of this kind may have this extension. An unknown extension promises nothing."""
    return extension not in MEANT or found in MEANT[extension]


def dimensions(head: bytes, found: str | None) -> tuple[int, int] | None:
    """Width and height in pixels of a JPEG, PNG, GIF, BMP or WebP, if its beginning says so."""
    try:
        if found == "image/png":
            return unpack_from(">II", head, 16)
        if found == "image/gif":
            return unpack_from("<HH", head, 6)
        if found == "image/bmp":
            width, height = unpack_from("<ii", head, 18)
            return width, abs(height)
        if found == "image/jpeg":
            return _jpeg(head)
        return _webp(head) if found == "image/webp" else None
    except struct.error:
        return None


def _jpeg(head: bytes) -> tuple[int, int] | None:
    """From the first frame header (ITU-T T.81, B.2.2): SOF0 to SOF15 without DHT, JPG and DAC."""
    place = 2
    while True:
        marker, length = unpack_from(">HH", head, place)
        if not 0xFF00 <= marker <= 0xFFFF:
            return None
        if 0xFFC0 <= marker <= 0xFFCF and marker not in {0xFFC4, 0xFFC8, 0xFFCC}:
            height, width = unpack_from(">HH", head, place + 5)
            return width, height
        place += 2 + length


def _webp(head: bytes) -> tuple[int, int] | None:
    """VP8, VP8L and VP8X (developers.google.com/speed/webp/docs/riff_container)."""
    kind = head[12:16]
    if kind == b"VP8 ":
        width, height = unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        (bits,) = unpack_from("<I", head, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        width, height = (int.from_bytes(head[i : i + 3], "little") + 1 for i in (24, 27))
        return width, height
    return None
