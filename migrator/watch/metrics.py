"""Metrics for the text collector of Prometheus' node exporter: one file, replaced whole.

Format: prometheus.io/docs/instrumenting/exposition_formats (text, 0.0.4). The collector reads every ``*.prom`` of a
folder, so each series carries the project's name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_HELP = {
    "rows_total": "Source rows by entity and bucket, as the ledger knows them. Rows move between buckets: a gauge.",
    "rows_per_second": "Rows a second of the entity that is or was last carried over.",
    "open_intents": "Writes begun and not confirmed.",
    "running": "1 while a run works, 0 afterwards.",
    "run_started_timestamp_seconds": "When this session of the run began.",
    "run_ended_timestamp_seconds": "When it ended; absent while it works.",
    "last_success_timestamp_seconds": "When a run last came to its end, rows set aside or not.",
    "exit_code": "Exit code of the session: 0 done, 3 rows set aside, 130 stopped, others failed; absent while it works.",
}


@dataclass(slots=True)
class Metrics:
    """What the file says. Instants are seconds since 1970; None is left out. ``rates`` are rows a second by entity."""

    project: str
    started_at: float
    rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    open_intents: int = 0
    last_success_at: float | None = None
    ended_at: float | None = None
    exit_code: int | None = None


def rendered(metrics: Metrics) -> str:
    """The file's text."""
    own = {"project": metrics.project}
    lines: list[str] = []
    lines += _family("rows_total", (
        ({**own, "entity": entity, "bucket": bucket}, number)
        for entity, buckets in sorted(metrics.rows.items()) for bucket, number in sorted(buckets.items())
    ))  # fmt: skip
    lines += _family("rows_per_second", (({**own, "entity": e}, round(r, 3)) for e, r in sorted(metrics.rates.items())))
    lines += _family("open_intents", [(own, metrics.open_intents)])
    lines += _family("running", [(own, int(metrics.ended_at is None))])
    lines += _family("run_started_timestamp_seconds", [(own, metrics.started_at)])
    for name, value in (
        ("run_ended_timestamp_seconds", metrics.ended_at),
        ("last_success_timestamp_seconds", metrics.last_success_at),
        ("exit_code", metrics.exit_code),
    ):
        lines += _family(name, [] if value is None else [(own, value)])
    return "\n".join(lines) + "\n"


def _family(
    name: str, samples: Iterator[tuple[Mapping[str, str], float]] | list[tuple[dict[str, str], float]]
) -> list[str]:
    found = [f"migrator_{name}{{{_labels(labels)}}} {value!r}" for labels, value in samples]
    return [f"# HELP migrator_{name} {_HELP[name]}", f"# TYPE migrator_{name} gauge", *found] if found else []


def _labels(labels: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def write(path: Path, metrics: Metrics) -> None:
    """Replace the file at once: the collector sees the old one or the new one. OSError."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")  # not *.prom: the collector leaves it alone
    try:
        unfinished.write_text(rendered(metrics), encoding="utf-8")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
