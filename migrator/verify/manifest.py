"""The outcome of a run against a manifest of known troubles: what is broken is found and named, and nothing else is.

A manifest, written by whoever made the source, says which rows have which trouble; the expectations say what must
become of each trouble. Both directions are compared: every key of every trouble, and everything the ledger and the
examination complain about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from migrator.model.examination import DIFFERENCES_FILE, FINDINGS_FILE
from migrator.model.finding import State
from migrator.model.outcome import LOADED, Bucket
from migrator.model.record import record_key, split_key
from migrator.ports import Item, Ledger
from migrator.verify.desk import in_batches

MOST_PROBLEMS = 200
ABSENT, ANY_LOADED = "absent", "loaded"
_KEPT_OUT = frozenset(Bucket) - LOADED
_ASPECTS = frozenset({"bucket", "reason", "finding", "difference", "note"})


@dataclass(frozen=True, slots=True)
class _Trouble:
    """One kind of trouble, the keys that have it, and what must become of them."""

    name: str
    keys: tuple[str, ...]
    buckets: frozenset[str]
    reason: str
    finding: str
    difference: str
    note: str

    def fits(self, item: Item | None) -> bool:
        """Whether a row ended where it must."""
        if item is None:
            return not self.buckets or ABSENT in self.buckets
        in_bucket = not self.buckets or item.bucket in self.buckets
        return in_bucket and (not self.reason or item.reason == self.reason)


def compare_with_manifest(
    manifest: Mapping[str, Any],
    expectations: Mapping[str, Mapping[str, Any]],
    ledger: Ledger,
    verification_folder: Path,
    source: str = "",
) -> list[str]:
    """A sentence for each way in which the outcome is not the manifest's; empty where it is.

    ``manifest["troubles"]`` maps a trouble's name to ``{"keys": […], "entity": "article"}``; a key is a legacy id (a
    list for a compound one) or a whole legacy key. An expectation has ``bucket`` (a name, or a list; ``absent`` for no
    outcome, ``loaded`` for any loaded one), ``reason``, ``finding``, ``difference`` (declared or waived) and ``note``,
    all optional. ``source`` is the source bare ids belong to; without it, the one of the ledger's first article.
    """
    problems = _Problems()
    source = source or next((split_key(key)[0] for key in ledger.keys("article")), "")
    troubles = list(_troubles(manifest, expectations, source, problems))
    _buckets(troubles, ledger, problems)
    _entries(troubles, verification_folder, problems)
    _notes(troubles, ledger, problems)
    return problems.sentences()


class _Problems:
    """Sentences, and only the number of those beyond the first ones."""

    def __init__(self) -> None:
        self._sentences: list[str] = []
        self._more = 0

    def add(self, sentence: str) -> None:
        if len(self._sentences) < MOST_PROBLEMS:
            self._sentences.append(sentence)
        else:
            self._more += 1

    def sentences(self) -> list[str]:
        return self._sentences + ([f"and {self._more} more"] if self._more else [])


def _troubles(
    manifest: Mapping[str, Any], expectations: Mapping[str, Mapping[str, Any]], source: str, problems: _Problems
) -> Iterator[_Trouble]:
    """Troubles that have an expectation; everything without its counterpart is a problem."""
    known = manifest.get("troubles", {})
    if not known:
        problems.add("the manifest names no troubles: there is nothing to compare with")
    for name in expectations.keys() - known.keys():
        problems.add(f"{name}: expected, but the manifest has no such trouble")
    for name, trouble in known.items():
        wanted = expectations.get(name)
        if wanted is None:
            problems.add(f"{name}: in the manifest, but nothing says what must become of it")
            continue
        for aspect in wanted.keys() - _ASPECTS:
            problems.add(f"{name}: '{aspect}' is no part of an expectation")
        if not wanted.keys() & _ASPECTS:
            problems.add(f"{name}: its expectation says nothing")
        if not trouble["keys"]:
            problems.add(f"{name}: the manifest gives no key")
        keys = tuple(_key(source, trouble.get("entity", "article"), key) for key in trouble["keys"])
        words = {aspect: str(wanted.get(aspect) or "") for aspect in ("reason", "finding", "difference", "note")}
        yield _Trouble(name, keys, _named_buckets(wanted.get("bucket")), **words)


def _named_buckets(named: Any) -> frozenset[str]:
    names = [named] if isinstance(named, str) else list(named or ())
    loaded = {bucket.value for bucket in LOADED} if ANY_LOADED in names else set()
    return frozenset({*names, *loaded} - {ANY_LOADED})


def _key(source: str, entity: str, key: Any) -> str:
    return key if isinstance(key, str) and key.count(":") >= 2 else record_key(source, entity, key)


def _buckets(troubles: Sequence[_Trouble], ledger: Ledger, problems: _Problems) -> None:
    """Every key where it must be; nothing kept out that no trouble explains."""
    allowed: dict[str, list[_Trouble]] = {}
    for trouble in troubles:
        for keys in in_batches(trouble.keys):
            items = ledger.items(keys)
            for key in keys:
                item = items.get(key)
                allowed.setdefault(key, []).append(trouble)
                if not trouble.fits(item):
                    problems.add(f"{trouble.name}: {key} must be {_must(trouble)}, but is {_is(item)}")
    for item in ledger.set_aside(_KEPT_OUT):
        if not any(item.bucket in trouble.buckets and trouble.fits(item) for trouble in allowed.get(item.key, ())):
            problems.add(f"{item.key} is {_is(item)}, which no trouble of the manifest explains")


def _must(trouble: _Trouble) -> str:
    buckets = " or ".join(sorted(trouble.buckets)) or "anywhere"
    return buckets + (f" for {trouble.reason}" if trouble.reason else "")


def _is(item: Item | None) -> str:
    if item is None:
        return ABSENT
    return item.bucket.value + (f" for {item.reason}" if item.reason else "")


def _entries(troubles: Sequence[_Trouble], folder: Path, problems: _Problems) -> None:
    """Findings and differences: all that are expected, no others, and nothing open among the differences."""
    findings = {(trouble.finding, key): trouble.name for trouble in troubles if trouble.finding for key in trouble.keys}
    missing = dict(findings)
    for entry in _lines(folder / FINDINGS_FILE, problems):
        pair = entry["kind"], entry["key"]
        missing.pop(pair, None)
        if pair not in findings:
            problems.add(f"finding {pair[0]} at {pair[1]}, which no trouble explains: {entry['detail']}")
    differences = {
        (trouble.difference, key): trouble.name for trouble in troubles if trouble.difference for key in trouble.keys
    }
    lacking = dict(differences)
    for entry in _lines(folder / DIFFERENCES_FILE, problems):
        pair = entry["kind"], entry["key"]
        if entry["state"] == State.OPEN:
            place = f"{entry['check']} {entry['key']} {entry['field']}".rstrip()
            problems.add(f"open difference {entry['kind']} at {place}: {entry['detail']}")
        elif entry["state"] == State.WAIVED and pair not in differences:
            problems.add(f"waived difference {pair[0]} at {pair[1]}, which no trouble explains")
        lacking.pop(pair, None)
    for (kind, key), name in missing.items():
        problems.add(f"{name}: no finding {kind} at {key}")
    for (kind, key), name in lacking.items():
        problems.add(f"{name}: no difference {kind} at {key}")


def _lines(path: Path, problems: _Problems) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        problems.add(f"{path.name} is missing: nothing was examined")
        return
    with path.open("rb") as lines:
        for line in lines:
            yield orjson.loads(line)


def _notes(troubles: Iterable[_Trouble], ledger: Ledger, problems: _Problems) -> None:
    """Every expected note is on record."""
    lacking = {(trouble.note, key): trouble.name for trouble in troubles if trouble.note for key in trouble.keys}
    if not lacking:
        return
    for key, note in ledger.notes():
        lacking.pop((note.code, key), None)
    for (code, key), name in lacking.items():
        problems.add(f"{name}: no note {code} at {key}")
