"""What stands at the target after a demo, against what the maker of the legacy newsroom planted: read with plain SQLite."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.e2e.demo_made import Demo, whole

WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """Runs of letters and digits, in NFC."""
    return WORD.findall(unicodedata.normalize("NFC", text))


class Body(HTMLParser):
    """What a reader sees of a body. ``figures`` are (address, caption, credit); ``shown`` what else it shows, by tag."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.figures: list[tuple[str, str, str]] = []
        self.shown: list[tuple[str, str]] = []
        self.in_tables: list[str] = []
        self._open: list[str] = []
        self._address = self._caption = self._credit = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.text.append(" ")
        for name in ("src", "cite", "href"):
            if name in attributes:
                self.shown.append((tag, attributes[name]))
        if tag == "img":
            self._picture(attributes.get("src", ""))
        if tag not in {"img", "br", "source", "hr"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.text.append(" ")
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag == "figure":
            self._end_of_figure()

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if "table" in self._open:
            self.in_tables.append(data)
        if "figcaption" in self._open:
            if "small" in self._open:
                self._credit += data
            else:
                self._caption += data

    def _picture(self, address: str) -> None:
        if "figure" in self._open:
            self._address = address
        else:
            self.figures.append((address, "", ""))

    def _end_of_figure(self) -> None:
        if self._address:
            self.figures.append((self._address, self._caption.strip(" .-–\n"), self._credit.strip()))
        self._address = self._caption = self._credit = ""


def body(demo: Demo, key: str) -> Body:
    return Body(demo.record(key)["body_html"])


def facts(demo: Demo, trouble: str, name: str) -> Iterator[tuple[str, Any]]:
    """Legacy keys of a planted trouble, with what the maker tells of each under a name."""
    told = demo.trouble(trouble)[name]
    assert told, f"the maker tells nothing of {trouble}"
    for key, value in told.items():
        yield whole(key, demo.trouble(trouble).get("entity", "article")), value


# --- text -------------------------------------------------------------------------------------------------------------
DAMAGED = (
    "nfd", "entities", "entities-twice", "tcvn3-font", "vni-font", "tcvn3-bare", "mojibake-once", "mojibake-twice",
    "mojibake-mixed", "mojibake-entities",
)  # fmt: skip


@pytest.mark.parametrize("trouble", DAMAGED)
def test_damaged_text_is_what_was_meant(trouble: str, demo: Demo) -> None:
    for key, true in facts(demo, trouble, "true"):
        article = demo.record(key)
        assert article["headline"] == true["title"]
        assert article["standfirst"] == true["lead"]
        meant = words("".join(Body(true["body"]).text))
        assert words("".join(body(demo, key).text)) == meant
        assert words(article["body_text"]) == meant
        assert article["word_count"] >= 0.9 * len(meant)


def test_good_text_stays_letter_by_letter(demo: Demo) -> None:
    """Titles and leads that need nothing but their escapes resolved, and bodies of plain paragraphs."""
    import html

    damaged = {key for trouble in DAMAGED for key in demo.keys(trouble)}
    compared = 0
    for row in demo.rows(
        "web", "SELECT r.id, title, bodyhtml FROM nv4_vi_news_rows r JOIN nv4_vi_news_detail d USING (id)"
    ):
        key = f"web:article:{row['id']}"
        if key in damaged or not demo.stands(key):
            continue
        article = demo.record(key)
        assert article["headline"] == " ".join(html.unescape(row["title"]).split())
        paragraphs = re.findall(r"^<p>([^<&]+)</p>$", row["bodyhtml"], re.MULTILINE)
        assert [text for text in paragraphs if text not in article["body_text"]] == []
        compared += 1
    assert compared > 500


# --- pictures, players, boxes -----------------------------------------------------------------------------------------
PICTURED = ("caption-table", "bare-ip-image", "lazy-image", "caption-shortcode", "gallery")


@pytest.mark.parametrize("trouble", PICTURED)
def test_pictures_have_their_captions_and_credits(trouble: str, demo: Demo) -> None:
    for key, images in facts(demo, trouble, "images"):
        shown = {path_of(address): (caption, credit) for address, caption, credit in body(demo, key).figures}
        for image in images:
            assert shown[image["path"]] == (image["caption"], f"Ảnh: {image['credit']}"), (key, image)
        assets = demo.pointed_to(key, "images", "asset")
        wanted = [f"web:asset:{image['path']}" for image in images]
        assert [asset for asset in assets if asset in wanted] == wanted


def path_of(address: str) -> str:
    """The file's path in the inventory, from its address in a body: a reference to the asset, or a path of the site."""
    return re.sub(r"^/(?:r/web/asset/)?", "", address)


def test_tables_that_lay_out_text_are_no_figures(demo: Demo) -> None:
    for key, texts in facts(demo, "layout-table", "texts"):
        shown = body(demo, key)
        in_tables = words(" ".join(shown.in_tables))
        captions = " ".join(caption for _, caption, _ in shown.figures)
        for text in texts:
            assert text not in captions
            assert " ".join(words(text)) in " ".join(in_tables)
    for key, images in facts(demo, "layout-table", "images"):
        shown_paths = [path_of(address) for address, _, _ in body(demo, key).figures]
        assert [image["path"] for image in images if image["path"] not in shown_paths] == []


def test_embeds_still_play(demo: Demo) -> None:
    tags = {
        "youtube": {"iframe"}, "facebook": {"iframe"}, "tiktok": {"iframe", "a"}, "video": {"video", "source"},
        "audio": {"audio", "source"}, "flash": {"video", "source"},
    }  # fmt: skip
    seen = set()
    for key, embed in facts(demo, "embed", "embeds"):
        shown = [address for tag, address in body(demo, key).shown if tag in tags[embed["kind"]]]
        address = embed["address"]
        ways = {address, f"{address}&show_text=0", f"/r/web/asset/{address.lstrip('/')}"}
        number = address.rpartition("/")[2]
        ways |= {f"https://www.tiktok.com/embed/v2/{number}", f"https://www.tiktok.com/player/v1/{number}"}
        assert ways & set(shown), (key, embed, shown)
        seen.add(embed["kind"])
    assert seen == tags.keys()


def test_articles_read_aloud_keep_their_voices(demo: Demo) -> None:
    for key, files in facts(demo, "voice", "files"):
        assert json.loads(demo.record(key)["voices"]) == [f"/{file}" for file in files]


def test_a_picture_story_is_a_gallery(demo: Demo) -> None:
    for key, images in facts(demo, "gallery", "images"):
        gallery = key.replace(":article:", ":gallery:")
        assert demo.named("article", demo.record(gallery)["article_id"]) == key
        assert demo.pointed_to(gallery, "assets", "asset") == [f"web:asset:{image['path']}" for image in images]
        captions = [f"{image['caption']}. Ảnh: {image['credit']}" for image in images]
        assert json.loads(demo.record(gallery)["captions"]) == captions
    galleries = {row[0] for row in demo.rows("target", "SELECT legacy_key FROM gallery WHERE legacy_key LIKE 'web:%'")}
    assert galleries == {key.replace(":article:", ":gallery:") for key in demo.keys("gallery")}


@pytest.mark.parametrize("trouble", ["related-box", "links-nukeviet", "links-channel"])
def test_related_articles_are_related(trouble: str, demo: Demo) -> None:
    for key, links in facts(demo, trouble, "links"):
        wanted = [lead for link in links if (lead := demo.leads_to(whole(link)))]
        assert demo.pointed_to(key, "related", "article") == list(dict.fromkeys(wanted))


# --- who wrote it -----------------------------------------------------------------------------------------------------
def contributions(entries: list[Mapping[str, str]]) -> list[str]:
    """As the target says it. An agency and a group without names are authors of the text."""
    roles = {"agency": "text", "collective": "text"}
    return [f"{roles.get(entry['role'], entry['role'])}: {entry['name']}" for entry in entries]


@pytest.mark.parametrize("trouble", ["byline-in-body", "print-byline"])
def test_bylines_say_who_did_what(trouble: str, demo: Demo) -> None:
    compared = 0
    for key, byline in facts(demo, trouble, "bylines"):
        if not demo.stands(key):
            assert trouble == "print-byline", f"{key} is missing"
            continue
        article = demo.record(key)
        compared += 1
        if byline["is_byline"]:
            assert article["byline"] == byline["raw"]
            assert json.loads(article["contributions"]) == contributions(byline["contributions"])
        else:
            assert not article["byline"]
            assert json.loads(article["contributions"]) == []
            assert byline["raw"] in article["body_text"]
    assert compared


def test_the_account_that_entered_it_is_not_the_author(demo: Demo) -> None:
    for key, told in facts(demo, "account-not-author", "accounts"):
        article = demo.record(key)
        (author,) = demo.pointed_to(key, "authors", "person")
        assert demo.named("account", article["account_id"]) == f"web:account:{told['account']}"
        assert author == f"web:person:{told['pen_name']}"
        assert demo.named("account", demo.record(author)["account_id"]) == f"web:account:{told['owner']}"
        assert told["owner"] != told["account"]


@pytest.mark.parametrize("trouble", ["pen-name-shared", "print-pen-name-shared"])
def test_a_pen_name_two_people_have_is_two_records(trouble: str, demo: Demo) -> None:
    for one, other in demo.trouble(trouble)["pairs"]:
        ours, theirs = (demo.leads_to(whole(key, "person")) for key in (one, other))
        assert ours is not None
        assert theirs is not None
        assert ours != theirs
        mine, yours = demo.record(ours), demo.record(theirs)
        assert mine["name"] == yours["name"]
        assert mine["account_id"] != yours["account_id"]


def test_people_and_sections_of_both_sides_are_one(demo: Demo) -> None:
    for entity, pairs in demo.manifest["print"]["crosswalk"].items():
        leads = {of_print: demo.leads_to(f"print:{entity}:{of_print}") for of_print in pairs}
        assert leads == {of_print: f"web:{entity}:{of_web}" for of_print, of_web in pairs.items()}
        alone = demo.rows("target", f"SELECT legacy_key FROM {entity} WHERE legacy_key LIKE 'print:%'")
        tables = {"account": "nhan_su", "person": "but_danh", "section": "chuyen_muc"}
        assert len(alone) == demo.value("print", f"SELECT count(*) FROM {tables[entity]}") - len(pairs)


# --- one article, two systems -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("trouble", ["twin-by-id", "twin-by-similarity"])
def test_twins_are_one_article_and_the_old_key_leads_there(trouble: str, demo: Demo) -> None:
    for key, twin in facts(demo, trouble, "twin"):
        assert not demo.stands(key)
        assert demo.leads_to(key) == whole(twin)
        web = demo.rows("web", "SELECT hometext FROM nv4_vi_news_rows WHERE id = ?", [twin])[0]
        of_print = demo.rows("print", "SELECT sapo, ma_ap FROM bai_viet WHERE ma_bai = ?", [key.split(":")[2]])[0]
        article = demo.record(whole(twin))
        assert article["edition"] == demo.value("print", "SELECT ten FROM an_pham WHERE ma_ap = ?", [of_print["ma_ap"]])
        if not web["hometext"]:
            assert article["standfirst"] == of_print["sapo"]


@pytest.mark.parametrize("trouble", ["twin-undecided", "twin-conflicting"])
def test_doubtful_twins_stay_apart_and_are_put_to_a_person(trouble: str, demo: Demo) -> None:
    undecided = {
        (row["left_key"], row["right_key"])
        for row in demo.rows("twins", "SELECT left_key, right_key FROM twin WHERE decision = 'undecided'")
    }
    for key, told in facts(demo, trouble, "candidates"):
        candidates = {whole(candidate) for candidate in (told if isinstance(told, list) else [told])}
        assert [candidate for candidate in (key, *candidates) if not demo.stands(candidate)] == []
        assert candidates & {left for left, right in undecided if right == key}, f"nobody is asked about {key}"


def test_what_only_the_paper_printed_stands_for_itself(demo: Demo) -> None:
    keys = demo.keys("print-only")
    assert [key for key in keys if not demo.stands(key)] == []
    for key in keys:
        row = demo.rows("print", "SELECT * FROM bai_viet WHERE ma_bai = ?", [key.split(":")[2]])[0]
        article = demo.record(key)
        assert (article["headline"], article["standfirst"]) == (row["tieu_de"], row["sapo"])
        assert article["language"] == row["ngon_ngu"]
        assert words(article["body_text"]) == words("".join(Body(row["noi_dung"]).text))


# --- corrections, translations ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("trouble", "reference"),
    [("correction", "corrects_id"), ("print-correction", "corrects_id"), ("translation", "translation_of_id")],
)
def test_corrections_and_translations_point_to_their_originals(trouble: str, reference: str, demo: Demo) -> None:
    for key, original in facts(demo, trouble, "of"):
        article = demo.record(key)
        assert demo.named("article", article[reference]) == demo.leads_to(whole(original))
        if trouble == "translation":
            assert article["language"] == "en"
    wanted = sum(len(demo.keys(name)) for name in ("correction", "print-correction"))
    assert demo.value("target", "SELECT count(*) FROM article WHERE corrects_id IS NOT NULL") == wanted
    assert demo.value("target", "SELECT count(*) FROM article WHERE translation_of_id IS NOT NULL") == len(
        demo.keys("translation")
    )


def test_a_correction_says_what_was_wrong_and_what_is_right(demo: Demo) -> None:
    for key, told in facts(demo, "correction", "corrected"):
        text = demo.record(key)["body_text"]
        assert f"là {told['wrong']}." in text
        assert f"là {told['right']}." in text
    for key, right in facts(demo, "print-correction", "right"):
        assert " ".join(words(right)) in " ".join(words(demo.record(key)["body_text"]))


# --- the way through the desk -----------------------------------------------------------------------------------------
HISTORY = {
    ("version", "web"): ("nv4_vi_news_row_histories", "id", "new_id"),
    ("version", "print"): ("phien_ban", "ma_pb", "ma_bai"),
    ("transition", "web"): ("nv4_vi_news_logs", "id", "sid"),
    ("transition", "print"): ("luan_chuyen", "ma_lc", "ma_bai"),
}


@pytest.mark.parametrize(("entity", "source"), HISTORY)
def test_versions_and_transitions_hang_on_their_articles(entity: str, source: str, demo: Demo) -> None:
    table, key, article = HISTORY[entity, source]
    wanted, left = {}, 0
    for row in demo.rows(source, f"SELECT {key} AS id, {article} AS article FROM {table}"):
        lead = demo.leads_to(f"{source}:article:{row['article']}")
        left += lead is None
        if lead is not None:
            wanted[f"{source}:{entity}:{row['id']}"] = lead
    found = demo.rows(
        "target",
        f"SELECT e.legacy_key, a.legacy_key FROM {entity} e JOIN article a ON a.id = e.article_id "
        "WHERE e.legacy_key LIKE ?",
        [f"{source}:%"],
    )
    assert dict(map(tuple, found)) == wanted
    tables = demo.manifest["database" if source == "web" else "print"]
    tables = tables["tables"] if source == "web" else tables["database"]["tables"]
    assert len(found) + left == tables[table]


def test_articles_stand_in_the_state_the_desks_left_them_in(demo: Demo) -> None:
    """The maker's count of each state, less the articles that are kept out or one with another."""
    of_web = {0: "inactive", 1: "published", 2: "scheduled", 3: "expired", 4: "draft"}
    states = {
        # 21 is added where the section is suspended
        "web": {str(number + more): name for number, name in of_web.items() for more in (0, 21)},
        "print": {
            "0": "draft", "1": "awaiting_edit", "2": "in_edit", "3": "returned", "4": "awaiting_approval",
            "5": "awaiting_approval", "6": "awaiting_approval", "7": "scheduled", "8": "published", "10": "inactive",
        },
    }  # fmt: skip
    tables = {"web": ("nv4_vi_news_rows", "id", "status"), "print": ("bai_viet", "ma_bai", "trang_thai")}
    for source, names in states.items():
        table, key, state = tables[source]
        wanted: Counter[str] = Counter()
        for number, count in demo.manifest["totals"]["workflow"][source].items():
            wanted[names.get(number, "?")] += count
        for row in demo.rows(source, f"SELECT {key} AS id, {state} AS state FROM {table}"):
            if not demo.stands(f"{source}:article:{row['id']}"):
                wanted[names.get(str(row["state"]), "?")] -= 1
        found = demo.rows(
            "target",
            "SELECT status, count(*) FROM article WHERE legacy_key LIKE ? AND NOT is_stub GROUP BY status",
            [f"{source}:%"],
        )
        assert dict(map(tuple, found)) == {name: count for name, count in wanted.items() if count}


# --- the printed paper ------------------------------------------------------------------------------------------------
def test_issues_have_their_pages_articles_and_files(demo: Demo) -> None:
    on_page: dict[int, list[str]] = {}
    for row in demo.rows("print", "SELECT ma_trang, ma_bai FROM bai_trang ORDER BY thu_tu, ma_bai"):
        if lead := demo.leads_to(f"print:article:{row['ma_bai']}"):
            on_page.setdefault(row["ma_trang"], []).append(lead)
    pages = demo.rows("print", "SELECT * FROM trang_bao")
    assert len(pages) == demo.manifest["print"]["pages"]
    for page in pages:
        key = f"print:print_page:{page['ma_trang']}"
        found = demo.record(key)
        assert demo.named("print_issue", found["issue_id"]) == f"print:print_issue:{page['ma_so_bao']}"
        assert (found["number"], found["title"]) == (page["so_trang"], page["ten_trang"])
        assert demo.named("asset", found["pdf_id"]) == f"print:asset:{page['tep_pdf']}"
        assert demo.pointed_to(key, "articles", "article") == list(dict.fromkeys(on_page.get(page["ma_trang"], ())))


def test_scanned_issues_have_pages_and_no_articles(demo: Demo) -> None:
    for key in demo.keys("scanned-issue"):
        issue = demo.record(key)
        pages = demo.rows("target", "SELECT legacy_key, pdf_id FROM print_page WHERE issue_id = ?", [issue["id"]])
        assert pages
        assert len(pages) == issue["page_count"]
        for page in pages:
            assert demo.pointed_to(page["legacy_key"], "articles", "article") == []
            pdf = demo.rows("target", "SELECT sha256, mime_type FROM asset WHERE id = ?", [page["pdf_id"]])[0]
            assert pdf["sha256"]
            assert pdf["mime_type"] == "application/pdf"


# --- money and numbers ------------------------------------------------------------------------------------------------
def test_royalties_add_up_to_the_last_dong(demo: Demo) -> None:
    wanted = {
        (demo.leads_to(f"print:account:{person}"), month): amount
        for person, months in demo.manifest["totals"]["royalties"].items()
        for month, amount in months.items()
    }
    found = demo.rows(
        "target",
        "SELECT a.legacy_key, r.period, sum(r.amount_vnd) FROM royalty r JOIN account a ON a.id = r.account_id GROUP BY 1, 2",
    )
    assert {(row[0], row[1]): row[2] for row in found} == wanted
    assert demo.value("target", "SELECT sum(amount_vnd) FROM royalty") == sum(wanted.values())


def test_royalties_are_carried_over_as_they_were_booked(demo: Demo) -> None:
    for key, told in facts(demo, "royalty-amount", "amounts"):
        assert demo.record(key)["amount_vnd"] == told["booked"] != told["expected"]
    for key, told in facts(demo, "royalty-over-maximum", "coefficients"):
        assert demo.record(key)["coefficient_thousandths"] == 1000 * told["coefficient"] > 1000 * told["maximum"]
    for key in demo.keys("orphan-royalty"):
        assert demo.record(key)["article_id"] is None
        assert demo.record(key)["amount_vnd"] > 0


def test_counters_add_up(demo: Demo) -> None:
    """What the maker counted, less the readers of articles that are not there."""
    totals = demo.manifest["totals"]["counters"]
    views = totals["views"]
    for row in demo.rows("web", "SELECT id, hitstotal FROM nv4_vi_news_rows"):
        if demo.leads_to(f"web:article:{row['id']}") is None:
            views -= row["hitstotal"]
    assert demo.value("target", "SELECT sum(value) FROM counter WHERE name = 'views'") == views
    comments = demo.value("target", "SELECT count(*) FROM comment")
    left = len([row for row in demo.listed("exceptions") if row["key"].startswith("web:comment:")])
    assert comments + left == totals["comments"]


def test_tags_keep_their_other_spellings(demo: Demo) -> None:
    with_synonyms = 0
    for row in demo.rows("web", "SELECT tid, keywords FROM nv4_vi_news_tags"):
        first, *others = [part.strip() for part in row["keywords"].split(",")]
        tag = demo.record(f"web:tag:{row['tid']}")
        assert (tag["name"], json.loads(tag["synonyms"])) == (first, others)
        with_synonyms += bool(others)
    assert with_synonyms
    for one, other in demo.trouble("tag-synonyms")["pairs"]:
        names = [demo.record(whole(key, "tag"))["name"] for key in (one, other)]
        assert names[0] != names[1]


# --- addresses --------------------------------------------------------------------------------------------------------
def redirect(demo: Demo, path: str) -> tuple[int, str | None, str | None]:
    """Status, destination and reason of an old address."""
    (row,) = demo.rows("target", "SELECT * FROM redirect WHERE path = ?", [path])
    return row["status"], demo.named("article", row["article_id"]), row["reason"]


def test_every_address_of_an_article_leads_to_it(demo: Demo) -> None:
    for key, paths in facts(demo, "alias-url", "urls"):
        assert len(paths) == 3
        assert [redirect(demo, path) for path in paths] == [(301, key, None)] * 3


def test_what_was_taken_down_is_gone_for_good(demo: Demo) -> None:
    for trouble, reason in (("retracted", "retracted"), ("expired", "expired")):
        for key in demo.keys(trouble):
            number = key.split(":")[2]
            paths = demo.rows("target", "SELECT path FROM redirect WHERE path LIKE ?", [f"%-{number}.html"])
            assert paths
            assert {redirect(demo, row["path"]) for row in paths} == {(410, None, reason)}


def test_the_address_of_a_duplicate_leads_to_the_article_that_was_kept(demo: Demo) -> None:
    for key, kept in facts(demo, "duplicate", "of"):
        number = key.split(":")[2]
        paths = demo.rows("target", "SELECT path FROM redirect WHERE path LIKE ?", [f"%-{number}.html"])
        assert paths
        assert {redirect(demo, row["path"]) for row in paths} == {(301, whole(kept), None)}


# --- what only the site had, and files --------------------------------------------------------------------------------
def test_articles_only_the_site_had_are_recovered(demo: Demo) -> None:
    for key, told in facts(demo, "site-only", "recover"):
        article = demo.record(key.replace("web:", "site:"))
        assert (article["headline"], article["standfirst"]) == (told["title"], told["lead"])
        (named,) = demo.rows("site", "SELECT section FROM page WHERE record_id = ?", [key.split(":")[2]])[0]
        section = demo.rows("target", "SELECT name FROM section WHERE id = ?", [article["section_id"]])
        assert [row["name"] for row in section] == [name for name in [named] if "&" not in name]  # stored as "&amp;"
        assert told["byline"] in article["byline"]
        assert {f"text: {name}" for name in told["pen_names"]} <= set(json.loads(article["contributions"]))
        published = datetime.fromisoformat(article["published_at"]).replace(tzinfo=UTC)
        assert published == datetime.fromisoformat(told["published"])
        assert path_of(article["lead_image"]) == told["lead_picture"]["path"]
        meant = words("".join(Body(told["body"]).text))
        # the older pages show the byline below the text
        assert words(article["body_text"]) in (meant, [*meant, *words(told["byline"])])
        figures = [(path_of(address), caption) for address, caption, _ in Body(article["body_html"]).figures]
        assert sorted(figures) == sorted(
            (image["path"], image["caption"].rpartition(". Ảnh: ")[0] or image["caption"]) for image in told["images"]
        )
        assets = demo.pointed_to(article["legacy_key"], "images", "asset")
        assert [asset.split(":", 2)[2] for asset in assets] == list(dict.fromkeys(path for path, _ in figures))


@pytest.mark.parametrize(
    ("source", "root"), [("web", "legacy/site"), ("print", "legacy/print-files"), ("site", "legacy/site")]
)
def test_files_have_the_bytes_they_had(source: str, root: str, demo: Demo) -> None:
    rows = demo.rows("target", "SELECT * FROM asset WHERE legacy_key LIKE ?", [f"{source}:%"])
    stored = [row for row in rows if row["sha256"]]
    assert stored
    for row in stored:
        legacy = (demo.folder / root / row["path"]).read_bytes()
        kept = (demo.folder / "media" / row["sha256"][:2] / row["sha256"][2:]).read_bytes()
        assert hashlib.sha256(legacy).hexdigest() == row["sha256"]
        assert kept == legacy
        assert row["size_bytes"] == len(legacy)
    assert {row["file_state"] for row in stored} <= {"stored", "wrong-extension"}


STATES = {"missing": "missing", "empty": "empty", "html": "not-media", "wrong-extension": "wrong-extension"}


@pytest.mark.parametrize("kind", STATES)
@pytest.mark.parametrize("side", ["", "print-"])
def test_damaged_files_say_so(side: str, kind: str, demo: Demo) -> None:
    for key in demo.keys(f"{side}media-{kind}"):
        asset = demo.record(key)
        assert asset["file_state"] == STATES[kind]
        assert bool(asset["sha256"]) is (kind == "wrong-extension")
        if kind == "wrong-extension":
            assert (asset["mime_type"], asset["path"][-4:]) == ("image/png", ".jpg")


# --- the vault --------------------------------------------------------------------------------------------------------
def test_what_is_withheld_is_in_the_vault_and_nowhere_else(demo: Demo) -> None:
    withheld = {row["key"]: row["reason"] for row in demo.listed("exceptions") if row["bucket"] == "withheld"}
    assert {key for key, reason in withheld.items() if reason == "retracted"} == {
        *demo.keys("retracted"), *demo.keys("print-retracted")
    }  # fmt: skip
    kept = {row["key"]: row["reason"] for row in demo.rows("vault", "SELECT key, reason FROM withheld")}
    assert kept == withheld
    for key in withheld:
        assert not demo.stands(key)
        assert demo.leads_to(key) is None
    for key in (*demo.keys("retracted"), *demo.keys("print-retracted")):
        source, _, number = key.split(":")
        table, column = ("nv4_vi_news_detail", "bodyhtml") if source == "web" else ("bai_viet", "noi_dung")
        of = demo.rows(
            source, f"SELECT {column} FROM {table} WHERE {'id' if source == 'web' else 'ma_bai'} = ?", [number]
        )
        record = json.loads(demo.value("vault", "SELECT record FROM withheld WHERE key = ?", [key]))
        assert words(record["body_text"]) == words("".join(Body(of[0][0]).text))
        assert demo.value("target", "SELECT count(*) FROM article WHERE body_text = ?", [record["body_text"]]) == 0


def test_side_rows_of_deleted_articles_leave_nothing_behind(demo: Demo) -> None:
    for trouble in ("orphan-body", "orphan-tag", "orphan-author", "orphan-copy"):
        for key in demo.keys(trouble):
            assert demo.leads_to(key) is None
