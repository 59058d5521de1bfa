"""What reading a byline gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["text", "photo", "video", "audio", "graphics", "translation", "compiled", "editing", "production"]
"""What somebody did. ``compiled``: put together from, or taken from, what others published."""

Kind = Literal["person", "agency", "collective", "source"]
"""Who it is: a person, a news agency, a group without names ("Nhóm phóng viên"), or another publication."""

CONFIDENT = 0.75
"""Below this a reading belongs on the list for review; nothing may follow from it automatically."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One name and what it did.

    ``confidence`` is between 0 and 1. A person who is not ``registered`` is always below :data:`CONFIDENT`. ``title``
    is what stood before the name ("TS.", "PV"), or empty.
    """

    name: str
    role: Role
    kind: Kind
    confidence: float
    registered: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Byline:
    """A byline as read. ``raw`` is what was given, verbatim.

    ``confidence`` is that of the weakest contribution, and 0 where there is none or something stayed ``unread``.
    """

    raw: str
    contributions: tuple[Contribution, ...]
    confidence: float
    unread: tuple[str, ...] = ()
