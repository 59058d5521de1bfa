"""What was not checked, in the reader's language.

The verification says it in English sentences of a few forms. A sentence whose form is known is translated, and those of
one form are put under one headline; any other is shown as it is – nothing is ever left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from migrator import i18n


def translated(sentences: Sequence[str], language: str) -> Mapping[str, Sequence[str]]:
    """Headline -> particulars (may be none), in the order of the sentences."""
    found: dict[str, list[str]] = {}
    for sentence in sentences:
        headline, particular = _translate(sentence.strip(), language)
        found.setdefault(headline, [])
        if particular:
            found[headline].append(particular)
    return found


def _translate(sentence: str, language: str) -> tuple[str, str]:
    if i18n.has(f"not_checked.{sentence}", language):
        return i18n.text(f"not_checked.{sentence}", language), ""
    for pattern, form in _FORMS:
        if match := pattern.match(sentence):
            return form(match, language)
    return sentence, ""


def _uncompared(match: re.Match[str], language: str) -> tuple[str, str]:
    check, entity, count = match["check"], match["entity"], int(match["count"])
    name = f"{i18n.term('check', check, language)} ({check})"
    whose = i18n.term("entity", entity, language) if entity else i18n.text("report.everything", language)
    headline = i18n.text("report.unchecked.uncompared", language, check=name)
    return headline, f"{whose}: {i18n.number(count, language)}"


def _unproved(match: re.Match[str], language: str) -> tuple[str, str]:
    headline = i18n.text(f"report.unchecked.unproved_{match['check']}", language)
    fields = ", ".join(i18n.term("field", name, language) for name in match["fields"].split(", "))
    return headline, f"{i18n.term('entity', match['entity'], language)} ({match['source']}): {fields}"


def _links(match: re.Match[str], language: str) -> tuple[str, str]:
    whose = f"{i18n.term('entity', match['entity'], language)} ({match['source']})"
    return i18n.text("report.unchecked.links", language), whose


def _undeclared(match: re.Match[str], language: str) -> tuple[str, str]:
    """A check the statement gives nothing for; by entity, and by source where the sentence names one."""
    form = f"report.unchecked.{_UNDECLARED[match['words']]}"
    entity = i18n.term("entity", match["entity"], language)
    particular = f"{entity} ({match['source']})" if match["source"] else entity
    return f"{i18n.text(form, language)} ({match['check']})", particular


def _no_site(match: re.Match[str], language: str) -> tuple[str, str]:
    return i18n.text("report.unchecked.no_site", language, source=match["source"]), ""


def _staged(match: re.Match[str], language: str) -> tuple[str, str]:
    taken = i18n.instant(datetime.fromisoformat(match["taken"]), language)
    said = i18n.text(
        "report.unchecked.staged_copy", language, source=match["source"], taken=taken, digest=match["digest"]
    )
    return i18n.text("report.unchecked.staged", language), said


def _code(match: re.Match[str], language: str) -> tuple[str, str]:
    """A check's code alone, or with words nobody has translated."""
    name = i18n.term("check", match["check"], language)
    if name == match["check"]:
        return match[0], ""
    return f"{name} ({match['check']})", match["words"] or ""


_UNDECLARED = {
    "the text of bodies": "text",
    "rows changed after the cut-off": "changed",
    "no run has left a cut-off": "no_cut_off",
    "sums of numbers": "sums",
    "old addresses": "addresses",
}
_FORMS = (
    (re.compile(r"(?P<check>\w+) (?P<entity>\w*): (?P<count>\d+) could not be compared\b", re.DOTALL), _uncompared),
    (
        re.compile(
            r"(?P<check>I1|R1) (?P<entity>\w+) of (?P<source>\S+): "
            r"only stored = sent \(F1\) is proved of (?P<fields>.+)$"
        ),
        _unproved,
    ),
    (re.compile(r"R1 (?P<entity>\w+) of (?P<source>\S+): internal links in bodies$"), _links),
    (
        re.compile(
            r"(?P<check>[A-Z]\d) (?P<entity>\w+)(?: of (?P<source>\S+))?: "
            rf"(?P<words>{'|'.join(_UNDECLARED)})$"
        ),
        _undeclared,
    ),
    (re.compile(r"C1b: (?P<source>\S+) has no public site as a second witness$"), _no_site),
    (
        re.compile(
            r"C1: (?P<source>\S+) was not asked itself, but its staged copy begun (?P<taken>\d{4}-\S+), "
            r"catalogue SHA-256 (?P<digest>\w+)$"
        ),
        _staged,
    ),
    (re.compile(r"(?P<check>[A-Z]\d[a-z]?)(?:\s*[:–-]\s*(?P<words>.+))?$", re.DOTALL), _code),
)
