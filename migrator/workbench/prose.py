"""How a value is made, and when a rule holds, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from migrator.i18n import has, text
from migrator.transform.registry import verbs
from migrator.transform.vocabulary import PICKS
from migrator.workbench.flow import as_cell, in_flow
from migrator.workbench.markup import Code, Pieces

ARGUMENTS_SHOWN = 100

_COMPARED = {"lt": "<", "le": "≤", "gt": ">", "ge": "≥"}


class Prose:
    """Speaks of mappings in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, key: str, *codes: str) -> Pieces:
        """A phrase of the catalogue; each ``@`` in it is the next code."""
        phrase = text(f"workbench.{key}", self.language)
        parts = phrase.split("@")
        pieces: list[str | Code] = [parts[0]]
        for code, part in zip(codes, parts[1:], strict=True):
            pieces += [Code(code), part]
        return tuple(piece for piece in pieces if piece != "")

    # --- values ---
    def value(self, written: Mapping[str, object]) -> Pieces:
        """Where a value comes from and what happens to it."""
        phrases = [self._origin(written)]
        if isinstance(written.get("when"), Mapping):
            phrases.append((*self.say("only_if"), *self.when(written["when"])))
        phrases += [self.step(step) for step in _listed(written.get("steps"))]
        if "part" in written:
            phrases.append(self.say("part", as_cell(written["part"])))
        if "default" in written:
            phrases.append(self.say("default", as_cell(written["default"])))
        return _joined(phrases, "; ")

    def _origin(self, written: Mapping[str, object]) -> Pieces:
        if "from" in written:
            return self._columns(written["from"])
        if "constant" in written:
            return self.say("constant", as_cell(written["constant"]))
        if "same" in written:
            return self.say("same", as_cell(written["same"]))
        for pick in PICKS:
            if pick in written:
                inner = [self._alternative(value) for value in _listed(written[pick])]
                return (*self.say(f"pick.{pick}"), *_joined(inner, " / "))
        members = written.get("object")
        if isinstance(members, Mapping):
            inner = [(Code(str(name)), " = ", *self._alternative(member)) for name, member in members.items()]
            head = self.say("objects_of", as_cell(written["of"])) if "of" in written else self.say("object")
            return (*head, *_joined(inner, ", "))
        return ()

    def _alternative(self, value: object) -> Pieces:
        if not isinstance(value, Mapping):
            return (Code(as_cell(value)),)
        at = value.get("at")
        dated = (*self.say("at"), *self._alternative(at)) if at is not None else ()
        return ("(", *self.value(value), *dated, ")")

    def _columns(self, origin: object) -> Pieces:
        if isinstance(origin, list):
            return (*self.say("columns"), *_joined([(Code(str(each)),) for each in origin], ", "))
        side, dot, column = str(origin).partition(".")
        if not dot:
            return self.say("column", side)
        if side.endswith("[]"):
            return self.say("side_columns", column, side.removesuffix("[]"))
        return self.say("side_column", column, side)

    def step(self, step: object) -> Pieces:
        """What a step does. A verb the catalogue does not know speaks for itself, in English."""
        name, arguments = next(iter(step.items())) if isinstance(step, Mapping) else (step, None)
        if has(f"workbench.step.{name}", self.language):
            words: Pieces = (text(f"workbench.step.{name}", self.language),)
        else:
            verb = verbs().get(str(name))
            words = (verb.doc.split("\n", 1)[0].split(". ")[0].rstrip(".").replace("``", "") if verb else str(name),)
        if arguments is None:
            return words
        shown = as_cell(arguments)
        return (*words, " ", Code(shown if len(shown) <= ARGUMENTS_SHOWN else f"{shown[:ARGUMENTS_SHOWN]}…"))

    # --- conditions ---
    def when(self, conditions: object) -> Pieces:
        """When conditions hold."""
        if not isinstance(conditions, Mapping):
            return ()
        phrases = []
        for path, condition in conditions.items():
            if path == "any":
                inner = [("(", *self.when(each), ")") for each in _listed(condition)]
                phrases.append(_joined(inner, *self.say("or")))
            elif path == "not":
                phrases.append((*self.say("not"), "(", *self.when(condition), ")"))
            else:
                phrases += [self._test(str(path), *test) for test in _tests(condition)]
        return _joined(phrases, *self.say("and"))

    def _test(self, path: str, operator: str, operand: object) -> Pieces:
        if operator in _COMPARED:
            return Code(path), f" {_COMPARED[operator]} ", Code(as_cell(operand))
        if operator in ("empty", "missing"):
            return self.say(f"test.{operator}" if operand else f"test.not_{operator}", path)
        values = operand if isinstance(operand, list) else [operand]
        return self.say(f"test.{operator}", path, ", ".join(map(in_flow, values)))


def _tests(condition: object) -> Iterator[tuple[str, object]]:
    """(operator, operand) of a condition as it is written."""
    if isinstance(condition, Mapping):
        yield from ((str(operator), operand) for operator, operand in condition.items())
    else:
        yield "in", condition


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _joined(phrases: Iterable[Pieces], separator: str | Code) -> Pieces:
    pieces: list[str | Code] = []
    for phrase in phrases:
        if phrase and pieces:
            pieces.append(separator)
        pieces += phrase
    return tuple(pieces)
