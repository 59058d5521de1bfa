"""The two sides of a record, as text to read: what the legacy system holds and what stands at the target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Sides(Protocol):
    """Looks records up for the side-by-side pages. A key that is not there is left out of the answer.

    Values are texts by field name; a field that both sides have under one name is shown on one line.
    """

    def source(self, entity: str, keys: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        """Legacy values by record key, then by field."""

    def target(self, entity: str, keys: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        """Target values by record key, then by field."""
