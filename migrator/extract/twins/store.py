"""The evidence database: features of both sides, and the pairs with who decided them and when."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from struct import pack, unpack
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from migrator.db import open_engine, running
from migrator.extract.twins.features import Features
from migrator.extract.twins.likeness import Pair
from migrator.model.record import split_key

RULE = "rule"
"""Who decided, where no person did."""

_metadata = sa.MetaData()

_feature = sa.Table(
    "feature",
    _metadata,
    sa.Column("key", sa.String(400), primary_key=True),
    sa.Column("side", sa.String(10), nullable=False),
    sa.Column("day", sa.Integer),
    sa.Column("headline", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("sketch", sa.LargeBinary, nullable=False),
    sa.Column("length", sa.Integer, nullable=False),
    sa.Column("link", sa.String(400), nullable=False),
)
sa.Index("feature_by_day", _feature.c.side, _feature.c.day)

twin = sa.Table(
    "twin",
    _metadata,
    sa.Column("left_key", sa.String(400), primary_key=True),
    sa.Column("right_key", sa.String(400), primary_key=True),
    sa.Column("left_id", sa.String(400), nullable=False),
    sa.Column("right_id", sa.String(400), nullable=False),
    sa.Column("left_headline", sa.Text, nullable=False),
    sa.Column("right_headline", sa.Text, nullable=False),
    sa.Column("method", sa.String(20), nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("headline_score", sa.Float, nullable=False),
    sa.Column("body_score", sa.Float),
    sa.Column("days", sa.Integer),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("decision", sa.String(20), nullable=False),
    sa.Column("decided_by", sa.String(255), nullable=False),
    sa.Column("decided_at", sa.String(40), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)
sa.Index("twin_by_left", twin.c.left_id)
sa.Index("twin_by_right", twin.c.right_id)

COLUMNS = tuple(column.name for column in twin.columns)


class TwinStore:
    """The file. It is made where it is missing."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._url = f"sqlite:///{os.fspath(path)}"
        self._engine = open_engine(self._url, read_only=False)
        event.listen(self._engine, "connect", _write_ahead)
        self._engine.dispose()
        with running(self._url):
            _metadata.create_all(self._engine)

    # --- features ---
    def clear_features(self) -> None:
        """Forget all features: they are taken anew each time."""
        with running(self._url), self._engine.begin() as connection:
            connection.execute(sa.delete(_feature))

    def add_features(self, side: str, features: Sequence[Features]) -> None:
        """Keep the features of one side's articles."""
        rows = [
            {
                "key": f.key, "side": side, "day": f.day, "headline": f.headline, "words": " ".join(sorted(f.words)),
                "sketch": pack(f">{len(f.sketch)}Q", *f.sketch), "length": f.length, "link": f.link,
            }
            for f in features
        ]  # fmt: skip
        if rows:
            with running(self._url), self._engine.begin() as connection:
                connection.execute(sa.insert(_feature), rows)

    def by_day(self, side: str, first: int | None = None, last: int | None = None) -> Iterator[Features]:
        """Features of one side in the order of their days, those without a day first; only some days where they are named."""
        statement = sa.select(_feature).where(_feature.c.side == side).order_by(_feature.c.day, _feature.c.key)
        if first is not None and last is not None:
            statement = statement.where(_feature.c.day.between(first, last))
        with running(self._url), self._engine.connect() as connection:
            for row in connection.execute(statement).mappings():
                yield _features(row)

    def feature(self, key: str) -> Features | None:
        """The features of one article."""
        with running(self._url), self._engine.connect() as connection:
            row = connection.execute(sa.select(_feature).where(_feature.c.key == key)).mappings().one_or_none()
        return None if row is None else _features(row)

    # --- pairs ---
    def decided_by_people(self) -> frozenset[tuple[str, str]]:
        """Pairs a person has decided: no rule touches them."""
        with running(self._url), self._engine.connect() as connection:
            where = twin.c.decided_by != RULE
            return frozenset((row[0], row[1]) for row in connection.execute(sa.select(*_KEYS).where(where)))

    def replace(self, pairs: Iterable[Pair]) -> None:
        """Put these pairs in the place of all that no person has decided."""
        with running(self._url), self._engine.begin() as connection:
            connection.execute(sa.delete(twin).where(twin.c.decided_by == RULE))
            headlines = _feature.alias()
            for pair in pairs:
                names = dict(
                    connection.execute(
                        sa.select(headlines.c.key, headlines.c.headline).where(
                            headlines.c.key.in_([pair.left, pair.right])
                        )
                    ).all()
                )
                connection.execute(sa.insert(twin).values(_row(pair, names)))

    def settle_claims(self) -> None:
        """An article has one twin. Where two claim the same one, an address wins; else all go to a person."""
        other = twin.alias()
        rival = sa.select(other.c.right_key).where(
            other.c.left_key == twin.c.left_key, other.c.right_key != twin.c.right_key, other.c.decision == "same"
        )
        stronger = rival.where((other.c.method == "address") | (other.c.decided_by != RULE))
        mine = (twin.c.decision == "same") & (twin.c.decided_by == RULE)
        loses = mine & (
            ((twin.c.method == "address") & stronger.exists()) | ((twin.c.method != "address") & rival.exists())
        )
        with running(self._url), self._engine.begin() as connection:
            losers = connection.execute(sa.select(*_KEYS).where(loses)).all()
            for left, right in losers:
                connection.execute(
                    sa.update(twin)
                    .where(twin.c.left_key == left, twin.c.right_key == right)
                    .values(decision="undecided", why="another article claims the same one")
                )

    def pairs(self, decision: str = "") -> Iterator[Mapping[str, Any]]:
        """Pairs as rows, the least certain first; only those with a decision where it is named."""
        statement = sa.select(twin).order_by(twin.c.decision.desc(), twin.c.score, *_KEYS)
        if decision:
            statement = statement.where(twin.c.decision == decision)
        with running(self._url), self._engine.connect() as connection:
            yield from (dict(row) for row in connection.execute(statement).mappings())

    def decide(self, decisions: Sequence[tuple[str, str, str, str]], who: str) -> int:
        """Put a person's (left key, right key, decision, note) on record. The number of pairs that changed."""
        changed = 0
        with running(self._url), self._engine.begin() as connection:
            for left, right, decision, note in decisions:
                pair = (twin.c.left_key == left) & (twin.c.right_key == right)
                differs = (twin.c.decision != decision) | (twin.c.note != note)
                values = {"decision": decision, "note": note, "decided_by": who, "decided_at": _now()}
                changed += connection.execute(sa.update(twin).where(pair, differs).values(values)).rowcount
        return changed

    def counts(self) -> Mapping[tuple[str, str], int]:
        """(method, decision) -> pairs."""
        statement = sa.select(twin.c.method, twin.c.decision, sa.func.count()).group_by(twin.c.method, twin.c.decision)
        with running(self._url), self._engine.connect() as connection:
            return {(row[0], row[1]): row[2] for row in connection.execute(statement)}

    def alone(self, side: str) -> int:
        """Articles of one side that are in no pair taken to be the same."""
        mine = twin.c.left_key if side == "left" else twin.c.right_key
        paired = sa.select(mine).where(twin.c.decision == "same")
        statement = sa.select(sa.func.count()).where(_feature.c.side == side, _feature.c.key.not_in(paired))
        with running(self._url), self._engine.connect() as connection:
            return int(connection.execute(statement).scalar_one())

    def close(self) -> None:
        """Give connections back."""
        self._engine.dispose()


_KEYS = (twin.c.left_key, twin.c.right_key)


def _features(row: sa.RowMapping) -> Features:
    sketch = unpack(f">{len(row['sketch']) // 8}Q", row["sketch"])
    return Features(
        row["key"], row["day"], row["headline"], frozenset(row["words"].split()), sketch, row["length"], row["link"]
    )


def _row(pair: Pair, headlines: Mapping[str, str]) -> dict[str, Any]:
    return {
        "left_key": pair.left,
        "right_key": pair.right,
        "left_id": "|".join(split_key(pair.left)[2]),
        "right_id": "|".join(split_key(pair.right)[2]),
        "left_headline": headlines.get(pair.left, ""),
        "right_headline": headlines.get(pair.right, ""),
        "method": pair.method,
        "score": round(pair.likeness.score, 3),
        "headline_score": round(pair.likeness.headline, 3),
        "body_score": None if pair.likeness.body is None else round(pair.likeness.body, 3),
        "days": pair.days,
        "why": pair.why,
        "decision": pair.decision,
        "decided_by": RULE,
        "decided_at": _now(),
        "note": "",
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write_ahead(connection: Any, _record: object) -> None:
    """Pairs are written while features are read."""
    connection.execute("PRAGMA journal_mode = WAL")
