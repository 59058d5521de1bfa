"""Many pages, one JSON object a line in and one out, in the same order, in the memory of a few pages.

In: ``{"id": …, "url": …, "html": …}``, and where known ``"fetched_at"`` (ISO 8601 with a zone). Out: the page as
:func:`~migrator.extract.page.record.as_record` gives it, behind its ``id``; of a line that cannot be read, ``line``,
``reason`` and ``detail``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from typing import Any, Protocol

import orjson

from migrator.extract.page.reading import PageOptions, read_page
from migrator.extract.page.record import as_record

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes. A page of 8 MiB whose letters are all escaped has less."""

_A_PIECE = 16  # lines a worker gets at once
_WAITING = 3  # pieces a worker has waiting


class Lines(Protocol):
    """A binary stream."""

    def readline(self, limit: int = -1, /) -> bytes:
        """The next bytes up to a line end or the limit; empty at the end."""


def read_lines(stream: Lines, options: PageOptions, jobs: int = 1) -> Iterator[bytes]:
    """The answers to the lines of a stream, each a JSON object and a line end. ``jobs``: processes at work."""
    numbered = enumerate(_lines(stream), start=1)
    if jobs == 1:
        for number, line in numbered:
            yield answer(number, line, options)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[list[bytes]]] = deque()
        while piece := list(islice(numbered, _A_PIECE)):
            waiting.append(pool.submit(_answers, piece, options))
            if len(waiting) >= jobs * _WAITING:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _answers(piece: list[tuple[int, bytes]], options: PageOptions) -> list[bytes]:
    return [answer(number, line, options) for number, line in piece]


def _lines(stream: Lines) -> Iterator[bytes]:
    """The lines; of one that is too long, one byte more than allowed."""
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(_A_PIECE * 65536)
        yield line


def answer(number: int, line: bytes, options: PageOptions) -> bytes:
    """The answer to one line. Never raises: a fault of ours is an answer too."""
    try:
        return orjson.dumps(_answer(number, line, options), option=orjson.OPT_APPEND_NEWLINE)
    except MemoryError:
        return orjson.dumps(
            _refused(number, None, "too-large", "reading it takes more memory than there is"),
            option=orjson.OPT_APPEND_NEWLINE,
        )
    except Exception as error:  # one page must not end the reading of the others
        return orjson.dumps(
            _refused(number, None, "internal-error", type(error).__name__), option=orjson.OPT_APPEND_NEWLINE
        )


def _answer(number: int, line: bytes, options: PageOptions) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        return _refused(number, None, "too-large", f"the line has more than {LONGEST_LINE // 1024 // 1024} MiB")
    try:
        given = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return _refused(number, None, "bad-line", f"no JSON: {error}")
    if not isinstance(given, dict):
        return _refused(number, None, "bad-line", "no JSON object")
    name = given.get("id")
    html, url = given.get("html"), given.get("url")
    if not isinstance(html, str):
        return _refused(number, name, "bad-line", 'it has no text under "html"')
    if url is not None and not isinstance(url, str):
        return _refused(number, name, "bad-line", '"url" is no text')
    fetched_at = given.get("fetched_at")
    if fetched_at is not None:
        moment = _moment(fetched_at)
        if moment is None:
            return _refused(number, name, "bad-line", '"fetched_at" is no ISO 8601 time with a zone')
        options = replace(options, fetched_at=moment)
    return {"id": name, **as_record(read_page(html, url or None, options))}


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _refused(number: int, name: Any, reason: str, detail: str) -> dict[str, Any]:
    return {"id": name, "line": number, "reason": reason, "detail": detail}
