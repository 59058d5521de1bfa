"""What the name of an element says about it: class, id, role and the like, in the languages newspapers are written in.

Names are evidence, never proof: what they call furniture is only left out when little of the page's text is in it
(see :mod:`.furniture`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from migrator.extract.page.automatic import elements

FURNITURE = 1  # navigation, teasers, sharing, advertising, captions, bylines …
HIDDEN = 2
BODY = 4  # the text of the article
COMMENTS = 8
STANDFIRST = 16
SMALL = 32  # furniture that holds little text: a date, tags, a caption, a player
BESIDE = 64  # furniture that never holds the article, however much text is in it

_NAMED = re.compile(
    r"\b(?:class|id|itemprop|role|data-testid|data-component|data-role|data-type|data-module|data-qa|aria-label|rel|name|"
    r'type)="([^"]*)"'
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HIDDEN = re.compile(
    r'(?:^|\s)hidden(?:=|\s|$)|display:\s*none|visibility:\s*hidden|aria-hidden="true"|'
    r'\bclass="(?![^"]*(?:\bd-\w\w-|\b\w\w:))(?:[^"]*\s)?'
    r'(?:hidden|hide|d-none|sr-only|visually-?hidden|screen-reader-text|element-invisible)[\s"]'
)
_LONGEST = 2_000


def _any(*words: str) -> re.Pattern[str]:
    """A word begins where a name begins; "=" at its end: the name must end there too."""
    ends = [word[:-1] + r"(?=[ _-]|$)" if word.endswith("=") else word for group in words for word in group.split()]
    return re.compile(r"(?:^|[ _:./-])(?:" + "|".join(ends) + ")")


_FURNITURE = _any(
    "nav(?!y) menu breadcrumb crumb side-?bar footer foot= masthead topbar complementary contentinfo",
    "relat recirc recommend outbrain taboola zergnet revcontent mgid read-?more read-?next up-?next next-?up teas(?:e|er)",
    "more-?(?:from|on|stories|news|articles|like|posts|links|info) also-?(?:read|like|see) see-?also yarpp",
    "most-?(?:read|popular|viewed|recent|shared|commented) popular trending latest=",
    "comment cmts?= disqus livefyre fb-comments repl(?:y|ies) respond discuss forum y-?kien(?:-?ban-?doc)? phan-?hoi",
    "shar(?:e|ing|ed)(?=[a-z]*(?:[ _-]|$)) social addthis addtoany sharedaddy like-?(?:box|button) likes follow",
    "newsletter subscri sign-?(?:up|in) log-?in register mailing mc4wp donat paywall app-?promo",
    "promo advert ads?= ad(?:sense|unit|slot|wrap|module) banner sponsor dfp gpt commercial affiliate",
    "cookie consent gdpr privacy pop-?up modal overlay lightbox dialog tooltip toast",
    "pagination pager paging page-?nav hidden screen-?reader sr-only visually-?hidden a11y skip",
    "info-?box fact-?box infocard instagram-media (?:post|entry|article)-footer end-?of-?article",
    "(?:tin-?)?lien-?quan tin-?(?:khac|moi|doc-?nhieu) doc-?them xem-?them binh-?luan box-?tin chia-?se tac-?gia tu-?khoa",
)
_SMALL = _any(
    "rating vote poll quiz survey feedback premium-?box download search tools?= toolbar utilit print=",
    "tags?= tag-?list topics?= keyword categor(?:y|ies)= filed author byline bio= contributor ui-author",
    "meta= meta-?data (?:entry|post|sub)-?meta timestamp dateline date= datetime pubdate publish(?:ed|-?date)",
    "last-?updated post-?date caption credit copyright photo-?credit image-?(?:credit|source|caption) wp-caption-text",
    "wp-polls video-?(?:meta|title|list|playlist|player|controls|transcript|desc|resource|related) playlist player vjs",
    "gallery slideshow carousel slider syndicat correction report-?error standards trust disclaimer endnote",
)
_BESIDE = _any(
    "side-?bar footer relat recirc recommend outbrain taboola most-?(?:read|popular|viewed) popular trending",
    "comment cmts?= disqus newsletter cookie consent gdpr binh-?luan y-?kien-?ban-?doc lien-?quan tin-?(?:khac|moi)",
)
_FURNITURE_TEXT = _any(
    "caption credit copyright byline author dateline timestamp date= datetime published pubdate advert ads?= sponsor",
    "shar(?:e|ing)= social hidden sr-only screen-?reader visually-?hidden newsletter subscri tags?= meta= breadcrumb relat",
    "read-?more more-?link interstitial-link wp-caption-text comment nota-?pie disclaimer photo-source source= print=",
    "tooltip skip follow promo lien-?quan tac-?gia",
)
_COMMENTS = _any("comment cmts?= disqus livefyre fb-comments forum respond replies binh-?luan y-?kien-?ban-?doc")
_STANDFIRST = _any(
    "sapo standfirst dek deck sub-?head(?:line)? sub-?title subtitulo chapo chapeau lead-?in lead= vorspann intro= introtext",
    "summary excerpt kicker bajada description abstract hometext atc-introtext",
)
_BODY = _any(
    r"(?:article|story|news|post|entry|content|detail|body|main|text)[-_]*(?:body|text) (?:article|story|post|entry)[-_]*content",
    r"news[-_]*(?:content|detail) content[-_]*(?:detail|main) detail[-_]*content article-?main body-?copy article__?copy",
    "fck_?detail maincontent singular-?content art-?body c-news-detail cms-body bodyhtml noi-?dung mw-parser-output",
    "post[-_]*entry articulo cuerpo noticia texto texte corps inhalt artikel-?(?:text|body) field-{1,2}name-body",
)


@lru_cache(8192)
def marks_of(tag: str, attributes: str) -> int:
    """The marks of an element, added up."""
    if not attributes:
        return FURNITURE if tag in elements.FURNITURE else 0
    names = names_of(attributes)
    marks = HIDDEN if _HIDDEN.search(attributes[:_LONGEST]) else 0
    if _STANDFIRST.search(names):
        marks |= STANDFIRST
    if tag in elements.TEXT:
        return marks | (FURNITURE if _FURNITURE_TEXT.search(names) else 0)
    if tag in elements.FURNITURE or _FURNITURE.search(names):
        marks |= FURNITURE
    elif _SMALL.search(names):
        marks |= FURNITURE | SMALL
    if _BESIDE.search(names):
        marks |= BESIDE
    if _COMMENTS.search(names):
        marks |= COMMENTS
    return marks | (BODY if _BODY.search(names) else 0)


@lru_cache(8192)
def is_hidden(attributes: str) -> bool:
    """Whether the element is shown at no width of the screen."""
    found = _HIDDEN.search(attributes[:_LONGEST])
    return found is not None and not found[0].startswith("aria")


@lru_cache(8192)
def names_of(attributes: str) -> str:
    """All names of an element in one line: lower case, words of camelCase apart."""
    return " ".join([_CAMEL.sub("-", value) for value in _NAMED.findall(attributes[:_LONGEST])]).lower()
