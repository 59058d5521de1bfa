"""T1: the words of the source's bodies stand in the target's bodies, by a parser and readings of the auditor's own.

Compared are word 3-grams both ways, what stands among the words (paragraphs, images, links, tables), the form of the
letters, and the plain text beside the HTML. What need not arrive is named in ``audit.yaml`` and accounted for by that
name, never by a wider threshold. Beyond ``limit`` bodies a random sample is compared, drawn by the head of the journal,
which nobody knew before the run was over. Not proved: where in a text a link stands, and what an image shows.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from migrator.model.accounts import SHARES, TextAccount
from migrator.model.audit import BODY_VALUE, TextRule
from migrator.model.content import EntityType, Kind
from migrator.model.finding import Check, DifferenceKind, State
from migrator.ports import TargetRecord
from migrator.verify.body_words import TEXT_READINGS, words_of
from migrator.verify.desk import Batch, Desk
from migrator.verify.grams import Score, score
from migrator.verify.kinds import Named, classify
from migrator.verify.letters import is_scrambled, unscrambled
from migrator.verify.text_pair import Pair, Reader
from migrator.verify.worst import WorstFew

_DRAWN = 1 << 64


class FidelityCheck:
    """T1 for one entity, over all its sources."""

    def __init__(self, desk: Desk, entity: EntityType) -> None:
        self._desk, self._entity = desk, entity
        self._html = next((field.name for field in entity.fields if field.kind is Kind.HTML), "")
        self._plain = "body_text" if "body_text" in entity.by_name else ""
        self._differences = 0
        self._drawn: dict[str, int] = {}
        self._readers: dict[str, Reader] = {}
        self._worst: dict[str, WorstFew] = {}
        self.accounts: dict[str, TextAccount] = {}

    def look(self, batch: Batch) -> None:
        """Compare the bodies of a batch, or those the sample takes."""
        if batch.audit is None or batch.audited is None or batch.audited.text is None or not self._html:
            return
        source, rule = batch.audit.source, batch.audited.text
        if source not in self.accounts:
            self._prepare(source, rule, self._desk.witnesses[source].count_entity(batch.audited))
        account, reader = self.accounts[source], self._readers[source]
        for standing in batch.settled:
            if standing.row is None:
                continue
            raw = standing.row.values.get(BODY_VALUE)
            html = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw or "")
            account.bodies += 1
            if self._is_drawn(standing.key, source):
                pair = reader.pair(html, standing.record.fields, self._html)
                self._compare(standing.key, pair, standing.record, account, rule)

    def _prepare(self, source: str, rule: TextRule, rows: int) -> None:
        share = 1.0 if rows <= rule.limit else rule.limit / rows
        self._drawn[source] = _DRAWN if share == 1.0 else int(share * _DRAWN)
        self._readers[source] = Reader(rule)
        self._worst[source] = WorstFew()
        self.accounts[source] = TextAccount(
            self._entity.name, source, seed="" if share == 1.0 else self._desk.history.seed,
            asked={"recall": rule.recall, "precision": rule.precision},
            counts={name: [0, 0] for name in rule.counts},
        )  # fmt: skip

    def _is_drawn(self, key: str, source: str) -> bool:
        """Whether the sample takes a record: by SHA-256 of the seed and its key."""
        if self._drawn[source] == _DRAWN:
            return True
        digest = hashlib.sha256(f"{self._desk.history.seed}|{key}".encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest[:8], "big") < self._drawn[source]

    # --- one body -----------------------------------------------------------------------------------------------------
    def _compare(self, key: str, pair: Pair, record: TargetRecord, account: TextAccount, rule: TextRule) -> None:
        found = score(pair.source.words, pair.target.words)
        account.compared += 1
        account.recall[_bin(found.recall)] += 1
        account.precision[_bin(found.precision)] += 1
        self._add_up(pair, account)
        if found.least < 1.0:
            self._worst[account.source].offer(key, found, pair.source.words, pair.target.words)
        if found.recall < rule.recall or found.precision < rule.precision:
            self._words(key, found, pair)
        for name in rule.counts:
            self._count(key, name, pair)
        self._form(key, pair, record)
        self._announce(key, pair, account)
        self._desk.lists.text(key, found.recall, found.precision, len(pair.source.words), len(pair.target.words))

    def _words(self, key: str, found: Score, pair: Pair) -> None:
        """Words that are lacking, or that the source does not have."""
        expected, there = " ".join(pair.source.words), " ".join(pair.target.words)
        kind, detail = _unrepaired(pair) or classify(expected, there)
        if kind is DifferenceKind.CHANGED:
            wanted, found_words = Counter(pair.source.words), Counter(pair.target.words)
            lost, added = wanted - found_words, found_words - wanted
            kind = kind if lost and added else DifferenceKind.MISSING if lost else DifferenceKind.EXTRA
        shares = f"recall {found.recall:.4f}, precision {found.precision:.4f} of word 3-grams"
        self._differ(key, self._html, (kind, "; ".join(filter(None, (shares, detail)))), expected, there)

    def _count(self, key: str, name: str, pair: Pair) -> None:
        """What stands among the words. A part that moved to another field takes its line with it."""
        expected, there = pair.counts[name]
        if expected == there or (name == "paragraphs" and 0 <= expected - there <= len(pair.moved)):
            return
        kind = DifferenceKind.MISSING if there < expected else DifferenceKind.EXTRA
        self._differ(key, self._html, (kind, f"{name} in the body: {expected} at the source, {there} at the target"))

    def _form(self, key: str, pair: Pair, record: TargetRecord) -> None:
        """Letters as they must be written, and the plain text beside the HTML."""
        if not pair.is_composed:
            self._differ(key, self._html, (DifferenceKind.UNICODE_FORM, "the target's text is not in NFC"))
        if pair.replaced > 0:
            detail = f"{pair.replaced} more replacement characters (U+FFFD) than at the source"
            self._differ(key, self._html, (DifferenceKind.MOJIBAKE, detail))
        if self._plain:
            plain = words_of(str(record.fields.get(self._plain) or ""))
            if plain != pair.beside:
                expected, there = " ".join(pair.beside), " ".join(plain)
                kind, detail = classify(expected, there)
                self._differ(key, self._plain, (kind, f"not the words of {self._html}; {detail}"), expected, there)

    def _announce(self, key: str, pair: Pair, account: TextAccount) -> None:
        """What the statement has named: readings, what need not arrive, what stands in another field."""
        for reading in pair.source.announced:
            account.read[reading] = account.read.get(reading, 0) + 1
            raw, read = " ".join(pair.as_it_is), " ".join(pair.source.words)
            self._declare(key, (TEXT_READINGS[reading], f"as announced: {reading}"), raw, read)
        for name, words in pair.left_out.items():
            account.left_out[name] = account.left_out.get(name, 0) + len(words)
            self._declare(key, (DifferenceKind.MISSING, f"left out as announced: {name}"), " ".join(words))
        for name, words in pair.moved.items():
            account.moved[name] = account.moved.get(name, 0) + len(words)
            detail = f"stands in {name}, as announced"
            self._declare(key, (DifferenceKind.MISSING, detail), " ".join(words))

    def _differ(
        self, key: str, field: str, named: Named, expected: str | None = None, found: str | None = None
    ) -> None:
        self._differences += 1
        self._desk.lists.difference("T1", self._entity.name, key, field, named, expected, found)

    def _declare(self, key: str, named: Named, expected: str, found: str | None = None) -> None:
        self._desk.lists.difference("T1", self._entity.name, key, self._html, named, expected, found, State.DECLARED)

    @staticmethod
    def _add_up(pair: Pair, account: TextAccount) -> None:
        for name, sums in account.counts.items():
            for side, count in enumerate(pair.counts[name]):
                sums[side] += count
        for side in (0, 1):
            account.accents[side] += pair.accents[side]
            account.letters[side] += pair.letters[side]
            account.bylines[side] += pair.bylines[side]

    # --- the end ------------------------------------------------------------------------------------------------------
    def conclude(self) -> Sequence[Check]:
        """The result. Entities whose statements declare no body are left out."""
        if not self.accounts:
            return ()
        for source, account in self.accounts.items():
            account.worst = self._worst[source].entries()
        compared = sum(account.compared for account in self.accounts.values())
        statement = "; ".join(_said(account) for account in self.accounts.values())
        holds = not self._differences if compared else None
        return (Check("T1", self._entity.name, holds, compared, 0, self._differences, True, statement),)


def _unrepaired(pair: Pair) -> Named | None:
    """Text that stands at the target as it is at the source, though it needs a reading; or that was damaged on the way."""
    if pair.source.announced and pair.target.words == pair.as_it_is:
        reading = pair.source.announced[0]
        return TEXT_READINGS[reading], f"stands as it is at the source: not read by {', '.join(pair.source.announced)}"
    if is_scrambled(pair.there) and words_of(unscrambled(pair.there)) == pair.source.words:
        return DifferenceKind.MOJIBAKE, "UTF-8 read as another encoding"
    return None


def _bin(share: float) -> str:
    return next(label for label in SHARES if share >= float(label))


def _said(account: TextAccount) -> str:
    drawn = "" if not account.seed else f", a random sample drawn by SHA-256(seed|key), seed {account.seed}"
    return (
        f"{account.source}: {account.compared} of {account.bodies} bodies{drawn}: words by Python's own parser, "
        f"recall of 3-grams at least {account.asked['recall']:g}, precision {account.asked['precision']:g}; "
        f"{', '.join(f'{name} {a} → {b}' for name, (a, b) in account.counts.items())}; share of letters with marks "
        f"{_share(account, 0):.4f} → {_share(account, 1):.4f}"
    )


def _share(account: TextAccount, side: int) -> float:
    return account.accents[side] / account.letters[side] if account.letters[side] else 0.0
