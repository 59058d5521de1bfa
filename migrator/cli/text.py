"""migrator text"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from migrator.cli.app import told
from migrator.cli.console import Console
from migrator.extract.page.legacy import mend
from migrator.html.dom import parse
from migrator.i18n import number, term, text
from migrator.text.detect import UNICODE, WINDOWS, Detection, Reading, detect, detect_bytes
from migrator.text.encodings import ENCODINGS, WINDOWS_1252, decode_bytes, decode_lookalike
from migrator.text.fonts import legacy_font
from migrator.text.mixed import decode_mixed
from migrator.text.repair import Change, repair

WIDTH = 300

_TAG = re.compile(r"<[a-zA-Z][^<>]{1,500}>")
_FONT = re.compile(r"\bface\s*=\s*[\"']?([^\"'>]+)|(font-family\s*:[^;\"]+)", re.IGNORECASE)


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
    """The verdict on bytes; on text in Unicode also on what it was before it was stored so."""
    stored = detect_bytes(data)
    by_font = _in_fonts(stored.text if stored.encoding in UNICODE else data.decode("latin-1").translate(WINDOWS_1252))
    if by_font is not None:
        return by_font
    mixed = None if stored.encoding in UNICODE else decode_mixed(data)
    if mixed is not None:
        return _Answer(mixed[1], 1.0, (), repair(mixed[0]).text, repair(mixed[0]).changes)
    verdict = stored
    if stored.encoding in UNICODE:
        before = detect(stored.text)
        is_legacy = before.encoding is not None or before.is_ambiguous
        verdict = before if is_legacy else Detection(stored.encoding, before.confidence, stored.text)
    repaired = repair(stored.text)
    return _Answer(verdict.encoding, verdict.confidence, verdict.alternatives, repaired.text, repaired.changes)


def _in_fonts(text: str) -> _Answer | None:
    """The verdict on markup by the fonts that its runs are set in; null where none of them carries an encoding."""
    fonts = [font for tag in _TAG.findall(text) for name in _FONT.findall(tag) if (font := legacy_font("".join(name)))]
    if not fonts:
        return None
    page = parse(text)
    notes = mend(page, text, "")
    mended = (page.body.inner_html or "") if page.body is not None and notes else text
    changes = tuple(Change("legacy-encoding", detail, text, mended) for _, detail in notes)
    encodings = Counter(font.encoding for font in fonts)
    return _Answer(encodings.most_common(1)[0][0], 1.0, (), mended, changes)


def _declared(data: bytes, encoding: str) -> _Answer:
    """Bytes read as they are said to be. A file in Unicode holds text that was read as Latin-1 before."""
    stored = detect_bytes(data)
    if stored.encoding not in UNICODE:
        return _Answer(encoding, 1.0, (), decode_bytes(data, encoding), ())
    read = decode_lookalike(stored.text, encoding)
    change = Change("legacy-encoding", f"{encoding}, as was said", stored.text, read)
    return _Answer(encoding, 1.0, (), read, () if read == stored.text else (change,))


def _lines(answer: _Answer, language: str) -> list[str]:
    lines = [
        _say("verdict", language, encoding=answer.encoding, confidence=number(answer.confidence, language, 2))
        if answer.encoding
        else _say("ambiguous", language)
    ]
    if answer.encoding in {*UNICODE, WINDOWS} and not answer.changes:
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
