"""migrator text"""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from migrator.cli.app import told
from migrator.cli.console import Console
from migrator.i18n import number, term, text
from migrator.text.detect import UTF8, WINDOWS, Detection, Reading, detect, detect_bytes
from migrator.text.encodings import ENCODINGS, decode_bytes, decode_lookalike
from migrator.text.repair import Change, repair

WIDTH = 300


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a file is and what it would become. ``encoding`` is null where it is ambiguous."""

    encoding: str | None
    confidence: float
    alternatives: tuple[Reading, ...]
    text: str
    changes: tuple[Change, ...]


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "--as",
    "encoding",
    type=click.Choice(ENCODINGS, case_sensitive=False),
    help="Read it in this encoding, whatever it looks like.",
)
@told
def command(file: Path, encoding: str | None, console: Console) -> None:
    """Say what encoding a piece of text is in, and what it would become. Nothing is written. FILE may be -.

    \b
    Example:  migrator text old-article.txt
    Example:  migrator text --as VNI old-article.txt
    """
    data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    answer = _declared(data, encoding) if encoding else _detected(data)
    console.lines(_lines(answer, console.language))
    console.data(asdict(answer))


def _detected(data: bytes) -> _Answer:
    """The verdict on bytes; on text in UTF-8 also on what it was before it was stored so."""
    stored = detect_bytes(data)
    verdict = stored
    if stored.encoding == UTF8:
        before = detect(stored.text)
        is_legacy = before.encoding is not None or before.is_ambiguous
        verdict = before if is_legacy else Detection(UTF8, before.confidence, stored.text)
    repaired = repair(stored.text)
    return _Answer(verdict.encoding, verdict.confidence, verdict.alternatives, repaired.text, repaired.changes)


def _declared(data: bytes, encoding: str) -> _Answer:
    """Bytes read as they are said to be. A file in UTF-8 holds text that was read as Latin-1 before."""
    stored = detect_bytes(data)
    read = decode_lookalike(stored.text, encoding) if stored.encoding == UTF8 else decode_bytes(data, encoding)
    return _Answer(encoding, 1.0, (), read, ())


def _lines(answer: _Answer, language: str) -> list[str]:
    lines = [
        _say("verdict", language, encoding=answer.encoding, confidence=number(answer.confidence, language, 2))
        if answer.encoding
        else _say("ambiguous", language)
    ]
    if answer.encoding in (UTF8, WINDOWS) and not answer.changes:
        lines.append(_say("untouched", language))
    for reading in answer.alternatives:
        share = number(reading.confidence, language, 2)
        shown = _short(reading.text)
        lines.append(_say("alternative", language, encoding=reading.encoding, confidence=share, text=shown))
    lines += [
        _say("change", language, kind=term("text_command.kind", change.kind, language), why=change.why)
        for change in answer.changes
    ]
    return [*lines, "", answer.text]


def _say(key: str, language: str, **values: str) -> str:
    return text(f"text_command.{key}", language, **values)


def _short(shown: str) -> str:
    line = " ".join(shown.split())
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"
