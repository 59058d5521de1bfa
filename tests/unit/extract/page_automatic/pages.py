"""Pages as papers write them, made for these tests: the same article in the layouts of different systems."""

from __future__ import annotations

import json

from migrator.extract.page.automatic import Found, find_article

HEADLINE = "Cảng nước sâu đón chuyến tàu container thứ một nghìn"
STANDFIRST = "Sau bốn năm khai thác, bến số 1 đã đón chuyến tàu thứ một nghìn, sớm hơn kế hoạch tám tháng."
TEXT = (
    "Sáng 12/3, tàu Hải Âu dài 330 m cập bến số 1 trong tiếng còi chào của ba tàu lai dắt, mở đầu mùa hàng mới của cảng.",
    "Theo ban quản lý, lượng hàng qua bến trong quý đầu năm đạt 1,2 triệu tấn, tăng 17% so với cùng kỳ năm trước.",
    "“Chúng tôi bắt đầu với hai cần cẩu và bốn mươi công nhân, nay bến đã có tám cần cẩu”, giám đốc bến nói.",
    "Trong năm nay, cảng sẽ nạo vét luồng thêm hai mét để đón tàu trọng tải lớn hơn, và kéo dài đường sắt đến tận cầu bến.",
    "Người dân quanh cảng mong tuyến đường tránh sớm hoàn thành, vì mỗi ngày có gần ba nghìn lượt xe tải chạy qua khu phố.",
)
TEASERS = (
    "Chiều qua, hội nghị tổng kết công tác phòng chống thiên tai đã nghe báo cáo của các quận, huyện về…",
    "Ngày mai, hơn hai nghìn vận động viên sẽ tranh tài ở giải chạy quanh bán đảo, với bốn cự ly từ…",
    "Từ tháng tới, người dân có thể nộp hồ sơ đất đai trên điện thoại mà không phải đến trụ sở của…",
)
MENU = "".join(
    f'<li><a href="/{name}">{name}</a></li>' for name in ("Thời sự", "Kinh tế", "Văn hóa", "Thể thao", "Bạn đọc")
)


def paragraphs(*texts: str) -> str:
    return "\n".join(f"<p>{text}</p>" for text in texts or TEXT)


def page(content: str, title: str = HEADLINE, head: str = "") -> str:
    """A page around some content: menu, footer, a list of links beside it."""
    links = "".join(
        f'<li><a href="/tin-{n}.html">Tin số {n} trong danh sách bên cạnh bài viết</a></li>' for n in range(9)
    )
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title} - Báo Thử Nghiệm</title>{head}</head><body>"
        f"<header><ul>{MENU}</ul></header>{content}<div class='col-right'><ul>{links}</ul></div>"
        "<footer><p>Cơ quan chủ quản: Hội Thử Nghiệm. Giấy phép số 12/GP ngày 3/4/2015. "
        "Ghi rõ nguồn khi dùng lại tin.</p></footer></body></html>"
    )


def article(body: str, before: str = "", after: str = "", head: str = "") -> str:
    """The usual page: headline, standfirst, the body in an element with a name."""
    return page(
        f'<div class="main"><h1 class="title">{HEADLINE}</h1>{before}<p class="sapo">{STANDFIRST}</p>'
        f'<div class="article-body">{body}</div>{after}</div>',
        head=head,
    )


def json_ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | fields)}</script>'


def found(html: str, url: str | None = None) -> Found:
    result = find_article(html, url)
    assert isinstance(result, Found), result
    return result


def lines(html: str) -> list[str]:
    return found(html).body_text.split("\n")
