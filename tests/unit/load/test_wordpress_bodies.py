"""Names and properties a record goes to WordPress under."""

from __future__ import annotations

import re

import orjson
import pytest

from migrator.load.wordpress.bodies import Gone, body, creation, file_name, login_of, network_login_of, part
from migrator.model.content import ENTITIES, Kind
from migrator.model.record import Record
from migrator.project.platforms import read_platform

PLATFORM = read_platform("wordpress")


def record(entity: str, **fields: object) -> Record:
    empty = {f.name: () if f.kind in {Kind.REFS, Kind.TEXTS} else None for f in ENTITIES[entity].fields}
    return Record(f"web:{entity}:1", entity, {**empty, **fields})  # type: ignore[dict-item]


def test_logins_are_names_wordpress_takes_and_tell_keys_apart() -> None:
    keys = ["web:person:1", "web:person:A", "web:person:a", "web:person:á", "web:person:" + "x" * 90, "web:person:a|b",
            "web:person:a-b", "web-person:a:b", "web:person:%"]  # fmt: skip
    logins = [login_of(key) for key in keys]
    assert logins[0] == "web-person-1"
    assert len(set(logins)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9-]{1,60}", login) for login in logins)


def test_logins_of_a_network_have_no_dashes() -> None:
    keys = ["web:person:1", "web:person:A", "web:person:a", "web:personx:1", "web:account:1", "web:person:" + "x" * 90]
    logins = [network_login_of(key) for key in keys]
    assert len(set(logins)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9]{4,60}", login) for login in logins)
    assert creation(PLATFORM.entities["person"], keys[0], is_network=True)["username"] == logins[0]


def test_some_fields_are_sent_and_what_is_kept_of_the_others_stays() -> None:
    new = record(
        "article", headline="Tựa của người", status="draft", tags=("web:tag:1", "?:tag:9", "!:tag:4"),
        topic="web:topic:1", byline="Ánh", word_count=7,
    )  # fmt: skip
    ids = {"web:tag:1": 11, "web:topic:1": 12}
    kept = '{"headline":"Tựa cũ","tags":["web:tag:1"],"word_count":5,"genre":"tin"}'
    sent = part(PLATFORM.entities["article"], new, {"topic", "word_count", "byline"}, kept, ids, 1)
    assert sent.keys() == {"tags", "meta"}
    assert sent["tags"] == [11, 9, 12]  # with the editor's own, without the one he took out
    assert sent["meta"]["byline"] == "Ánh"
    assert orjson.loads(sent["meta"]["migrator_kept"]) == {
        "headline": "Tựa cũ", "tags": ["web:tag:1"], "topic": "web:topic:1", "word_count": 7, "genre": "tin",
    }  # fmt: skip
    with pytest.raises(Gone, match="web:topic:1"):
        part(PLATFORM.entities["article"], new, {"topic"}, kept, {"web:tag:1": 11}, 1)
    sent = part(PLATFORM.entities["article"], new, {"headline"}, kept, ids, 1)
    assert sent.keys() == {"title", "meta"}


@pytest.mark.parametrize(
    ("name", "mime_type", "wanted"),
    [
        ("Ảnh đẹp (1).JPG", "image/jpeg", "nh-p-1-deadbeef.jpg"),
        ("anh.png", "image/jpeg", "anh-deadbeef.jpg"),
        ("báo cáo.DOCX", "application/x", "b-o-c-o-deadbeef.docx"),
        ("không tên", None, "kh-ng-t-n-deadbeef"),
        ("…", None, "file-deadbeef"),
        ('a"\r\nX: y.gif', "image/gif", "a-X-y-deadbeef.gif"),
    ],
)
def test_file_names_are_ascii_with_the_extension_of_what_they_are(
    name: str, mime_type: str | None, wanted: str
) -> None:
    found = file_name(record("asset", file_name=name, mime_type=mime_type, sha256="deadbeef" * 8).fields)
    assert found == wanted


def test_what_a_record_points_to_must_stand() -> None:
    with pytest.raises(Gone, match="web:section:9"):
        body(
            PLATFORM.entities["article"],
            record("article", headline="a", status="draft", section="web:section:9"),
            {},
            1,
        )
    with pytest.raises(Gone, match="web:article:9"):
        body(
            PLATFORM.entities["article"],
            record("article", headline="a", status="draft", related=("web:article:9",)),
            {},
            1,
        )


def test_a_new_user_cannot_be_anybody_who_signs_in() -> None:
    one, other = (creation(PLATFORM.entities["person"], "web:person:1") for _ in range(2))
    assert one["roles"] == ["subscriber"]
    assert one["email"].endswith("@legacy.invalid")
    assert one["password"] != other["password"]
    assert len(one["password"]) >= 24
