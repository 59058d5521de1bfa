"""What an article is read from, once it is known where its body stands."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from migrator.extract.page.automatic import Line
from migrator.extract.page.dates import Calendar
from migrator.extract.page.metadata import Metadata
from migrator.extract.page.profile import Profile
from migrator.html.dom import Document, Node


@dataclass(frozen=True, slots=True)
class Ground:
    """What an article is read from.

    ``body`` is the element with the article. For a page read automatically ``headline`` is known beforehand, ``after``
    are the texts that follow the body on the page, ``before`` those between the headline and it, ``near`` the short lines
    around the headline, ``others`` the links to other articles in it, and the body belongs to ``body_page``, a tree of its own.
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
    near: tuple[Line, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    in_data: bool = False
