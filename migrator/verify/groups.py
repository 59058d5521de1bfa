"""Groups of control totals: raw values of the source as what stands at the target, in one spelling for both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from migrator.model.audit import Audit, NumberTotal
from migrator.model.content import EntityType, Value
from migrator.verify.questions import Question, question
from migrator.verify.readings import Unreadable
from migrator.verify.references import Pointed
from migrator.verify.resolve import Resolver

Spelled = str
"""A group as JSON: a text, or null, for each field it is made by."""


class Groups:
    """The groups of one control total of one source."""

    def __init__(self, audit: Audit, entity: EntityType, total: NumberTotal, resolver: Resolver) -> None:
        self.names = [grouped.field for grouped in total.by]
        self._resolver = resolver
        fields = entity.by_name
        self._asked: list[Question | Pointed] = [
            Pointed(grouped.pointer, audit.source, True)
            if grouped.pointer is not None
            else question(grouped.identity, fields[grouped.field].kind, audit)  # type: ignore[arg-type]
            for grouped in total.by
        ]

    def of_source(self, groups: Iterable[Sequence[Any]]) -> list[Spelled]:
        """Each group of raw values as the group its rows must be in at the target.

        A value that cannot be read or translated is spelled ``?value``: no loaded record is in such a group. A reference to
        what was not loaded is null.
        """
        raw = list(groups)
        pointed = [
            [ask.keys_of([group[place]]) if isinstance(ask, Pointed) else [] for place, ask in enumerate(self._asked)]
            for group in raw
        ]
        leads = self._resolver.resolve({key: None for keys in pointed for each in keys for key in each})
        targets = {key: answer.target if answer.state == "stands" else None for key, answer in leads.items()}
        return [self._spell(group, keys, targets) for group, keys in zip(raw, pointed, strict=True)]

    def _spell(self, group: Sequence[Any], keys: Sequence[Sequence[str]], targets: Mapping[str, str | None]) -> Spelled:
        spelled: list[str | None] = []
        for place, ask in enumerate(self._asked):
            if isinstance(ask, Pointed):
                spelled.append(targets[keys[place][0]] if keys[place] else None)
                continue
            try:
                spelled.append(_word(ask.meant(group[place]).value))
            except Unreadable:
                spelled.append(f"?{group[place]}")
        return orjson.dumps(spelled).decode()

    def of_target(self, group: Sequence[Value]) -> Spelled:
        """The group of values that stand at the target."""
        return orjson.dumps([_word(value) for value in group]).decode()

    def of_record(self, fields: Mapping[str, Value]) -> Spelled:
        """The group a target record is in."""
        return self.of_target([fields.get(name) for name in self.names])

    def shown(self, group: Spelled) -> dict[str, str]:
        """The group by field, for people."""
        words = orjson.loads(group)
        return {name: "∅" if word is None else word for name, word in zip(self.names, words, strict=True)}


def _word(value: Value) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
