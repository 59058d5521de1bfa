"""Pages in AMP: its elements for pictures and players, written as those of HTML."""

from __future__ import annotations

import re

_PICTURE = re.compile(r"<amp-(?:img|anim)\b", re.IGNORECASE)
_PICTURE_END = re.compile(r"</amp-(?:img|anim)\s*>", re.IGNORECASE)
_YOUTUBE = re.compile(r"<amp-youtube\b([^<>]{0,500}?)\sdata-videoid=[\"']?([\w-]{6,20})[\"']?", re.IGNORECASE)
_PLAYER = re.compile(r"(</?)amp-(video|audio|iframe)\b", re.IGNORECASE)
_YOUTUBE_END = re.compile(r"</amp-youtube\s*>", re.IGNORECASE)


def without_amp(html: str) -> str:
    """The page with ``amp-img`` as ``img`` and so on; the same text where there is none."""
    if "<amp-" not in html:
        return html
    html = _PICTURE.sub("<img", _PICTURE_END.sub("", html))
    html = _YOUTUBE.sub(r'<iframe\1 src="https://www.youtube.com/embed/\2"', html)
    return _PLAYER.sub(r"\1\2", _YOUTUBE_END.sub("</iframe>", html))
