"""The evidence database: what was found on a site, where, and what became of every address.

An ordinary SQL source. ``page``, ``page_image`` and ``file`` are what mappings read; ``link`` accounts for every
address ever seen, each in exactly one state; ``raw`` holds the pages as they came; ``harvest`` is the log. Instants are
ISO 8601 in UTC as text, so that every reader understands them. Empty text means "none"; NULL means "not known".
"""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA_VERSION = 1

metadata = sa.MetaData()

meta = sa.Table("meta", metadata, sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Text))


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, default="", server_default="")


# One row a harvest; a resumed harvest is the same one. `result` is empty until it ends, `counts` is JSON.
harvest = sa.Table(
    "harvest", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("started_at", sa.Text, nullable=False),
    sa.Column("ended_at", sa.Text),
    _text("command"),
    _text("who"),
    _text("tool_version"),
    _text("site"),
    _text("profiles"),
    sa.Column("sessions", sa.Integer, nullable=False, default=1),
    _text("result"),
    _text("counts"),
)  # fmt: skip

# The frontier. `kind`: index (a sitemap or feed), page or file. `found_in`: the address that named it first, or empty;
# `found_by`: how. `next_at` is seconds since 1970 before which it is not asked again; `harvest`: in which one it got its state.
link = sa.Table(
    "link", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("url", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    _text("reason"),
    _text("found_in"),
    _text("found_by"),
    sa.Column("depth", sa.Integer, nullable=False, default=0),
    sa.Column("hops", sa.Integer, nullable=False, default=0),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("next_at", sa.Float, nullable=False, default=0.0),
    sa.Column("harvest", sa.Integer),
    _text("etag"),
    _text("modified"),
    sa.Index("link_waiting", "state", "kind", "id"),
)  # fmt: skip

# One row a page that answered. `kind`: article, listing or other. `same_as`: the address of the same article that
# counts. `also_in`: the source whose database has the article; '?' until it was asked. `wanted`: 1 for an article that
# nothing else brings. `record_id`: the legacy id where one article has it alone, else the path.
page = sa.Table(
    "page", metadata,
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    _text("legacy_id"),
    _text("record_id"),
    sa.Column("wanted", sa.Integer, nullable=False, default=0),
    _text("same_as"),
    sa.Column("also_in", sa.Text, nullable=False, default="?"),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("fetched_at", sa.Text, nullable=False),
    _text("content_type"),
    sa.Column("size_bytes", sa.Integer, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    _text("found_in"),
    sa.Column("headline", sa.Text),
    sa.Column("standfirst", sa.Text),
    sa.Column("body_html", sa.Text),
    sa.Column("body_text", sa.Text),
    sa.Column("byline", sa.Text),
    sa.Column("source_credit", sa.Text),
    sa.Column("published_at", sa.Text),
    sa.Column("published_raw", sa.Text),
    sa.Column("modified_at", sa.Text),
    sa.Column("section", sa.Text),
    sa.Column("sections", sa.Text),
    sa.Column("tags", sa.Text),
    sa.Column("lead_image", sa.Text),
    sa.Column("lead_image_alt", sa.Text),
    sa.Column("language", sa.Text),
    sa.Column("canonical_url", sa.Text),
    _text("family"),
    _text("read_by"),
    _text("reason"),
    sa.Column("notes", sa.Text),
    sa.Index("page_wanted", "wanted", "record_id"),
    sa.Index("page_legacy", "legacy_id"),
)  # fmt: skip

# Pictures of a page in their order; position 0 is the lead picture. `src` is as the page has it, `path` as in `file`,
# `wanted` as the page is.
page_image = sa.Table(
    "page_image", metadata,
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("src", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    _text("caption"),
    _text("credit"),
    _text("alt"),
    sa.Column("wanted", sa.Integer, nullable=False, default=0),
    sa.Index("page_image_path", "path"),
)  # fmt: skip

# One row a file somebody named, whatever became of it. `path` is below the site's root, decoded; a whole address
# elsewhere. `version` tells change without reading: size and time of a file on disk, ETag or Last-Modified of an answer.
# `also_in`, `also_id`: the source whose inventory names it, and its id there; `wanted`: 1 where a wanted article shows it
# or no inventory names it. `stored_as` is relative to the evidence folder; empty where no bytes were kept.
file = sa.Table(
    "file", metadata,
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    _text("reason"),
    sa.Column("sha256", sa.Text),
    sa.Column("size_bytes", sa.Integer),
    sa.Column("mime_type", sa.Text),
    sa.Column("width", sa.Integer),
    sa.Column("height", sa.Integer),
    _text("stored_as"),
    _text("version"),
    sa.Column("modified_at", sa.Text),
    sa.Column("checked_at", sa.Text, nullable=False),
    sa.Column("wanted", sa.Integer, nullable=False, default=0),
    sa.Column("also_in", sa.Text, nullable=False, default="?"),
    _text("also_id"),
    sa.Index("file_wanted", "wanted", "path"),
    sa.Index("file_sha256", "sha256"),
    sa.Index("file_url", "url"),
)  # fmt: skip

# Paths that a database's media inventory names, with its source and its own id of the file (empty for a compound id).
inventory = sa.Table(
    "inventory", metadata,
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    _text("legacy_id"),
)  # fmt: skip

# The pages as they came, for reading them again: zlib-compressed bytes.
raw = sa.Table(
    "raw", metadata,
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("content_type", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)  # fmt: skip
