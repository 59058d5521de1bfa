"""Players of films and sounds: every old way of embedding one becomes one safe form.

The forms of addresses are those the services document for embedding, and those found in old bodies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

_ADDRESS = re.compile(r"(?:https?:)?//([a-z0-9.-]+)(/[^\s\\]*)?", re.IGNORECASE)
# Most of all players; parameters that matter begin with "list", "start" or "t".
_COMMON = re.compile(r"(?:https?:)?//www\.youtube\.com/embed/([\w-]+)(?:\?(?!.*(?:list|start|\bt)=)\S*)?", re.ASCII)
_YOUTUBE = frozenset(("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be"))
_NO_COOKIE = frozenset(("youtube-nocookie.com", "www.youtube-nocookie.com"))
_VIMEO = frozenset(("vimeo.com", "www.vimeo.com", "player.vimeo.com"))
_TIKTOK = frozenset(("tiktok.com", "www.tiktok.com"))
_FACEBOOK = frozenset(("facebook.com", "www.facebook.com", "m.facebook.com"))

_YOUTUBE_ID = re.compile(r"/(?:embed|v|e|shorts|live)/([\w-]+)/?", re.ASCII)
_YOUTUBE_SHORT = re.compile(r"/([\w-]+)/?", re.ASCII)
_VIMEO_ID = re.compile(r"/(?:video/)?(\d+)(?:/([0-9a-f]+))?/?")
_TIKTOK_ID = re.compile(r"/(?:embed/(?:v\d/)?|player/v1/|@[^/]+/video/)(\d+)/?")
_FACEBOOK_FILM = re.compile(r"/(?:[^/]+/videos/|watch/?$|video\.php$|reel/)")

_VIDEO = re.compile(r"\.(?:mp4|m4v|webm|ogv|mov|flv|m3u8|wmv|avi)(?:[?#]|$)", re.IGNORECASE)
_AUDIO = re.compile(r"\.(?:mp3|m4a|ogg|oga|wav|aac|wma)(?:[?#]|$)", re.IGNORECASE)
_FILE_KEYS = ("file", "src", "url", "video", "mp3", "soundfile", "flv", "clip", "mp4")


def player(url: str, hosts: frozenset[str]) -> str | None:
    """The address of a player of one of ``hosts``, always https, or null.

    Addresses of films in old forms become the one for embedding; parameters that only follow the reader go, the
    beginning and the list stay. Ports and user names are refused.
    """
    common = _COMMON.fullmatch(url)
    if common and "www.youtube.com" in hosts:
        return f"https://www.youtube.com/embed/{common[1]}"
    found = _ADDRESS.fullmatch(url.strip())
    if found is None:
        return None
    host = found.group(1).lower()
    embedded = _embedded(host, url)
    if embedded is not None:
        return embedded if urlsplit(embedded).hostname in hosts else None
    return "https://" + url.strip().partition("//")[2] if host in hosts else None


def _embedded(host: str, url: str) -> str | None:
    """The address for embedding of a film of a service that is known."""
    parts = urlsplit(url if url.startswith("http") else "https:" + url)
    # Old addresses have "?" parameters behind "&": /v/abc&hl=vi&fs=1
    path, _, more = parts.path.partition("&")
    query = dict(parse_qsl(f"{parts.query}&{more}"))
    if host in _YOUTUBE or host in _NO_COOKIE:
        return _youtube(host, path, query)
    if host in _VIMEO and (found := _VIMEO_ID.fullmatch(path)):
        secret = query.get("h") or found[2]
        return f"https://player.vimeo.com/video/{found[1]}" + (f"?h={secret}" if secret and secret.isalnum() else "")
    if host in _TIKTOK and (found := _TIKTOK_ID.fullmatch(path)):
        return f"https://www.tiktok.com/embed/v2/{found[1]}"
    if host in _FACEBOOK and _FACEBOOK_FILM.match(path):
        return social(url)
    return None


def _youtube(host: str, path: str, query: dict[str, str]) -> str | None:
    found = (_YOUTUBE_SHORT if host == "youtu.be" else _YOUTUBE_ID).fullmatch(path)
    film = found[1] if found else query.get("v", "")
    start = (query.get("start") or query.get("t") or "").removesuffix("s")
    kept = {"list": query.get("list", ""), "start": start if start.isdecimal() and start != "0" else ""}
    kept = {key: value for key, value in kept.items() if value}
    if not film and "list" in kept:
        film = "videoseries"
    if not _YOUTUBE_SHORT.fullmatch(f"/{film}"):
        return None
    home = "www.youtube-nocookie.com" if host in _NO_COOKIE else "www.youtube.com"
    return f"https://{home}/embed/{film}" + (f"?{urlencode(kept)}" if kept else "")


def social(url: str) -> str:
    """The player of a public post or film of Facebook."""
    kind = "video" if _FACEBOOK_FILM.match(urlsplit(url).path) else "post"
    return f"https://www.facebook.com/plugins/{kind}.php?href={quote(url, safe='')}"


def media_kind(url: str) -> str:
    """``video`` or ``audio`` by the ending of an address, else empty. What a query says is not the address's own."""
    path = url.partition("?")[0]
    return "video" if _VIDEO.search(path) else "audio" if _AUDIO.search(path) else ""


def files(variables: str) -> Iterable[str]:
    """Addresses of films and sounds among the variables an old player was given (``file=a.flv&image=b.jpg``)."""
    given = {key.lower(): value for key, value in parse_qsl(variables.lstrip("?"))}
    return (given[key] for key in _FILE_KEYS if key in given and media_kind(given[key]))
