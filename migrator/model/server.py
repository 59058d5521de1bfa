"""What a database server says of itself, as far as it matters before a run. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table. ``engine`` and ``encoding`` are empty where the server has only one; ``folded_keys`` are key columns whose
    collation takes different spellings for one, as ``column (collation)``."""

    name: str
    engine: str = ""
    encoding: str = ""
    folded_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mislabelled:
    """A column said to be Latin-1: of the ``looked_at`` values with bytes beyond ASCII so many are valid UTF-8."""

    table: str
    column: str
    utf8: int
    looked_at: int


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """One database, over the connection the tool would use.

    ``version`` is numbers only. ``now`` is the server's clock, ``asked_at`` ours in the middle of the question, both aware
    UTC. ``offset_minutes`` is the session's distance from UTC, None where the server has no zone. ``encoding`` is the
    database's, ``session_encoding`` the connection's. ``writes`` are the rights to change something, by their SQL name in
    small letters; ``lacks`` what of select, insert, update, delete and create is missing. ``limits`` has numbers by the
    server's own names, in the server's units. ``data_folder`` is empty where it is not told.
    """

    dialect: str
    version: tuple[int, ...]
    now: datetime
    asked_at: datetime
    zone: str
    offset_minutes: int | None
    encoding: str
    session_encoding: str
    is_read_only: bool
    writes: frozenset[str]
    lacks: frozenset[str]
    limits: Mapping[str, float] = field(default_factory=dict)
    tables: tuple[TableFacts, ...] = ()
    mislabelled: tuple[Mislabelled, ...] = ()
    data_folder: str = ""
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """What a look at the ledger, without opening it for writing, gives.

    ``exists`` False: nothing was run. ``version`` is its schema's, ``known_version`` the newest this tool can read.
    ``holder`` is ``process on host``, empty where nobody holds it; ``alive`` says whether that process lives.
    ``open_run`` is the number of the run that did not end, 0 for none.
    """

    exists: bool
    version: int = 0
    known_version: int = 0
    holder: str = ""
    alive: bool = False
    open_intents: int = 0
    open_run: int = 0
