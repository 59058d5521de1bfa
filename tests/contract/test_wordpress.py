"""Loader and Reader of a real WordPress: what is sent is what is read back, once, whatever happens on the way."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from migrator.errors import AccessError
from migrator.model.content import ENTITIES
from migrator.model.record import content_fingerprint
from migrator.ports import Write
from migrator.read.wordpress import WordPressMedia
from tests import faulty_proxy
from tests.faulty_proxy import Fault, once
from tests.wordpress_site import WordPress
from tests.wordpress_target import BODY, PNG, WHOLE, Target, article, opened, record, section, service_of

pytestmark = [pytest.mark.slow, pytest.mark.real]


def test_every_entity_is_read_back_as_it_was_sent(carried: Target) -> None:
    for sent in WHOLE:
        (found,) = carried.reader.read(sent.entity, [sent.key])
        assert dict(found.fields) == dict(sent.fields), sent.key
        assert not found.is_stub
        entity = ENTITIES[sent.entity]
        assert content_fingerprint(entity, found.fields) == content_fingerprint(entity, sent.fields)
        assert [each.key for each in carried.reader.fetch(sent.entity, [found.target_id])] == [sent.key]


def test_it_stands_in_the_places_wordpress_itself_uses(carried: Target) -> None:
    (post,) = carried.wordpress.get("wp/v2/posts", slug="song-to", context="edit", _embed="1")
    assert post["title"]["raw"] == 'Sóng to & gió lớn: 5 < 7  "nguy"'
    assert post["content"]["raw"] == BODY
    assert post["date_gmt"] == "2012-12-31T17:00:00"
    assert post["_embedded"]["author"][0]["name"] == "Hồng Hà"
    assert {term["name"] for group in post["_embedded"]["wp:term"] for term in group} == {
        "Chính quyền &amp; Nhân dân", "Mục 2", "Bão số 3", "Hải Phòng", "100% sạch",
    }  # fmt: skip
    media = carried.wordpress.get(f"wp/v2/media/{post['featured_media']}")
    assert requests.get(media["source_url"], timeout=30).content == PNG
    assert carried.wordpress.get("wp/v2/categories", slug="muc-2")[0]["parent"]


def test_writing_twice_is_writing_once(carried: Target) -> None:
    before = {entity: carried.ids(entity) for entity in ENTITIES}
    carried.put(*WHOLE)
    assert {entity: carried.ids(entity) for entity in ENTITIES} == before
    assert sum(map(len, before.values())) == len(WHOLE)


def test_a_change_replaces_everything(carried: Target) -> None:
    changed = article(1, headline="Chỉ còn thế này")
    assert carried.put(changed) == [""]
    (found,) = carried.reader.read("article", [changed.key])
    assert dict(found.fields) == dict(changed.fields)


def test_readers_of_the_site_see_nothing_that_is_kept(carried: Target) -> None:
    for path in ("posts", "users", "categories", "tags", "media"):
        answer = requests.get(f"{carried.wordpress.url}/wp-json/wp/v2/{path}", {"per_page": 100}, timeout=30)
        assert answer.json()
        assert "migrator_kept" not in answer.text
        assert "a@example.test" not in answer.text
        assert "TTXVN" not in answer.text
    assert requests.get(f"{carried.wordpress.url}/wp-json/migrator/v1/about", timeout=30).status_code == 401


def test_links_by_legacy_key_lead_to_what_stands_there(carried: Target) -> None:
    carried.loader.write([Write("alias", "web:article:77", "article", survivor="web:article:2")])

    def leads(path: str) -> tuple[int, str]:
        answer = requests.get(f"{carried.wordpress.url}{path}", timeout=30, allow_redirects=False)
        return answer.status_code, answer.headers.get("Location", "").removeprefix(carried.wordpress.url)

    assert leads("/r/web/article/2") == (301, "/bai-2.html")
    assert leads("/r/web/article/77") == (301, "/bai-2.html")
    assert (
        leads("/r/web/section/2")[1] == "/category/chinh-quyen-nhan-dan-moi/muc-2"
        or leads("/r/web/section/2")[0] == 301
    )
    assert leads("/r/web/asset/uploads/%E1%BA%A3nh%201.PNG")[1].startswith("/wp-content/uploads/")
    assert leads("/r/web/article/3")[0] == 404  # a draft
    assert leads("/r/web/article/404")[0] == 404


# --- what somebody changed at WordPress ---
@pytest.mark.parametrize(
    ("change", "field", "found"),
    [
        ("UPDATE wp_posts SET post_title = 'Khác' WHERE post_name = 'song-to'", "headline", "Khác"),
        ("UPDATE wp_posts SET post_content = '' WHERE post_name = 'song-to'", "body_html", None),
        ("UPDATE wp_posts SET post_status = 'private' WHERE post_name = 'song-to'", "status", "private"),
        ("UPDATE wp_posts SET post_date_gmt = '2012-12-31 17:00:01' WHERE post_name = 'song-to'",
         "published_at", datetime(2012, 12, 31, 17, 0, 1, tzinfo=UTC)),
        ("UPDATE wp_posts SET post_author = 1 WHERE post_name = 'song-to'", "authors", ("?:person:1", "web:person:5")),
        ("UPDATE wp_posts SET post_name = 'song-to-2' WHERE post_name = 'song-to'", "slug", "song-to-2"),
        ("UPDATE wp_postmeta SET meta_value = '9999' WHERE meta_key = '_thumbnail_id'", "lead_asset", "!:asset:9999"),
        ("DELETE r FROM wp_term_relationships r JOIN wp_terms t ON t.term_id = r.term_taxonomy_id WHERE t.name = 'Hải Phòng'",
         "tags", ("web:tag:2",)),
        ("DELETE FROM wp_termmeta WHERE meta_value = 'web:topic:1'", "topic", "!:topic:web:topic:1"),
        ("UPDATE wp_postmeta SET meta_value = 'ai đó' WHERE meta_key = 'byline' AND meta_value <> ''", "byline", "ai đó"),
        ("DELETE FROM wp_postmeta WHERE meta_value = 'web:article:2'", "related", ("!:article:web:article:2",)),
    ],
)  # fmt: skip
def test_what_was_changed_there_is_read_back_as_changed(
    carried: Target, change: str, field: str, found: object
) -> None:
    assert carried.wordpress.change(change) == 1
    sent = next(each for each in WHOLE if each.key == "web:article:1")
    (back,) = carried.reader.read("article", [sent.key])
    differing = {name for name, value in back.fields.items() if value != sent.fields[name]}
    assert field in differing
    assert differing <= {field, "tags"}
    if field != "topic":
        assert back.fields[field] == found
    else:
        assert str(back.fields[field]).startswith("!:")


def test_a_topic_an_editor_adds_as_a_tag_shows(carried: Target) -> None:
    (topic,) = carried.reader.read("topic", ["web:topic:1"])
    (sent,) = carried.reader.read("article", ["web:article:2"])
    answer = requests.post(
        f"{carried.wordpress.url}/wp-json/wp/v2/posts/{sent.target_id}", json={"tags": [int(topic.target_id)]},
        auth=(carried.wordpress.user, carried.wordpress.password), timeout=30,
    )  # fmt: skip
    assert answer.ok
    (found,) = carried.reader.read("article", ["web:article:2"])
    assert {name: value for name, value in found.fields.items() if value != sent.fields[name]} == {
        "tags": ("web:topic:1",)
    }


def test_a_slug_that_is_taken_is_told(target: Target) -> None:
    assert target.put(article(1, slug="mot-ten"), article(2, slug="mot-ten")) == ["", ""]
    slugs = [each.fields["slug"] for each in target.reader.read("article", ["web:article:1", "web:article:2"])]
    assert slugs == ["mot-ten", "mot-ten-2"]


# --- one bad record, placeholders, merged keys, taking back ---
def test_one_bad_record_fails_no_other(target: Target) -> None:
    records = [article(n) for n in range(1, 61)]
    records[7] = article(8, section="web:section:404")
    records[9] = article(10, published_at=datetime(1, 1, 1, tzinfo=UTC), headline="", body_html=None, slug="")
    records[30] = article(31, byline="\ud800")
    answers = target.loader.write([Write("put", each.key, each.entity, each) for each in records])
    errors = {answer.key: answer.error for answer in answers if answer.error}
    assert "web:section:404 does not stand" in errors["web:article:8"]
    assert errors["web:article:10"].startswith("WordPress: ")
    assert "web:article:31" in errors
    assert len(errors) == 3
    assert len(target.ids("article")) == 57


def test_a_term_wordpress_takes_for_another_is_refused_in_its_words(target: Target) -> None:
    one, other = record("tag", 1, name="Hòa Bình", slug="a"), record("tag", 2, name="hòa bình", slug="a")
    assert target.put(one) == [""]
    (error,) = target.put(other)
    assert error.startswith("WordPress: A term with the name provided already exists")
    assert error.endswith("(term_exists, 400)")


def test_keys_that_differ_in_case_or_marks_are_two(target: Target) -> None:
    records = [article("a"), article("A"), article("á"), article("b|c,d"), article("%"), article("'\\\"")]
    records = [dataclasses.replace(r, fields={**r.fields, "slug": f"s-{n}"}) for n, r in enumerate(records)]
    assert target.put(*records) == [""] * len(records)
    assert target.put(*records) == [""] * len(records)
    assert sorted(key for _, key, _ in target.reader.enumerate("article") if key) == sorted(r.key for r in records)
    assert target.loader.standing("article", [r.key for r in records]).keys() == {r.key for r in records}


def test_a_stub_keeps_a_place_until_the_record_comes(target: Target) -> None:
    keys = ["web:section:8", "web:article:8", "web:tag:8", "web:person:8"]
    for key in keys:
        entity = key.split(":")[1]
        (answer,) = target.loader.write([Write("stub", key, entity)])
        assert answer.error == ""
        assert target.loader.placeholders(entity, [key]) == {key}
        assert target.loader.standing(entity, [key]) == {}
        assert [(k, stub) for _, k, stub in target.reader.enumerate(entity) if k] == [(key, True)]
    assert requests.get(f"{target.wordpress.url}/wp-json/wp/v2/posts?search=web", timeout=30).json() == []
    ids = target.ids("article")
    assert target.put(article(8)) == [""]
    assert target.ids("article") == ids
    assert target.loader.placeholders("article", ["web:article:8"]) == frozenset()


def test_a_placeholder_leaves_what_stands_there(wordpress: WordPress) -> None:
    with faulty_proxy.before(wordpress.url) as proxy, opened(wordpress, url=proxy.url) as target:
        sent = article(8)

        def overtaken(method: str, path: str, body: bytes) -> Fault:
            """Somebody else puts the record there while the placeholder's call is lost."""
            if b"migrator_stub" not in body or target.ids("article"):
                return None
            with opened(wordpress) as other:
                assert other.put(sent) == [""]
            return "cut"

        proxy.fault = overtaken
        assert [a.error for a in target.loader.write([Write("stub", sent.key, "article")])] == [""]
        (found,) = target.reader.read("article", [sent.key])
        assert dict(found.fields) == dict(sent.fields)
        assert not found.is_stub


def test_merged_keys_lead_to_the_survivor_alone(target: Target) -> None:
    target.put(article(1), article(2), article(3))
    target.loader.write([Write("alias", "web:article:8", "article", survivor="web:article:1")])
    target.loader.write([Write("alias", "web:article:9", "article", survivor="web:article:1")])
    assert target.reader.aliases(["web:article:8", "web:article:7"]) == {"web:article:8": "web:article:1"}
    target.loader.write([Write("alias", "web:article:8", "article", survivor="web:article:2")])
    assert sorted(target.reader.all_aliases()) == [
        ("web:article:8", "web:article:2"),
        ("web:article:9", "web:article:1"),
    ]
    target.put(article(2, headline="Sửa lại"))  # a new version keeps what leads to it
    target.loader.write([Write("unalias", "web:article:9", "article")])
    assert list(target.reader.all_aliases()) == [("web:article:8", "web:article:2")]
    (answer,) = target.loader.write([Write("alias", "web:article:7", "article", survivor="web:article:404")])
    assert "does not stand" in answer.error


def test_nothing_is_taken_back_that_others_point_to(carried: Target) -> None:
    def withdraw(key: str) -> str:
        (answer,) = carried.loader.write([Write("withdraw", key, key.split(":")[1])])
        return answer.error

    for key in ("web:section:1", "web:tag:1", "web:person:5", "web:account:9", "web:article:2", WHOLE[8].key):
        assert "point" in withdraw(key), key
    leaves = ("web:article:1", "web:article:2", WHOLE[8].key, "web:person:5", "web:account:9", "web:section:2")
    for key in (*leaves, "web:tag:1", "web:section:1"):
        assert withdraw(key) == "", key
        assert withdraw(key) == "", key
        assert carried.reader.read(key.split(":")[1], [key]) == []


def test_media_without_bytes_cannot_be_held(target: Target) -> None:
    assert "there are none" in target.loader.cannot_hold(record("asset", 1, path="a.jpg", file_state="missing"))
    (error,) = target.put(record("asset", 2, path="b.jpg", sha256="00" * 32))
    assert error == f"no source has the bytes of {'00' * 32}"
    script = b"<?php echo 1;"
    with opened(target.wordpress, script) as other:
        sha256 = hashlib.sha256(script).hexdigest()
        (error,) = other.put(record("asset", 3, path="c.php", file_name="c.php", mime_type="text/php", sha256=sha256))
    assert error.startswith("WordPress: ")
    assert target.ids("asset") == []


def test_the_bytes_of_the_library_are_read_as_readers_get_them(carried: Target) -> None:
    sha256 = hashlib.sha256(PNG).hexdigest()
    twin = dataclasses.replace(WHOLE[8], key="web:asset:twin.png", fields={**WHOLE[8].fields, "file_name": "twin.png"})
    carried.put(twin)

    def stored() -> dict[str, tuple[int, str]]:
        media = WordPressMedia(service_of(carried.wordpress), {})
        found = {
            name: (size, hashlib.sha256(b"".join(media.target(name) or ())).hexdigest())
            for name, size in media.stored()
        }
        media.close()
        return found

    assert stored() == {sha256: (len(PNG), sha256)}
    uploads = carried.wordpress.folder / "wp-content/uploads"
    (path,) = uploads.rglob("twin-????????.png")
    path.write_bytes(b"x" * len(PNG))
    found = stored()
    assert len(found) == 2
    assert {digest for _, digest in found.values()} == {sha256, hashlib.sha256(b"x" * len(PNG)).hexdigest()}
    for file in uploads.rglob("*"):
        if file.is_file():
            file.unlink()
    assert stored() == {}


def test_the_target_before_the_run_is_counted(target: Target) -> None:
    found = {each.entity: (each.rows, each.largest_id) for each in target.loader.baseline(list(ENTITIES))}
    assert found["article"] == (1, "1")  # “Hello world!”
    assert found["section"] == (1, "1")
    assert found["account"] == (1, "1")
    assert found["person"] == found["asset"] == (0, None)
    assert "royalty" not in found
    assert not target.loader.holds_source("article", "web")
    target.put(article(1))
    assert target.loader.holds_source("article", "web")
    assert not target.loader.holds_source("article", "we")
    assert not target.loader.holds_source("section", "web")


def test_a_page_that_is_just_full_is_followed_by_none(target: Target) -> None:
    """WordPress answers 400 to a question for the page after the last one."""
    target.wordpress.change("DELETE FROM wp_posts")
    records = [article(n) for n in range(1, 101)]
    assert not any(target.put(*records))
    assert len(target.ids("article")) == 100
    assert len(target.reader.read("article", [each.key for each in records])) == 100
    assert {each.entity: each.rows for each in target.loader.baseline(["article"])} == {"article": 100}


# --- what must be there before the first record ---
def test_without_the_plugin_nothing_begins(wordpress: WordPress) -> None:
    kept = wordpress.plugin.read_bytes()
    wordpress.plugin.unlink()
    try:
        with pytest.raises(AccessError) as raised, opened(wordpress):
            pass
    finally:
        wordpress.plugin.write_bytes(kept)
    assert "lacks the plugin" in raised.value.message
    assert "wp-content/mu-plugins/" in raised.value.next_step


def test_who_may_not_do_it_all_is_told_what_is_missing(wordpress: WordPress) -> None:
    with pytest.raises(AccessError) as raised, opened(wordpress, password="falsch"):
        pass
    assert "application password" in raised.value.next_step
    assert "falsch" not in f"{raised.value} {raised.value.next_step}"
    wordpress.change(
        "UPDATE wp_usermeta SET meta_value = 'a:1:{s:6:\"editor\";b:1;}' WHERE meta_key = 'wp_capabilities'"
    )
    with pytest.raises(AccessError, match="create_users"), opened(wordpress):
        pass
    wordpress.change(
        "UPDATE wp_usermeta SET meta_value = 'a:1:{s:10:\"subscriber\";b:1;}' WHERE meta_key = 'wp_capabilities'"
    )
    with pytest.raises(AccessError, match="may not edit"), opened(wordpress):
        pass


def test_a_site_that_leads_elsewhere_is_told(wordpress: WordPress) -> None:
    with faulty_proxy.before(wordpress.url) as proxy:
        proxy.fault = lambda method, path, body: (301, {"Location": "https://www.example.vn/wp-json/"})
        with (
            pytest.raises(AccessError, match=r"leads elsewhere: https://www\.example"),
            opened(wordpress, url=proxy.url),
        ):
            pass


def test_a_site_without_wordpress_is_told(wordpress: WordPress) -> None:
    with faulty_proxy.before(wordpress.url) as proxy:
        proxy.fault = lambda method, path, body: (404, {})
        with pytest.raises(AccessError, match="No WordPress answers"), opened(wordpress, url=proxy.url):
            pass


# --- a bad network, a tired server ---
@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("batch/v1", "swallow"), ("batch/v1", "cut"), ("batch/v1", "stall"), ("batch/v1", (429, {"Retry-After": "1"})),
        ("batch/v1", (500, {})), ("wp/v2/users", "swallow"), ("wp/v2/media", "swallow"),
        ("wp/v2/media", (503, {"Retry-After": "1"})),
    ],
)  # fmt: skip
def test_a_call_whose_end_is_not_known_is_neither_lost_nor_doubled(
    wordpress: WordPress, path: str, fault: Fault
) -> None:
    records = {
        "batch/v1": [article(n) for n in range(1, 31)],
        "wp/v2/users": [record("person", n, name=f"Bút {n}", slug=f"but-{n}") for n in range(1, 4)],
        "wp/v2/media": [WHOLE[7], WHOLE[8]],
    }[path]
    with faulty_proxy.before(wordpress.url) as proxy, opened(wordpress, PNG, url=proxy.url, timeout_s=2.0) as target:
        proxy.fault = once(fault, only=path)
        answers = [
            answer
            for entity in dict.fromkeys(each.entity for each in records)
            for answer in target.loader.write([Write("put", r.key, r.entity, r) for r in records if r.entity == entity])
        ]
        assert not proxy.fault.left  # type: ignore[attr-defined]
        assert [answer.error for answer in answers] == [""] * len(records)
        for each in records:
            (found,) = target.reader.read(each.entity, [each.key])
            assert dict(found.fields) == dict(each.fields)
        assert len(target.ids(records[-1].entity)) == sum(r.entity == records[-1].entity for r in records)


def test_a_call_that_is_too_large_is_cut_in_two(wordpress: WordPress) -> None:
    def small_only(method: str, path: str, body: bytes) -> Fault:
        return (413, {}) if body.count(b"/wp/v2/posts") > 4 else None

    records = [article(n) for n in range(1, 31)]
    with faulty_proxy.before(wordpress.url) as proxy, opened(wordpress, url=proxy.url) as target:
        proxy.fault = small_only
        assert target.put(*records) == [""] * 30
        assert len(target.ids("article")) == 30


def test_two_who_write_the_same_records_at_once_make_them_once(wordpress: WordPress) -> None:
    records = [article(n) for n in range(1, 51)]
    writes = [Write("put", each.key, each.entity, each) for each in records]
    answers: list[Any] = []
    with opened(wordpress) as one, opened(wordpress) as other:
        threads = [threading.Thread(target=lambda t=t: answers.extend(t.loader.write(writes))) for t in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [answer.error for answer in answers] == [""] * 100
        assert len(one.ids("article")) == 50
        assert len({answer.target_id for answer in answers}) == 50


def test_a_transaction_the_database_gives_up_is_done_again(wordpress: WordPress) -> None:
    """As at a deadlock: what was written is gone, WordPress goes on, and what follows stands by itself."""
    hooks = ("wp_insert_post", "created_term", "user_register", "add_attachment")
    saboteur = wordpress.plugin.with_name("saboteur.php")
    saboteur.write_text(
        "<?php function give_up() { global $wpdb; $flag = sys_get_temp_dir() . '/' . DB_NAME . '-' . current_filter();"
        " if (!file_exists($flag)) { touch($flag); $wpdb->query('ROLLBACK'); } }"
        f" foreach (array{hooks} as $hook) add_action($hook, 'give_up');"
    )
    records = [
        section(1),
        record("person", 6, name="Hồng Hà", slug="hong-ha"),
        WHOLE[8],
        article(1, section="web:section:1"),
    ]
    try:
        with opened(wordpress, PNG) as target:
            assert target.put(*records) == [""] * 4
            for each in records:
                (found,) = target.reader.read(each.entity, [each.key])
                assert dict(found.fields) == dict(each.fields)
                assert len(target.ids(each.entity)) == 1
            entities = ("article", "section", "account", "asset")
            unkeyed = [key for name in entities for _, key, _ in target.reader.enumerate(name) if key is None]
            assert len(unkeyed) == 3  # the post, the category and the user of the installation
            uploads = wordpress.folder / "wp-content/uploads"
            assert len([path for path in uploads.rglob("*") if path.is_file()]) == 1  # and no file of the first try
        flags = [Path(tempfile.gettempdir()) / f"{wordpress.engine.url.database}-{hook}" for hook in hooks]
        assert [flag.exists() for flag in flags] == [True] * len(hooks)
        for flag in flags:
            flag.unlink()
    finally:
        saboteur.unlink()


def test_a_secret_is_shown_nowhere(wordpress: WordPress) -> None:
    service = service_of(wordpress)
    assert wordpress.password not in repr(service)
    assert wordpress.password not in f"{service} {dataclasses.replace(service)!r}"


def test_the_plugin_is_the_one_that_is_shipped(wordpress: WordPress) -> None:
    shipped = Path(__file__).parents[2] / "mappings/platforms/wordpress/migrator.php"
    assert wordpress.plugin.read_bytes() == shipped.read_bytes()
    assert shutil.which("php")
