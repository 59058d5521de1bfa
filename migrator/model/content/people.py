"""People: an account signs in, a person signs articles. One account may have several pen names, or none."""

from __future__ import annotations

from migrator.model.content.kinds import LEGACY_URL, SLUG, EntityType, choice, flag, ref, refs, text, texts

ACCOUNT = EntityType(
    "account",
    (
        text("username", "name it signs in with", required=True),
        text("display_name", "name colleagues see"),
        texts("roles", "what it may do, in the words of docs/newsroom.md"),
        refs("sections", "section", "sections its rights are limited to; none means all"),
        flag("is_active", "false for an account that is closed"),
        text("email", "address", personal=True),
        text("phone", "telephone number", personal=True),
    ),
)

PERSON = EntityType(
    "person",
    (
        text("name", "pen name, as printed", required=True),
        SLUG,
        choice(
            "role",
            "what the name stands for",
            frozenset({"author", "photographer", "contributor", "translator", "agency", "collective"}),
        ),
        ref("account", "account", "account of the person behind the name, where the newsroom knows it"),
        text("biography", "what the paper says of the author", length=None),
        flag("is_active", "false for an author who no longer writes"),
        LEGACY_URL,
    ),
)
