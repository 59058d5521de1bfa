"""When a page says that its article was published and changed.

The date for machines is asked together with the date readers see and the time in the address (see
:func:`migrator.text.dates_reconcile.reconcile`); one that contradicts what readers see is not believed. What cannot be
read is no date, with a reason, and never the day of the reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from migrator.errors import SetAside
from migrator.extract.page.model import PageDate
from migrator.text.dates import ReadDate, read_date
from migrator.text.dates_in_ids import instant_in_id
from migrator.text.dates_reconcile import reconcile
from migrator.text.dates_relative import is_relative

NOT_BEFORE = datetime(1995, 1, 1, tzinfo=UTC)
"""No Vietnamese newspaper was on the web before (the first ones came in 1997)."""

NOT_AFTER = datetime(2090, 1, 1, tzinfo=UTC)

_LONGEST = 300
_CHANGED = re.compile(r"^\W*(?:cập nhật|sửa|updated|last (?:updated|modified))", re.IGNORECASE)
_WEEKDAY = (
    r"(?:(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s+nhật|cn|t[2-7]"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?)\s*[,(|–-]*\s*)"
)
_CLOCK = r"\d{1,2}\s?[:hg]\s?\d{2}(?:\s?:\s?\d{2})?(?:\s?(?:SA|CH|AM|PM)\b)?(?:\s*\(?(?:GMT|UTC)\s?[+-]\s?\d{1,2}\)?)?"
_DAY = r"(?:ngày\s+)?\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:\d{4}|\d{2})(?!\d)"
_WORDY_DAY = r"(?:ngày\s+)?\d{1,2}\s+(?:tháng|thg)\s+\d{1,2}[\s,]+(?:năm\s+)?\d{4}"
_WITHIN = re.compile(
    rf"(?<![\w/.-]){_WEEKDAY}?(?:{_CLOCK}\s*[,|–-]*\s*)?{_WEEKDAY}?(?:{_DAY}|{_WORDY_DAY})(?:\s*[,|–-]*\s*(?:lúc\s*)?{_CLOCK})?",
    re.IGNORECASE,
)
_ONE_DIGIT = re.compile(r"(?<![\d:])(\d{1,2}:)(\d)(?![\d:])")
_UTC = re.compile(r"\s*(?:Z|[+-]00:?00|UTC|GMT)\s*$", re.IGNORECASE)
_ZONE = re.compile(r"(?<=\d)\s*(?:Z|[+-]\d{2}:?\d{2})\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known beside the page: when it was fetched (aware, or null), and the lifetime of the source."""

    fetched_at: datetime | None = None
    not_before: datetime = NOT_BEFORE
    not_after: datetime = NOT_AFTER
    formats: tuple[str, ...] = ()
    machine_dates_are_local: bool = False

    def read(self, text: str) -> ReadDate:
        """A date as readers see it. SetAside."""
        return read_date(
            self.usual(text), fetched_at=self.fetched_at, not_before=self.not_before, not_after=self.not_after
        )

    def reconciled(self, machine: str, visible: str | None, in_id: datetime | None) -> ReadDate:
        """A date for machines, with its witnesses. SetAside."""
        stated = _ZONE.sub("", machine) if self.machine_dates_are_local else machine
        return reconcile(
            self.usual(stated), self.usual(visible) if visible else None, in_id,
            fetched_at=self.fetched_at, not_before=self.not_before, not_after=self.not_after,
        )  # fmt: skip

    def usual(self, text: str) -> str:
        """A date of one of the profile's own formats, or with minutes of one digit ("9:5"), written the usual way."""
        for form in self.formats:
            try:
                moment = datetime.strptime(text.strip(), form)
            except ValueError:
                continue
            has_clock = any(sign in form for sign in ("%H", "%I", "%X", "%c", "%s"))
            return moment.strftime("%Y-%m-%dT%H:%M:%S" if has_clock else "%Y-%m-%d")
        return _ONE_DIGIT.sub(r"\g<1>0\2", text)


def is_change(text: str) -> bool:
    """Whether the text of a date says that it is the date of a change."""
    return _CHANGED.match(text) is not None


def date_within(text: str, calendar: Calendar) -> str:
    """The part of a text that is a date, or empty: "Đăng bởi admin | 20/06/2024 - 15:39 | 12 lượt xem"."""
    text = text[:_LONGEST]
    if calendar.usual(text) != text or is_relative(text) or _reads(text, calendar):
        return text
    match = _WITHIN.search(text)
    return match[0] if match and _reads(match[0], calendar) else ""


def without_date(text: str) -> str:
    """A text without the dates in it; the same where there is none."""
    return _WITHIN.sub(" ", text[:_LONGEST])


def _reads(text: str, calendar: Calendar) -> bool:
    try:
        calendar.read(text)
    except SetAside:
        return False
    return True


def page_date(machine: Sequence[str], visible: Sequence[str], url: str | None, calendar: Calendar) -> PageDate:
    """One date from what is stated for machines and for readers, each the best first."""
    shown = next((text for each in visible if (text := date_within(each, calendar))), "")
    in_id = instant_in_id(url) if url else None
    witness = shown if shown and not is_relative(shown) else None
    failures: list[tuple[str, str]] = []
    doubtful: PageDate | None = None
    for each in machine:
        found = _tried(each, partial(calendar.reconciled, each, witness, in_id), failures)
        if found is None:
            continue
        if not any(code == "dates-disagree" for code, _ in found.warnings):
            return found
        doubtful = doubtful or found
    for each in (shown, *visible):
        found = _tried(each, partial(calendar.read, each), failures) if each else None
        if found is not None:
            ignored = tuple(("machine-date-ignored", why) for text, why in failures if text in machine)
            return replace(found, warnings=(*found.warnings, *ignored[:1]))
    if doubtful is not None:
        return doubtful
    raw, reason = failures[0] if failures else ("", "the page shows no date")
    return PageDate(raw=raw, reason=reason)


def _tried(text: str, read: Callable[[], ReadDate], failures: list[tuple[str, str]]) -> PageDate | None:
    try:
        found = read()
    except SetAside as error:
        failures.append((text, error.detail))
        return None
    return PageDate(found.instant, found.precision, text, "", found.warnings)


def updated_date(
    machine: Sequence[str], visible: Sequence[str], published: PageDate, url: str | None, calendar: Calendar
) -> PageDate:
    """The date of the last change. Where the publication was local time marked as UTC, so is this."""
    was_local = any(code == "local-marked-utc" for code, _ in published.warnings)
    if was_local and not visible:
        machine = [_UTC.sub("", each) for each in machine]
    found = page_date(machine, visible, None if published.instant else url, calendar)
    if was_local and not visible and found.instant is not None:
        found = replace(found, warnings=(*found.warnings, ("local-marked-utc", "as the date of publication")))
    if found.instant is not None and published.instant is not None and found.instant < published.instant:
        found = replace(found, warnings=(*found.warnings, ("updated-before-published", found.raw)))
    return found
