"""Originals of a legacy database, kept as compressed, content-addressed packs, and read from there as from the database."""

from migrator.extract.staged.catalogue import Catalogue, packs_in, read_catalogue
from migrator.extract.staged.extractor import StagedExtractor
from migrator.extract.staged.staging import Plan, Staged, Staging
from migrator.extract.staged.survey import StagedSurvey

__all__ = ["Catalogue", "Plan", "Staged", "StagedExtractor", "StagedSurvey", "Staging", "packs_in", "read_catalogue"]
