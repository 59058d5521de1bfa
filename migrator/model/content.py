"""The canonical content of a newsroom: which entities there are and which fields each has.

One declaration serves everybody: the mapping is checked against it, the SQL platform makes its tables from it, the
auditor reads records back by it. Loader and Reader therefore share no code, only this vocabulary.

Values of the kinds, in Python: TEXT and HTML ``str`` (NFC), INTEGER ``int``, BOOLEAN ``bool``, INSTANT aware UTC
``datetime``, REF a legacy key ``str``, REFS a tuple of legacy keys in order, TEXTS a tuple of ``str``. Any may be
``None`` except REFS and TEXTS, whose nothing is ``()``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
    """One field of an entity. ``max_length`` counts Unicode code points; ``to`` names the entity a reference points to."""

    name: str
    kind: Kind
    doc: str
    required: bool = False
    max_length: int | None = None
    choices: frozenset[str] = frozenset()
    to: str | None = None


@dataclass(frozen=True, slots=True)
class EntityType:
    """An entity and its fields, in the order fingerprints are taken."""

    name: str
    fields: tuple[Field, ...]

    @property
    def by_name(self) -> Mapping[str, Field]:
        """Fields by their name."""
        return {field.name: field for field in self.fields}

    @property
    def references(self) -> tuple[Field, ...]:
        """The fields that point to other records."""
        return tuple(field for field in self.fields if field.kind in REFERENCES)


STATUSES = frozenset(
    {
        "draft",
        "awaiting_edit",
        "in_edit",
        "returned",
        "awaiting_approval",
        "scheduled",
        "published",
        "archived",
        "expired",
        "inactive",
        "retracted",
    }
)
"""Workflow states. Only ``published`` and ``archived`` are public."""


def _text(name: str, doc: str, *, required: bool = False, length: int | None = 255) -> Field:
    return Field(name, Kind.TEXT, doc, required=required, max_length=length)


def _ref(name: str, to: str, doc: str, *, required: bool = False) -> Field:
    return Field(name, Kind.REF, doc, required=required, to=to)


def _refs(name: str, to: str, doc: str) -> Field:
    return Field(name, Kind.REFS, doc, to=to)


_SLUG = _text("slug", "part of the public address; ASCII")
_LEGACY_URL = _text("legacy_url", "path (and query) the record had on the legacy site", length=1000)
_POSITION = Field("position", Kind.INTEGER, "order among its siblings")

SECTION = EntityType(
    "section",
    (
        _text("name", "name as readers see it", required=True),
        _SLUG,
        _ref("parent", "section", "section above; null at the top"),
        _text("description", "introduction of the section page", length=None),
        _POSITION,
        Field("is_active", Kind.BOOLEAN, "false for a suspended section"),
        _LEGACY_URL,
    ),
)

TOPIC = EntityType(
    "topic",
    (
        _text("name", "name of the event stream", required=True),
        _SLUG,
        _text("description", "introduction", length=None),
        _POSITION,
        _LEGACY_URL,
    ),
)

TAG = EntityType(
    "tag",
    (
        _text("name", "the tag", required=True),
        _SLUG,
        Field("synonyms", Kind.TEXTS, "other spellings, as the legacy system lists them"),
        _text("description", "introduction", length=None),
        _LEGACY_URL,
    ),
)

PERSON = EntityType(
    "person",
    (
        _text("name", "pen name, as printed", required=True),
        _SLUG,
        _text("biography", "what the paper says of the author", length=None),
        Field("is_active", Kind.BOOLEAN, "false for an author who no longer writes"),
        _LEGACY_URL,
    ),
)

ASSET = EntityType(
    "asset",
    (
        _text("path", "path of the original below the legacy site's root, decoded", required=True, length=1000),
        _text("file_name", "last part of the path"),
        Field("media_type", Kind.TEXT, "what it is", choices=frozenset({"picture", "video", "audio", "file"})),
        _text("mime_type", "by the file's extension"),
        Field("size_bytes", Kind.INTEGER, "as the legacy inventory says"),
        Field("width", Kind.INTEGER, "pixels"),
        Field("height", Kind.INTEGER, "pixels"),
        _text("title", "name given by the newsroom"),
        _text("alt", "text for those who do not see the picture", length=None),
        _text("caption", "text below the picture", length=None),
        _text("credit", "who made it"),
        Field("created_at", Kind.INSTANT, "when it was uploaded"),
    ),
)

ARTICLE = EntityType(
    "article",
    (
        _text("headline", "headline, plain text", required=True),
        _text("standfirst", "sapo, plain text", length=None),
        Field("body_html", Kind.HTML, "body, cleaned"),
        _text("body_text", "body as plain text, a line a block", length=None),
        Field("word_count", Kind.INTEGER, "words of body_text"),
        _SLUG,
        Field("genre", Kind.TEXT, "article, or page for a text without a date", choices=frozenset({"article", "page"})),
        Field("status", Kind.TEXT, "workflow state", required=True, choices=STATUSES),
        Field("is_locked", Kind.BOOLEAN, "true where its section is suspended"),
        _text("language", "BCP 47 tag"),
        Field("published_at", Kind.INSTANT, "first publication"),
        Field("created_at", Kind.INSTANT, "when it was entered"),
        Field("modified_at", Kind.INSTANT, "last change at the legacy system"),
        Field("expires_at", Kind.INSTANT, "when it leaves the public site"),
        _text("byline", "the raw byline, verbatim", length=1000),
        _text("source_credit", "where it was taken from, as credited", length=1000),
        _text("external_url", "address the article only points to", length=1000),
        _text("lead_image", "path or address of the lead picture, as the article states it", length=1000),
        _text("lead_image_alt", "its alternative text", length=1000),
        _ref("lead_asset", "asset", "the lead picture, where the inventory knows it"),
        _ref("section", "section", "main section"),
        _refs("sections", "section", "all sections, main one included"),
        _ref("topic", "topic", "event stream"),
        _refs("tags", "tag", "tags"),
        _refs("authors", "person", "pen names, in order"),
        _LEGACY_URL,
        _text("legacy_body_sha256", "SHA-256 of the original HTML, UTF-8, in hex"),
    ),
)

ENTITIES: Mapping[str, EntityType] = {e.name: e for e in (SECTION, TOPIC, TAG, PERSON, ASSET, ARTICLE)}


def in_load_order(names: Iterable[str]) -> tuple[str, ...]:
    """The given entities so that what is pointed to comes first. References of an entity to itself do not count."""
    wanted = set(names)
    return tuple(name for name in ENTITIES if name in wanted)
