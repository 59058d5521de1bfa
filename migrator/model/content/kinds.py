"""What a field can hold, and how an entity is declared.

Values of the kinds, in Python: TEXT and HTML ``str`` (NFC), INTEGER ``int``, BOOLEAN ``bool``, INSTANT aware UTC
``datetime``, REF a legacy key ``str``, REFS a tuple of legacy keys in order, TEXTS a tuple of ``str``. Any may be
``None`` except REFS and TEXTS, whose nothing is ``()``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

Value = str | int | bool | datetime | tuple[str, ...] | None


class Kind(Enum):
    """What a field holds."""

    TEXT = "text"
    HTML = "html"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    REF = "ref"
    REFS = "refs"
    TEXTS = "texts"


PLURAL = frozenset({Kind.REFS, Kind.TEXTS})
REFERENCES = frozenset({Kind.REF, Kind.REFS})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entity. ``max_length`` counts Unicode code points; ``to`` names the entity a reference points to.

    ``personal`` says that the field holds data of a person who did not publish it: it is filled only where the project
    allows it, with a purpose and a legal basis. ``keeps_empty`` says that an empty text in a list has a meaning.
    """

    name: str
    kind: Kind
    doc: str
    required: bool = False
    max_length: int | None = None
    choices: frozenset[str] = frozenset()
    to: str | None = None
    personal: bool = False
    keeps_empty: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class EntityType:
    """An entity and its fields, in the order fingerprints are taken. There is one of each: it is equal to itself alone.

    ``by_name`` has the fields by their name; ``references`` are those that point to other records.
    """

    name: str
    fields: tuple[Field, ...]
    by_name: Mapping[str, Field] = field(init=False, repr=False)
    references: tuple[Field, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {each.name: each for each in self.fields})
        object.__setattr__(self, "references", tuple(each for each in self.fields if each.kind in REFERENCES))


def text(name: str, doc: str, *, required: bool = False, length: int | None = 255, personal: bool = False) -> Field:
    """A field of text; ``length`` None for any length."""
    return Field(name, Kind.TEXT, doc, required=required, max_length=length, personal=personal)


def choice(name: str, doc: str, choices: frozenset[str], *, required: bool = False) -> Field:
    """A field of text with a closed list of values."""
    return Field(name, Kind.TEXT, doc, required=required, choices=choices)


def texts(name: str, doc: str, *, keeps_empty: bool = False) -> Field:
    """A list of texts."""
    return Field(name, Kind.TEXTS, doc, keeps_empty=keeps_empty)


def integer(name: str, doc: str, *, required: bool = False) -> Field:
    """A whole number of 64 bits."""
    return Field(name, Kind.INTEGER, doc, required=required)


def flag(name: str, doc: str) -> Field:
    """True or false."""
    return Field(name, Kind.BOOLEAN, doc)


def instant(name: str, doc: str) -> Field:
    """A moment; its name ends in ``_at``."""
    return Field(name, Kind.INSTANT, doc)


def ref(name: str, to: str, doc: str, *, required: bool = False) -> Field:
    """A reference to one record."""
    return Field(name, Kind.REF, doc, required=required, to=to)


def refs(name: str, to: str, doc: str) -> Field:
    """References to records, in order."""
    return Field(name, Kind.REFS, doc, to=to)


SLUG = text("slug", "part of the public address; ASCII")
LEGACY_URL = text("legacy_url", "path (and query) the record had on the legacy site", length=1000)
POSITION = integer("position", "order among its siblings")
