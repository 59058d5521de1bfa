"""What the doctor says of a platform with an API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from migrator.doctor import Diagnosis, Level, sites
from migrator.i18n import LANGUAGES, has, text
from migrator.model.site import SiteFacts

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
GB = 10**9


def facts(**changed: Any) -> SiteFacts:
    said: dict[str, Any] = {
        "version": "6.1.9", "is_network": False, "batches": "", "now": NOON, "asked_at": NOON, "zone": "Asia/Ho_Chi_Minh",
        "offset_minutes": 420, "uploads": "", "free_bytes": GB,
    }  # fmt: skip
    return SiteFacts(**{**said, **changed})


def test_a_good_site_has_nothing_to_complain_of() -> None:
    assert {(d.code, d.level) for d in sites.site("target", facts())} == {
        ("site_version", Level.OK), ("clock_good", Level.OK),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "code", "level"),
    [
        ({"version": "5.9.3"}, "site_older", Level.WARNING),
        ({"version": "6.2-beta3"}, "site_version", Level.OK),
        ({"batches": "WordPress answers 404"}, "site_no_batches", Level.WARNING),
        ({"is_network": True}, "site_network", Level.WARNING),
        ({"uploads": "Unable to create directory"}, "site_uploads", Level.FAULT),
        ({"offset_minutes": 0, "zone": "+00:00"}, "site_zone", Level.WARNING),
        ({"now": NOON + timedelta(minutes=3)}, "clock_ahead", Level.FAULT),
        ({"now": NOON - timedelta(seconds=9)}, "clock_behind", Level.WARNING),
    ],
)
def test_whatever_is_not_well_is_said_with_what_to_do(changed: dict[str, Any], code: str, level: Level) -> None:
    (found,) = [d for d in sites.site("target", facts(**changed)) if d.code == code]
    assert found.level is level
    demand_words(found)


@pytest.mark.parametrize(
    ("free", "level"), [(None, Level.UNCHECKED), (GB, Level.FAULT), (3 * GB, Level.WARNING), (9 * GB, Level.OK)]
)
def test_room_for_files_is_held_against_their_bytes(free: int | None, level: Level) -> None:
    found = sites.room("target", free, 2_500_000_000)
    assert found.level is level
    demand_words(found)


def test_what_a_plugin_rewrites_is_named() -> None:
    found = sites.kept("target", ["body_html", "slug"])
    assert (found.level, found.facts["fields"]) == (Level.WARNING, "body_html, slug")
    demand_words(found)
    assert sites.kept("target", []).level is Level.OK


def demand_words(diagnosis: Diagnosis) -> None:
    for language in LANGUAGES:
        assert text(f"doctor.said.{diagnosis.code}", language, **diagnosis.facts)
        assert diagnosis.level is Level.OK or has(f"doctor.next.{diagnosis.code}", language)
