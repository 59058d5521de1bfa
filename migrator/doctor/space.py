"""Free space and inodes against an estimate.

The estimate is from a sample of rows and the number of rows. Measured on the demo (11,241 rows): ledger 1.2 KB a row,
report and verification together 0.5 KB a row, the target 1.2 times the sampled bytes of its rows. Each is rounded up.
"""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from migrator.doctor.diagnosis import Diagnosis, Level

CHECK = "space"
LEDGER_BYTES_A_ROW = 2_000
REPORT_BYTES_A_ROW = 1_000
TARGET_FACTOR = 2.0
COMFORT = 1.5
"""Less free than this many times the estimate is a warning: logs, temporary files and the neighbours grow too."""


@dataclass(frozen=True, slots=True)
class Volume:
    """What is to be carried over. ``bytes_sampled`` is the estimate of the raw bytes of all rows, ``files`` and
    ``file_bytes`` the media whose bytes are known."""

    rows: int
    bytes_sampled: int
    files: int = 0
    file_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Need:
    """Something that will grow at a place of this machine. ``path`` need not exist yet."""

    what: str
    path: Path
    size_bytes: int
    files: int = 1


def target_bytes(volume: Volume) -> int:
    """What the rows will take in the target's database."""
    return int(volume.bytes_sampled * TARGET_FACTOR)


def space(needs: Sequence[Need]) -> list[Diagnosis]:
    """The needs of each file system together against what is free there."""
    by_device: dict[int, list[Need]] = defaultdict(list)
    for need in needs:
        by_device[os.stat(existing(need.path)).st_dev].append(need)
    return [diagnosis for together in by_device.values() for diagnosis in _on_one(together)]


def _on_one(needs: Sequence[Need]) -> list[Diagnosis]:
    place = existing(needs[0].path)
    wanted, files = sum(need.size_bytes for need in needs), sum(need.files for need in needs)
    free = shutil.disk_usage(place).free
    said = {
        "what": ", ".join(need.what for need in needs), "free_gb": _gb(free), "wanted_gb": _gb(wanted),
        "free_bytes": free, "wanted_bytes": wanted,
    }  # fmt: skip
    level = Level.FAULT if free < wanted else Level.WARNING if free < wanted * COMFORT else Level.OK
    found = [Diagnosis(CHECK, str(place), level, f"space_{level.value}", said)]
    if hasattr(os, "statvfs"):
        found += _inodes(place, files)
    return found


def _inodes(place: Path, files: int) -> list[Diagnosis]:
    status = os.statvfs(place)
    if status.f_files == 0:  # a file system that makes them as it needs them
        return []
    said = {"free": status.f_favail, "wanted": files}
    level = Level.FAULT if status.f_favail < files else Level.WARNING if status.f_favail < files * COMFORT else Level.OK
    return [Diagnosis("inodes", str(place), level, f"inodes_{level.value}", said)]


def existing(path: Path) -> Path:
    """The path itself, or the nearest folder above it that is there."""
    path = path.absolute()
    while not path.exists():
        path = path.parent
    return path


def _gb(size_bytes: int) -> float:
    return round(size_bytes / 1e9, 2)
