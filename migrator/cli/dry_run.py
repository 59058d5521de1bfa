"""What `migrator run --dry-run` says."""

from __future__ import annotations

from collections.abc import Mapping

from migrator.cli.console import Console
from migrator.errors import ExitCode
from migrator.i18n import term
from migrator.model.outcome import SET_ASIDE
from migrator.run.rehearsal import Foreseen

SHOWN = 5
_CUT = 60


def show(entities: Mapping[str, Foreseen], console: Console) -> ExitCode:
    """Counts, fields that would change, and the first examples. SET_ASIDE where a run would end so."""
    lang = console.language
    console.say("dry_run")
    console.table(
        ["entity", "bucket", "rows"],
        [
            (term("entity", name, lang), term("bucket", bucket, lang), number)
            for name, each in entities.items()
            for bucket, number in each.buckets.items()
        ],
    )
    for name, each in entities.items():
        _entity(name, each, console)
    console.data({"dry_run": True, "entities": {name: each.to_json() for name, each in entities.items()}})
    aside = any(each.buckets[bucket] for each in entities.values() for bucket in SET_ASIDE)
    return ExitCode.SET_ASIDE if aside else ExitCode.DONE


def _entity(name: str, each: Foreseen, console: Console) -> None:
    lang = console.language
    if each.taken_back:
        console.say("dry_run_taken_back", entity=term("entity", name, lang), count=each.taken_back)
    if each.fields:
        fields = ", ".join(f"{term('field', field, lang)} {number}" for field, number in each.fields.most_common())
        console.say("dry_run_fields", entity=term("entity", name, lang), fields=fields)
    for bucket, examples in each.examples.items():
        for example in examples[:SHOWN]:
            reason = f": {term('reason', example['reason'], lang)}" if example.get("reason") else ""
            lead = f" → {example['merged_into']}" if example.get("merged_into") else ""
            console.lines([f"{example['key']}  {term('bucket', bucket, lang)}{reason}{lead}"])
            for field, (old, new) in list(example.get("fields", {}).items()) if bucket != "created" else ():
                console.lines([f"    {term('field', field, lang)}: {_short(old)} → {_short(new)}"])


def _short(text: str | None) -> str:
    if text is None:
        return "–"
    return repr(text if len(text) <= _CUT else text[: _CUT - 1] + "…")
