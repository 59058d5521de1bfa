"""Trying a single step as a mapping would use it."""

from pathlib import Path
from typing import Any

from migrator.model.record import SourceRow
from migrator.transform.arguments import make_step
from migrator.transform.crosswalk import Crosswalk
from migrator.transform.declaration import EntityDeclaration, StepUse
from migrator.transform.document import Node, Place
from migrator.transform.outside import Outside
from migrator.transform.pipeline import Context, as_move
from migrator.transform.registry import verbs

PLACE = Place("article.yaml", "article.yaml", 1)
STATUS = Crosswalk("status", "status.csv", {"1": "published", "4": "draft", "7": ""})
NAMES = Crosswalk("names", "names.csv", {"Minh Hảo": "17"})
SECRET = "correct horse battery staple"
OUTSIDE = Outside(Path(__file__).parent / "project_code", {"env:PERSONAL_KEY": SECRET}.__getitem__)
DECLARATION = EntityDeclaration(
    entity="article",
    source="bao",
    place=PLACE,
    table="rows",
    sql=None,
    table_place=PLACE,
    key=("id",),
    key_place=PLACE,
    where=(),
    sides={},
    rules=(),
    merge=None,
    fields={},
    resolved=None,
    crosswalks={"status": STATUS, "names": NAMES},
    outside=OUTSIDE,
)


def node(value: Any) -> Node:
    """A value as if it had been read from a file."""
    if isinstance(value, dict):
        return Node({key: node(child) for key, child in value.items()}, PLACE)
    return Node([node(child) for child in value] if isinstance(value, list) else value, PLACE)


def run(verb: str, arguments: Any, value: Any) -> tuple[Any, Context]:
    """What a step makes of a value, with the context it noted in."""
    step, faults = make_step(StepUse(verb, None if arguments is None else node(arguments), PLACE), DECLARATION)
    assert step is not None, "; ".join(map(str, faults))
    context = Context(SourceRow("bao:article:1", (1,), {}))
    return as_move(step, verbs()[verb])(value, context), context
