"""What may become of an address, and of a file. Every address ever seen is in exactly one state."""

from __future__ import annotations

WAITING = "waiting"
DONE = "done"
REDIRECTED = "redirected"
GONE = "gone"
REFUSED = "refused"
FAILED = "failed"
TOO_LARGE = "too-large"
FORBIDDEN = "forbidden"
FOREIGN = "foreign"
IGNORED = "ignored"

LINK_STATES = {
    WAITING: "to be asked",
    DONE: "answered, and kept",
    REDIRECTED: "leads to another address, which is accounted for by itself",
    GONE: "the server has nothing there (404, 410)",
    REFUSED: "the server gives it to nobody, or not to us (401, 403, any other 4xx)",
    FAILED: "no answer after all attempts, or one that cannot be read",
    TOO_LARGE: "more bytes than allowed",
    FORBIDDEN: "robots.txt of its host forbids it",
    FOREIGN: "on a host that is not named: never asked",
    IGNORED: "on the site, but neither an article nor a listing: never asked",
}

UNASKED = (IGNORED, FOREIGN, FORBIDDEN)
"""Nobody was asked: judged anew whenever a harvest begins or goes on."""

STORED = "stored"
MISSING = "missing"
EMPTY = "empty"
NOT_MEDIA = "not-media"
WRONG_EXTENSION = "wrong-extension"

FILE_STATES = {
    STORED: "its bytes are kept, and are what its name says",
    WRONG_EXTENSION: "its bytes are kept, but are of another kind than its name says",
    NOT_MEDIA: "a page of HTML or the like under the name of a file; not kept",
    EMPTY: "no bytes",
    MISSING: "there is nothing (404, 410, no such file)",
    REFUSED: "the server does not give it",
    FAILED: "no answer after all attempts",
    TOO_LARGE: "more bytes than allowed",
    FORBIDDEN: "robots.txt forbids it",
    FOREIGN: "on a host that is not named: never asked",
}

KEPT = (STORED, WRONG_EXTENSION)
"""States of files whose bytes are kept."""

INDEX, PAGE, FILE = "index", "page", "file"
KINDS = (INDEX, PAGE, FILE)
"""Kinds of addresses, in the order they are asked: sitemaps and feeds, which name others; then texts; then pictures."""

ARTICLE, LISTING, OTHER = "article", "listing", "other"
"""Kinds of pages."""
