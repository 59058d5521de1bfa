"""Numbers as legacy systems and people write them, and plain arithmetic on them."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any
from unicodedata import normalize

from migrator.errors import SetAside
from migrator.transform.values import as_text

_PLAIN = re.compile(r"[-+]?[0-9]{1,40}(?:\.[0-9]{0,40})?")
_UNIT = re.compile(r"(?:vnđ|vnd|đồng|đ|₫)\.?")
_TIMES = {
    **dict.fromkeys(("nghìn", "ngàn"), Decimal(10) ** 3),
    "triệu": Decimal(10) ** 6,
    **dict.fromkeys(("tỷ", "tỉ"), Decimal(10) ** 9),
}
_MULTIPLE = re.compile(rf"\s*({'|'.join(_TIMES)})$")
_PRECISION = 60

Number = int | Decimal


def as_number(value: Any) -> Decimal | None:
    """A raw value as a number; null for empty text. SetAside ``bad-number`` for what is not plainly one."""
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return Decimal(value)
    text = str(value) if isinstance(value, float) else as_text(value).strip()
    if not text:
        return None
    try:
        if _PLAIN.fullmatch(text) or isinstance(value, float):
            return Decimal(text)
    except InvalidOperation:
        pass
    raise SetAside("bad-number", f"{text[:80]!r} is not a number")


def plain(number: Decimal) -> Number:
    """A whole number as int, any other as it is. SetAside ``bad-number`` for NaN and infinity."""
    if not number.is_finite():
        raise SetAside("bad-number", f"{number} is not a number")
    whole = number.to_integral_value()
    return int(whole) if whole == number else number


def calculated(value: Any, calculate: Callable[[Decimal], Decimal]) -> Number | None:
    """What a calculation makes of a raw value, exact to 60 digits; null for empty text."""
    number = as_number(value)
    if number is None:
        return None
    with localcontext() as context:
        context.prec = _PRECISION
        return plain(calculate(number))


def read_number(text: str, decimal_mark: str) -> Decimal | None:
    """A number as people write it: digits in groups of three, a currency, "1,5 triệu"; null for blank text.

    ``decimal_mark`` is a comma or a point; the other one and spaces group digits. SetAside ``bad-number``.
    """
    said = normalize("NFC", text).replace("\u00a0", " ").strip().lower()
    body = _UNIT.sub("", said, count=1).strip() if _UNIT.match(said) else re.sub(rf"\s*{_UNIT.pattern}$", "", said)
    times = Decimal(1)
    if match := _MULTIPLE.search(body):
        times, body = _TIMES[match[1]], body[: match.start()]
    if not said:
        return None
    grouping = "." if decimal_mark == "," else ","
    mark, group = re.escape(decimal_mark), re.escape(grouping)
    pattern = rf"([-+]?)(\d{{1,3}}(?:{group}\d{{3}})+|\d{{1,3}}(?: \d{{3}})+|\d{{1,40}})(?:{mark}(\d{{1,40}}))?"
    found = re.fullmatch(pattern, body, re.ASCII)
    if found is None:
        raise SetAside("bad-number", f"{text[:80]!r} is not a number")
    sign, whole, fraction = found.groups()
    digits = whole.replace(grouping, "").replace(" ", "")
    return Decimal(f"{sign}{digits}.{fraction or '0'}") * times
