"""Bodies made to exhaust a parser, a cleaner or a memory. Each is made when it is needed."""

from __future__ import annotations

from collections.abc import Callable

_PICTURE, _LINK = "<img src=a.jpg>", "<a href=/a>b</a>"
_CAPTION = "<p>Cảnh. Ảnh: An</p>"
_SENTENCE = "Sáng nay, tại Hà Nội, hội nghị về việc giữ gìn phố cổ đã khai mạc, với hơn hai trăm đại biểu. "
_BOMB = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))

CASES: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "five megabytes of article": lambda: f"<p>{_SENTENCE}</p>\n" * 40_000,
    "4.9 MB without a tag": lambda: "x" * 4_900_000,
    "4.8 MB of words": lambda: "a b " * 1_200_000,
    "100 MB": lambda: "x" * 100_000_000,
    "100,000 nested elements": lambda: "<div>" * 100_000,
    "900 nested elements": lambda: "<div>" * 900 + "x" + "</div>" * 900,
    "1,000,000 unclosed b": lambda: "<b>" * 1_000_000,
    "900 unclosed b and paragraphs": lambda: "<b>" * 900 + "<p>x" * 900,
    "a billion entities": lambda: f'<!DOCTYPE a [<!ENTITY a0 "aaaaaaaaaa">{_BOMB}]><p>&a9;</p>',
    "1,000,000 entities": lambda: "&lt;" * 1_000_000,
    "ampersands": lambda: "&" * 3_000_000,
    "NUL": lambda: "\0" * 1_000_000 + "<p>a\0b</p>",
    "lone surrogates": lambda: "<p>a\ud800b\udfffc</p>" * 1_000,
    "an attribute of 10 MB": lambda: f"<p title='{'x' * 10_000_000}'>a</p>",
    "an attribute of 4.9 MB": lambda: f"<p title='{'x' * 4_900_000}'>a</p>",
    "an address of 4 MB of blanks": lambda: f"<a href='{' ' * 4_000_000}x'>a</a>",
    "an address of 4 MB of colons": lambda: f"<a href='{':' * 4_000_000}x'>a</a>",
    "a set of 4.8 MB of pictures": lambda: f"<img srcset='{'a 1x, ' * 800_000}'>",
    "a class of 4.8 MB": lambda: f"<p class='{'caption ' * 600_000}'>a</p>",
    "4.8 MB of blanks in a set of pictures": lambda: f"<img srcset='a{' ' * 4_800_000}b c'>",
    "400,000 different pictures in a set": lambda: f"<img srcset='{', '.join(map(str, range(400_000)))}'>",
    "80,000 attributes of html": lambda: "".join(f"<html a{number}=b>" for number in range(80_000)),
    "100,000 attributes": lambda: f"<p {' '.join(f'a{number}=b' for number in range(100_000))}>a</p>",
    "a picture of 4.8 MB in the text": lambda: f"<img src='data:image/png;base64,{'A' * 4_800_000}'>",
    "deep tables": lambda: "<table><tr><td>" * 30_000,
    "nested tables with pictures": lambda: "<table><tr><td><img src=a></td></tr><tr><td>x " * 160 + "</table>" * 160,
    "a wide table": lambda: "<table><tr>" + "<td><img src=a><td>x" * 24_000,
    "nested lists": lambda: "<ul><li>" * 400 + "x",
    "90,000 pictures": lambda: _PICTURE * 90_000,
    "16,000 pictures with captions": lambda: f"<p>{_PICTURE}</p>{_CAPTION}" * 16_000,
    "nested figures": lambda: "<figure><img src=a><figcaption>x" * 250,
    "a caption of many credits": lambda: f"<figure>{_PICTURE}<figcaption>x{'Ảnh: ' * 60_000}y</figcaption></figure>",
    "a gallery in nested blocks": lambda: "<div class=image>" * 900 + "<img src=a>" * 30_000,
    "24,000 boxes of related news": lambda: f"<div class=related>{_LINK}</div>" * 24_000,
    "nested boxes of related news": lambda: "<div class=related>" * 900 + _LINK * 30_000,
    "nested boxes of foreign links": lambda: "<div>" * 900 + "<a href=//b.example/c>b</a>" * 30_000,
    "labels in nested boxes": lambda: f"<div class=related><p>Xem thêm</p>{_LINK}" * 900,
    "15,000 late pictures": lambda: "<img data-src=a><noscript><img src=a></noscript>" * 15_000,
    "90,000 options": lambda: "<select>" + "<option>x" * 90_000,
    "90,000 list items": lambda: "<li>" * 90_000,
    "90,000 instructions": lambda: "<?a ?>" * 90_000,
    "a script without an end": lambda: "<script>" + "x" * 4_900_000,
    "1,000,000 beginnings of comments": lambda: "<!--" * 1_000_000,
    "20,000 players": lambda: "<object><param name=movie value=a.flv></object>" * 20_000,
    "templates": lambda: "<template>" * 900,
    "svg in svg": lambda: "<svg>" * 45_000,
    "debris in debris": lambda: "&lt;_o3a_p" * 50_000 + "&gt;" * 50_000,
    "2,000,000 tones on one letter": lambda: "a" + "\u0301" * 2_000_000,
    "tones in the wrong order": lambda: "\u0301\u0323" * 800_000,
    "overlaid tags": lambda: ">\u0338" * 500_000,
    "shortcodes": lambda: "[caption " * 400_000,
}


def page(body: str) -> str:
    """A page with the body among sentences of an article."""
    prose = f"<p>{_SENTENCE * 6}</p>"
    return (
        "<!doctype html><html lang=vi><head><title>Giữ gìn phố cổ</title></head><body><div class=content>"
        f"<h1>Giữ gìn phố cổ</h1>{prose}{body}{prose}</div></body></html>"
    )
