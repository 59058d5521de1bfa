"""What an examination says: checks, differences, findings about the source, waivers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DifferenceKind(StrEnum):
    """How two values, or two populations, differ. The most telling kind is given."""

    MISSING = "missing"
    EXTRA = "extra"
    DUPLICATE_OF = "duplicate-of"
    CHANGED = "changed"
    UNICODE_FORM = "unicode-form-only"
    WHITESPACE = "whitespace-only"
    INVISIBLE = "invisible-characters"
    TRUNCATED = "truncated"
    ESCAPE = "entity/escape"
    MOJIBAKE = "mojibake"
    TIME_SHIFT = "time-shift"
    CASE = "case-only"
    ORDER = "order-only"
    DEFAULT_FILLED = "default-filled"
    MARKUP = "markup-only"
    TWIN = "taken-from-twin"
    BODY = "taken-from-body"


class State(StrEnum):
    """OPEN counts against the verdict; DECLARED was announced in the audit statement; WAIVED was accepted by a person."""

    OPEN = "open"
    DECLARED = "declared"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not as it should be. ``expected`` and ``found`` are shown shortened; ``detail`` explains the kind."""

    check: str
    entity: str
    key: str
    field: str
    kind: DifferenceKind
    expected: str
    found: str
    detail: str = ""
    state: State = State.OPEN


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the examination noticed about the *source*: a copy that drifted, an article only the site has.

    ``kind`` is a stable code (copy-drift, only-on-site, only-in-database, time-shift-7h, dangling-link, …).
    """

    kind: str
    entity: str
    key: str
    detail: str
    state: State = State.OPEN


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check on one entity. ``compared`` + ``not_compared`` is the population it was meant for.

    ``holds`` is None where nothing could be compared. ``statement`` says in words what was compared with what.
    """

    id: str
    entity: str
    holds: bool | None
    compared: int
    not_compared: int
    differences: int
    independent: bool
    statement: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """A person's decision to accept differences, findings or rows set aside of one kind, up to a limit.

    ``limit`` is a number of records, or a share of the entity's source rows where ``share`` is True (0.01 = 1 %). More
    than the limit, and none of them is waived. ``expires`` is an ISO date or empty. ``check`` and ``field`` narrow it to
    the differences of one check, or in one field; empty means any. Findings and rows have neither.
    """

    kind: str
    entity: str
    limit: float
    share: bool
    why: str
    who: str
    expires: str = ""
    check: str = ""
    field: str = ""
