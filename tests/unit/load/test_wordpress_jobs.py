"""How a record becomes a form, as uploads need it."""

from __future__ import annotations

from migrator.load.wordpress.jobs import _form


def test_what_is_nested_or_listed_has_its_place_in_brackets() -> None:
    sent = {
        "title": "Cảng",
        "meta": {"migrator_key": "web:asset:1", "migrator_alias": ["a", "b"]},
        "tags": [3],
        "none": [],
    }
    assert _form(sent) == {
        "title": "Cảng", "meta[migrator_key]": "web:asset:1", "meta[migrator_alias][0]": "a",
        "meta[migrator_alias][1]": "b", "tags[0]": "3",
    }  # fmt: skip
