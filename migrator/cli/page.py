"""migrator page"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from migrator.cli.app import told
from migrator.cli.console import Console
from migrator.errors import AccessError, ConfigurationError, ExitCode
from migrator.extract.page import PageOptions, Profile, load_profile, load_profiles, read_page
from migrator.extract.page.batch import read_lines
from migrator.extract.page.limits import LARGEST_BYTES
from migrator.extract.page.record import as_record
from migrator.i18n import has, term, text
from migrator.net import Session
from migrator.project.share import presets_folder
from migrator.text.match_keys import match_key

_SHOWN = (
    "headline", "standfirst", "byline", "source_credit", "published_at", "updated_at", "sections", "tags", "language",
    "canonical_url", "lead_image", "images", "related", "read_by", "family",
)  # fmt: skip
_WITH_REASON = (
    "headline",
    "standfirst",
    "byline",
    "published_at",
    "updated_at",
    "lead_image",
    "canonical_url",
    "language",
)


@click.command()
@click.argument("source", metavar="FILE|URL", required=False)
@click.option("--profile", metavar="NAME|FILE.yaml", help="Read it as this site profile says, whatever it looks like.")
@click.option("--url", help="The address a saved page had: relative links and the family are read from it.")
@click.option(
    "--fetched-at", metavar="TIME", help="When a saved page was fetched (ISO 8601 with zone); no date is later."
)
@click.option(
    "--authors",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Known pen names, one a line: bylines of others are doubtful.",
)
@click.option(
    "--batch", is_flag=True, help='Read {"id", "url", "html"} a line on standard input; answer an object a line.'
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes for --batch.")
@told
def command(
    source: str | None, profile: str | None, url: str | None, fetched_at: str | None, authors: Path | None, batch: bool,
    jobs: int, console: Console,
) -> ExitCode:  # fmt: skip
    """Say what a legacy page says: headline, standfirst, body, byline, dates, pictures, links. Nothing is written.

    FILE is HTML or plain text and may be -. Of a URL only the one page is fetched.

    \b
    Example:  migrator page old-article.html --url https://bao.example/tin/bai-12.html
    Example:  migrator page https://bao.example/tin/bai-12.html --json
    Example:  migrator page saved.html --profile nukeviet
    Example:  migrator page --batch < pages.jsonl > articles.jsonl
    """
    if (source is None) != batch:
        raise click.UsageError("Give a FILE or URL, or --batch.")
    options = _options(profile, fetched_at, authors)
    if batch:
        for line in read_lines(sys.stdin.buffer, options, jobs):
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        return ExitCode.DONE
    assert source is not None
    page, address, options = _page(source, url, options)
    record = as_record(read_page(page, address, options))
    console.data(record)
    console.lines(_lines(record, console.language))
    return ExitCode.SET_ASIDE if "reason" in record else ExitCode.DONE


def _options(profile: str | None, fetched_at: str | None, authors: Path | None) -> PageOptions:
    folder = presets_folder() / "sites"
    names = frozenset(
        match_key(line)
        for line in (authors.read_text(encoding="utf-8-sig").splitlines() if authors else ())
        if line.strip()
    )
    return PageOptions(
        profiles=load_profiles(folder),
        profile=_profile(profile, folder) if profile else None,
        register=names if authors else None,
        fetched_at=_moment(fetched_at) if fetched_at else None,
    )


def _profile(name: str, folder: Path) -> Profile:
    """A packaged profile by its name, or one of the user's own."""
    if name.endswith((".yaml", ".yml")):
        return load_profile(Path(name), folder)
    if (folder / f"{name}.yaml").is_file():
        return load_profile(folder / f"{name}.yaml", folder)
    known = ", ".join(sorted(path.stem for path in folder.glob("*.yaml")))
    raise ConfigurationError(f"There is no site profile {name!r}.", f"Name one of {known}; or the file of your own.")


def _moment(given: str) -> datetime:
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise click.BadParameter(f"{given!r} is no ISO 8601 time", param_hint="--fetched-at") from error
    if moment.tzinfo is None:
        raise click.BadParameter("it needs a zone, as in 2024-06-20T15:39+07:00", param_hint="--fetched-at")
    return moment


def _page(source: str, url: str | None, options: PageOptions) -> tuple[bytes, str | None, PageOptions]:
    """The bytes of a page, its address, and the options with what its server said."""
    if source.startswith(("http://", "https://")):
        return _fetched(source, url, options)
    if source == "-":
        return sys.stdin.buffer.read(LARGEST_BYTES + 1), url, options
    path = Path(source)
    if not path.is_file():
        raise AccessError(
            f"{source} is no file.", "Give the path of a saved page, or an address that begins with http."
        )
    with path.open("rb") as file:
        return file.read(LARGEST_BYTES + 1), url, options


def _fetched(source: str, url: str | None, options: PageOptions) -> tuple[bytes, str, PageOptions]:
    session = Session({urlsplit(source).netloc.rpartition("@")[2]})
    body = BytesIO()
    try:
        answer = session.ask(source, body, largest_bytes=LARGEST_BYTES)
    finally:
        session.close()
    if answer.status != 200:
        target = answer.headers.get("location", "")
        step = f"It sends readers to {target}: ask for that." if target else "Check the address."
        raise AccessError(f"{source} answers {answer.status}.", step)
    fetched_at = options.fetched_at or datetime.now(UTC)
    header = answer.headers.get("content-type")
    return body.getvalue(), url or source, replace(options, content_type=header, fetched_at=fetched_at)


def _lines(record: dict[str, Any], language: str) -> list[str]:
    """The article for people: a line a field, then the body."""
    if "reason" in record:
        reason = term("page_command.unreadable", record["reason"], language)
        return [text("page_command.no_article", language, reason=reason, detail=record["detail"])]
    lines = [line for name in _SHOWN for line in _field(name, record, language)]
    lines += ["", record["body_text"]]
    notes = [f"  {_note(note, language)}" for note in record["notes"]]
    return [*lines, "", text("page_command.notes", language), *notes] if notes else lines


def _field(name: str, record: dict[str, Any], language: str) -> list[str]:
    """The lines of one field; of a missing one why it is missing."""
    label = text(f"page_command.field.{name}", language)
    value = record[name]
    if name in ("images", "related"):
        return [f"{label}: {_shown(item)}" for item in value]
    if not value:
        reason = record["reasons"].get(name) or record.get(f"{name.removesuffix('_at')}_reason")
        return [f"{label}: – ({reason})"] if name in _WITH_REASON and reason else []
    lines = [f"{label}: {_shown(value)}"]
    warnings = record[f"{name.removesuffix('_at')}_warnings"] if name.endswith("_at") else []
    return [*lines, *(f"  {_note(warning, language)}" for warning in warnings)]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        about = " – ".join(filter(None, (value.get("caption_raw") or value.get("text"),)))
        return f"{value['url']}" + (f" ({about})" if about else "")
    return str(value)


def _note(note: dict[str, str], language: str) -> str:
    key = f"page_command.note.{note['code']}"
    return f"{text(key, language) if has(key, language) else note['code']}: {note['detail']}"
