"""Every field of an article, once it is known where its body stands."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace

from migrator.extract.page.addresses import Addresses
from migrator.extract.page.blocks import Block, blocks_of
from migrator.extract.page.body import Body
from migrator.extract.page.byline import find_byline
from migrator.extract.page.dates import Calendar, date_within, is_change, page_date, updated_date
from migrator.extract.page.fields import Fields, Value
from migrator.extract.page.headline import find_headline
from migrator.extract.page.images import images_of, lead_image, normalise
from migrator.extract.page.language import language_of, primary
from migrator.extract.page.linked import (
    canonical_of,
    each_address_once,
    related_links,
    sections_of,
    tags_of,
)
from migrator.extract.page.metadata import Metadata
from migrator.extract.page.model import Page, PageDate, PageImage, PageLink
from migrator.extract.page.profile import Profile
from migrator.extract.page.standfirst import without_prefix
from migrator.extract.page.stated import Stated
from migrator.extract.page.usual import (
    MARKED,
    RULES,
    UNKNOWN,
    is_bold,
    usual_byline,
    usual_dates,
    usual_lead,
    usual_standfirst,
    usual_tags,
)
from migrator.html.dom import Document, Node, attribute, select
from migrator.text.match_keys import match_key

_FIRST_DATES = 3  # of those near the headline


@dataclass(frozen=True, slots=True)
class Ground:
    """What an article is read from.

    ``body`` is the element with the article. For a page read automatically ``headline`` is known beforehand, ``after``
    are the texts that follow the body on the page, ``before`` those between the headline and it, and the body belongs to
    ``body_page``, a tree of its own.
    """

    page: Document
    url: str | None
    metadata: Metadata
    profile: Profile
    body: Node
    calendar: Calendar
    register: Container[str] | None
    headline: str | None = None
    after: tuple[str, ...] = ()
    body_page: Document | None = None
    before: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """Where fields were found, and why others were not."""

    sources: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def note(self, name: str, source: str, reason: str) -> None:
        """Notes the source of a field, or, where it has none, the reason."""
        if source:
            self.sources[name] = source
        else:
            self.reasons[name] = reason


def read_article(ground: Ground) -> Page:
    """The article. Takes the tree apart: a page is read once."""
    page, metadata, profile = ground.page, ground.metadata, ground.profile
    found = _Found()
    addresses = Addresses(page, ground.url)
    fields = Fields(page, profile, ground.body, RULES)
    body = Body(ground.body, profile, addresses)

    headline, headline_value = _headline(ground, fields, found)
    stated = metadata.article(headline)
    dates = _dates(ground, fields, stated, headline_value)
    sections, source = sections_of(fields, metadata, stated, headline, addresses)
    found.note("section", source, "the page names none")
    shown_tags = [] if "tags" in profile.rules else usual_tags(page)
    tags, source = tags_of(fields, shown_tags, metadata, stated, addresses)
    found.note("tags", source, "the page names none")
    canonical, source = canonical_of(fields, page, metadata, stated, ground.url, addresses)
    found.note("canonical_url", source if canonical else "", source)
    lead = _lead(ground, stated, addresses, found)
    videos = tuple(PageLink(value.text, addresses.absolute(value.text)) for value in fields.listed("videos"))
    related = related_links(page, profile.related, addresses)

    body.take_out_value(headline_value)
    for name in ("published", "updated"):
        body.take_out_value(fields.first(name) if profile.rules.get(name) else None)
    body.take_out_boxes()
    stated_captions = normalise(ground.body_page or page, body.node, profile.images)
    standfirst, standfirst_raw = _standfirst(ground, fields, stated, body, headline_value, found)
    credit = fields.first("source") if "source" in profile.rules else None
    body.take_out_value(credit)
    usual = None if "byline" in profile.rules else usual_byline(page, metadata)
    body.tidy()
    body.take_out_repeated(headline, standfirst_raw or "")
    body.take_out_lines()
    byline = body.take_out_ending(
        lambda blocks: find_byline(fields, usual, metadata, stated, blocks, ground.after, ground.register)
    )
    found.note("byline", byline.source, "no known place and no last block holds one")

    cleaned = body.finish()
    images = images_of(cleaned, stated_captions, addresses)
    language, source = _language(ground, stated, cleaned.text)
    found.note("language", source, "neither the page nor the text tells")
    return Page(
        url=ground.url, family=None, read_by="", headline=headline or None, standfirst=standfirst,
        standfirst_raw=standfirst_raw, body_html=cleaned.html.strip(), body_text=cleaned.text, word_count=cleaned.words,
        byline=byline.byline, source_credit=credit.text if credit else None, published=dates[0], updated=dates[1],
        sections=sections, tags=tags, lead_image=_with_caption(lead, images), images=images, videos=videos,
        related=each_address_once((*body.related, *related)), language=language, canonical_url=canonical,
        sources=found.sources, reasons=found.reasons, notes=tuple(body.notes),
    )  # fmt: skip


def _headline(ground: Ground, fields: Fields, found: _Found) -> tuple[str, Value | None]:
    value = fields.first("headline")
    if value is None:
        text, source, node = find_headline(ground.page, ground.metadata)
        if ground.headline and not (text and match_key(ground.headline).startswith(match_key(text))):
            text, source, node = ground.headline, "automatic", None
        value = Value(text, source, node, True, text) if node is not None else None
    else:
        text, source = value.text, value.source
    found.note("headline", source, "no heading of the page is stated to be its title")
    return text, value


def _dates(ground: Ground, fields: Fields, stated: Stated, headline: Value | None) -> tuple[PageDate, PageDate]:
    """When it was published and when changed.

    "Cập nhật lúc" is the date of a change where another date is that of the publication, else it is the only one.
    """
    metadata, calendar = ground.metadata, ground.calendar
    shown = [value.text for value in fields.values("published")]
    if not any(date_within(text, calendar) for text in shown):
        shown = usual_dates(ground.page, headline.node if headline else None)
    changed = [*(value.text for value in fields.values("updated")), *filter(is_change, shown[:_FIRST_DATES])]
    machine = [
        *(value.text for value in fields.values("published_machine")),
        *metadata.meta.get("article:published_time", ()),
        stated.published,
        metadata.microdata.published,
        metadata.first("pubdate", "publishdate", "publish_date", "cms-date", "date", "dc.date.issued", "dc.date"),
    ]
    later = [
        *(value.text for value in fields.values("updated_machine")),
        *metadata.meta.get("article:modified_time", ()),
        *metadata.meta.get("og:updated_time", ()),
        stated.updated,
        metadata.microdata.updated,
        metadata.first("lastmod", "last-modified"),
    ]
    seen = [text for text in shown if not is_change(text)]
    if changed and shown and is_change(shown[0]) and not any(machine):
        published = page_date([], shown[:1], ground.url, calendar)
        published = replace(published, warnings=(*published.warnings, ("labelled-as-change", shown[0])))
        changed = []
    else:
        published = page_date(list(filter(None, machine)), seen, ground.url, calendar)
    return published, updated_date(list(filter(None, later)), changed, published, ground.url, calendar)


def _standfirst(
    ground: Ground, fields: Fields, stated: Stated, body: Body, headline: Value | None, found: _Found
) -> tuple[str | None, str | None]:
    """The standfirst without the paper's prefix, and as it stands on the page."""
    value, reason = fields.first("standfirst"), "nothing on the page is marked as one"
    if value is None:
        here = headline.node if headline else None
        text, source, node = usual_standfirst(ground.page, ground.metadata, stated, body.node, here)
        value = Value(text, source, node, True, text) if node is not None else None
        if ground.profile is UNKNOWN:
            beginning = blocks_of(body.node)[:3]
            if value is not None and source == MARKED and not _stands_before(text, ground.before, beginning):
                value = None
            if language_of(" ".join(block.text for block in beginning)) == "vi":
                value = value or _bold_beginning(beginning)
            elif value is not None and match_key(text) in {match_key(block.text) for block in beginning[:2]}:
                # Only Vietnamese papers set every standfirst apart: elsewhere the first paragraph is repeated as one.
                value, reason = None, "what is marked as one is the first paragraph"
    found.note("standfirst", value.source if value else "", reason)
    if value is None:
        return None, None
    body.take_out_value(value)
    return without_prefix(value.text, ground.profile.standfirst_prefix), value.raw


def _stands_before(text: str, before: Sequence[str], beginning: Sequence[Block]) -> bool:
    """Whether a text begins between the headline and the body, or is the beginning of the body."""
    key = match_key(text)
    lines = [match_key(line) for line in (*before, *(block.text for block in beginning))]
    return any(line and (key.startswith(line) or line.startswith(key)) for line in lines)


def _bold_beginning(blocks: Sequence[Block]) -> Value | None:
    """The first block of a body, where all of it is bold and what follows is not."""
    bold = [block for block in blocks if is_bold(block.holder, block.text)]
    if len(blocks) < 2 or bold != blocks[:1] or bold[0].in_caption:
        return None
    return Value(bold[0].text, "the bold beginning", bold[0].holder, True, bold[0].text)


def _lead(ground: Ground, stated: Stated, addresses: Addresses, found: _Found) -> PageImage | None:
    """The picture of the article: where the profile says, else the one it is shared with."""
    for css in (rule.css for rule in ground.profile.rules.get("lead_image", ())):
        for node in select(ground.page, css):
            image = node if node.tag == "img" else node.css_first("img")
            lead = lead_image(image, ground.profile.images, addresses) if image is not None else None
            if lead is not None:
                found.note("lead_image", css, "")
                return lead
    address, source = usual_lead(ground.metadata, stated)
    found.note("lead_image", source, "the page states none")
    if not address:
        return None
    return PageImage(addresses.absolute(address), alt=ground.metadata.first("og:image:alt"))


def _with_caption(lead: PageImage | None, images: tuple[PageImage, ...]) -> PageImage | None:
    """The lead picture with the caption it has in the body."""
    if lead is None or lead.caption_raw:
        return lead
    same = [image for image in images if image.url == lead.url or _file(image.url) == _file(lead.url)]
    if not same:
        return lead
    twin = same[0]
    return PageImage(lead.url, twin.caption, twin.credit, lead.alt or twin.alt, twin.caption_raw, twin.is_illustration)


def _file(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2].lower()


def _language(ground: Ground, stated: Stated, text: str) -> tuple[str | None, str]:
    root = ground.page.css_first("html")
    own = primary(attribute(root, "lang")) if root is not None else ""
    claimed = (
        own or primary(ground.metadata.first("og:locale", "content-language", "language")) or primary(stated.language)
    )
    told = language_of(text)
    if told and told != claimed:
        return told, "the text" + (f", against the stated {claimed}" if claimed else "")
    return (claimed or None), ("stated by the page" if claimed else "")
