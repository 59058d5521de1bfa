"""A page as one JSON object: the form of ``migrator page --json`` and ``--batch``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from migrator.extract.page.model import Page, PageDate, PageImage, PageLink, Unreadable
from migrator.text.bylines import Byline, Role
from migrator.text.dates_shapes import NEWSROOM_ZONE


def as_record(page: Page | Unreadable) -> dict[str, Any]:
    """The object: plain values in a fixed order, instants as ISO 8601 in Vietnam's time, null for what is not known.

    Of a page that cannot be read: ``url``, ``reason``, ``detail``, ``family``.
    """
    if isinstance(page, Unreadable):
        return {"url": page.url, "reason": page.reason, "detail": page.detail, "family": page.family}
    byline = page.byline
    return {
        "url": page.url,
        "canonical_url": page.canonical_url,
        "family": page.family,
        "read_by": page.read_by,
        "headline": page.headline,
        "standfirst": page.standfirst,
        "standfirst_raw": page.standfirst_raw,
        "body_text": page.body_text,
        "body_html": page.body_html,
        "word_count": page.word_count,
        "byline": byline.raw if byline else None,
        "authors": _names(byline, "text"),
        "photographers": _names(byline, "photo"),
        "contributions": _contributions(byline),
        "byline_confidence": byline.confidence if byline else None,
        "source_credit": page.source_credit,
        **_date("published", page.published),
        **_date("updated", page.updated),
        "section": page.section.text if page.section else None,
        "sections": [link.text for link in page.sections],
        "tags": [link.text for link in page.tags],
        "lead_image": _image(page.lead_image) if page.lead_image else None,
        "images": [_image(image) for image in page.images],
        "videos": [_link(link) for link in page.videos],
        "related": [_link(link) for link in page.related],
        "section_links": [_link(link) for link in page.sections],
        "tag_links": [_link(link) for link in page.tags],
        "language": page.language,
        "sources": dict(sorted(page.sources.items())),
        "reasons": dict(sorted(page.reasons.items())),
        "notes": [{"code": code, "detail": detail} for code, detail in page.notes],
    }


def _date(name: str, date: PageDate) -> Mapping[str, Any]:
    return {
        f"{name}_at": _instant(date.instant),
        f"{name}_precision": date.precision,
        f"{name}_raw": date.raw or None,
        f"{name}_reason": date.reason or None,
        f"{name}_warnings": [{"code": code, "detail": detail} for code, detail in date.warnings],
    }


def _instant(moment: datetime | None) -> str | None:
    return moment.astimezone(NEWSROOM_ZONE).isoformat() if moment else None


def _names(byline: Byline | None, role: Role) -> list[str]:
    """The persons of a role, each once."""
    people = (
        (each.name for each in byline.contributions if each.role == role and each.kind == "person") if byline else ()
    )
    return list(dict.fromkeys(people))


def _contributions(byline: Byline | None) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "role": each.role,
            "kind": each.kind,
            "title": each.title,
            "confidence": each.confidence,
            "registered": each.registered,
        }
        for each in (byline.contributions if byline else ())
    ]


def _image(image: PageImage) -> dict[str, Any]:
    return {
        "url": image.url,
        "caption": image.caption,
        "credit": image.credit,
        "alt": image.alt,
        "caption_raw": image.caption_raw,
        "is_illustration": image.is_illustration,
    }


def _link(link: PageLink) -> dict[str, str]:
    return {"text": link.text, "url": link.url}
