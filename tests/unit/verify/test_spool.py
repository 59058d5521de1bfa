"""Keys cut into parts and brought together again."""

from pathlib import Path

import pytest

from migrator.verify import spool
from migrator.verify.spool import PARTS, Spool


def test_equal_keys_meet_in_equal_parts(tmp_path: Path) -> None:
    keys = [f"web:article:{number}" for number in range(1000)] + ["web:tag:a\u2028b", "web:tag:\ud800", "web:tag:x y"]
    with Spool(tmp_path) as one, Spool(tmp_path) as other:
        for key in keys:
            one.add(key, f"of {key}")
        for key in reversed(keys):
            other.add(key, "")
        other.add(keys[0], "again")
        parts = [(dict(left), sorted(right)) for left, right in zip(one.parts(), other.parts(), strict=True)]
    assert len(parts) == PARTS
    assert all(set(left) == {key for key, _ in right} for left, right in parts)
    assert {key: payload for left, _ in parts for key, payload in left.items()} == {key: f"of {key}" for key in keys}
    assert sum(len(right) for _, right in parts) == len(keys) + 1
    assert list(tmp_path.iterdir()) == []


def test_a_part_is_put_together_from_what_was_written_at_several_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "_HELD", 500)
    with Spool(tmp_path) as kept:
        for number in range(3000):
            kept.add(f"web:article:{number % 1500}", str(number))
        found = [pair for part in kept.parts() for pair in part]
        assert (tmp_path / next(tmp_path.iterdir()) / "parts").stat().st_size > 500
    assert sorted(found) == sorted((f"web:article:{number % 1500}", str(number)) for number in range(3000))
