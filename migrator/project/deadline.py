"""What the coming night holds: work left, by stage, with the rates it went at before."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from migrator.model.content import in_load_order
from migrator.model.rate import Rate
from migrator.ports import Progress
from migrator.project.compose import Project
from migrator.project.measure import measure
from migrator.project.volume import Mappings, evidence_databases, media_of, rows_of, sampled_bytes
from migrator.read.sql.evidence import EvidenceFiles
from migrator.run.schedule import Basis, Work, usual_rate


def works_of(project: Project, measured_rows: int | None, progress: Progress) -> list[Work]:
    """Harvest, run by entity, verify and report. Nothing is written, but for ``measured_rows`` into a scratch target."""
    mappings = project.mappings()
    rows = rows_of(project, mappings)
    rates = project.ledger.rates() if project.has_ledger else ()
    now = measure(project, measured_rows, progress) if measured_rows else ()
    works = _harvests(project)
    works += _runs(project, mappings, rows, rates, now)
    works += [_whole(stage, sum(rows.values()), rates) for stage in ("verify", "report")]
    return works


def _harvests(project: Project) -> list[Work]:
    """Addresses that wait, at the rate the site may be asked. A site nothing reads and nobody began on is left out."""
    sources = project.settings.sources
    read = {source.evidence for source in sources.values()}
    works = []
    for name, path in evidence_databases(project).items():
        brings = project.settings.media_folder is not None and sources[name].media is not None
        if not path.is_file() and name not in read and not brings:
            continue
        site = sources[name].site
        rate = site.rate if site is not None and site.rate else None
        waiting = _waiting(path)
        basis: Basis = "unknown" if waiting is None else "nothing" if not waiting else "limit" if rate else "unknown"
        works.append(Work("harvest", name, waiting, 0, rate, basis))
    return works


def _waiting(path: Path) -> int | None:
    """Addresses to be asked; None where no harvest was begun: nobody knows how many a site has before it was asked."""
    if not path.is_file():
        return None
    with closing(EvidenceFiles(path)) as evidence:
        return evidence.waiting()


def _runs(
    project: Project, mappings: Mappings, rows: dict[tuple[str, str], int], rates: Sequence[Rate], now: Sequence[Rate]
) -> list[Work]:
    """An entity of all its sources together, in load order; the bytes of media are brought with the assets."""
    done = project.ledger.rows_done() if project.has_ledger else {}
    works = []
    for entity in in_load_order(entity for _, entity in rows):
        pairs = [pair for pair in rows if pair[1] == entity]
        left = sum(max(rows[pair] - done.get(pair, 0), 0) for pair in pairs)
        size = sum(sampled_bytes(project, mappings[pair], rows[pair]) for pair in pairs)
        if entity == "asset":
            size += media_of(project)[1]
        again = project.has_ledger and project.ledger.is_complete(entity)
        speed, of = usual_rate(
            [r for r in now or rates if (r.stage, r.entity) == ("run", entity)], again=again and not now
        )
        basis: Basis = "nothing" if not left else "unknown" if speed is None else "measured" if now else "runs"
        works.append(Work("run", entity, left, size, speed, basis, () if now else of))
    return works


def _whole(stage: str, rows: int, rates: Sequence[Rate]) -> Work:
    """Verification and report look at everything, however often."""
    speed, of = usual_rate([r for r in rates if r.stage == stage], again=True)
    return Work(stage, "", rows, 0, speed, "runs" if speed else "unknown" if rows else "nothing", of)
