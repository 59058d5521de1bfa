"""A row comes back from its line exactly as it went in, with the fingerprint it had."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.extract.staged import values
from migrator.model.record import SourceRow, source_fingerprint

PLUS_7 = timezone(timedelta(hours=7))
HOSTILE: list[Any] = [
    None, "", " ", "\x00", "\n", "\u2028", "Việt", "Vie\u0323\u0302t", "\udcff", "a\ud800", True, False, 0, 1, -1, 2**63 - 1,
    2**63, -(2**63), 2**64, 10**40, 0.1, -0.0, 1e308, math.inf, -math.inf, Decimal("10.50"), Decimal("1E+5"), Decimal("-0.00"),
    Decimal("NaN"), b"", b"\x00\xff", datetime(2009, 2, 3), datetime(1, 1, 1, 0, 0, 0, 1), datetime(2009, 2, 3, tzinfo=UTC),
    datetime(2009, 2, 3, 4, 5, 6, 7, PLUS_7), date(9999, 12, 31), time(23, 59, 59, 999999), time(1, 2, tzinfo=PLUS_7),
    timedelta(hours=-838, microseconds=1), UUID(int=7), "0000-00-00", {"decimal": "1"}, [], [None, [b"x", {"a": Decimal(1)}]],
    {"bytes": b"\x01", "n": None}, (1, "a"), ip_address("10.0.0.1"), ip_address("::1"), ip_interface("10.0.0.1/8"),
    ip_network("10.0.0.0/8"), ip_network("fe80::/10"),
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_each_value_comes_back(value: Any) -> None:
    (found,) = values.row(values.line([value]))
    assert type(found) is type(value)
    assert repr(found) == repr(value)
    assert b"\n" not in values.line([value])
    fingerprint, again = (
        source_fingerprint(SourceRow("k", (1,), {"a": each}, {"s": [{"b": each}]})) for each in (value, found)
    )
    assert fingerprint == again


def without_fold(at: Any) -> Any:
    """No database says which of two equal clock readings it means."""
    return at.replace(fold=0)


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(st.characters(codec=None)), st.binary(), st.decimals(), st.floats(),
    st.dates(), st.datetimes().map(without_fold), st.times().map(without_fold), st.timedeltas(), st.uuids(),
)  # fmt: skip
NESTED = st.recursive(
    SCALARS,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(), parts, max_size=3),
    max_leaves=6,
)


@given(st.lists(NESTED))
def test_any_row_comes_back(row: list[Any]) -> None:
    assert repr(values.row(values.line(row))) == repr(row)


def test_what_has_no_exact_form_is_refused() -> None:
    with pytest.raises(TypeError, match="complex"):
        values.line([1, complex(1, 2)])
