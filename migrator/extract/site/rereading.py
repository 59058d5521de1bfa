"""Reading the kept pages once more, with the profile as it is now. Nothing is fetched."""

from __future__ import annotations

from migrator.extract.site import records
from migrator.extract.site.frontier import Frontier
from migrator.extract.site.pages import Pages
from migrator.extract.site.reckoning import reckon
from migrator.extract.site.rules import Judge
from migrator.extract.site.store import EvidenceStore
from migrator.ports import Progress


def reread(store: EvidenceStore, pages: Pages, judge: Judge, progress: Progress) -> int:
    """How many pages were read. Addresses they name that were not known wait for the next harvest."""
    frontier = Frontier(store)
    progress.start("reread", records.count_originals(store))
    done = 0
    try:
        for original in records.originals(store):
            link = frontier.find(original.url)
            if link is None:
                continue
            read = pages.page(original.url, original.data, original.content_type, original.fetched_at)
            named = [judge.link(each.url, each.kind, each.found_by, link) for each in read.named]
            with store.writing() as connection:
                records.change_page(connection, original.url, read)
                frontier.add(connection, named)
            progress.advance(1)
            done += 1
    finally:
        progress.finish()
    reckon(store)
    return done
