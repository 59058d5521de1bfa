"""A value out of text that PHP's ``serialize()`` wrote, by a path of keys and list positions (from 0) with dots between.

Without a path all of it: a list, or a mapping, for `keys`, `values` or `flatten`. A serialised object is a mapping of its
properties; nothing is ever run. Null where the path leads nowhere; empty text and null give null. Text that is damaged –
often by a careless search and replace, which makes lengths wrong – is rejected as ``bad-php``.
"""

from __future__ import annotations

from typing import Any

from migrator.errors import SetAside
from migrator.transform.php import unserialize
from migrator.transform.reach import reach
from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Plain, Refused

ARGUMENTS = (Argument("path", "text", "such as sizes.large.file", default=""),)
GIVES = "any"
WHOLE = True
EXAMPLES = (
    ("sizes.0", 'a:1:{s:5:"sizes";a:2:{i:0;s:5:"a.jpg";i:1;N;}}', "a.jpg"),
    ("width", 'O:8:"stdClass":1:{s:5:"width";i:640;}', 640),
    ("height", "a:0:{}", None),
    (None, 'a:1:{s:6:"editor";b:1;}', {"editor": True}),
    ("a", "", None),
    ("a", 'a:1:{s:3:"a', Refused("bad-php")),
    ("a", None, None),
)


def make(path: str) -> Plain:
    """The step."""
    parts = path.split(".") if path else []

    def step(value: Any) -> Any:
        text = as_text(value)
        if not text.strip():
            return None
        try:
            return reach(unserialize(text), parts)
        except ValueError as error:
            raise SetAside("bad-php", str(error)) from error

    return step
