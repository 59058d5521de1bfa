"""What reading one legacy page gives. Values only.

Every text is NFC with white space folded, every address absolute where the page's own address is known, and every
instant aware UTC. Nothing is invented: a field the page does not state is null or empty, and ``reasons`` says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from migrator.text.bylines import Byline
from migrator.text.dates_shapes import Precision

AUTOMATIC = "automatic"
PLAIN_TEXT = "plain-text"
PROFILE = "profile:"


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link: to another article, a section, a tag or a video. ``url`` is empty where the page gives a name only."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class PageImage:
    """A picture with what the page says about it.

    ``caption`` is without the credit; ``credit`` is who made it, as written ("Ảnh: X" gives "X"), else empty.
    ``caption_raw`` is both, as they stand on the page. ``is_illustration``: the caption says "Ảnh minh họa".
    """

    url: str
    caption: str = ""
    credit: str = ""
    alt: str = ""
    caption_raw: str = ""
    is_illustration: bool = False


@dataclass(frozen=True, slots=True)
class PageDate:
    """A date of the page.

    ``instant`` is null where no date could be read; ``reason`` then says why. ``raw`` is the text it was read from, or
    tried on; ``precision`` what is known of it (a bare day begins at midnight in Vietnam). ``warnings`` are pairs of
    code and detail as :func:`migrator.text.dates_reconcile.reconcile` gives them.
    """

    instant: datetime | None = None
    precision: Precision | None = None
    raw: str = ""
    reason: str = ""
    warnings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One article as its page tells it.

    ``family`` is the profile whose marks the page has, null where none has; ``read_by`` is ``profile:<name>``,
    ``automatic`` or ``plain-text``. ``standfirst_raw`` still has the prefix of the paper ("(Chinhphu.vn) -").
    ``body_html`` is clean (see :func:`migrator.html.clean`), ``body_text`` has one line a block, that of a page read
    automatically without captions; neither repeats the standfirst or the byline. ``byline.raw`` is verbatim.
    ``source_credit`` is where the text was taken from, as credited. ``sections`` go from the outermost to the article's
    own. ``images`` are those of the body, in order. ``sources`` says of a field where it was found, ``reasons`` of a
    missing one why; ``notes`` are pairs of code and detail of all that was cut, mended or doubted.
    """

    url: str | None
    family: str | None
    read_by: str
    headline: str | None
    standfirst: str | None
    standfirst_raw: str | None
    body_html: str
    body_text: str
    word_count: int
    byline: Byline | None = None
    source_credit: str | None = None
    published: PageDate = PageDate()
    updated: PageDate = PageDate()
    sections: tuple[PageLink, ...] = ()
    tags: tuple[PageLink, ...] = ()
    lead_image: PageImage | None = None
    images: tuple[PageImage, ...] = ()
    videos: tuple[PageLink, ...] = ()
    related: tuple[PageLink, ...] = ()
    language: str | None = None
    canonical_url: str | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def section(self) -> PageLink | None:
        """The article's own section: the innermost one."""
        return self.sections[-1] if self.sections else None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A page that gives no article. ``reason`` is one of :data:`REASONS`; ``detail`` is a sentence in English."""

    url: str | None
    reason: str
    detail: str
    family: str | None = None


REASONS = (
    "empty",  # nothing, or white space only
    "too-large",
    "too-deep",  # nesting that would cost a parser minutes
    "too-many-attributes",
    "body-too-large",  # the body, or another part, is beyond the limits of migrator.html
    "not-text",  # a picture, a PDF, an archive
    "not-a-page",  # JSON, a feed, a script
    "no-article",  # a page, but no article was found on it
)
