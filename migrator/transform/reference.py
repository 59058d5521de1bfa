"""The reference of all steps, in Markdown, made from what the verbs declare."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from migrator.transform.arguments import SOURCE
from migrator.transform.registry import verbs
from migrator.transform.verb import Argument, Refused, Verb

_INTRODUCTION = (
    "A step stands in the list `steps:` of a field. Null passes every step by. A list goes through a step entry by",
    "entry, unless the step is said to take the list as a whole. A single argument needs no name: `{nth: 2}` is short",
    "for `{nth: {number: 2}}`.",
)


def render_steps() -> str:
    """One section a verb, in alphabetical order: what it does, its arguments, its examples. Ends with a line break."""
    lines = ["# Steps", "", *_INTRODUCTION]
    for verb in verbs().values():
        lines += ["", *_section(verb)]
    return "\n".join(lines) + "\n"


def _section(verb: Verb) -> Iterator[str]:
    yield f"## {verb.name}"
    yield ""
    yield verb.doc.replace("``", "`")
    yield ""
    yield (
        "Takes a list as a whole. " * verb.whole + f"Gives: {verb.gives}." + f" From {verb.origin}." * bool(verb.origin)
    )
    arguments = [argument for argument in verb.arguments if argument.type != SOURCE]
    if arguments:
        yield from ("", "| argument | type | default | meaning |", "|---|---|---|---|")
        yield from (_argument(argument) for argument in arguments)
    yield from ("", "| step | before | after |", "|---|---|---|")
    for written, before, after in verb.examples:
        step = verb.name if written is None else f"{{{verb.name}: {_shown(written)}}}"
        yield f"| {_cell(step)} | {_cell(_shown(before))} | {_cell(_shown(after))} |"


def _argument(argument: Argument) -> str:
    default = "*required*" if argument.required else "" if argument.default in (None, ()) else _shown(argument.default)
    return f"| `{argument.name}` | {argument.type} | {default} | {argument.doc.replace('|', chr(92) + '|')} |"


def _shown(value: Any) -> str:
    """A value as JSON, which is also YAML; instants as ISO 8601."""
    if isinstance(value, Refused):
        return f"rejected: {value.reason}"
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value.isoformat()


def _cell(text: str) -> str:
    """Code in a table cell: a pipe would end the cell, a line break the row."""
    return "`" + text.replace("|", "\\|").replace("\n", " ") + "`"
