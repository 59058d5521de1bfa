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
ABSENT, ANY_LOADED, ORDINARY = "absent", "loaded", "ordinary"
_KEPT_OUT = frozenset(Bucket) - LOADED
_ASPECTS = frozenset({"bucket", "reason", "into", "finding", "difference", "note"})


@dataclass(frozen=True, slots=True)
class _Trouble:
    """One kind of trouble, the keys that have it, and what must become of them.

    ``into`` has, for each key that must be merged into a certain record, the legacy key of that one.
    """

    name: str
    keys: tuple[str, ...]
    buckets: frozenset[str]
    reason: str
    into: Mapping[str, str]
    findings: tuple[str, ...]
    differences: tuple[str, ...]
    notes: tuple[str, ...]

    def fits(self, key: str, item: Item | None) -> bool:
        """Whether a row ended where it must."""
        if item is None:
            return not self.buckets or ABSENT in self.buckets
        in_bucket = not self.buckets or item.bucket in self.buckets
        is_led = key not in self.into or item.merged_into == self.into[key]
        return in_bucket and is_led and (not self.reason or item.reason == self.reason)


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
    outcome, ``loaded`` for any loaded one), ``reason``, ``into`` (which of the trouble's facts names the record a key was
    merged into), ``finding``, ``difference`` (declared or waived) and ``note`` (each a code, or a list), all optional. The
    entry ``ordinary`` lists reasons, or ``entity:reason``, that are no trouble: rows kept out for them need no explanation.
    ``source`` is the source bare ids belong to; without it, the one of the ledger's first article.
    """
    problems = _Problems()
    ordinary = frozenset(expectations.get(ORDINARY, ()))
    expectations = {name: wanted for name, wanted in expectations.items() if name != ORDINARY}
    source = source or next((split_key(key)[0] for key in ledger.keys("article")), "")
    troubles = list(_troubles(manifest, expectations, source, problems))
    _buckets(troubles, ordinary, ledger, problems)
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
        entity = trouble.get("entity", "article")
        keys = tuple(_key(source, entity, key) for key in trouble["keys"])
        yield _Trouble(
            name, keys, _named_buckets(wanted.get("bucket")), str(wanted.get("reason") or ""),
            _survivors(name, trouble, str(wanted.get("into") or ""), source, entity, keys, problems),
            _codes(wanted.get("finding")), _codes(wanted.get("difference")), _codes(wanted.get("note")),
        )  # fmt: skip


def _codes(named: Any) -> tuple[str, ...]:
    return (named,) if isinstance(named, str) else tuple(named or ())


def _named_buckets(named: Any) -> frozenset[str]:
    names = _codes(named)
    loaded = {bucket.value for bucket in LOADED} if ANY_LOADED in names else set()
    return frozenset({*names, *loaded} - {ANY_LOADED})


def _survivors(
    name: str, trouble: Mapping[str, Any], fact: str, source: str, entity: str, keys: Sequence[str], problems: _Problems
) -> Mapping[str, str]:
    """The records that rows must be merged into, by a fact of the trouble. A key without one is a problem."""
    if not fact:
        return {}
    told = trouble.get(fact, {})
    found = {_key(source, entity, key): _key(source, entity, into) for key, into in told.items()}
    for key in keys:
        if key not in found:
            problems.add(f"{name}: the manifest's '{fact}' does not say which record {key} is one with")
    return found


def _key(source: str, entity: str, key: Any) -> str:
    return key if isinstance(key, str) and key.count(":") >= 2 else record_key(source, entity, key)


def _buckets(troubles: Sequence[_Trouble], ordinary: frozenset[str], ledger: Ledger, problems: _Problems) -> None:
    """Every key where it must be; nothing kept out that no trouble explains."""
    allowed: dict[str, list[_Trouble]] = {}
    for trouble in troubles:
        for keys in in_batches(trouble.keys):
            items = ledger.items(keys)
            for key in keys:
                item = items.get(key)
                allowed.setdefault(key, []).append(trouble)
                if not trouble.fits(key, item):
                    problems.add(f"{trouble.name}: {key} must be {_must(trouble, key)}, but is {_is(item)}")
    for item in ledger.set_aside(_KEPT_OUT):
        if item.reason in ordinary or f"{item.entity}:{item.reason}" in ordinary:
            continue
        explained = allowed.get(item.key, ())
        if not any(item.bucket in trouble.buckets and trouble.fits(item.key, item) for trouble in explained):
            problems.add(f"{item.key} is {_is(item)}, which no trouble of the manifest explains")


def _must(trouble: _Trouble, key: str) -> str:
    buckets = " or ".join(sorted(trouble.buckets)) or "anywhere"
    return _told(buckets, trouble.reason, trouble.into.get(key))


def _is(item: Item | None) -> str:
    return ABSENT if item is None else _told(item.bucket.value, item.reason, item.merged_into)


def _told(bucket: str, reason: str, into: str | None) -> str:
    return bucket + (f" for {reason}" if reason else "") + (f" into {into}" if into else "")


def _entries(troubles: Sequence[_Trouble], folder: Path, problems: _Problems) -> None:
    """Findings and differences: all that are expected, no others, and nothing open among the differences."""
    findings = {(kind, key): each.name for each in troubles for kind in each.findings for key in each.keys}
    missing = dict(findings)
    for entry in _lines(folder / FINDINGS_FILE, problems):
        pair = entry["kind"], entry["key"]
        missing.pop(pair, None)
        if pair not in findings:
            problems.add(f"finding {pair[0]} at {pair[1]}, which no trouble explains: {entry['detail']}")
    differences = {(kind, key): each.name for each in troubles for kind in each.differences for key in each.keys}
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
    lacking = {(code, key): each.name for each in troubles for code in each.notes for key in each.keys}
    if not lacking:
        return
    for key, note in ledger.notes():
        lacking.pop((note.code, key), None)
    for (code, key), name in lacking.items():
        problems.add(f"{name}: no note {code} at {key}")
