"""What the tool says to people, in Vietnamese and English.

A language is a folder of JSON files beside this module; each file is a tree whose paths, joined by dots, are the keys.
Both languages have the same keys with the same placeholders (a test holds them to it). To add texts, add a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("vi", "en")

# A fixed offset, not a zone name: Vietnam has kept UTC+7 since 1975, and a machine may have no zone data.
VIETNAM = timezone(timedelta(hours=7), "UTC+7")

_MARKS = {"vi": (".", ","), "en": (",", ".")}


def text(key: str, language: str, **values: Any) -> str:
    """The text of a key with its placeholders filled in; numbers and instants are written as the language writes them.

    KeyError for a key the catalogue does not have: a missing text is a mistake of ours.
    """
    entry = catalogue(language)[key]
    return entry.format_map({name: _shown(value, language) for name, value in values.items()}) if values else entry


def term(group: str, code: str, language: str) -> str:
    """The name of a code (a bucket, a reason, a kind); the code itself where nobody has named it yet."""
    return catalogue(language).get(f"{group}.{code}", code)


def has(key: str, language: str) -> bool:
    """Whether there is such a text."""
    return key in catalogue(language)


def number(value: int | float | Decimal, language: str, decimals: int | None = None) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English. Without ``decimals`` as many places as the number has."""
    plain = f"{value:,}" if decimals is None else f"{value:,.{decimals}f}"
    thousands, point = _MARKS[language]
    return plain.translate({ord(","): thousands, ord("."): point})


def day(moment: datetime, language: str) -> str:
    """dd/mm/yyyy in Vietnam. The same in both languages, so that no two readers disagree about a date."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language}")
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y")


def instant(moment: datetime, language: str) -> str:
    """dd/mm/yyyy HH:MM and the words "Vietnam time". ValueError for an instant without a zone."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return f"{day(moment, language)} {moment.astimezone(VIETNAM):%H:%M} ({text('time.zone', language)})"


def language_of_environment(env: Mapping[str, str]) -> str:
    """``vi`` or ``en``, from the first of MIGRATOR_LANG, LC_ALL and LANG that is set."""
    for name in ("MIGRATOR_LANG", "LC_ALL", "LANG"):
        if value := env.get(name, "").strip():
            return "vi" if value.lower().startswith("vi") else "en"
    return "en"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Every text of a language by its key. ValueError for a language there is not, and for a key given twice."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language}")
    texts: dict[str, str] = {}
    folder = resources.files(__name__) / language
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".json"):
            continue
        for key, entry in _flattened(json.loads(file.read_text(encoding="utf-8"))):
            if key in texts:
                raise ValueError(f"{language}/{file.name}: {key} is already there")
            texts[key] = entry
    return texts


def _flattened(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, branch in tree.items():
        if isinstance(branch, dict):
            yield from _flattened(branch, f"{above}{name}.")
        else:
            yield f"{above}{name}", branch


def _shown(value: Any, language: str) -> str:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return number(value, language)
    if isinstance(value, datetime):
        return instant(value, language)
    return str(value)
