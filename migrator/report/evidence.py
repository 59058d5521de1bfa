"""What the last verification left behind: its figures, and its lists as streams."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from migrator.errors import EvidenceError
from migrator.model.accounts import SumLine
from migrator.model.examination import (
    DIFFERENCES_FILE,
    EXAMINATION_FILE,
    FINDINGS_FILE,
    SUMS_FILE,
    TEXTS_FILE,
    Examination,
    difference_from_json,
    finding_from_json,
)
from migrator.model.finding import Difference, Finding

TEXT_FIGURES = ("key", "recall", "precision", "words_source", "words_target")
_RUN_AGAIN = "Run the verification again."
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verification folder. ``examination`` is None where no verification has been run."""

    folder: Path
    examination: Examination | None

    def differences(self) -> Iterator[Difference]:
        """Every difference, streamed. EvidenceError for a line that cannot be read."""
        return self._stream(DIFFERENCES_FILE, difference_from_json)

    def findings(self) -> Iterator[Finding]:
        """Every finding about the source, streamed. EvidenceError for a line that cannot be read."""
        return self._stream(FINDINGS_FILE, finding_from_json)

    def texts(self) -> Iterator[Mapping[str, Any]]:
        """TEXT_FIGURES of every body whose text was compared, streamed. EvidenceError for a line that cannot be read."""
        return self._stream(TEXTS_FILE, lambda line: {name: line[name] for name in TEXT_FIGURES})

    def sums(self) -> Iterator[SumLine]:
        """Every group of every control total, streamed. EvidenceError for a line that cannot be read."""
        return self._stream(SUMS_FILE, lambda line: SumLine(**line))

    def _stream(self, name: str, read: Callable[[Mapping[str, Any]], _T]) -> Iterator[_T]:
        file = self.folder / name
        if self.examination is None or not file.is_file():
            return
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield read(json.loads(line))
                except (ValueError, KeyError, TypeError) as error:
                    raise EvidenceError(f"{file}:{number}: not an entry of this list: {error}", _RUN_AGAIN) from error


def load_evidence(folder: Path) -> Evidence:
    """The verification in a folder, which may be missing. EvidenceError where its figures cannot be read."""
    file = folder / EXAMINATION_FILE
    if not file.is_file():
        return Evidence(folder, None)
    try:
        return Evidence(folder, Examination.from_json(json.loads(file.read_text(encoding="utf-8"))))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvidenceError(f"{file}: not the result of a verification: {error}", _RUN_AGAIN) from error
