"""Words that stand beside articles, not in them. Vietnamese first; the others are languages of large public test sets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from migrator.extract.page.automatic.parts import Block
from migrator.extract.page.automatic.prose import is_closed, is_sentence

_LINKS = (
    r"read (?:more|also|next|full)|see also|also (?:read|on)|related(?: (?:articles?|stories|posts|topics|news|links))?|"
    r"more (?:from|on|stories|about)|recommended|you may (?:also )?like|editors?['’]s? (?:recommendations?|picks?)|"
    r"(?:à |a )?lire aussi|voir aussi|mehr (?:zum thema|dazu)|lesen sie (?:auch|hier|mehr)|auch interessant|weiterführende|"
    r"das könnte (?:sie|dich|euch) auch interessieren|le[ae]r? también|leer más|te puede interesar|leia (?:também|mais)|"
    r"veja também|confira|leggi anche|baca juga|simak|читайте|смотрите|zobacz|czytaj|"
    r"xem thêm|đọc thêm|(?:tin|bài)(?: viết)? (?:liên quan|cùng chuyên mục|khác|đọc nhiều)|có thể bạn quan tâm|"
    r"相关阅读|相关新闻|関連記事|관련기사"
)
_BESIDE = re.compile(
    rf"\W*(?:>>|{_LINKS}|watch(?: (?:more|now|live))?:|listen(?: now)?:|click here|subscribe|"
    r"follow (?:us|me|\w+ on|.{2,40}@\w)|contact .{2,60}@\w|have (?:something|anything) to say|"
    r"sign up|share (?:this|on)|photos?(?: (?:by|credit|courtesy))?\s*:|image(?: credit)?\s*:|credit\s*:|source\s*:|tags?\s*:|"
    r"topics?\s*:|filed under|advertisement|copyright|©|\(c\) ?\d{4}|all rights reserved|"
    r"this article (?:is|was) (?:originally )?published|originally published|download|this website uses cookies|подпис|"
    r"[（(]?原标题|本文来源|责任编辑|【文/|延伸阅读|特别声明|"
    r"theo dõi (?:chúng|báo|trang|kênh|fanpage)|mời (?:bạn|quý)|từ khóa\s*:|chia sẻ\s*:|bình luận\s*(?:\(|$))",
    re.IGNORECASE,
)
_RELATED = re.compile(rf"\W*(?:{_LINKS})\W*(?:\w+\W*){{0,2}}$", re.IGNORECASE)
_DATE = re.compile(
    r"\b(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}[:h]\d{2}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}\.? \w{3,10}\.?,? \d{4}|"
    r"\w{3,10}\.? \d{1,2},? \d{4}|\d{4}年)"
)
_BYLINE = re.compile(
    r"\W*(?:by|von|par|por|di|text|author|autor|tác giả|theo|nguồn|written by|courtesy|posted|published|updated|"
    r"veröffentlicht|publié|publicado)\b",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:^|[.(\s–-])(?:ảnh|photo|foto|fotos|bild|image|crédit|credit)\s*:\s*[^.]{2,60}\W*$|"
    r"\((?:photo|foto|fot)\b[.:]? ?[^()]{2,60}\)\W*$|^资料图|(?:摄|供图)\W*$",
    re.IGNORECASE,
)

_COMMENTS = re.compile(
    r"\W*(?:(?:tất cả|all|\d+)\s+)?(?:ý kiến(?: của)? (?:bạn đọc|độc giả)|bình luận|phản hồi|(?:reader )?comments|"
    r"kommentare|commentaires|comentarios|评论|评论列表)\W*(?:\d+\W*)?$",
    re.IGNORECASE,
)

# An article that is linked is named by its kind: "STORY: …".
_LABELLED = re.compile(r"\W*[^\W\d_][\w ]{2,20}:\s")

_SIGNED = re.compile(
    r"(?:[^.:]{2,40}\.\s*)?(?:tin|bài|ảnh|clip|video|thực hiện|nguồn|theo)(?:(?:,| và| -|/)? (?:ảnh|bài|clip|video))*"
    r"\s*:\s*[^.:]{2,50}\W*$",
    re.IGNORECASE,
)

_LONGEST = 250


def is_beside(block: Block) -> bool:
    """Whether it begins as a hint beside the article begins ("Xem thêm", "Sign up", "©")."""
    if block.weight >= _LONGEST:
        return False
    return _BESIDE.match(block.text) is not None or (block.link_share > 0.6 and _LABELLED.match(block.text) is not None)


def leads_to_others(block: Block) -> bool:
    """Whether it is nothing but the heading over links to other articles ("Tin liên quan")."""
    return block.weight < 70 and _RELATED.match(block.text) is not None


def is_over_comments(block: Block) -> bool:
    """Whether it is the heading over what readers wrote ("Ý kiến bạn đọc (58)")."""
    return block.weight < 60 and _COMMENTS.match(block.text) is not None


def is_dateline(block: Block) -> bool:
    """Whether it is a short line with a date or the name of the author."""
    if block.weight >= 90 or is_closed(block.text.rstrip(".")):
        return False
    return _DATE.search(block.text) is not None or _BYLINE.match(block.text) is not None


def is_after_dateline(blocks: Sequence[Block], headline_at: int, index: int) -> bool:
    """Whether a date or a byline stands between the headline and the block: no standfirst is behind it."""
    return headline_at >= 0 and any(is_dateline(block) for block in blocks[headline_at + 1 : index])


def is_signature(block: Block) -> bool:
    """Whether it is a line as an article ends with: the author's name in bold or at the right, or the source."""
    if _SIGNED.match(block.text):
        return True
    if block.weight >= 60 or is_sentence(block.text):
        return False
    if _BYLINE.match(block.text):
        return True
    return block.bold > 0.8 * block.weight or _is_at_right(block)


def is_signature_at_right(block: Block) -> bool:
    """Whether it is a signature wherever it stands."""
    return _is_at_right(block) and is_signature(block)


def _is_at_right(block: Block) -> bool:
    return "right" in block.node.attribute("style") + block.node.attribute("align")


def is_credit(block: Block) -> bool:
    """Whether it ends as a caption ends ("Ảnh: TTXVN")."""
    return block.weight < _LONGEST and _CREDIT.search(block.text) is not None
