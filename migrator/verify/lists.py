"""The lists of an examination: differences, findings, texts and sums, one JSON object a line, written as they are found.

They are written under temporary names; :meth:`Lists.publish` puts them in place once everything is decided, so that a
folder never holds half an examination.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import orjson

from migrator.model.accounts import SumLine
from migrator.model.content import Value
from migrator.model.examination import (
    DIFFERENCES_FILE,
    EXAMINATION_FILE,
    FINDINGS_FILE,
    SUMS_FILE,
    TEXTS_FILE,
    Examination,
    Tally,
    difference_from_json,
    finding_from_json,
)
from migrator.model.finding import Difference, DifferenceKind, Finding, State
from migrator.verify.shown import printable, shown

_PART = ".part"
_LISTS = (DIFFERENCES_FILE, FINDINGS_FILE, TEXTS_FILE, SUMS_FILE)

Waived = Callable[[str, str, str, str], bool]
"""Whether open entries of a kind, entity, check and field are waived; findings have neither check nor field."""


class Lists:
    """Where checks put what they find. Counts by state are kept; the entries themselves only on disk."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._files = {name: self._open(name) for name in _LISTS}
        self._differences, self._findings = self._files[DIFFERENCES_FILE], self._files[FINDINGS_FILE]

    @property
    def folder(self) -> Path:
        """The folder of the examination."""
        return self._folder

    def _open(self, name: str) -> BinaryIO:
        return (self._folder / (name + _PART)).open("wb")

    def difference(
        self,
        check: str,
        entity: str,
        key: str,
        field: str,
        named: tuple[DifferenceKind, str],
        expected: Value = None,
        found: Value = None,
        state: State = State.OPEN,
    ) -> None:
        """Put one difference on the list."""
        kind, detail = named
        entry = Difference(
            check, entity, printable(key), field, kind, shown(expected, found), shown(found, expected),
            printable(detail), state,
        )  # fmt: skip
        self._differences.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))

    def finding(self, kind: str, entity: str, key: str, detail: str) -> None:
        """Put one finding about the source on the list."""
        entry = Finding(kind, entity, printable(key), printable(detail))
        self._findings.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))

    def text(self, key: str, recall: float, precision: float, words_source: int, words_target: int) -> None:
        """Put one compared body on the list."""
        entry = {
            "key": printable(key), "recall": round(recall, 6), "precision": round(precision, 6),
            "words_source": words_source, "words_target": words_target,
        }  # fmt: skip
        self._files[TEXTS_FILE].write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))

    def sums(self, entry: SumLine) -> None:
        """Put one group of a control total on the list."""
        self._files[SUMS_FILE].write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))

    def flush(self) -> None:
        """Make everything written so far readable."""
        for file in self._files.values():
            file.flush()

    def entries(self) -> Iterator[Difference | Finding]:
        """Everything on the lists, streamed from disk."""
        self.flush()
        for name, make in ((DIFFERENCES_FILE, difference_from_json), (FINDINGS_FILE, finding_from_json)):
            with (self._folder / (name + _PART)).open("rb") as lines:
                for line in lines:
                    yield make(orjson.loads(line))

    def settle(self, waived: Waived) -> tuple[dict[str, Tally], dict[str, Tally]]:
        """Close the lists; open entries that are waived become WAIVED. Tallies: differences, findings."""
        for file in self._files.values():
            file.close()
        return (
            self._settle(DIFFERENCES_FILE, waived),
            self._settle(FINDINGS_FILE, waived),
        )

    def _settle(self, name: str, waived: Waived) -> dict[str, Tally]:
        path, settled = self._folder / (name + _PART), self._folder / (name + ".settled")
        tallies: dict[str, Tally] = {}
        with path.open("rb") as lines, settled.open("wb") as out:
            for line in lines:
                entry = orjson.loads(line)
                place = (entry["kind"], entry["entity"], entry.get("check", ""), entry.get("field", ""))
                if entry["state"] == State.OPEN and waived(*place):
                    entry["state"] = State.WAIVED
                tally = tallies.setdefault(entry["kind"], Tally())
                setattr(tally, entry["state"], getattr(tally, entry["state"]) + 1)
                out.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))
        os.replace(settled, path)
        return tallies

    def publish(self, examination: Examination) -> None:
        """Put lists and figures in place. The figures come last: without them, nothing counts as examined."""
        figures = self._folder / EXAMINATION_FILE
        part = self._folder / (EXAMINATION_FILE + _PART)
        part.write_bytes(orjson.dumps(examination.to_json(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        figures.unlink(missing_ok=True)
        for name in _LISTS:
            os.replace(self._folder / (name + _PART), self._folder / name)
        os.replace(part, figures)

    def discard(self) -> None:
        """Remove what an examination that did not come to its end has left."""
        for file in self._files.values():
            file.close()
        for name in (*_LISTS, EXAMINATION_FILE):
            (self._folder / (name + _PART)).unlink(missing_ok=True)
            (self._folder / (name + ".settled")).unlink(missing_ok=True)
