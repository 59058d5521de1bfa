"""Which family of sites a page belongs to: generator, then marks in its HTML, then URL and media.

URLs alone prove nothing – half of all systems write ``/slug-123.html`` – so a family needs a mark in the HTML or in the
addresses of pictures; the URL decides among families that have one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from migrator.extract.page.addresses import picture_address
from migrator.extract.page.metadata import Metadata
from migrator.extract.page.profile import Profile
from migrator.html.dom import Document

_MOST_PICTURES = 200


@dataclass(frozen=True, slots=True)
class Family:
    """A family a page may belong to, and the marks that speak for it."""

    profile: Profile
    generator: bool
    marks: int
    url: bool
    media: bool

    @property
    def rank(self) -> tuple[bool, int, bool, bool]:
        """For sorting: the generator counts most, then how many marks, then the URL, then media."""
        return self.generator, self.marks, self.url, self.media

    @property
    def evidence(self) -> str:
        """The marks in words: ``generator, 2 marks, url``."""
        marks = f"{self.marks} mark{'s' * (self.marks > 1)}" if self.marks else ""
        named = ("generator" * self.generator, marks, "url" * self.url, "media" * self.media)
        return ", ".join(filter(None, named))


def families(page: Document, url: str | None, metadata: Metadata, profiles: Sequence[Profile]) -> list[Family]:
    """The families whose marks the page has, the most probable first."""
    generators = metadata.meta.get("generator", ())
    where = _path(url)
    pictures: list[str] | None = None
    found = []
    for profile in profiles:
        marks = profile.marks
        generator = marks.generator is not None and any(marks.generator.search(each) for each in generators)
        count = sum(page.css_first(css) is not None for css in marks.css)
        media = False
        if marks.media is not None:
            pictures = _pictures(page, metadata) if pictures is None else pictures
            media = any(marks.media.search(each) for each in pictures)
        if generator or count or media:
            url_fits = bool(where) and marks.url is not None and marks.url.search(where) is not None
            found.append(Family(profile, generator, count, url_fits, media))
    return sorted(found, key=lambda family: family.rank, reverse=True)


def _path(url: str | None) -> str:
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _pictures(page: Document, metadata: Metadata) -> list[str]:
    images = page.css("img")[:_MOST_PICTURES]
    return [*metadata.meta.get("og:image", ()), *filter(None, (picture_address(image) for image in images))]
