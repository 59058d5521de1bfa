from pathlib import Path

import pytest

from migrator.extract.page import Page, PageOptions, Profile, Unreadable, load_profiles, read_page

SITES = Path(__file__).resolve().parents[4] / "mappings" / "sites"


class Reader:
    """Reads pages with the packaged profiles; a page that gives no article fails the test."""

    def __init__(self, profiles: tuple[Profile, ...]) -> None:
        self.profiles = profiles

    def __call__(self, page: str | bytes, url: str | None = None, **options: object) -> Page:
        found = self.tried(page, url, **options)
        assert isinstance(found, Page), found
        return found

    def tried(self, page: str | bytes, url: str | None = None, **options: object) -> Page | Unreadable:
        return read_page(page, url, PageOptions(profiles=self.profiles, **options))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def read() -> Reader:
    return Reader(load_profiles(SITES))


@pytest.fixture(scope="session")
def sites() -> Path:
    return SITES
