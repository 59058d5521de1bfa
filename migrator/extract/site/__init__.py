"""A legacy site as a source: harvested once into an evidence database, which is then read like any other.

``Harvest`` works, ``Evidence`` reads; ``Fetch`` is the port to what is harvested.
"""

from migrator.extract.site.addresses import Addresses
from migrator.extract.site.evidence import Evidence, EvidenceFile
from migrator.extract.site.fetch import Fetch, Fetched, FolderFetch, HttpFetch, Known
from migrator.extract.site.files import FileStore
from migrator.extract.site.harvest import Harvest, Options, Site
from migrator.extract.site.media import Media
from migrator.extract.site.pages import Pages
from migrator.extract.site.rules import Rules, read_rules
from migrator.extract.site.store import EvidenceStore
from migrator.extract.site.visit import Patience, Visitor

__all__ = [
    "Addresses",
    "Evidence",
    "EvidenceFile",
    "EvidenceStore",
    "Fetch",
    "Fetched",
    "FileStore",
    "FolderFetch",
    "Harvest",
    "HttpFetch",
    "Known",
    "Media",
    "Options",
    "Pages",
    "Patience",
    "Rules",
    "Site",
    "Visitor",
    "read_rules",
]
