"""What editors arrange and write: sections, topics, tags, articles with their versions and their way through the desk."""

from __future__ import annotations

from migrator.model.content.kinds import (
    LEGACY_URL,
    POSITION,
    SLUG,
    EntityType,
    Field,
    Kind,
    choice,
    flag,
    instant,
    integer,
    ref,
    refs,
    text,
    texts,
)

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

SECTION = EntityType(
    "section",
    (
        text("name", "name as readers see it", required=True),
        SLUG,
        ref("parent", "section", "section above; null at the top"),
        text("description", "introduction of the section page", length=None),
        POSITION,
        flag("is_active", "false for a suspended section"),
        LEGACY_URL,
    ),
)

TOPIC = EntityType(
    "topic",
    (
        text("name", "name of the event stream", required=True),
        SLUG,
        text("description", "introduction", length=None),
        POSITION,
        LEGACY_URL,
    ),
)

TAG = EntityType(
    "tag",
    (
        text("name", "the tag", required=True),
        SLUG,
        texts("synonyms", "other spellings, as the legacy system lists them"),
        text("description", "introduction", length=None),
        LEGACY_URL,
    ),
)

ARTICLE = EntityType(
    "article",
    (
        text("headline", "headline, plain text", required=True),
        text("standfirst", "sapo, plain text", length=None),
        Field("body_html", Kind.HTML, "body, cleaned"),
        text("body_text", "body as plain text, a line a block", length=None),
        integer("word_count", "words of body_text"),
        SLUG,
        choice("genre", "article, or page for a text without a date", frozenset({"article", "page"})),
        choice("status", "workflow state", STATUSES, required=True),
        flag("is_locked", "true where its section is suspended"),
        text("language", "BCP 47 tag"),
        text("edition", "publication it was written for, in the newspaper's words"),
        instant("published_at", "first publication"),
        instant("created_at", "when it was entered"),
        instant("modified_at", "last change at the legacy system"),
        instant("expires_at", "when it leaves the public site"),
        text("byline", "the raw byline, verbatim", length=1000),
        texts("contributions", "who did what by the byline, as `role: name`; roles as in docs/text.md"),
        text("source_credit", "where it was taken from, as credited", length=1000),
        text("external_url", "address the article only points to", length=1000),
        text("lead_image", "path or address of the lead picture, as the article states it", length=1000),
        text("lead_image_alt", "its alternative text", length=1000),
        ref("lead_asset", "asset", "the lead picture, where the inventory knows it"),
        refs("images", "asset", "pictures in the body, in order, where the inventory knows them"),
        texts("voices", "addresses of the article read aloud, or its videos"),
        ref("section", "section", "main section"),
        refs("sections", "section", "all sections, main one included"),
        ref("topic", "topic", "event stream"),
        refs("tags", "tag", "tags"),
        refs("authors", "person", "pen names, in order"),
        ref("account", "account", "account that entered it"),
        refs("related", "article", "related articles, as the editors chose them"),
        ref("corrects", "article", "the article this one corrects or apologises for"),
        ref("translation_of", "article", "the article this one is a translation of"),
        LEGACY_URL,
        text("legacy_body_sha256", "SHA-256 of the original HTML, UTF-8, in hex"),
    ),
)

VERSION = EntityType(
    "version",
    (
        ref("article", "article", "article this is a version of", required=True),
        integer("number", "1 for the oldest"),
        text("headline", "headline of this version", required=True, length=None),
        text("standfirst", "sapo of this version", length=None),
        Field("body_html", Kind.HTML, "body of this version, cleaned"),
        text("legacy_body_sha256", "SHA-256 of the original HTML, UTF-8, in hex"),
        ref("account", "account", "who saved it"),
        instant("saved_at", "when it was saved"),
        text("note", "what was changed, as the legacy system says", length=None),
    ),
)

TRANSITION = EntityType(
    "transition",
    (
        ref("article", "article", "article that moved", required=True),
        choice("from_status", "state before; null for the first", STATUSES),
        choice("to_status", "state after", STATUSES),
        ref("account", "account", "who moved it"),
        instant("moved_at", "when"),
        text("note", "what was said", length=None),
    ),
)
