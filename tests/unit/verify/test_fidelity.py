"""T1: text that does not arrive whole is found and named, and what was announced is accounted for by its name."""

import dataclasses
import html
import unicodedata
from pathlib import Path

import pytest

from migrator.model.audit import TextRule
from migrator.model.finding import Check
from migrator.ports import TargetRecord
from tests.unit.verify.world import World, audit, key, sound

SEVENTH = key("article", 7)
SENTENCES = (
    "Thành phố Cảng khởi công tuyến đường nối cầu Rào với sân bay",
    "Ông Nguyễn Văn Trỗi cho biết dự án về đích sớm hai tháng",
    "Người dân hai bên đường phấn khởi đón nhận tin vui này",
    "Sáng cùng ngày, đoàn công tác kiểm tra tiến độ tại hiện trường",
)
BODY = (
    f"<p>{SENTENCES[0]}.</p><figure><img src='/a.jpg'><figcaption>Ảnh: Đàm Thanh</figcaption></figure>"
    f"<p>{SENTENCES[1]}, theo <a href='/b'>báo cáo</a>.</p>"
    "<table><tr><td>Tổng số</td><td>128</td></tr><tr><td>Đã xong</td><td>96</td></tr></table>"
    f"<p>{SENTENCES[2]}.</p><p>{SENTENCES[3]}.</p>"
)


def plain(body: str) -> str:
    """The text of a body, a line a block, by another way than the auditor's."""
    for tag in ("</p>", "</td>", "</figcaption>", "<br>", "</div>"):
        body = body.replace(tag, "\n").replace(tag.upper(), "\n")
    out, inside = "", False
    for letter in body:
        inside = letter == "<" or (inside and letter != ">")
        out += "" if inside or letter == ">" else letter
    return html.unescape(out)


def with_bodies(source: str = BODY, target: str = BODY, text: str | None = None, **rule: object) -> World:
    """The sound newsroom with text compared, and one article that has these bodies."""
    world = sound()
    article = dataclasses.replace(audit().entities["article"], text=TextRule(**rule), links=())  # type: ignore[arg-type]
    world.statement = dataclasses.replace(audit(), entities={**audit().entities, "article": article})
    world.source["article"][7]["bodyhtml"] = source
    world.send("article", 7, body_html=target, body_text=plain(target) if text is None else text)
    return world


def examined(world: World, folder: Path) -> tuple[Check, set[tuple[str, str, str]]]:
    """The check, and (key, field, kind) of every open difference of T1."""
    check = next(each for each in world.examine(folder).checks if each.id == "T1")
    assert {each["check"] for each in world.differences()} <= {"T1"}
    return check, {(each["key"], each["field"], each["kind"]) for each in world.differences()}


def declared(world: World) -> set[tuple[str, str]]:
    return {(each["kind"], each["detail"]) for each in world.differences("declared")}


def test_whole_text_is_whole(tmp_path: Path) -> None:
    world = with_bodies()
    check, differences = examined(world, tmp_path)
    assert (check.holds, check.compared, check.not_compared, differences) == (True, 40, 0, set())
    (account,) = world.examine(tmp_path).accounts.text
    assert account.recall["1"] == account.precision["1"] == 40
    assert account.counts == {"paragraphs": [48, 48], "images": [1, 1], "links": [40, 40], "tables": [1, 1]}
    assert (account.worst, account.seed) == ([], "")
    assert account.accents[0] == account.accents[1] > 0


TAMPERED = {
    "a sentence is lost": (BODY.replace(SENTENCES[1], ""), "missing"),
    "the end is lost": (BODY.partition(f"<p>{SENTENCES[2]}")[0], "truncated"),
    "the whole body is lost": ("", "missing"),
    "a sentence is added": (BODY + "<p>Bấm vào đây để xem quảng cáo của chúng tôi hôm nay nhé</p>", "extra"),
    "a word is another": (BODY.replace("phấn khởi", "phấn chấn"), "changed"),
    "two sentences change places": (
        BODY.replace(SENTENCES[2], "?").replace(SENTENCES[3], SENTENCES[2]).replace("?", SENTENCES[3]), "order-only",
    ),
    "letters lose their marks": (BODY.replace("Thành phố Cảng", "Thanh pho Cang"), "changed"),
    "letters become question marks": (BODY.replace("ố", "?").replace("ầ", "?"), "changed"),
    "capitals": (BODY.upper().replace("IMG SRC", "img src").replace("A HREF", "a href"), "case-only"),
    "UTF-8 read as Latin-1": (BODY.encode().decode("latin-1"), "mojibake"),
    "an image is lost": (BODY.replace("<img src='/a.jpg'>", ""), "missing"),
    "an image is doubled": (BODY.replace("<img src='/a.jpg'>", "<img src='/a.jpg'><img src='/a.jpg'>"), "extra"),
    "a link is lost": (BODY.replace("<a href='/b'>", "<b>").replace("</a>", "</b>"), "missing"),
    "a table is no table": (
        BODY.replace("<table><tr><td>", "<p>").replace("</td><td>", "</p><p>").replace("</td></tr><tr><td>", "</p><p>")
        .replace("</td></tr></table>", "</p>"), "missing",
    ),
    "two paragraphs become one": (BODY.replace(f".</p><p>{SENTENCES[3]}", f". {SENTENCES[3]}"), "missing"),
    "combining marks": (unicodedata.normalize("NFD", BODY), "unicode-form-only"),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERED)
def test_what_does_not_arrive_is_named(what: str, tmp_path: Path) -> None:
    target, kind = TAMPERED[what]
    world = with_bodies(target=target)
    check, differences = examined(world, tmp_path)
    assert check.holds is False
    assert (SEVENTH, "body_html", kind) in differences
    assert {(each, field) for each, field, _ in differences} == {(SEVENTH, "body_html")}


def test_broken_letters_at_the_target_are_counted(tmp_path: Path) -> None:
    world = with_bodies(target=BODY.replace("ố", "\ufffd", 1), recall=0.5, precision=0.5)
    _, differences = examined(world, tmp_path)
    assert differences == {(SEVENTH, "body_html", "mojibake")}
    world = with_bodies(BODY.replace("ố", "\ufffd", 1), BODY.replace("ố", "\ufffd", 1))
    assert examined(world, tmp_path)[1] == set()


def test_the_plain_text_is_that_of_the_html(tmp_path: Path) -> None:
    world = with_bodies(text=plain(BODY).replace("phấn khởi", ""))
    assert examined(world, tmp_path)[1] == {(SEVENTH, "body_text", "changed")}
    world = with_bodies(text="")
    assert examined(world, tmp_path)[1] == {(SEVENTH, "body_text", "missing")}


def test_one_word_in_many_passes_a_threshold_and_fails_a_stricter_one(tmp_path: Path) -> None:
    longer = BODY * 20
    world = with_bodies(longer, longer.replace("phấn khởi", "phấn chấn", 1))
    check, differences = examined(world, tmp_path)
    assert (check.holds, differences) == (True, set())
    (worst,) = world.examine(tmp_path).accounts.text[0].worst
    assert worst.key == SEVENTH
    assert 0.99 < worst.recall < 1
    assert "phấn khởi" in worst.source
    assert "phấn chấn" in worst.target
    strict = with_bodies(longer, longer.replace("phấn khởi", "phấn chấn", 1), recall=1.0)
    assert examined(strict, tmp_path)[1] == {(SEVENTH, "body_html", "changed")}


# --- what is announced ------------------------------------------------------------------------------------------------
def test_entities_and_markup_are_no_difference(tmp_path: Path) -> None:
    entities = "".join(f"&#{ord(letter)};" if letter == "ố" else letter for letter in BODY)
    word = BODY.replace("<p>", "<p class=MsoNormal style='margin:0'><span lang=VI>").replace(
        "</p>", "<o:p></o:p></span></p>"
    )
    for source in (entities, word, BODY.replace("</p><p>", "<p>"), BODY + "<script>var x = 'một hai ba bốn';</script>"):
        world = with_bodies(source)
        assert examined(world, tmp_path)[1] == set()
        assert declared(world) == set()


LEFT_OUT = '<div class="cms-relate box"><p>Tin liên quan:</p><p>Bài khác nữa</p></div>'


@pytest.mark.parametrize("named", [".cms-relate", "div.box", "div"])
def test_a_box_that_need_not_arrive_is_accounted_for_by_its_name(named: str, tmp_path: Path) -> None:
    world = with_bodies(BODY + LEFT_OUT, left_out=(named,))
    assert examined(world, tmp_path)[1] == set()
    assert declared(world) == {("missing", f"left out as announced: {named}")}
    assert world.examine(tmp_path).accounts.text[0].left_out == {named: 6}
    unannounced = with_bodies(BODY + LEFT_OUT)
    assert (SEVENTH, "body_html", "truncated") in examined(unannounced, tmp_path)[1]


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        ("<p hidden>ẩn một hai ba</p>", "hidden"),
        ("<p style='color:red; display : none'>ẩn một hai ba</p>", "hidden"),
        ("<figcaption data-placeholder='[nhập chú thích]'>nhập chú thích ảnh</figcaption>", "[data-placeholder]"),
        ("<div id=listNewsInContent>tin nhanh trong ngày</div>", "#listNewsInContent"),
        ("<form><button>Gửi bình chọn</button> cho tòa soạn</form>", "form"),
    ],
)
def test_other_ways_to_name_what_need_not_arrive(extra: str, named: str, tmp_path: Path) -> None:
    world = with_bodies(BODY + extra, left_out=(named,))
    assert examined(world, tmp_path)[1] == set()
    assert declared(world) == {("missing", f"left out as announced: {named}")}


def test_a_byline_may_stand_in_another_field(tmp_path: Path) -> None:
    source = BODY + "<p style='text-align:right'><b>Minh Hảo. Ảnh: Đàm Thanh</b></p>"
    world = with_bodies(source, moved_to=("byline",))
    world.send("article", 7, byline="Minh Hảo. Ảnh: Đàm Thanh")
    assert examined(world, tmp_path)[1] == set()
    assert declared(world) == {("missing", "stands in byline, as announced")}
    (account,) = world.examine(tmp_path).accounts.text
    assert (account.moved, account.bylines) == ({"byline": 5}, [1, 1])
    lost = with_bodies(source, moved_to=("byline",), recall=1.0)
    assert (SEVENTH, "body_html", "truncated") in examined(lost, tmp_path)[1]
    assert lost.examine(tmp_path).accounts.text[0].bylines == [1, 0]


def test_a_frame_may_become_a_link_that_shows_its_address(tmp_path: Path) -> None:
    address = "https://player.example/video/12"
    world = with_bodies(BODY + f'<iframe src="{address}"></iframe>', BODY + f'<a href="{address}">{address}</a>')
    assert examined(world, tmp_path)[1] == set()
    assert declared(world) == {("missing", "left out as announced: frame-address")}


@pytest.mark.parametrize(
    "block",
    [
        '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@bao/video/12"><section></section></blockquote>',
        '<div class="fb-video" data-href="https://www.facebook.com/bao/videos/12"></div>',
        '<div type="VideoStream" data-src="https://player.example/12"></div>',
    ],
)
def test_a_block_that_a_script_fills_is_a_frame(block: str, tmp_path: Path) -> None:
    frame = '<iframe src="https://player.example/12"></iframe>'
    assert examined(with_bodies(BODY + block, BODY + frame), tmp_path)[1] == set()
    assert examined(with_bodies(BODY + block, BODY), tmp_path)[1] == {(SEVENTH, "body_html", "missing")}
    plain = "<blockquote cite='/nguon'>Lời</blockquote>"
    assert examined(with_bodies(BODY + plain, BODY + plain), tmp_path)[1] == set()


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("<table><tr><td><img src='/c.jpg'></td></tr><tr><td>Chú thích</td></tr></table>",
         "<figure><img src='/c.jpg'><figcaption>Chú thích</figcaption></figure>"),
        ("<table><tr><td>Cột trái</td><td>Cột phải</td></tr></table>", "<div>Cột trái</div><div>Cột phải</div>"),
        ("<table><tr><td>Một ô</td></tr><tr><td>Hai ô</td></tr></table>", "<p>Một ô</p><p>Hai ô</p>"),
    ],
)  # fmt: skip
def test_a_table_that_is_no_grid_of_text_may_become_something_else(source: str, target: str, tmp_path: Path) -> None:
    assert examined(with_bodies(BODY + source, BODY + target), tmp_path)[1] == set()


@pytest.mark.parametrize(
    "marks", [("<tr>", "<td>", "</td>", "</tr>"), ("<tr>", "<td>", "", ""), ("<TR>", "<TH>", "</TH>", "")]
)
def test_a_grid_of_text_is_a_table_however_it_is_written(marks: tuple[str, str, str, str], tmp_path: Path) -> None:
    row, cell, end_cell, end_row = marks
    grid = "".join(f"{row}{cell}{a}{end_cell}{cell}{b}{end_cell}{end_row}" for a, b in (("Năm", "Số"), ("2019", "12")))
    good = "<table><tbody><tr><td>Năm</td><td>Số</td></tr><tr><td>2019</td><td>12</td></tr></tbody></table>"
    assert examined(with_bodies(f"{BODY}<table>{grid}</table>", BODY + good), tmp_path)[1] == set()
    assert examined(with_bodies(f"{BODY}<table>{grid}", BODY + good), tmp_path)[1] == set()
    lost = "<p>Năm</p><p>Số</p><p>2019</p><p>12</p>"
    assert examined(with_bodies(f"{BODY}<table>{grid}</table>", BODY + lost), tmp_path)[1] == {
        (SEVENTH, "body_html", "missing")
    }


def test_shortcodes_of_captions_need_not_arrive(tmp_path: Path) -> None:
    source = BODY + "[caption id=5 width=320]Nghệ nhân hát đúm[/caption]\n\nHai ba [sic] [gallery ids=1]"
    target = BODY + "<p>Nghệ nhân hát đúm</p>Hai ba [sic] [gallery ids=1]"
    world = with_bodies(source, target, left_out=("shortcodes",))
    assert examined(world, tmp_path)[1] == set()
    assert declared(world) == {("missing", "left out as announced: shortcodes")}
    assert (SEVENTH, "body_html", "missing") in examined(with_bodies(source, target, recall=1.0), tmp_path)[1]


def test_a_caption_in_a_shortcode_is_text(tmp_path: Path) -> None:
    source = BODY + '[caption id="5" caption="Nghệ nhân, hát đúm"]<img src="/f.jpg" />[/caption]'
    target = BODY + "<figure><img src='/f.jpg'><figcaption>Nghệ nhân, hát đúm</figcaption></figure>"
    assert examined(with_bodies(source, target, left_out=("shortcodes",), recall=1.0), tmp_path)[1] == set()


@pytest.mark.parametrize(
    ("link", "counts"),
    [
        ("<a href='/x'>x</a>", True), ("<a href='mailto:a@b.example'>x</a>", True), ("<a href='//h.example/x'>x</a>", True),
        ("<a href='javascript:void(0)'>x</a>", False), ("<a name='x'>x</a>", False),
        ("<a href=\\'https://h.example\\'>x</a>", False),
        ("<a href='https://h.example/?u=a:b'>x</a>", True), ("<a href=''>x</a>", False),
    ],
)  # fmt: skip
def test_what_is_a_link(link: str, counts: bool, tmp_path: Path) -> None:
    found = examined(with_bodies(BODY + link, BODY + "x"), tmp_path)[1]
    assert found == ({(SEVENTH, "body_html", "missing")} if counts else set())


def test_an_empty_line_begins_a_paragraph(tmp_path: Path) -> None:
    source, target = "Một hai ba.\n\nBốn năm sáu.\r\n \r\nBảy.", "<p>Một hai ba.</p><p>Bốn năm sáu.</p><p>Bảy.</p>"
    assert examined(with_bodies(source, target), tmp_path)[1] == set()
    assert examined(with_bodies(source, "<p>Một hai ba. Bốn năm sáu.</p><p>Bảy.</p>"), tmp_path)[1] == {
        (SEVENTH, "body_html", "missing")
    }


def test_pictures_are_counted_as_browsers_show_them(tmp_path: Path) -> None:
    lazy = "<img src='grey.gif' data-original='/d.jpg'><noscript><img src='/d.jpg'></noscript>"
    pixel = "<noscript><img src='//count.example/x' width=1 height=1></noscript>"
    only = "<noscript><img src='/e.jpg'></noscript>"
    source, target = (
        BODY + lazy.replace("'grey.gif'", "'/d.jpg'") + pixel + only,
        BODY + "<img src='/d.jpg'><img src='/e.jpg'>",
    )
    assert examined(with_bodies(source, target, left_out=("noscript",)), tmp_path)[1] == set()


# --- the sample -------------------------------------------------------------------------------------------------------
def test_beyond_the_limit_a_random_sample_is_compared(tmp_path: Path) -> None:
    world = with_bodies(limit=10)
    check, _ = examined(world, tmp_path)
    (account,) = world.examine(tmp_path).accounts.text
    assert account.bodies == 40
    assert 2 <= account.compared == check.compared <= 22
    assert account.seed == world.entries[-1].hash.hex()
    assert account.seed in check.statement
    taken = {line.split('"')[3] for line in (tmp_path / "texts.jsonl").read_text(encoding="utf-8").splitlines()}
    world.outcome(SEVENTH, world.known[SEVENTH].bucket)  # another journal, another sample
    world.examine(tmp_path)
    assert taken != {line.split('"')[3] for line in (tmp_path / "texts.jsonl").read_text(encoding="utf-8").splitlines()}


def test_everybody_s_body_is_compared_below_the_limit(tmp_path: Path) -> None:
    assert examined(with_bodies(limit=40), tmp_path)[0].compared == 40


def test_the_worst_fifty_are_kept(tmp_path: Path) -> None:
    world = sound(70)
    article = dataclasses.replace(audit().entities["article"], text=TextRule(), links=())
    world.statement = dataclasses.replace(audit(), entities={**audit().entities, "article": article})
    for number in range(1, 71):
        world.source["article"][number]["bodyhtml"] = BODY
        lost = SENTENCES[0] if number <= 60 else BODY
        world.send("article", number, body_html=BODY.replace(lost, ""), body_text=plain(BODY.replace(lost, "")))
    worst = world.examine(tmp_path).accounts.text[0].worst
    assert len(worst) == 50
    assert [each.key for each in worst[:10]] == sorted(key("article", number) for number in range(61, 71))
    assert all(each.recall == 0 for each in worst[:10])


def test_a_record_that_is_no_record_is_not_compared(tmp_path: Path) -> None:
    world = with_bodies()
    old: TargetRecord = world.record("article", 7)
    world.replace(old, dataclasses.replace(old, is_stub=True))
    examination = world.examine(tmp_path)
    assert next(each for each in examination.checks if each.id == "T1").compared == 39
