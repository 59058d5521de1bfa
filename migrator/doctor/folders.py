"""Folders and files the night needs: media, evidence."""

from __future__ import annotations

import os
from pathlib import Path

from migrator.doctor.diagnosis import Diagnosis, Level
from migrator.doctor.space import existing

CHECK = "folder"


def to_write(subject: str, folder: Path) -> list[Diagnosis]:
    """A folder that is filled; it may be made on the way."""
    said = {"path": str(folder)}
    if folder.exists() and not folder.is_dir():
        return [Diagnosis(CHECK, subject, Level.FAULT, "folder_is_file", said)]
    if not os.access(existing(folder), os.W_OK | os.X_OK):
        return [Diagnosis(CHECK, subject, Level.FAULT, "folder_unwritable", said)]
    return [Diagnosis(CHECK, subject, Level.OK, "folder_writable", said)]


def to_read(subject: str, folder: Path) -> list[Diagnosis]:
    """A folder that is read."""
    said = {"path": str(folder)}
    if not folder.is_dir():
        return [Diagnosis(CHECK, subject, Level.FAULT, "folder_missing", said)]
    if not os.access(folder, os.R_OK | os.X_OK):
        return [Diagnosis(CHECK, subject, Level.FAULT, "folder_unreadable", said)]
    return [Diagnosis(CHECK, subject, Level.OK, "folder_readable", said)]


def evidence(subject: str, database: Path, *, is_needed: bool) -> list[Diagnosis]:
    """A database the tool gathers itself. One that mappings read must be there before the night."""
    said = {"path": str(database)}
    if database.is_file():
        return [Diagnosis("evidence", subject, Level.OK, "evidence_there", said)]
    level = Level.FAULT if is_needed else Level.WARNING
    return [Diagnosis("evidence", subject, level, "evidence_missing", said)]
