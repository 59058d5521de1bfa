"""Originals of a legacy database, kept as compressed, content-addressed packs, and read from there as from the database."""

from migrator.extract.staged.catalogue import Catalogue, packs_in, read_catalogue
from migrator.extract.staged.extractor import StagedExtractor
from migrator.extract.staged.staging import Plan, Staged, Staging

__all__ = ["Catalogue", "Plan", "Staged", "StagedExtractor", "Staging", "packs_in", "read_catalogue"]
