"""The parts of a harvest, made from a source of the project: addresses, profiles, who asks, and where media come from."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from migrator.errors import AccessError, ConfigurationError
from migrator.extract.page.model import Page, Unreadable
from migrator.extract.page.profile import Profile
from migrator.extract.page.profile_reading import load_profile
from migrator.extract.page.reading import PageOptions, read_page
from migrator.extract.site import (
    Addresses,
    FileStore,
    FolderFetch,
    HttpFetch,
    Media,
    Pages,
    Patience,
    Rules,
    Site,
    Visitor,
    read_rules,
)  # fmt: skip
from migrator.extract.site.media import LARGEST_BYTES
from migrator.project.legacy_site import served
from migrator.project.settings import Source
from migrator.project.share import presets_folder
from migrator.transform.shape import nearest

_NOWHERE = "http://site.invalid"
"""The site's name where nobody says one; it can never be reached (RFC 2606)."""


@dataclass(frozen=True, slots=True)
class Profiles:
    """The profiles of a site, and their rules about addresses taken together."""

    read_by: tuple[Profile, ...]
    rules: Rules

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, for the log."""
        return tuple(profile.name for profile in self.read_by)


def profiles_of(folder: Path, source: Source) -> Profiles:
    """The profiles a source names: packaged ones, or files of the project. ConfigurationError with all faults."""
    packaged = presets_folder() / "sites"
    names = source.site.profiles if source.site else ()
    paths = [_profile_path(name, folder, packaged) for name in names]
    if not paths:
        return Profiles((), Rules())
    start = Rules(start=source.site.start) if source.site else Rules()
    return Profiles(tuple(load_profile(path, packaged) for path in paths), read_rules(paths, packaged) | start)


def _profile_path(name: str, folder: Path, packaged: Path) -> Path:
    own = folder / (name if name.endswith(".yaml") else f"sites/{name}.yaml")
    path = own if own.is_file() else packaged / f"{name}.yaml"
    if not path.is_file():
        known = [each.stem for each in packaged.glob("*.yaml")]
        raise ConfigurationError(f"There is no site profile {name!r}.", nearest(name, known))
    return path


def addresses_of(source: Source, asked: str = "") -> Addresses:
    """What an address means for the source's site; ``asked`` is where it is really asked, if elsewhere."""
    domain = source.variables.get("domain", "")
    site = source.site
    public = (site.url if site else None) or (f"https://{domain}" if domain else _NOWHERE)
    names = (domain, f"www.{domain}") if domain else ()
    return Addresses(public, asked, (*names, *(site.names if site else ())), site.hosts if site else ())


def pages_of(addresses: Addresses, profiles: Profiles) -> Pages:
    """Who reads the pages."""

    def read(data: bytes, content_type: str, url: str, fetched_at: datetime) -> Page | Unreadable:
        options = PageOptions(profiles.read_by, content_type=content_type or None, fetched_at=fetched_at)
        return read_page(data, url, options)

    return Pages(addresses, profiles.rules, read)


class SiteMaker:
    """Makes the site of a source; what it opens is closed by the stack."""

    def __init__(
        self, source: Source, profiles: Profiles, patience: Patience, stopping: Callable[[], bool], stack: ExitStack
    ) -> None:
        self._source, self._profiles, self._stack = source, profiles, stack
        self._patience, self._stopping = patience, stopping

    def make(self, files: FileStore) -> Site:
        """The site. ConfigurationError where the source does not say enough."""
        site, media = self._source.site, self._source.media
        if site is not None and not self._profiles.read_by and media is None:
            raise ConfigurationError(
                f"The site of {self._source.name} has no profile.", "Write `profile: nukeviet`, or another, in `site:`."
            )
        asked = self._stack.enter_context(served(site.serve)) if site is not None and site.serve is not None else ""
        addresses = addresses_of(self._source, asked)
        web = self._visitor(addresses) if site is not None else None
        made_of = Site(addresses, self._profiles.rules, self._media(addresses, files, web))
        if web is None or not self._profiles.read_by:
            return made_of
        return Site(addresses, self._profiles.rules, made_of.media, pages_of(addresses, self._profiles), web)

    def _media(self, addresses: Addresses, files: FileStore, web: Visitor | None) -> Media:
        """Files come from the media folder, and what it lacks from the site; or from the media's own web server."""
        media = self._source.media
        folder = None
        if media is not None and media.root is not None:
            if not media.root.is_dir():
                raise AccessError(f"There is no folder {media.root}.", "Correct `media: {root: …}` in migration.yaml.")
            folder = FolderFetch(addresses, media.root)
        elif media is not None and media.url is not None:
            web = self._visitor(addresses_of(self._source, media.url))
        return Media(addresses, files, folder, web, LARGEST_BYTES)

    def _visitor(self, addresses: Addresses) -> Visitor:
        fetch = HttpFetch(addresses)
        self._stack.callback(fetch.close)
        rate = self._source.site.rate if self._source.site else 1.0
        return Visitor(addresses, fetch, rate, self._patience, self._stopping)
