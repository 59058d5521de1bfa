"""Fonts that carry an encoding: in ``.VnTime`` the code of ¸ shows á.

Sources: the fonts of the ABC package (``.Vn…``, TCVN3; a name that ends in H shows small letters as capitals) and of VNI
(``VNI-…``). That every name of the pattern behaves so is general knowledge, not tested font by font.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

_FAMILY = re.compile(r"(?:^|[;{\s])font-family\s*:\s*([^;}]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LegacyFont:
    """What text set in a font is: its encoding, and whether the font shows small letters as capitals."""

    name: str
    encoding: str
    capitals: bool


def legacy_font(families: str) -> LegacyFont | None:
    """The legacy font that text is set in; null for any other font.

    ``families`` is a font name, a list of them as in ``face="…"``, or a ``style`` with ``font-family``. Only the first
    name counts: the others are for machines that do not have it.
    """
    declared = unescape(families)
    if ":" in declared:
        matches = _FAMILY.findall(declared)
        declared = matches[-1] if matches else ""
    name = declared.partition(",")[0].replace("!important", "").strip(" \t\r\n\"'")
    folded = name.lower()
    if folded.startswith(".vn"):
        return LegacyFont(name, "TCVN3", folded.endswith("h"))
    if folded.startswith("vni-"):
        return LegacyFont(name, "VNI", False)
    return None
