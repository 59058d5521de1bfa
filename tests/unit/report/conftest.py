"""Builds the sample's report into a temporary folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from migrator.ports import Ledger
from migrator.report import build_report
from tests.unit.report.newsroom import NOW, FakeLedger, FakeSides, Quiet, Sample


@dataclass(slots=True)
class Built:
    """A report and what it was made of."""

    out: Path
    content: dict[str, Any]
    sides: FakeSides

    def page(self, name: str = "index.html") -> str:
        return (self.out / name).read_text(encoding="utf-8")


Build = Callable[..., Built]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """``build(sample)``; ``change`` may bend the ledger after the verification, ``verified=False`` leaves it out."""

    def make(
        sample: Sample | None = None, *, verified: bool = True, change: Callable[[FakeLedger], None] | None = None
    ) -> Built:
        sample = sample or Sample()
        ledger = sample.ledger()
        verification = tmp_path / "verification"
        if verified:
            sample.write(verification, ledger)
        if change:
            change(ledger)
        return remake(tmp_path, sample, ledger)

    return make


def remake(tmp_path: Path, sample: Sample, ledger: FakeLedger) -> Built:
    """A report over what stands in the folder."""
    sides, out = FakeSides(sample.hostile), tmp_path / "report"
    content = build_report(
        project_name=f"Báo Cửa Biển{sample.hostile}",
        ledger=cast(Ledger, ledger),
        verification=tmp_path / "verification",
        compare=sides,
        out=out,
        now=NOW,
        progress=Quiet(),
    )
    return Built(out, content, sides)
