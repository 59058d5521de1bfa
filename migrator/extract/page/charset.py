"""From the bytes of a page to its text.

The order is that of the HTML Standard – byte order mark, HTTP header, ``meta`` – but a declaration is believed only
where the bytes agree: old pages declare ``iso-8859-1`` and hold TCVN3, or declare nothing and hold UTF-8.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from migrator.text.detect import WINDOWS, detect_bytes
from migrator.text.encodings import ENCODINGS, WINDOWS_1252, decode_bytes
from migrator.text.mixed import decode_mixed
from migrator.text.wide import marked_unicode

_META = re.compile(rb"<meta\s[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_PRESCANNED = 4096  # the standard says 1024; pages with long comments before the head need more
_TAG = re.compile(rb"<[^<>]*>")
_SCRIPT = re.compile(rb"<(?:script|style)\b", re.IGNORECASE)
_SCRIPT_END = re.compile(rb"</(?:script|style)", re.IGNORECASE)
_SAMPLE = 64 * 1024
_MOST_DAMAGE = 0.02  # of the characters beyond ASCII: more is no damaged UTF-8 but something else

# What browsers read as Windows-1252, and so did every editor of these pages: a declaration that says nothing.
_SAYS_NOTHING = frozenset(
    (
        "windows-1252",
        "cp1252",
        "iso-8859-1",
        "iso8859-1",
        "latin1",
        "latin-1",
        "ascii",
        "us-ascii",
        "x-user-defined",
        "none",
    )
)
_VIETNAMESE = {
    "windows-1258": "CP1258",
    "cp1258": "CP1258",
    "x-cp1258": "CP1258",
    "viscii": "VISCII",
    "csviscii": "VISCII",
    "x-viet-vps": "VPS",
    "x-viet-vni": "VNI",
    "x-viet-tcvn": "TCVN5712-1",
    "x-viet-tcvn5712": "TCVN5712-1",
    "tcvn": "TCVN5712-1",
    "tcvn5712-1": "TCVN5712-1",
    "tcvn-5712": "TCVN5712-1",
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the encoding it was read in, and notes (code, detail) where that is not the one declared."""

    text: str
    encoding: str
    notes: tuple[tuple[str, str], ...] = ()


def decode_page(data: bytes, content_type: str | None = None) -> Decoded:
    """The text of a page. Never fails: what cannot be decoded becomes U+FFFD, with a note.

    ``content_type`` is the value of the HTTP header, where there was one.
    """
    marked = marked_unicode(data)
    if marked is not None:
        encoding, length = marked
        return Decoded(data[length:].decode(encoding, "replace"), encoding)
    declared = _declared(data, content_type)
    if declared in ("utf-16", "utf-16-le", "utf-16-be"):
        return _wide(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(data, declared)
    if declared in ("", "utf-8") or data.isascii():
        return Decoded(text, "utf-8")
    return Decoded(text, "utf-8", (("charset-corrected", f"declared {declared}, is utf-8"),))


def _declared(data: bytes, content_type: str | None) -> str:
    """The charset of the header, else of the first ``meta``; lower case, empty where there is none."""
    header = _HEADER.search(content_type) if content_type else None
    if header:
        return _label(header[1])
    meta = _META.search(data, 0, _PRESCANNED)
    label = _label(meta[1].decode("ascii", "replace")) if meta else ""
    return "utf-8" if label.startswith("utf-16") else label  # a meta that can be read so is not UTF-16


def _label(label: str) -> str:
    label = label.lower()
    return {"utf8": "utf-8", "unicode": "utf-8", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}.get(label, label)


def _wide(data: bytes) -> Decoded:
    encoding = "utf-16-be" if data[:256:2].count(0) > data[1:256:2].count(0) else "utf-16-le"
    return Decoded(data.decode(encoding, "replace"), encoding)


def _not_utf8(data: bytes, declared: str) -> Decoded:
    mixed = decode_mixed(data)
    if mixed is not None:
        return Decoded(mixed[0], "utf-8", (("charset-mixed", f"pieces of it are {mixed[1]}"),))
    damaged = _damaged_utf8(data) if declared in ("", "utf-8") else None
    if damaged:
        return damaged
    foreign = _foreign(data, declared)
    if foreign is not None:
        return Decoded(foreign, declared)
    found = detect_bytes(_sample(data))
    encoding = found.encoding or _VIETNAMESE.get(declared)
    if encoding == WINDOWS and declared in _VIETNAMESE:
        encoding = _VIETNAMESE[declared]
    if encoding in ENCODINGS:
        notes = () if _VIETNAMESE.get(declared) == encoding else (_corrected(declared, encoding),)
        return Decoded(decode_bytes(data, encoding), encoding, notes)
    # Windows-1252, or nobody knows: text in a legacy font is looked at again, run by run, in the tree.
    notes = () if declared in _SAYS_NOTHING else (_corrected(declared, WINDOWS),)
    return Decoded(_windows(data), WINDOWS, notes)


def _corrected(declared: str, encoding: str) -> tuple[str, str]:
    return "charset-corrected", f"declared {declared or 'nothing'}, read as {encoding}"


def _damaged_utf8(data: bytes) -> Decoded | None:
    """The text where the bytes are UTF-8 but for a few (a cut character, a byte of something pasted)."""
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    others = len(text) - len(text.encode("ascii", "ignore")) - lost
    if not others or lost > max(1, others * _MOST_DAMAGE):
        return None
    return Decoded(text, "utf-8", (("characters-lost", f"{lost} not decodable as utf-8"),))


def _foreign(data: bytes, declared: str) -> str | None:
    """The text in a declared encoding that is not Western and not Vietnamese (gb2312, big5, euc-kr), if it decodes."""
    if not declared or declared in _SAYS_NOTHING or declared in _VIETNAMESE or declared == "utf-8":
        return None
    try:
        name = codecs.lookup({"gb2312": "gb18030", "gbk": "gb18030"}.get(declared, declared)).name
        return data.decode(name) if not name.startswith(("iso8859", "cp125", "latin")) else None
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _sample(data: bytes) -> bytes:
    """The text between the tags, as much as a verdict needs."""
    first, *others = _SCRIPT.split(data[: 8 * _SAMPLE])
    pieces = [first]
    for other in others:
        end = _SCRIPT_END.search(other)
        pieces.append(other[end.end() :] if end else b"")
    return b" ".join(_TAG.sub(b" ", b"".join(pieces)).split())[:_SAMPLE] or data[:_SAMPLE]


def _windows(data: bytes) -> str:
    return data.decode("latin-1").translate(WINDOWS_1252)
