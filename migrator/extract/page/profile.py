"""What a site profile says: how to know a family of sites, and where on its pages each field stands.

Profiles are YAML files that a consultant writes; see ``docs/pages.md``. Reading them: :mod:`.profile_reading`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FIELDS = (
    "headline",
    "standfirst",
    "body",
    "byline",
    "source",
    "published",
    "published_machine",
    "updated",
    "updated_machine",
    "sections",
    "tags",
    "lead_image",
    "videos",
    "canonical",
    "language",
)
"""The fields a profile may name. ``published`` is the date readers see, ``published_machine`` the one for machines."""

LISTS = frozenset(("sections", "tags", "videos"))
"""Of these every match counts, of the others the first that says something."""

Pick = Literal["first", "last", "longest"]
PICKS: tuple[Pick, ...] = ("first", "last", "longest")


@dataclass(frozen=True, slots=True)
class Rule:
    """One place where a field may stand.

    The value is the text of the element, or the attribute named. ``pick`` says which match counts. ``pattern``: only
    what it matches is the value (its group, where it has one); a text without a match says nothing. ``in_body``: the
    selector is asked below the body only, and what it finds is taken out of the body. ``join``: all matches together
    are the value, with " - " between them. ``without``: elements in it whose text does not count.
    """

    css: str
    attribute: str = ""
    pick: Pick = "first"
    pattern: re.Pattern[str] | None = None
    in_body: bool = False
    join: bool = False
    without: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """How a family is known. ``url`` is searched in path and query, ``media`` in the addresses of pictures."""

    generator: re.Pattern[str] | None = None
    css: tuple[str, ...] = ()
    url: re.Pattern[str] | None = None
    media: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class ImageRules:
    """Pictures of a body: the element that holds one with its caption, and where in it caption and credit stand.

    ``source``: attributes with the address, the best first. ``placeholder``: captions that are none.
    """

    block: tuple[str, ...] = ()
    caption: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    placeholder: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """One family of sites, or one site. Without a rule for ``body`` the body is found automatically.

    ``remove``: elements that are no part of the article, wherever they stand in the body; ``related``: the same, but
    their links lead to related articles. ``remove_text``: blocks of the body whose whole text begins so.
    ``standfirst_prefix``: what the paper sets before every standfirst. ``date_formats``: for dates that are not written
    as the Vietnamese do, tried first (``datetime.strptime``). ``machine_dates_are_local``: whatever zone they claim.
    """

    name: str
    title: str = ""
    marks: Marks = Marks()
    rules: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    remove_text: tuple[re.Pattern[str], ...] = ()
    related: tuple[str, ...] = ()
    images: ImageRules = ImageRules()
    standfirst_prefix: tuple[re.Pattern[str], ...] = ()
    date_formats: tuple[str, ...] = ()
    machine_dates_are_local: bool = False
