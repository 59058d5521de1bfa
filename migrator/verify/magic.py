"""What a file is by its first bytes, by the auditor's own list; and whether that is what its name promises.

Signatures as the formats' specifications give them (JPEG: ITU-T T.81, PNG, GIF89a, RIFF, PDF, ISO 14496-12, Ogg, Matroska, ZIP).
"""

from __future__ import annotations

import re
from typing import Literal

HEAD_BYTES = 4096

State = Literal["stored", "wrong-extension", "not-media", "empty"]

_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|script|meta|link|style|div|table|h\d|p|center|form|br)\b", re.I
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_TEXTS = frozenset({"html", "htm", "xml", "txt", "csv", "json", "js", "css"})
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"{\\rtf", "rtf"),
    (b"OggS", "ogg"),
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"ID3", "mp3"),
    (b"fLaC", "flac"),
    (b"FLV\x01", "flv"),
    (b"FWS", "swf"),
    (b"CWS", "swf"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"\x30\x26\xb2\x75", "asf"),
    (b"\0\0\x01\xba", "mpeg"),
    (b"\0\0\x01\xb3", "mpeg"),
    (b"\0\0\x01\0", "ico"),
)
_RIFF = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}
_PROMISED: dict[str, frozenset[str]] = {
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif"), frozenset({"jpeg"})),
    **{
        name: frozenset({name})
        for name in ("png", "gif", "bmp", "webp", "pdf", "flv", "swf", "avi", "wav", "flac", "ico")
    },
    **dict.fromkeys(("tif", "tiff"), frozenset({"tiff"})),
    **dict.fromkeys(("mp4", "m4v", "mov", "3gp", "m4a", "avif", "heic"), frozenset({"iso"})),
    **dict.fromkeys(("webm", "mkv"), frozenset({"matroska"})),
    **dict.fromkeys(("ogg", "oga", "ogv"), frozenset({"ogg"})),
    **dict.fromkeys(("mpg", "mpeg"), frozenset({"mpeg"})),
    **dict.fromkeys(("wmv", "wma", "asf"), frozenset({"asf"})),
    **dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "epub", "zip"), frozenset({"zip"})),
    **dict.fromkeys(("doc", "xls", "ppt"), frozenset({"ole", "rtf", "zip"})),
    "mp3": frozenset({"mp3"}),
    "svg": frozenset({"svg"}),
    "rar": frozenset({"rar"}),
    "7z": frozenset({"7z"}),
    "gz": frozenset({"gzip"}),
    "rtf": frozenset({"rtf"}),
}


def kind(head: bytes) -> str:
    """What the bytes are; ``html`` for a web page, ``text`` for other plain text, empty for anything unknown."""
    for start, name in _STARTS:
        if head.startswith(start):
            return name
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return "iso"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "mp3"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith((b"<svg", b"<?xml")) and b"<svg" in text[:2048]:
        return "svg"
    if _HTML.match(text) or (text.startswith((b"<!--", b"<?xml")) and _HTML.search(text)):
        return "html"
    return "text" if text and not _CONTROLS.search(head) else ""


def state(head: bytes, size_bytes: int, path: str) -> State:
    """What must be said of a file with these bytes at this path. A name that promises nothing is believed."""
    if not size_bytes:
        return "empty"
    extension = path.partition("?")[0].rpartition("/")[2].rpartition(".")[2].lower()
    promised, found = _PROMISED.get(extension), kind(head)
    if promised is None:
        return "not-media" if found == "html" and extension not in _TEXTS else "stored"
    if found in promised:
        return "stored"
    return "not-media" if found in {"html", "text"} else "wrong-extension"
