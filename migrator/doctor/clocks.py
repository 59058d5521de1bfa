"""Clocks that differ make cut-offs and leases lie; zones that differ shift dates."""

from __future__ import annotations

from datetime import datetime

from migrator.doctor.diagnosis import Diagnosis, Level
from migrator.model.server import ServerFacts
from migrator.model.site import SiteFacts

CHECK = "clock"
WARN_S, FAULT_S = 5.0, 120.0
_VIETNAM = 7 * 60
_USUAL_OFFSETS = frozenset({0, _VIETNAM})
"""UTC and Vietnam, in minutes."""


def clock(subject: str, facts: ServerFacts) -> list[Diagnosis]:
    """The server's clock against ours, and its zone. A file has neither."""
    if facts.offset_minutes is None:
        return []
    off_s = (facts.now - facts.asked_at).total_seconds()
    said = {"seconds": round(abs(off_s), 1), "zone": facts.zone, "offset": shown_offset(facts.offset_minutes)}
    if abs(off_s) >= WARN_S:
        level = Level.FAULT if abs(off_s) >= FAULT_S else Level.WARNING
        return [Diagnosis(CHECK, subject, level, "clock_ahead" if off_s > 0 else "clock_behind", said)]
    if facts.offset_minutes not in _USUAL_OFFSETS:
        return [Diagnosis(CHECK, subject, Level.WARNING, "zone_unusual", said)]
    return [Diagnosis(CHECK, subject, Level.OK, "clock_good", said)]


def of_site(subject: str, facts: SiteFacts) -> list[Diagnosis]:
    """The site's clock against ours. Its zone is for readers alone: times are sent in UTC."""
    off_s = (facts.now - facts.asked_at).total_seconds()
    said = {"seconds": round(abs(off_s), 1), "zone": facts.zone, "offset": shown_offset(facts.offset_minutes)}
    if abs(off_s) >= WARN_S:
        # articles of the future are kept back until the site's own clock says so
        level = Level.FAULT if abs(off_s) >= FAULT_S else Level.WARNING
        return [Diagnosis(CHECK, subject, level, "clock_ahead" if off_s > 0 else "clock_behind", said)]
    if facts.offset_minutes != _VIETNAM:
        return [Diagnosis(CHECK, subject, Level.WARNING, "site_zone", said)]
    return [Diagnosis(CHECK, subject, Level.OK, "clock_good", said)]


def own_zone(now: datetime) -> list[Diagnosis]:
    """This machine's zone: `--until` and `--deadline` are read in it. ``now`` is local and aware."""
    offset = now.utcoffset()
    minutes = 0 if offset is None else int(offset.total_seconds() // 60)
    said = {"zone": now.tzname() or "", "offset": shown_offset(minutes), "time": f"{now:%H:%M}"}
    level = Level.OK if minutes == _VIETNAM else Level.WARNING
    return [Diagnosis(CHECK, "", level, "own_zone" if level is Level.OK else "own_zone_elsewhere", said)]


def shown_offset(minutes: int) -> str:
    """+07:00"""
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
