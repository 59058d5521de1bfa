"""Reading a byline that is known to be one."""

from __future__ import annotations

import re

from migrator.text.bylines.model import Byline, Contribution
from migrator.text.bylines.names import Register, read_names
from migrator.text.bylines.segments import segments
from migrator.text.composed import composed

LONGEST = 300
"""Characters of the longest byline that is taken apart."""

_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
_BY = re.compile(r"^(?:(?:written |story |reported )?by|(?:viết )?bởi)\s*:?\s+(?=\S)", re.IGNORECASE)
_WRAPPED = re.compile(r"[(\[]([^()\[\]]*)[)\]]\.?")


def read_byline(raw: str, register: Register = None) -> Byline:
    """The contributions in a byline, in the order they are named; one for each role of each name.

    ``register`` has a match key (:func:`migrator.text.match_keys.match_key`) for each known pen name; without one
    nobody is registered. What is not written like a name stays ``unread``.
    """
    text = one_line(raw)
    if len(text) > LONGEST:
        return Byline(raw, (), 0.0, (text,))
    contributions: list[Contribution] = []
    unread: list[str] = []
    for segment in segments(_BY.sub("", text)):
        names, rest = read_names(segment.text, register, as_sources=segment.sources)
        unread += rest
        contributions += [
            Contribution(name.name, role, name.kind, name.confidence, name.registered, name.title)
            for name in names
            for role in segment.roles
        ]
    confidence = min((each.confidence for each in contributions), default=0.0)
    return Byline(raw, tuple(contributions), 0.0 if unread else confidence, tuple(unread))


def one_line(raw: str) -> str:
    """The text as NFC in one line, without invisible characters and brackets around all of it."""
    text = _INVISIBLE.sub("", composed(raw)).replace("：", ":")
    text = " ; ".join(line for each in text.splitlines() if (line := " ".join(each.split())))
    wrapped = _WRAPPED.fullmatch(text)
    return wrapped[1].strip() if wrapped else text
