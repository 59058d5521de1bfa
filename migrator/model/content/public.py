"""What readers left and where they come in: comments, counters, old addresses."""

from __future__ import annotations

from migrator.model.content.kinds import EntityType, Field, Kind, choice, instant, integer, ref, text

COMMENT = EntityType(
    "comment",
    (
        ref("article", "article", "article it was left under", required=True),
        ref("parent", "comment", "comment it answers"),
        text("author_name", "name the reader gave, or a pseudonym", personal=True),
        text("text", "what was said, plain text", required=True, length=None, personal=True),
        choice("status", "what the newsroom decided", frozenset({"pending", "approved", "rejected"})),
        integer("likes", "readers who agreed"),
        integer("dislikes", "readers who did not"),
        instant("written_at", "when"),
    ),
)

COUNTER = EntityType(
    "counter",
    (
        ref("article", "article", "what was counted", required=True),
        choice("name", "what was counted", frozenset({"views", "comments", "likes", "rating_sum", "rating_count"})),
        integer("value", "the count", required=True),
        instant("read_at", "when it was read off; null where the legacy system does not say"),
    ),
)

REDIRECT = EntityType(
    "redirect",
    (
        text(
            "path", "old address: path and query below the legacy host, as readers have it", required=True, length=1000
        ),
        integer("status", "301 for moved, 410 for taken down", required=True),
        ref("article", "article", "where it leads"),
        ref("section", "section", "where it leads"),
        ref("topic", "topic", "where it leads"),
        ref("tag", "tag", "where it leads"),
        ref("person", "person", "where it leads"),
        ref("asset", "asset", "where it leads"),
        Field("reason", Kind.TEXT, "why nothing is there any more, for status 410"),
    ),
)
