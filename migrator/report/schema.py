"""JSON Schema of ``report.json``; published as ``docs/reference/report.schema.json``."""

from __future__ import annotations

from typing import Any, get_args

from migrator.model.accounts import SHARES
from migrator.model.examination import COUNTED, Verdict
from migrator.report.document import SCHEMA

_COUNT = {"type": "integer", "minimum": 0}
_KNOWN_COUNT = {"type": ["integer", "null"], "minimum": 0}
_TEXT = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}
_HEX = {"type": "string", "pattern": "^([0-9a-f]{2})*$"}
_LIST = {"type": "string", "pattern": "^lists/[A-Za-z0-9._-]+\\.csv$"}


def report_schema() -> dict[str, Any]:
    """The schema (draft 2020-12). Keys beyond it may come; those it requires stay."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Migration report",
        "description": "Every figure of a report. An entity's buckets sum to its source, or a contradiction says so.",
    } | _object(
        {
            "schema": {"const": SCHEMA},
            "project": _TEXT,
            "generated_at": {"type": "string", "format": "date-time"},
            "tool_version": _TEXT,
            "verdict": {"enum": list(get_args(Verdict))},
            "verdict_reason": {"enum": ["", "no_verification", "ledger_changed", "contradiction", "incomplete"]},
            "contradictions": _array(_CONTRADICTION),
            "examination": {"anyOf": [_EXAMINATION, {"type": "null"}]},
            "journal_head": _HEX,
            "journal_beginning": _HEX,
            "journal": _object({"entries": _COUNT, "list": _LIST}),
            "baseline": _array(_object({"entity": _TEXT, "rows": _COUNT, "largest_id": _MAYBE})),
            "open_intents": _COUNT,
            "run": {"type": "object"},
            "runs": _array(_RUN),
            "entities": _map(_ENTITY),
            "checks": _array(_CHECK),
            "differences": _TALLIED,
            "findings": _TALLIED,
            "set_aside": _TALLIED,
            "exceptions": _array(
                _object({"entity": _TEXT, "bucket": _BUCKET, "reason": _TEXT, "count": _COUNT}),
            ),
            "notes": _object({"total": _COUNT, "by_code": _map(_COUNT), "list": _LIST}),
            "tables": _array(
                _object(
                    {"table": _TEXT, "rows": _COUNT, "disposition": _TEXT, "detail": _TEXT, "orphans": _KNOWN_COUNT}
                )
            ),
            "waivers": _array(_WAIVER),
            "broken_waivers": _array(_TEXT),
            "unused_waivers": _array(_TEXT),
            "not_checked": _array(_TEXT),
            "months": _map(_map({"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2})),
            "cells": _map(_map(_map(_COUNT))),
            "date_offsets_h": _map(_COUNT),
            "text": _array(_TEXTS),
            "sums": _array(_SUM),
            "redirects": {"anyOf": [_REDIRECTS, {"type": "null"}]},
            "media": _array(_MEDIA),
            "cut_offs": _array(_CUT_OFF),
            "vault": _array(_object({"entity": _TEXT, "withheld": _COUNT, "kept": _COUNT, "compared": _COUNT})),
            "lists": _array(_object({"path": _LIST, "rows": _COUNT, "sha256": _HEX})),
        }
    )


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _map(values: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": values}


_BUCKET = {"enum": [str(bucket) for bucket in COUNTED]}
_CONTRADICTION = _object(
    {
        "code": {"enum": ["sum", "ledger", "unverified", "differences", "findings", "open"]},
        "entity": _TEXT,
        "subject": _TEXT,
        "expected": _COUNT,
        "found": _COUNT,
    }
)
_EXAMINATION = _object(
    {
        "examined_at": _TEXT,
        "tool_version": _TEXT,
        "verdict": {"enum": list(get_args(Verdict))},
        "journal_head": _HEX,
        "fresh": {"type": "boolean"},
    }
)
_RUN = _object(
    {
        "id": _COUNT,
        "command": _TEXT,
        "started_at": _MAYBE,
        "ended_at": _MAYBE,
        "tool_version": _TEXT,
        "mapping_digest": _TEXT,
        "marker": _TEXT,
        "result": _TEXT,
        "who": _TEXT,
        "sessions": _COUNT,
    }
)
_ENTITY = _object(
    {
        "source": _KNOWN_COUNT,
        "target": _KNOWN_COUNT,
        "buckets": _object({str(bucket): _COUNT for bucket in COUNTED}) | {"additionalProperties": False},
        "sum": _COUNT,
        "balanced": {"type": ["boolean", "null"]},
        "gone": _KNOWN_COUNT,
    }
)
_CHECK = _object(
    {
        "id": _TEXT,
        "entity": _TEXT,
        "holds": {"type": ["boolean", "null"]},
        "compared": _COUNT,
        "not_compared": _COUNT,
        "differences": _COUNT,
        "independent": {"type": "boolean"},
        "statement": _TEXT,
        "open": _COUNT,
        "waived": _COUNT,
        "list": _LIST,
    }
)
_TALLIED = _object(
    {
        "total": _KNOWN_COUNT,
        "by_kind": _map(_COUNT),
        "declared": _map(_COUNT),
        "waived": _map(_COUNT),
        "list": _LIST,
    }
)
_WAIVER = _object(
    {
        "kind": _TEXT,
        "entity": _TEXT,
        "limit": {"type": "number"},
        "share": {"type": "boolean"},
        "why": _TEXT,
        "who": _TEXT,
        "expires": _TEXT,
        "check": _TEXT,
        "field": _TEXT,
    }
)
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_PAIR = {"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2}
_NUMBER = {"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$"}
_SPREAD = _object(dict.fromkeys(SHARES, _COUNT)) | {"additionalProperties": False}
_TEXTS = _object(
    {
        "entity": _TEXT,
        "source": _TEXT,
        "bodies": _COUNT,
        "compared": _COUNT,
        "seed": _HEX,
        "asked": _object({"recall": _SHARE, "precision": _SHARE}),
        "recall": _SPREAD,
        "precision": _SPREAD,
        "counts": _map(_PAIR),
        "accents": _PAIR,
        "letters": _PAIR,
        "bylines": _PAIR,
        "left_out": _map(_COUNT),
        "moved": _map(_COUNT),
        "read": _map(_COUNT),
        "worst": _array(
            _object({"key": _TEXT, "recall": _SHARE, "precision": _SHARE, "source": _TEXT, "target": _TEXT})
        ),
    }
)
_SUM = _object(
    {
        "entity": _TEXT,
        "source": _TEXT,
        "of": _TEXT,
        "by": _array(_TEXT),
        "groups": _COUNT,
        "differing": _COUNT,
        "source_sum": _NUMBER,
        "target_sum": _NUMBER,
        "lines": _map(_NUMBER),
        "kept": _TEXT,
        "kept_differing": _COUNT,
    }
)
_REDIRECTS = _object(
    {"redirects": _COUNT, "by_status": _map(_COUNT), "addresses": _map(_COUNT), "outcomes": _map(_COUNT)}
)
_MEDIA = _object(
    {"source": _TEXT, "records": _COUNT, "size_bytes": _COUNT, "states": _map(_COUNT), "outcomes": _map(_COUNT)}
)
_CUT_OFF = _object(
    {
        "entity": _TEXT,
        "source": _TEXT,
        "run": _COUNT,
        "cut_off_at": {"type": "string", "format": "date-time"},
        "rows_then": _COUNT,
        "rows_now": _COUNT,
        "changed": _KNOWN_COUNT,
        "new": _COUNT,
        "gone_since": _COUNT,
        "loaded_again": _COUNT,
        "gone": _COUNT,
        "kept": _COUNT,
    }
)
