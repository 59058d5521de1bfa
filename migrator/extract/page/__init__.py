"""Reading one legacy page: what does it say?

``read_page`` is the entry: a page in, a :class:`Page` or an :class:`Unreadable` out. Nothing here fetches or writes.
"""

from migrator.extract.page.model import Page, PageDate, PageImage, PageLink, Unreadable
from migrator.extract.page.profile import Profile
from migrator.extract.page.profile_reading import load_profile, load_profiles
from migrator.extract.page.reading import PageOptions, read_page

__all__ = [
    "Page",
    "PageDate",
    "PageImage",
    "PageLink",
    "PageOptions",
    "Profile",
    "Unreadable",
    "load_profile",
    "load_profiles",
    "read_page",
]
