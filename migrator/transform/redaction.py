"""Personal data in free text: telephone numbers, e-mail and IP addresses, numbers of identity papers.

Numbers as Vietnam writes them. Telephone: 0 or +84, mobile numbers of ten digits since 2018 and eleven before, fixed
lines with area codes 02x since 2017 and shorter ones before. Identity: twelve digits that begin with 0 (căn cước), and
any number that the words before call one. Numbers of companies (1800, 1900) are no personal data.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from functools import partial

MARKS: Mapping[str, str] = {
    "email": "[thư điện tử]",
    "ip": "[địa chỉ IP]",
    "id_number": "[số giấy tờ]",
    "phone": "[số điện thoại]",
}
"""Kind -> what stands there instead. In the order they are looked for: an identity number may look like a telephone's."""

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IP4 = re.compile(rf"(?<![\w.]){_OCTET}(?:\.{_OCTET}){{3}}(?!\.?\w)")
_IP6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])")
_PAPERS = (
    r"cccd|cmnd|cmtnd|căn\s+cước(?:\s+công\s+dân)?|chứng\s+minh\s+(?:nhân\s+dân|thư)|số\s+định\s+danh(?:\s+cá\s+nhân)?"
    r"|hộ\s+chiếu"
)
_NAMED_PAPER = re.compile(rf"((?:{_PAPERS})[^\d\n]{{0,20}}?)\b([A-Z]?\d(?:[ .]?\d){{6,11}})(?!\d)", re.IGNORECASE)
_TWELVE = re.compile(r"(?<![\w.,])0\d{11}(?!\w)")
_GAP = r"[ .)\u00a0-]{0,2}"
_START = r"(?<![\w=])(?<![A-Za-z]/)(?:\(?(?:\+|00)84\)?[ .\u00a0-]?(?:\(0\)[ .\u00a0-]?)?|\(?0)"
_PHONE = re.compile(
    rf"{_START}(?:[35789](?:{_GAP}\d){{8}}|1[2689](?:{_GAP}\d){{8}}|2(?:{_GAP}\d){{9}}|[2-8](?:{_GAP}\d){{7,8}})(?!\w)"
)


def redacted(text: str, kinds: frozenset[str]) -> tuple[str, Mapping[str, int]]:
    """The text without what belongs to these kinds (of :data:`MARKS`), and how much of each was found."""
    found: dict[str, int] = {}
    for kind, replace in _FINDERS.items():
        if kind in kinds:
            text, count = replace(text)
            if count:
                found[kind] = count
    return text, found


def _plainly(patterns: tuple[re.Pattern[str], ...], mark: str, text: str) -> tuple[str, int]:
    count = 0
    for pattern in patterns:
        text, found = pattern.subn(mark, text)
        count += found
    return text, count


def _addresses(text: str) -> tuple[str, int]:
    text, four = _IP4.subn(MARKS["ip"], text)
    six = 0

    def mark(match: re.Match[str]) -> str:
        nonlocal six
        if not _is_ip6(match[0]):
            return match[0]
        six += 1
        return MARKS["ip"]

    return _IP6.sub(mark, text), four + six


def _is_ip6(text: str) -> bool:
    """Whether this is an address with some digits in it; ``::`` alone is a pair of colons."""
    try:
        return ipaddress.IPv6Address(text).packed.strip(b"\0") != b""
    except ValueError:
        return False


def _papers(text: str) -> tuple[str, int]:
    text, named = _NAMED_PAPER.subn(rf"\g<1>{MARKS['id_number']}", text)
    text, twelve = _TWELVE.subn(MARKS["id_number"], text)
    return text, named + twelve


_FINDERS: Mapping[str, Callable[[str], tuple[str, int]]] = {
    "email": partial(_plainly, (_EMAIL,), MARKS["email"]),
    "ip": _addresses,
    "id_number": _papers,
    "phone": partial(_plainly, (_PHONE,), MARKS["phone"]),
}
