"""Ways to smuggle a script through a cleaner, by class; ``alert(1)`` is what each of them wants to run.

The shapes are those of the well-known collections (OWASP's on filter evasion, the cure53 and PortSwigger lists of vectors,
published bypasses of DOMPurify, Bleach and Mozilla's and Google's sanitizers); the table in ``vectors.txt`` is our own: a
vector a line, escapes as in JSON.
"""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path


def _read() -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").split("\n"):
        if line.startswith("## "):
            lines = sections.setdefault(line[3:], [])
        elif line:
            lines.append(json.loads('"' + line.replace('"', '\\"') + '"'))
    return sections


def _carried(carriers: list[str], loads: list[str]) -> list[str]:
    return [carrier.replace("{}", load.replace('"', "&quot;")) for carrier, load in product(carriers, loads)]


_SECTIONS = _read()
_EVENTS = [f"<p on{event}=alert(1)>a</p>" for event in " ".join(_SECTIONS["events"]).split()]
CLASSES = {
    "event handlers": _EVENTS + _SECTIONS["event handlers"],
    "addresses": [
        *_carried(_SECTIONS["carriers of all spellings"], _SECTIONS["spellings of a scheme"]),
        *_carried(_SECTIONS["carriers of one spelling"], ["javascript:alert(1)"]),
    ],
    "scripts and what loads": _SECTIONS["scripts and what loads"],
    "styles": _carried(_SECTIONS["carriers of style rules"], _SECTIONS["style rules"]) + _SECTIONS["styles"],
    "mutations": _SECTIONS["mutations"],
    "broken syntax": _SECTIONS["broken syntax"],
    "names": _SECTIONS["names"],
}
"""Class → vectors. Mutations are trees that turn into others when they are written down and read again; names replace
properties of the page they are put into."""

VECTORS = list(dict.fromkeys(vector for vectors in CLASSES.values() for vector in vectors))
