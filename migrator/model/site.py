"""What a platform with an API says of itself, as far as it matters before a run. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """One site. ``batches`` says why several records do not go in one call; empty where they do.

    ``now`` is the site's clock, ``asked_at`` ours in the middle of the question, both aware UTC; ``offset_minutes`` is the
    distance of the zone its readers see from UTC. ``uploads`` says why files cannot be kept, empty where they can;
    ``free_bytes`` is the room for them, None where the site may not tell. ``is_network``: it is one of several that share
    their users.
    """

    version: str
    is_network: bool
    batches: str
    now: datetime
    asked_at: datetime
    zone: str
    offset_minutes: int
    uploads: str
    free_bytes: int | None
