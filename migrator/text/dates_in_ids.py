"""Legacy ids that carry the time they were given out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from migrator.text.dates_shapes import NEWSROOM_ZONE

_VCCORP = re.compile(r"(?<!\d)185(\d{12})(\d{3})(?!\d)")
_DANTRI = re.compile(r"(?<!\d)(20\d{12})(\d{3})(?!\d)")


def instant_in_id(text: str) -> datetime | None:
    """The instant (aware UTC, to the millisecond) in an id, or in an address that holds one; None where there is none.

    Two layouts, in local time: ``185yymmddHHMMSSmmm`` (VCCorp) and ``yyyymmddHHMMSSmmm`` (dantri). It is when the
    article was entered, which may be long before it was published. An address with two different ones has none.
    """
    found = {_instant(f"20{seconds}", thousandths) for seconds, thousandths in _VCCORP.findall(text)}
    found |= {_instant(seconds, thousandths) for seconds, thousandths in _DANTRI.findall(text)}
    return found.pop() if len(found) == 1 else None


def _instant(seconds: str, thousandths: str) -> datetime | None:
    try:
        moment = datetime.strptime(seconds, "%Y%m%d%H%M%S")
    except ValueError:
        return None
    return (moment + timedelta(milliseconds=int(thousandths))).replace(tzinfo=NEWSROOM_ZONE).astimezone(UTC)
