"""A page in, an article out – or a reason.

The steps: bytes to text, refuse what is no page or would cost too much, tree, legacy fonts, which family, its profile;
where no profile fits, the automatic reading. ``read_page`` never raises, whatever the page.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import datetime

from migrator.extract.page.amp import without_amp
from migrator.extract.page.article import read_article
from migrator.extract.page.automatic import Found, NotFound, find_article
from migrator.extract.page.charset import decode_page
from migrator.extract.page.dates import NOT_AFTER, NOT_BEFORE, Calendar
from migrator.extract.page.detect import Family, families
from migrator.extract.page.fields import longest_match
from migrator.extract.page.ground import Ground
from migrator.extract.page.legacy import mend
from migrator.extract.page.limits import LARGEST_BYTES, too_costly
from migrator.extract.page.metadata import Metadata, read_metadata
from migrator.extract.page.model import AUTOMATIC, PROFILE, Page, Unreadable
from migrator.extract.page.plain_text import read_plain_text
from migrator.extract.page.profile import Profile
from migrator.extract.page.usual import UNKNOWN
from migrator.html import BodyTooLarge
from migrator.html.dom import Document, Node, parse, remove, select, text_of
from migrator.text.composed import composed
from migrator.text.words import count_words

_MARKUP = re.compile(r"<[a-zA-Z!/?][^<>]{0,2000}>")
_DATA = re.compile(
    r"\s*(?:\{\s*\"|\[\s*[\[{\"]|<\?xml\b(?![^<]*<(?:!doctype html|html)\b)|<(?:rss|feed|urlset|sitemapindex)\b)", re.I
)
_BINARY = (
    b"%PDF-",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"\x00\x00\x00",
    b"Rar!",
    b"\xd0\xcf\x11\xe0",
)
Notes = tuple[tuple[str, str], ...]

_FEWEST_LETTERS = 40
_MOST_FAMILIES = 4


@dataclass(frozen=True, slots=True)
class PageOptions:
    """How a page is read.

    ``profiles`` are those it may belong to; ``profile`` is the one to use whatever the page looks like. ``register``
    has the match keys of known pen names. ``fetched_at`` (aware) is when the page was fetched: relative dates count
    from it. ``content_type`` is the HTTP header of a page given as bytes. Dates outside ``not_before`` to ``not_after``
    are none.
    """

    profiles: tuple[Profile, ...] = ()
    profile: Profile | None = None
    register: Container[str] | None = None
    fetched_at: datetime | None = None
    content_type: str | None = None
    not_before: datetime = NOT_BEFORE
    not_after: datetime = NOT_AFTER

    def calendar(self, profile: Profile) -> Calendar:
        """What is known about the dates of the page."""
        return Calendar(
            self.fetched_at, self.not_before, self.not_after, profile.date_formats, profile.machine_dates_are_local
        )


def read_page(page: str | bytes, url: str | None = None, options: PageOptions | None = None) -> Page | Unreadable:
    """The article of a page, or why there is none. ``url`` is the page's own address; without it addresses stay as written.

    The same page gives the same answer: the clock is never asked.
    """
    options = options or PageOptions()
    decoded = _decoded(page, url, options)
    if isinstance(decoded, Unreadable):
        return decoded
    text, encoding, notes = decoded
    if _DATA.match(text):
        return Unreadable(url, "not-a-page", "it is data for machines (JSON or XML), no page")
    if not _MARKUP.search(text):
        found = read_plain_text(text, url, options.register)
    else:
        costly = too_costly(text)
        if costly is not None:
            return Unreadable(url, *costly)
        try:
            found = _read_markup(text, url, encoding, options)
        except BodyTooLarge as error:
            return Unreadable(url, error.code, error.detail)
    return replace(found, notes=(*notes, *found.notes)) if isinstance(found, Page) else found


def _decoded(page: str | bytes, url: str | None, options: PageOptions) -> tuple[str, str, Notes] | Unreadable:
    """Text, encoding and notes."""
    if len(page) > LARGEST_BYTES:
        return Unreadable(url, "too-large", f"it has more than {LARGEST_BYTES // 1024 // 1024} MiB")
    if isinstance(page, bytes):
        if page.startswith(_BINARY):
            return Unreadable(url, "not-text", "it is a file of another kind, no page")
        decoded = decode_page(page, options.content_type)
        text, encoding, notes = decoded.text, decoded.encoding, decoded.notes
    else:
        text, encoding, notes = page.removeprefix("\ufeff"), "", ()
    without_nul = text.replace("\0", "")
    if len(text) - len(without_nul) > len(text) // 10:
        return Unreadable(url, "not-text", "more than a tenth of it is NUL")
    if not without_nul.strip():
        return Unreadable(url, "empty", "there is nothing in it")
    return without_nul, encoding, notes


def _read_markup(text: str, url: str | None, encoding: str, options: PageOptions) -> Page | Unreadable:
    """By the first profile that fits; where none does, automatically, with the other fields as the profile says."""
    text = without_amp(text)
    page = parse(text)
    notes = mend(page, text, encoding)
    source = (page.html or text) if notes else text  # the automatic reading sees the mended text
    metadata = read_metadata(page)
    if metadata.unreadable:
        notes = (
            *notes,
            ("json-ld-unreadable", f"{metadata.unreadable} of the page's scripts for machines are no JSON"),
        )
    known = families(page, url, metadata, options.profiles)
    candidates = [options.profile] if options.profile else [family.profile for family in known[:_MOST_FAMILIES]]
    chosen = candidates[0] if candidates else UNKNOWN
    pictures: tuple[Profile, Node, str] | None = None
    for profile in candidates:
        if "body" not in profile.rules:
            chosen = profile
            break
        node, css, has_text = _body(page, profile)
        if node is None:
            notes = (*notes, ("profile-unfit", f"{profile.name}: no body where the profile says"))
        elif has_text:
            return _by_profile(page, url, metadata, profile, node, css, known, notes, options)
        else:
            pictures = pictures or (profile, node, css)
    if pictures is not None:
        return _by_profile(page, url, metadata, *pictures, known, notes, options)
    return _read_automatically(page, source, url, metadata, chosen, known, notes, options)


def _by_profile(
    page: Document, url: str | None, metadata: Metadata, profile: Profile, body: Node, css: str, known: list[Family],
    notes: Notes, options: PageOptions,
) -> Page:  # fmt: skip
    ground = Ground(page, url, metadata, profile, body, options.calendar(profile), options.register)
    return _told(read_article(ground), PROFILE + profile.name, profile, known, css, notes)


def _read_automatically(
    page: Document, source: str, url: str | None, metadata: Metadata, profile: Profile, known: list[Family],
    notes: Notes, options: PageOptions,
) -> Page | Unreadable:  # fmt: skip
    found = find_article(source, url, is_checked=True)
    if isinstance(found, Found):
        # The article as a page of its own: what is cut out of it is not cut out of the page it was found on.
        inner = parse(f"<body><div>{found.body_html}</div>")
        body = inner.css_first("body > div")
    if isinstance(found, NotFound) or body is None:
        why = found.reason if isinstance(found, NotFound) else "the article found has no body"
        return Unreadable(url, "no-article", why, None if profile is UNKNOWN else profile.name)
    if found.in_data is not None:
        metadata = replace(metadata, articles=(*metadata.articles, found.in_data))
    calendar = options.calendar(profile)
    headline = " ".join(composed(found.headline).split()) if found.headline else None
    ground = Ground(
        page, url, metadata, profile, body, calendar, options.register, headline, found.following, inner, found.preceding,
        found.near, found.others, found.in_data is not None,
    )  # fmt: skip
    by_profile = profile is not UNKNOWN and "body" not in profile.rules
    read_by = PROFILE + profile.name if by_profile else AUTOMATIC
    article = read_article(ground)
    if read_by == AUTOMATIC and "<figcaption" in article.body_html:  # on a page of unknown kind they may be anything
        text = _running(article.body_html)
        article = replace(article, body_text=text, word_count=count_words(text))
    return _told(article, read_by, profile, known, "automatic", notes)


def _running(body_html: str) -> str:
    """The text of a body without its captions."""
    body = parse(f"<body>{body_html}").body
    for caption in select(body, "figcaption") if body is not None else ():
        remove(caption)
    return text_of(body) if body is not None else ""


def _told(article: Page, read_by: str, profile: Profile, known: list[Family], body: str, notes: Notes) -> Page:
    """The article with how it was read."""
    evidence = next((family.evidence for family in known if family.profile is profile), "named by the user")
    named = {"body": body} if profile is UNKNOWN else {"family": evidence, "body": body}
    return replace(
        article, read_by=read_by, family=None if profile is UNKNOWN else profile.name,
        sources={**named, **article.sources}, notes=(*notes, *article.notes),
    )  # fmt: skip


def _body(page: Document, profile: Profile) -> tuple[Node | None, str, bool]:
    """The body where the profile says it stands, if there is something in it; by which selector; and whether it is text."""
    pictures: tuple[Node | None, str] = (None, "")
    for node, css in longest_match(page, profile.rules["body"]):
        if sum(sign.isalpha() for sign in node.text()[:2_000]) >= _FEWEST_LETTERS:
            return node, css, True
        if pictures[0] is None and node.css_first("img, video, iframe, audio") is not None:
            pictures = (node, css)
    return *pictures, False
