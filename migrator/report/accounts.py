"""What the page shows of text, sums, files, addresses, the cut-off and the vault, from ``report.json`` alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from migrator.model.accounts import SHARES
from migrator.report.figures import Slice, stacked
from migrator.report.words import Piece, compared

WORST_OPEN = 5


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution of shares: (lower bound, bodies, whether that is less than was asked), and its bar."""

    name: str
    bins: tuple[tuple[str, int, bool], ...]
    slices: tuple[Slice, ...]


@dataclass(frozen=True, slots=True)
class WorstText:
    """One of the worst bodies, with the words of both sides in pieces."""

    key: str
    recall: float
    precision: float
    source: tuple[Piece, ...]
    target: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class TextCard:
    """T1 of one entity of one source. ``accents`` are shares of letters with marks; None where there are no letters."""

    account: Mapping[str, Any]
    spreads: tuple[Spread, ...]
    accents: tuple[float | None, float | None]
    worst: tuple[WorstText, ...]


def text_cards(accounts: Sequence[Mapping[str, Any]]) -> list[TextCard]:
    """A card for each entity and source whose bodies were compared."""
    return [
        TextCard(
            account,
            tuple(_spread(name, account) for name in ("recall", "precision")),
            (_share(account, 0), _share(account, 1)),
            tuple(_worst(each) for each in account["worst"]),
        )
        for account in accounts
    ]


def _spread(name: str, account: Mapping[str, Any]) -> Spread:
    asked = account["asked"][name]
    bins = tuple((label, account[name][label], float(label) < asked) for label in SHARES)
    named = [(f"share-{place}", count) for place, (_, count, _) in enumerate(bins)]
    return Spread(name, bins, stacked(named, account["compared"] or 1))


def _share(account: Mapping[str, Any], side: int) -> float | None:
    return account["accents"][side] / account["letters"][side] if account["letters"][side] else None


def _worst(each: Mapping[str, Any]) -> WorstText:
    source, target = compared(each["source"], each["target"])
    return WorstText(each["key"], each["recall"], each["precision"], source, target)


def sum_groups(sums: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[Mapping[str, Any]]]]:
    """The sums of one control total together, its rows first: (the rows, each number)."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Mapping[str, Any]]] = {}
    for account in sums:
        groups.setdefault((account["entity"], account["source"], tuple(account["by"])), []).append(account)
    return [(accounts[0], accounts) for accounts in groups.values()]


def sum_lines(sums: Sequence[Mapping[str, Any]]) -> list[str]:
    """Everything that may stand between source and target, in the order it was first met."""
    return list(dict.fromkeys(line for account in sums for line in account["lines"]))
