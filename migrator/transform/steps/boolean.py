"""Read true or false from 1/0, true/false, yes/no, on/off, t/f, y/n, in any case.

Empty text becomes null, null stays null; anything else is rejected as ``bad-boolean``.
"""

from __future__ import annotations

from typing import Any

from migrator.errors import SetAside
from migrator.transform.values import as_text
from migrator.transform.verb import Plain, Refused

ARGUMENTS = ()
GIVES = "boolean"
EXAMPLES = (
    (None, 1, True),
    (None, "No", False),
    (None, "", None),
    (None, 2, Refused("bad-boolean")),
    (None, None, None),
)

_WORDS = {
    **dict.fromkeys(("1", "true", "yes", "on", "t", "y"), True),
    **dict.fromkeys(("0", "false", "no", "off", "f", "n"), False),
    "": None,
}


def make() -> Plain:
    """The step."""

    def step(value: Any) -> bool | None:
        word = as_text(value).strip().lower()
        if word not in _WORDS:
            raise SetAside("bad-boolean", f"{word[:80]!r} is neither true nor false")
        return _WORDS[word]

    return step
