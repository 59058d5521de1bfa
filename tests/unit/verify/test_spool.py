"""Keys cut into files and brought together again."""

from pathlib import Path

from migrator.verify.spool import FILES, Spool


def test_equal_keys_meet_in_equal_parts(tmp_path: Path) -> None:
    keys = [f"web:article:{number}" for number in range(1000)] + ["web:tag:a\u2028b", "web:tag:\ud800", "web:tag:x y"]
    with Spool(tmp_path) as one, Spool(tmp_path) as other:
        for key in keys:
            one.add(key, f"of {key}")
        for key in reversed(keys):
            other.add(key, "")
        other.add(keys[0], "again")
        parts = [(dict(left), sorted(right)) for left, right in zip(one.parts(), other.parts(), strict=True)]
    assert len(parts) == FILES
    assert all(set(left) == {key for key, _ in right} for left, right in parts)
    assert {key: payload for left, _ in parts for key, payload in left.items()} == {key: f"of {key}" for key in keys}
    assert sum(len(right) for _, right in parts) == len(keys) + 1
    assert list(tmp_path.iterdir()) == []
