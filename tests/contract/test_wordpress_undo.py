"""The way back at a real WordPress: overwritten values, deleted records, placeholders, files."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from migrator.errors import EvidenceError
from migrator.model.record import Record
from migrator.ports import Write
from tests.wordpress_site import WordPress
from tests.wordpress_target import PNG, WHOLE, Target, article, opened, record, section

pytestmark = [pytest.mark.slow, pytest.mark.real]

OLDER = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
CHANGED = (
    section(1, name="Mục khác", slug="muc-khac"),
    section(2, legacy_url="/khac/"),
    record("topic", 1, name="Khác", slug="khac"),
    record("tag", 1, name="Thẻ khác", slug="the-khac"),
    record("person", 5, name="Người khác", slug="nguoi-khac"),
    record("account", 9, username="khac", display_name="Khác"),
    article(1, headline="Khác", status="draft", published_at=OLDER),
    article(3, status="published", published_at=OLDER, slug="nhap", headline="Đăng"),
    article(5, status="published", tags=("web:tag:2",)),
)
VOLATILE = {"modified", "modified_gmt", "_links", "guid", "generated_slug", "registered_date"}


def shown(wordpress: WordPress) -> dict[str, Any]:
    """Everything WordPress shows an editor of records with a legacy key, but for times that tell of the clock alone."""
    found = {}
    for path in ("categories", "tags", "users", "media", "posts"):
        asked = {"per_page": 100, "context": "edit", "migrator_any": "migrator_key"}
        asked |= {"status": "publish,future,draft,pending,private"} if path == "posts" else {}
        for raw in wordpress.get(f"wp/v2/{path}", **asked):
            out = set(VOLATILE)
            out |= {"date", "date_gmt"} if raw.get("migrator_dateless") else set()
            found[raw["meta"]["migrator_key"]] = {name: value for name, value in raw.items() if name not in out}
    return found


def images(target: Target, *records: Record) -> dict[str, str]:
    return {each.key: target.loader.before_images(each.entity, [each.key])[each.key] for each in records}


def restore(target: Target, *records: Record, of: dict[str, str]) -> list[str]:
    return [
        answer.error for each in records for answer in target.restorer.restore(each.entity, {each.key: of[each.key]})
    ]


def test_what_was_overwritten_is_as_it_was(carried: Target) -> None:
    wordpress = carried.wordpress
    assert wordpress.change("UPDATE wp_posts SET post_excerpt = 'tay người sửa' WHERE post_name = 'bai-2'") == 1
    before = shown(wordpress)
    kept = images(carried, *WHOLE)
    assert carried.put(*CHANGED) == [""] * len(CHANGED)
    assert shown(wordpress) != before
    assert images(carried, *WHOLE) != kept
    assert restore(carried, *WHOLE, of=kept) == [""] * len(WHOLE)
    assert shown(wordpress) == before
    assert images(carried, *WHOLE) == kept
    assert restore(carried, *WHOLE, of=kept) == [""] * len(WHOLE)  # twice is once
    assert shown(wordpress) == before


def test_a_draft_without_a_date_has_none_again(carried: Target) -> None:
    ask = (
        "SELECT post_date_gmt FROM wp_posts p JOIN wp_postmeta m ON m.post_id = p.ID AND m.meta_value = 'web:article:3'"
    )
    before = carried.wordpress.rows(ask)
    kept = images(carried, article(3))
    carried.put(article(3, status="published", published_at=OLDER))
    assert carried.wordpress.rows(ask) != before
    restore(carried, article(3), of=kept)
    assert carried.wordpress.rows(ask) == before


def test_what_was_deleted_stands_again_under_another_id(carried: Target) -> None:
    wordpress = carried.wordpress
    wordpress.change("UPDATE wp_posts SET comment_status = 'closed' WHERE post_name = 'bai-2'")
    carried.loader.write([Write("alias", "web:article:77", "article", survivor="web:article:2")])
    kept = images(carried, *WHOLE)
    fields = {each.key: dict(carried.reader.read(each.entity, [each.key])[0].fields) for each in WHOLE}
    ids = {each.key: carried.reader.read(each.entity, [each.key])[0].target_id for each in WHOLE}
    carried.restorer.loosen("article", [each.key for each in WHOLE if each.entity == "article"])
    carried.restorer.loosen("section", ["web:section:1", "web:section:2"])
    uploads = wordpress.folder / "wp-content/uploads"
    assert list(uploads.rglob("*.png"))
    for each in reversed(WHOLE):
        (answer,) = carried.loader.write([Write("withdraw", each.key, each.entity)])
        assert answer.error == "", each.key
    assert shown(wordpress) == {}
    assert not list(uploads.rglob("*.png"))
    assert restore(carried, *WHOLE, of=kept) == [""] * len(WHOLE)
    for each in WHOLE:
        (found,) = carried.reader.read(each.entity, [each.key])
        assert dict(found.fields) == fields[each.key]
        assert found.target_id != ids[each.key]
    assert images(carried, *WHOLE) == kept
    assert carried.reader.aliases(["web:article:77"]) == {"web:article:77": "web:article:2"}
    (media,) = wordpress.get("wp/v2/media", migrator_any="migrator_key", context="edit")
    assert (
        hashlib.sha256(requests.get(media["source_url"], timeout=30).content).digest() == hashlib.sha256(PNG).digest()
    )


def test_a_placeholder_is_one_again(target: Target) -> None:
    target.loader.write([Write("stub", "web:article:8", "article")])
    kept = images(target, article(8))
    target.put(article(8))
    assert restore(target, article(8), of=kept) == [""]
    assert target.loader.placeholders("article", ["web:article:8"]) == {"web:article:8"}
    assert images(target, article(8)) == kept


def test_what_cannot_be_put_back_says_why(carried: Target) -> None:
    kept = images(carried, article(1), WHOLE[8])
    carried.restorer.loosen("article", ["web:article:1"])
    leaves = ("web:article:1", "web:person:5", WHOLE[8].key)
    for key in leaves:
        assert carried.loader.write([Write("withdraw", key, key.split(":")[1])])[0].error == "", key
    with opened(carried.wordpress) as without_files:
        assert restore(without_files, WHOLE[8], of=kept) == [f"no source has the bytes of {WHOLE[8].fields['sha256']}"]
        (error,) = restore(without_files, article(1), of=kept)
        assert "does not stand at the target" in error
    with pytest.raises(EvidenceError, match="web:article:1"):
        carried.restorer.restore("article", {"web:article:1": "{}"})


def test_somebody_elses_draft_keeps_its_author(carried: Target) -> None:
    """WordPress counts the published ones alone."""
    wordpress = carried.wordpress
    assert carried.put(record("person", 7, name="Mai", slug="mai")) == [""]
    (found,) = carried.reader.read("person", ["web:person:7"])
    wordpress.change("UPDATE wp_posts SET post_status = 'draft', post_author = :id WHERE ID = 1", id=found.target_id)
    (answer,) = carried.loader.write([Write("withdraw", "web:person:7", "person")])
    assert answer.error == "others point to it: post 1"
    assert carried.reader.read("person", ["web:person:7"])


def test_many_go_at_once_but_for_those_others_point_to(target: Target) -> None:
    articles = [article(n, related=(f"web:article:{n + 1}",) if n % 2 and n < 60 else ()) for n in range(1, 121)]
    odd = [each for each in articles if int(each.key.rpartition(":")[2]) % 2]
    even = [each for each in articles if each not in odd]
    assert not any(target.put(*even))
    assert not any(target.put(*odd))
    answers = target.loader.write([Write("withdraw", each.key, "article") for each in even])
    refused = {answer.key for answer in answers if answer.error}
    assert refused == {f"web:article:{n}" for n in range(2, 61, 2)}
    assert all(answer.error == f"others point to it: web:article:{int(answer.key.rpartition(':')[2]) - 1}"
               for answer in answers if answer.error)  # fmt: skip
    assert len(target.ids("article")) == 90
    answers = target.loader.write([Write("withdraw", each.key, "article") for each in odd])
    answers = target.loader.write([Write("withdraw", each.key, "article") for each in even])
    assert not any(answer.error for answer in answers)
    assert target.ids("article") == []


# --- fields of their own ---
@pytest.mark.parametrize(
    "names", [{"standfirst"}, {"tags"}, {"topic"}, {"authors", "byline"}, {"status"}, {"word_count"}]
)
def test_some_fields_are_put_and_the_others_left(carried: Target, names: set[str]) -> None:
    """What an editor did stays: a headline, a tag of his own in the set, one he took out."""
    wordpress = carried.wordpress
    wordpress.change("UPDATE wp_posts SET post_title = 'Tựa của người' WHERE post_name = 'song-to'")
    ((own,),) = wordpress.rows("SELECT count(*) FROM wp_terms WHERE name = 'Của người'")
    assert own == 0
    answer = requests.post(
        f"{wordpress.url}/wp-json/wp/v2/tags", json={"name": "Của người"}, auth=(wordpress.user, wordpress.password), timeout=30
    )  # fmt: skip
    (post,) = wordpress.get("wp/v2/posts", slug="song-to", context="edit")
    requests.post(
        f"{wordpress.url}/wp-json/wp/v2/posts/{post['id']}", json={"tags": [*post["tags"], answer.json()["id"]]},
        auth=(wordpress.user, wordpress.password), timeout=30,
    ).raise_for_status()  # fmt: skip
    (before,) = carried.reader.read("article", ["web:article:1"])
    new = {"standfirst": "Sa-pô mới", "tags": ("web:tag:1",), "topic": None, "authors": ("web:person:5",), "byline": "Ánh",
           "status": "archived", "word_count": 7}  # fmt: skip
    merged = Record("web:article:1", "article", {**before.fields, **{name: new[name] for name in names}})
    (result,) = carried.loader.write([Write("put", merged.key, "article", merged, fields=frozenset(names))])
    assert result.error == ""
    (after,) = carried.reader.read("article", ["web:article:1"])
    stray = f"?:tag:{answer.json()['id']}"
    assert after.fields["headline"] == "Tựa của người"
    assert {name for name, value in after.fields.items() if value != before.fields[name]} == names
    if "tags" in names:  # the field is written whole, as the legacy system has it
        assert after.fields["tags"] == ("web:tag:1",)
    else:
        tags = after.fields["tags"]
        assert isinstance(tags, tuple)
        assert stray in tags
