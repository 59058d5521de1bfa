"""Dates that count back from when the page was fetched ("2 giờ trước", "hôm qua, 15:39")."""

from __future__ import annotations

import calendar
import re
from datetime import datetime, time, timedelta

from migrator.text.dates_shapes import NEWSROOM_ZONE, Precision, simplified

_UNITS: dict[str, tuple[Precision, timedelta]] = {
    **dict.fromkeys(("giây", "second"), ("second", timedelta(seconds=1))),
    **dict.fromkeys(("phút", "minute"), ("minute", timedelta(minutes=1))),
    **dict.fromkeys(("giờ", "tiếng", "hour"), ("hour", timedelta(hours=1))),
    **dict.fromkeys(("ngày", "day"), ("day", timedelta(days=1))),
    **dict.fromkeys(("tuần", "week"), ("week", timedelta(weeks=1))),
}
_CALENDAR_UNITS: dict[str, tuple[Precision, int]] = {
    **dict.fromkeys(("tháng", "month"), ("month", 1)),
    **dict.fromkeys(("năm", "year"), ("year", 12)),
}
_COUNTED = rf"(?:khoảng )?(?P<n>\d{{1,4}}|một) ?(?P<unit>{'|'.join((*_UNITS, *_CALENDAR_UNITS))})s?"
_AGO = (re.compile(rf"{_COUNTED} (?:trước|ago)"), re.compile(rf"cách đây {_COUNTED}"))
_DAY = r"(?P<day>hôm nay|hôm qua|hôm kia|today|yesterday)"
_TIME = r"(?:lúc )?(?P<h>\d{1,2}) ?[:h] ?(?P<i>\d{2})"
_NEAR = (re.compile(rf"{_DAY}(?:[\s,-]*{_TIME})?"), re.compile(rf"{_TIME}[\s,-]*{_DAY}"))
_DAYS_BACK = {"hôm nay": 0, "today": 0, "hôm qua": 1, "yesterday": 1, "hôm kia": 2}
_JUST_NOW = frozenset({"vừa xong", "just now"})
_RELATIVE = re.compile(
    r"trước|cách đây|hôm (?:nay|qua|kia)|vừa xong|mới đây|vừa mới|\b(?:ago|just now|yesterday|today)\b"
)
_PREFIX = re.compile(r"(?:(?:đã )?(?:cập nhật|đăng|xuất bản)|updated|posted|published)(?: lúc)?\s*:?\s*")


def is_relative(text: str) -> bool:
    """Whether the text tells a date by its distance, in whatever words."""
    return _RELATIVE.search(simplified(text)) is not None


def counted_back(text: str, fetched_at: datetime) -> tuple[datetime, Precision]:
    """The moment (aware) so long before ``fetched_at``, as exactly as the text's unit says. ValueError where vague."""
    plain = simplified(text).strip(" ,.-|()")
    prefix = _PREFIX.match(plain)
    plain = plain[prefix.end() :] if prefix else plain
    local = fetched_at.astimezone(NEWSROOM_ZONE)
    if plain in _JUST_NOW:
        return local, "minute"
    ago = next((match for pattern in _AGO if (match := pattern.fullmatch(plain))), None)
    if ago:
        return _ago(1 if ago["n"] == "một" else int(ago["n"]), ago["unit"], local)
    near = next((match for pattern in _NEAR if (match := pattern.fullmatch(plain))), None)
    if near:
        return _near(near, local)
    raise ValueError("says only vaguely when")


def _ago(count: int, unit: str, local: datetime) -> tuple[datetime, Precision]:
    if unit in _UNITS:
        precision, length = _UNITS[unit]
        return local - count * length, precision
    precision, months = _CALENDAR_UNITS[unit]
    year, month = divmod(local.year * 12 + local.month - 1 - count * months, 12)
    if year < 1:
        raise ValueError("lies before all calendars")
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day), precision


def _near(match: re.Match[str], local: datetime) -> tuple[datetime, Precision]:
    day = local.date() - timedelta(days=_DAYS_BACK[match["day"]])
    if match["h"] is None:
        return datetime.combine(day, time(), NEWSROOM_ZONE), "day"
    return datetime.combine(day, time(int(match["h"]), int(match["i"])), NEWSROOM_ZONE), "minute"
