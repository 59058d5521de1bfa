"""What a verb of the mapping language declares about itself, so that it can be checked, documented and tested.

A verb is a module under ``migrator.transform.steps``, or one named by an entry point of the group ``migrator.steps``,
with

* a docstring like a dictionary entry: what it does, what null does;
* ``ARGUMENTS``: the arguments it takes; a single value in YAML is the first of them;
* ``EXAMPLES``: (arguments as in YAML, input, output) – each is run as a test; an output :class:`Refused` is a SetAside;
* ``GIVES``: the type of what comes out: text, integer, number (whole or decimal), boolean, instant, list, parts
  (``part:`` chooses), or any;
* optionally ``PARTS``, where it gives parts: their names and the type of each;
* ``make(**arguments)``: the step, a function of the value. ValueError where the arguments do not fit together;
* optionally ``NOTES = True``: the step is a :class:`migrator.ports.Step`, a function of the value and a StepContext;
* optionally ``WHOLE = True``: a list is given as a whole instead of entry by entry.

Null never reaches a step: null in, null out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Literal

from migrator.ports import Step

Gives = Literal["text", "integer", "number", "boolean", "instant", "list", "parts", "object", "any"]
Example = tuple[Any, Any, Any]
Plain = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a verb.

    ``type`` is a name in :data:`migrator.transform.arguments.TYPES`, or ``source``: nobody writes that one, it is the
    name of the source.
    """

    name: str
    type: str
    doc: str
    required: bool = False
    default: Any = None


@dataclass(frozen=True, slots=True)
class Refused:
    """In an example: the step raises SetAside with this reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb as its module declares it. ``origin`` is empty for a built-in one, else the package and its version."""

    name: str
    doc: str
    arguments: tuple[Argument, ...]
    examples: tuple[Example, ...]
    gives: Gives
    make: Callable[..., Plain | Step]
    notes: bool
    whole: bool
    origin: str = ""
    parts: Mapping[str, Gives] = field(default_factory=dict)


def verb_of(name: str, module: ModuleType, origin: str = "") -> Verb:
    """The verb a module declares. AttributeError where the module is no verb."""
    return Verb(
        name=name,
        doc=(module.__doc__ or "").strip(),
        arguments=tuple(module.ARGUMENTS),
        examples=tuple(module.EXAMPLES),
        gives=module.GIVES,
        make=module.make,
        notes=getattr(module, "NOTES", False),
        whole=getattr(module, "WHOLE", False),
        origin=origin,
        parts=dict(getattr(module, "PARTS", {})),
    )
