"""Figures of an examination that are more than a check's result: text, sums of numbers, addresses, files, cut-off, vault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

SHARES = ("1", "0.999", "0.99", "0.97", "0.9", "0.5", "0")
"""The bins of a distribution of shares, each by its lower bound; the first holds what is exactly 1."""


@dataclass(slots=True)
class Worst:
    """A body that arrived least well: shares of its word 3-grams, and the words of both sides where they begin to part."""

    key: str
    recall: float
    precision: float
    source: str
    target: str


@dataclass(slots=True)
class TextAccount:
    """T1 of one entity of one source. ``bodies`` have something to compare; ``seed`` (hex) is empty where all were compared.

    ``recall`` and ``precision`` count bodies by the bins of SHARES. ``counts`` has source and target sums of what stands
    in bodies; ``accents`` letters with Vietnamese marks of each side, ``letters`` all letters, of which they are a share;
    ``bylines`` the bodies that end with one, and those of them whose byline arrived. ``left_out`` counts words by the
    name of what need not arrive, ``moved`` words by the field they went to, ``read`` bodies by the reading they needed.
    """

    entity: str
    source: str
    bodies: int = 0
    compared: int = 0
    seed: str = ""
    asked: dict[str, float] = field(default_factory=dict)
    recall: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SHARES, 0))
    precision: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SHARES, 0))
    counts: dict[str, list[int]] = field(default_factory=dict)
    accents: list[int] = field(default_factory=lambda: [0, 0])
    letters: list[int] = field(default_factory=lambda: [0, 0])
    bylines: list[int] = field(default_factory=lambda: [0, 0])
    left_out: dict[str, int] = field(default_factory=dict)
    moved: dict[str, int] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)
    worst: list[Worst] = field(default_factory=list)


@dataclass(slots=True)
class SumAccount:
    """N1: one control total of numbers. ``of`` names the field that is summed; empty where rows are counted.

    ``lines`` has the sum of what did not arrive, by bucket (``changed``, ``new`` and ``gone`` since the cut-off besides):
    source = target + lines. Sums are decimal numbers as text. ``kept`` is the source's own table of sums,
    ``kept_differing`` the groups in which it is not what its rows add up to.
    """

    entity: str
    source: str
    of: str
    by: list[str]
    groups: int = 0
    differing: int = 0
    source_sum: str = "0"
    target_sum: str = "0"
    lines: dict[str, str] = field(default_factory=dict)
    kept: str = ""
    kept_differing: int = 0


@dataclass(frozen=True, slots=True)
class SumLine:
    """One group of a control total, numbers as text. ``missed`` is what did not arrive, by bucket; ``of`` as in SumAccount."""

    entity: str
    source: str
    of: str
    group: dict[str, str]
    expected: str
    missed: dict[str, str]
    found: str
    agrees: bool


@dataclass(slots=True)
class RedirectAccount:
    """U1. ``addresses`` counts the old addresses asked for, by where they are known from; ``outcomes`` what became of them."""

    redirects: int = 0
    by_status: dict[str, int] = field(default_factory=dict)
    addresses: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class MediaAccount:
    """M1 of one source. ``states`` counts records by what the inventory says was found; ``outcomes`` what was found here."""

    source: str
    records: int = 0
    size_bytes: int = 0
    states: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class CutOffAccount:
    """C6 of one entity of one source. ``changed`` is None where nobody declared when a row was changed.

    ``loaded_again`` counts rows changed after the first run's cut-off that a later run has taken in; ``gone`` those the
    run has put on record, ``kept`` those of them that still stand at the target.
    """

    entity: str
    source: str
    run: int
    cut_off_at: str
    rows_then: int
    rows_now: int
    changed: int | None = None
    new: int = 0
    gone_since: int = 0
    loaded_again: int = 0
    gone: int = 0
    kept: int = 0


@dataclass(slots=True)
class VaultAccount:
    """V1 of one entity."""

    entity: str
    withheld: int = 0
    kept: int = 0
    compared: int = 0


@dataclass(slots=True)
class Accounts:
    """All of them."""

    text: list[TextAccount] = field(default_factory=list)
    sums: list[SumAccount] = field(default_factory=list)
    redirects: RedirectAccount | None = None
    media: list[MediaAccount] = field(default_factory=list)
    cut_offs: list[CutOffAccount] = field(default_factory=list)
    vault: list[VaultAccount] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Accounts:
        """The inverse of :meth:`to_json`."""
        return cls(
            text=[TextAccount(**{**each, "worst": [Worst(**one) for one in each["worst"]]}) for each in data["text"]],
            sums=[SumAccount(**each) for each in data["sums"]],
            redirects=RedirectAccount(**data["redirects"]) if data["redirects"] else None,
            media=[MediaAccount(**each) for each in data["media"]],
            cut_offs=[CutOffAccount(**each) for each in data["cut_offs"]],
            vault=[VaultAccount(**each) for each in data["vault"]],
        )
