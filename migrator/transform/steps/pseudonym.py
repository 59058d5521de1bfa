"""Put a pseudonym in the place of a person: always the same for the same person, and only the secret leads from one to it.

The pseudonym is a label and the beginning of an HMAC-SHA-256 of the value, letter case, white space and Unicode form not
counting. Whoever has the secret can still find out who is meant by trying: the law calls that pseudonymised, not
de-identified. Ten hexadecimal digits: of 30,000 people two share one with a chance of 1 in 2,400. Empty text becomes
null, null stays null.
"""

from __future__ import annotations

import hmac
from typing import Any
from unicodedata import normalize

from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Plain

ARGUMENTS = (
    Argument("secret", "secret", "where the secret is: env:NAME or file:PATH", required=True),
    Argument("label", "text", "what stands before it", default="bạn đọc"),
    Argument("digits", "integer", "hexadecimal digits, 6 to 64", default=10),
)
GIVES = "text"
EXAMPLES = (
    ("env:PERSONAL_KEY", "lan@example.vn", "bạn đọc d8467c6f9f"),
    ("env:PERSONAL_KEY", " Lan@Example.VN", "bạn đọc d8467c6f9f"),
    ({"secret": "env:PERSONAL_KEY", "label": "CTV", "digits": 6}, "lan@example.vn", "CTV d8467c"),
    ("env:PERSONAL_KEY", "", None),
    ("env:PERSONAL_KEY", None, None),
)
_FEWEST, _MOST = 6, 64


def make(secret: bytes, label: str, digits: int) -> Plain:
    """The step. ValueError for too few or too many digits."""
    if not _FEWEST <= digits <= _MOST:
        raise ValueError(f"digits must be between {_FEWEST} and {_MOST}")

    def step(value: Any) -> str | None:
        person = " ".join(normalize("NFC", as_text(value)).casefold().split())
        if not person:
            return None
        code = hmac.digest(secret, person.encode("utf-8", "surrogatepass"), "sha256").hex()[:digits]
        return f"{label} {code}".strip()

    return step
