"""What a date on a page states, part by part. Strict: a text with anything left over that is not filling is not read.

Days come before months, as in Vietnam; nothing is guessed from an impossible month.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from migrator.text.composed import composed

Precision = Literal["second", "minute", "hour", "day", "week", "month", "year"]

NEWSROOM_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""The zone of every clock a newsroom in Vietnam has, and of every date without one."""

_MONTHS_VI = {
    "một": 1,
    "hai": 2,
    "ba": 3,
    "tư": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
    "mười một": 11,
    "mười hai": 12,
}
_MONTHS_EN = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_WEEKDAYS = {
    **dict.fromkeys(("thứ hai", "thứ 2", "t2", "monday", "mon"), 0),
    **dict.fromkeys(("thứ ba", "thứ 3", "t3", "tuesday", "tue"), 1),
    **dict.fromkeys(("thứ tư", "thứ 4", "t4", "wednesday", "wed"), 2),
    **dict.fromkeys(("thứ năm", "thứ 5", "t5", "thursday", "thu"), 3),
    **dict.fromkeys(("thứ sáu", "thứ 6", "t6", "friday", "fri"), 4),
    **dict.fromkeys(("thứ bảy", "thứ bẩy", "thứ 7", "t7", "saturday", "sat"), 5),
    **dict.fromkeys(("chủ nhật", "chúa nhật", "cn", "sunday", "sun"), 6),
}


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


_WEEKDAY = re.compile(rf"(?<!\w)(?:{_any_of(_WEEKDAYS)})(?!\w)")
_WORD = _any_of(_MONTHS_VI)
_ENGLISH = rf"(?P<m>{_any_of(_MONTHS_EN)})(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\.?"
_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\d:])(?P<y>\d{4})(?P<s>[/.-])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)(?:t(?=\d))?",
        r"(?<![\d:])(?P<d>\d{1,2})\s?(?P<s>[/.-])\s?(?P<m>\d{1,2})\s?(?P=s)\s?(?P<y>\d{4}|\d{2})(?!\d)",
        rf"(?<![\d:])(?P<d>\d{{1,2}})\s*(?:tháng|thg\.?|th\.?)\s*(?P<m>\d{{1,2}}|{_WORD})"
        r"\s*[,/-]?\s*(?:năm\s*)?(?P<y>\d{4})(?!\d)",
        rf"(?:tháng|thg|th)\s*(?P<m>{_WORD}|\d{{1,2}})\s+(?P<d>\d{{1,2}})\s*,\s*(?P<y>\d{{4}})(?!\d)",
        rf"(?<![\d:])(?P<d>\d{{1,2}})[\s-]{_ENGLISH},?[\s-](?P<y>\d{{4}}|\d{{2}})(?![\d:h])",
        rf"(?<!\w){_ENGLISH}\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})(?!\d)",
    )
)
_HALF = r"(?:\s?(?P<half>sa|ch|am|pm|a\.m\.|p\.m\.|sáng|chiều|tối)(?!\w))?"
_NAMED_ZONE = r"(?:gmt|utc)\s?[+-]\s?\d{1,2}(?::?\d{2})?|(?:gmt|utc|ict)(?!\w)"
_ZONE = rf"(?:[\s,-]*[(\[]?\s?(?P<zone>{_NAMED_ZONE}|z(?!\w)|(?<=\d)\s?[+-]\d{{2}}(?::?\d{{2}})?)(?![\d/:-]))?"
_ZONE_APART = re.compile(rf"(?<!\w)(?P<zone>{_NAMED_ZONE})(?![\d/:-])")
_CLOCKS = tuple(
    re.compile(pattern + _HALF + _ZONE)
    for pattern in (
        r"(?<![\d:])(?P<h>\d{1,2})\s?:\s?(?P<i>\d{2})(?:\s?:\s?(?P<s>\d{2})(?:[.,]\d{1,9})?)?(?![\d:])",
        r"(?<![\d:])(?P<h>\d{1,2})\s?(?:giờ|h|g)(?!\w|\s?\d)",
        r"(?<![\d:])(?P<h>\d{1,2})\s?(?:giờ|h|g)\s?(?P<i>\d{1,2})(?:\s?(?:phút|p|')(?!\w))?"
        r"(?:\s?(?P<s>\d{1,2})\s?giây)?(?![\w:])",
    )
)
_FILLING = re.compile(
    r"(?:[\s,.;:|()\[\]•–—-]|(?<!\w)(?:ngày|lúc|vào|hồi|thời gian|cập nhật|đăng|đăng tải|xuất bản|xuất bản vào"
    r"|last modified|updated|published|posted|on|at)(?!\w))*"
)
_OFFSET = re.compile(r"(?:gmt|utc)?\s?([+-])\s?(\d{1,2}):?(\d{2})?")
# NukeViet writes PHP's "T" for the T of ISO 8601, and so the zone between date and time: 2025-05-13+0721:30:00.
_ZONE_AS_T = re.compile(r"(\d{4}-\d{2}-\d{2})([+-]\d{2}|ict|utc|gmt)(\d{2}:\d{2}:\d{2})")
_CUT = "|"
_NO_CLOCK: tuple[time, Precision] = (time(), "day")


@dataclass(frozen=True, slots=True)
class Stated:
    """The parts a text states, nothing concluded yet.

    ``days`` are the days it may mean: one, or one a century where ``short_year``. ``clock`` is midnight and
    ``precision`` is ``day`` where no time is stated; ``offset`` is None where no zone is; ``weekday`` counts from
    Monday = 0.
    """

    days: tuple[date, ...]
    short_year: bool
    clock: time
    precision: Precision
    offset: timedelta | None
    weekday: int | None


def simplified(text: str) -> str:
    """The text as the patterns want it: NFC, lower case, single spaces, plain colons."""
    return " ".join(composed(text).replace("：", ":").replace("\u200b", "").lower().split())


def stated(text: str) -> Stated:
    """The parts of an absolute date. ValueError, with what is wrong, for anything else."""
    rest = simplified(text)
    slip = _ZONE_AS_T.fullmatch(rest)
    rest = f"{slip[1]} {slip[3]} {slip[2]}" if slip else rest
    weekday, rest = _take((_WEEKDAY,), rest)
    day, rest = _take(_DAYS, rest)
    if day is None:
        raise ValueError("no full date in it")
    clock, rest = _take(_CLOCKS, rest)
    zone, rest = (clock, rest) if clock and clock["zone"] else _take((_ZONE_APART,), rest)
    if not _FILLING.fullmatch(rest):
        raise ValueError(f"{rest.strip(' |,-')!r} is left over")
    hour, precision = _clock(clock) if clock else _NO_CLOCK
    offset = _offset(zone["zone"]) if zone else None
    return Stated(
        days=_days(day),
        short_year=len(day["y"]) == 2,
        clock=hour,
        precision=precision,
        offset=offset,
        weekday=_WEEKDAYS[weekday[0]] if weekday else None,
    )


def _take(patterns: tuple[re.Pattern[str], ...], text: str) -> tuple[re.Match[str] | None, str]:
    """The first match of the first pattern that has one, and the text with a bar in its place."""
    match = next((found for pattern in patterns if (found := pattern.search(text))), None)
    return match, f"{text[: match.start()]}{_CUT}{text[match.end() :]}" if match else text


def _days(match: re.Match[str]) -> tuple[date, ...]:
    word = match["m"]
    month = _MONTHS_VI.get(word) or _MONTHS_EN.get(word) or int(word)
    years = (int(match["y"]),) if len(match["y"]) == 4 else (1900 + int(match["y"]), 2000 + int(match["y"]))
    found = tuple(_existing(year, month, int(match["d"])) for year in years)
    days = tuple(day for day in found if day)
    if not days:
        raise ValueError(f"there is no day {match['d']}/{month}/{match['y']}")
    return days


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(match: re.Match[str]) -> tuple[time, Precision]:
    parts = match.groupdict()
    hour, minute, second = int(match["h"]), int(parts.get("i") or 0), int(parts.get("s") or 0)
    half = (match["half"] or "").replace(".", "")
    if half in {"sa", "am", "sáng"}:
        if hour > 12:
            raise ValueError(f"{hour} o'clock is not before noon")
        hour %= 12
    elif half:
        if not hour or (half == "tối" and hour == 12):
            raise ValueError(f"{hour} o'clock is not after noon")
        hour = hour if hour >= 12 else hour + 12
    precision: Precision = "second" if parts.get("s") else "minute" if parts.get("i") else "hour"
    return time(hour, minute, second), precision


def _offset(zone: str) -> timedelta:
    if zone.strip() == "ict":
        return timedelta(hours=7)
    match = _OFFSET.fullmatch(zone.strip())
    if not match:
        return timedelta()
    hours, minutes = int(match[2]), int(match[3] or 0)
    if hours > 14 or minutes > 59:
        raise ValueError(f"there is no zone {zone.strip()}")
    distance = timedelta(hours=hours, minutes=minutes)
    return -distance if match[1] == "-" else distance
