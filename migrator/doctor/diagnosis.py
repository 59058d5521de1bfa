"""What a check says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """``unchecked``: it could not be found out; that is not the same as well."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line of the doctor. ``subject`` is what was looked at, such as ``source web``; ``code`` is stable and names the
    sentence, ``facts`` are the values in it: numbers, names of tables and files, never a secret or a row's text."""

    check: str
    subject: str
    level: Level
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def worst(diagnoses: Iterable[Diagnosis]) -> Level:
    """The gravest level of all; ``ok`` for none. What could not be checked is not as grave as a warning."""
    order = (Level.OK, Level.UNCHECKED, Level.WARNING, Level.FAULT)
    return max((diagnosis.level for diagnosis in diagnoses), key=order.index, default=Level.OK)


def named(names: Iterable[str], at_most: int = 5) -> str:
    """Some names in a sentence, and how many more there are."""
    known = list(names)
    shown = ", ".join(known[:at_most])
    return shown if len(known) <= at_most else f"{shown}, … (+{len(known) - at_most})"
