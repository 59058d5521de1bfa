"""Media: the inventory of pictures, sound and documents, and galleries made of them."""

from __future__ import annotations

from migrator.model.content.kinds import EntityType, choice, instant, integer, ref, refs, text, texts

FILE_STATES = frozenset(
    {
        "stored",
        "wrong-extension",
        "not-media",
        "empty",
        "missing",
        "refused",
        "failed",
        "too-large",
        "forbidden",
        "foreign",
    }
)
"""What was found where the inventory says a file is. Only ``stored`` and ``wrong-extension`` have bytes at the target."""

ASSET = EntityType(
    "asset",
    (
        text("path", "path of the original below the legacy site's root, decoded", required=True, length=1000),
        text("file_name", "last part of the path"),
        choice("media_type", "what it is", frozenset({"picture", "video", "audio", "file"})),
        text("mime_type", "by the bytes where they were read, else by the file's extension"),
        integer("size_bytes", "of the bytes where they were read, else as the legacy inventory says"),
        integer("width", "pixels"),
        integer("height", "pixels"),
        text("sha256", "SHA-256 of the bytes, in hex; its name in the target's media folder"),
        choice("file_state", "what was found at the path", FILE_STATES),
        text("title", "name given by the newsroom"),
        text("alt", "text for those who do not see the picture", length=None),
        text("caption", "text below the picture", length=None),
        text("credit", "who made it"),
        ref("photographer", "person", "who made it, where the newsroom knows the name"),
        instant("taken_at", "when it was taken"),
        instant("created_at", "when it was uploaded"),
    ),
)

GALLERY = EntityType(
    "gallery",
    (
        text("title", "name of the gallery", required=True),
        ref("article", "article", "article it belongs to"),
        refs("assets", "asset", "its pictures, in order"),
        texts("captions", "their captions, in the same order; an empty one where a picture has none", keeps_empty=True),
        instant("created_at", "when it was made"),
    ),
)
