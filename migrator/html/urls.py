"""Which addresses may stay in a body.

A browser drops tabs, line ends and leading control characters before it reads a scheme; so does this module.
"""

from __future__ import annotations

import re

_IGNORED = re.compile(r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd]+")
_SCHEME = re.compile(r"([^/?#\[\]@:]*):")
_IMAGE_DATA = re.compile(r"data:image/(?:png|jpeg|jpg|gif|webp)[;,]", re.IGNORECASE)
_BETWEEN_CANDIDATES = re.compile(r",\s+|(?<!\s)\s+,|,$")
_MOST_CANDIDATES = 1_000


def is_safe(url: str, schemes: frozenset[str]) -> bool:
    """Whether ``url`` (entities already resolved) is relative, or has one of ``schemes`` (lower case).

    Anything before the first colon counts as a scheme, even where a browser sees a relative path: ``x y:z`` is refused.
    """
    if url.startswith("/"):
        return True
    found = _SCHEME.match(url if url.isascii() and url.isprintable() and " " not in url else _IGNORED.sub("", url))
    return found is None or found.group(1).lower() in schemes


def is_inline_image(url: str) -> bool:
    """Whether ``url`` is a data: address of a bitmap that cannot hold a script."""
    return _IMAGE_DATA.match(url.strip()) is not None


def safe_srcset(value: str, schemes: frozenset[str]) -> tuple[str, int]:
    """The acceptable candidates of a srcset, written in one form, and how many were refused.

    Candidates are separated by a comma and white space, or by a comma where no address can go on. Those behind the
    first 1,000 are refused.
    """
    kept = []
    candidates = _BETWEEN_CANDIDATES.split(value.strip())
    refused = len(candidates[_MOST_CANDIDATES:])
    for candidate in candidates[:_MOST_CANDIDATES]:
        parts = candidate.strip(", \t\n\f\r").split()
        if not parts:
            continue
        if len(parts) <= 2 and all(is_safe(piece, schemes) for piece in (parts[0], *parts[0].split(","))):
            kept.append(" ".join(parts))
        else:
            refused += 1
    return ", ".join(kept), refused


def best_candidate(srcset: str) -> str:
    """The address of the largest picture of a srcset that :func:`safe_srcset` has written; empty for none."""
    best, most = "", -1.0
    for candidate in srcset.split(", "):
        address, _, size = candidate.partition(" ")
        weight = float(size[:-1]) if re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,4})?[wx]", size) else 0.0
        if address and weight > most:
            best, most = address, weight
    return best
