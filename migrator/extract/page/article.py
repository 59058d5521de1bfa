"""Every field of an article, once it is known where its body stands."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace

from migrator.extract.page.addresses import Addresses
from migrator.extract.page.body import Body
from migrator.extract.page.byline import Near, find_byline
from migrator.extract.page.dates import date_within, is_change, page_date, updated_date
from migrator.extract.page.fields import Fields, Value
from migrator.extract.page.ground import Ground
from migrator.extract.page.headline import find_headline
from migrator.extract.page.images import images_of, lead_image, normalise
from migrator.extract.page.language import language_of, primary
from migrator.extract.page.linked import (
    canonical_of,
    each_address_once,
    related_links,
    sections_of,
    tags_of,
    without_arrow,
)
from migrator.extract.page.model import Page, PageDate, PageImage, PageLink
from migrator.extract.page.near import byline_near, dates_near, sections_near
from migrator.extract.page.standfirst import find_standfirst, without_prefix
from migrator.extract.page.stated import Stated
from migrator.extract.page.surroundings import ids_around
from migrator.extract.page.usual import (
    RULES,
    usual_byline,
    usual_dates,
    usual_lead,
    usual_tags,
)
from migrator.html.dom import attribute, select
from migrator.text.match_keys import match_key

_FIRST_DATES = 3  # of those near the headline


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
    around = ids_around(headline_value.node if headline_value else None)
    stated = metadata.article(headline)
    heading_dates = body.take_out_heading(headline, ground.calendar) if ground.body_page is not None else []
    dates = _dates(ground, fields, stated, headline_value, around, heading_dates)
    beside = sections_near(page, ground.near)
    sections, source = sections_of(fields, beside, metadata, stated, headline, addresses)
    found.note("section", source, "the page names none")
    shown_tags = [] if "tags" in profile.rules else usual_tags(page, around)
    tags, source = tags_of(fields, shown_tags, metadata, stated, addresses)
    found.note("tags", source, "the page names none")
    canonical, source = canonical_of(fields, page, metadata, stated, ground.url, addresses)
    found.note("canonical_url", source if canonical else "", source)
    lead = _lead(ground, stated, addresses, found)
    videos = tuple(PageLink(value.text, addresses.absolute(value.text)) for value in fields.listed("videos"))
    related = [
        *(PageLink(without_arrow(text), addresses.absolute(url)) for text, url in ground.others),
        *related_links(page, profile.related, addresses),
    ]

    body.take_out_value(headline_value)
    for name in ("published", "updated"):
        body.take_out_value(fields.first(name) if profile.rules.get(name) else None)
    body.take_out_boxes()
    stated_captions = normalise(ground.body_page or page, body.node, profile.images)
    lead_in, reason = find_standfirst(ground, fields, stated, body.node, headline_value, around)
    found.note("standfirst", lead_in.source if lead_in else "", reason)
    body.take_out_value(lead_in)
    standfirst = without_prefix(lead_in.text, profile.standfirst_prefix) if lead_in else None
    standfirst_raw = lead_in.raw if lead_in else None
    credit = fields.first("source") if "source" in profile.rules else None
    body.take_out_value(credit)
    usual = None if "byline" in profile.rules else usual_byline(page, metadata, around)
    near = Near(
        tuple(piece for line in ground.near for piece in line.pieces),
        byline_near(page, ground.near, metadata.paper, sections),
        ground.in_data,
    )
    body.tidy()
    body.take_out_repeated(headline, standfirst_raw or "")
    body.take_out_lines()
    byline = body.take_out_ending(
        lambda blocks: find_byline(fields, usual, metadata, stated, blocks, ground.after, near, ground.register)
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


def _dates(
    ground: Ground,
    fields: Fields,
    stated: Stated,
    headline: Value | None,
    around: Container[int],
    beginning: Sequence[str],
) -> tuple[PageDate, PageDate]:
    """When it was published and when changed.

    "Cập nhật lúc" is the date of a change where another date is that of the publication, else it is the only one.
    """
    metadata, calendar = ground.metadata, ground.calendar
    shown = [value.text for value in fields.values("published")]
    if not any(date_within(text, calendar) for text in shown):
        shown = usual_dates(ground.page, headline.node if headline else None, around)
    if not any(date_within(text, calendar) for text in shown):
        shown = [*beginning, *dates_near(ground.near, calendar), *shown]
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
