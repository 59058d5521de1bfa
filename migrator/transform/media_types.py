"""Media types by file extension. A table of our own: the system's differs from machine to machine."""

from __future__ import annotations

from collections.abc import Mapping

_APPLICATION = {
    "pdf": "pdf", "doc": "msword", "xls": "vnd.ms-excel", "ppt": "vnd.ms-powerpoint", "rtf": "rtf", "zip": "zip",
    "rar": "vnd.rar", "7z": "x-7z-compressed", "gz": "gzip", "json": "json", "epub": "epub+zip",
    "swf": "x-shockwave-flash",
    "docx": "vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "vnd.oasis.opendocument.text", "ods": "vnd.oasis.opendocument.spreadsheet",
}  # fmt: skip
_IMAGE = {
    "jpg": "jpeg", "jpeg": "jpeg", "jpe": "jpeg", "jfif": "jpeg", "png": "png", "gif": "gif", "webp": "webp",
    "avif": "avif", "heic": "heic", "bmp": "bmp", "tif": "tiff", "tiff": "tiff", "svg": "svg+xml", "ico": "x-icon",
}  # fmt: skip
_VIDEO = {
    "mp4": "mp4", "m4v": "mp4", "mov": "quicktime", "webm": "webm", "avi": "x-msvideo", "wmv": "x-ms-wmv",
    "flv": "x-flv", "mpg": "mpeg", "mpeg": "mpeg", "3gp": "3gpp", "mkv": "x-matroska", "ogv": "ogg",
}  # fmt: skip
_AUDIO = {
    "mp3": "mpeg", "m4a": "mp4", "aac": "aac", "wav": "wav", "wma": "x-ms-wma", "ogg": "ogg", "oga": "ogg",
    "flac": "flac", "amr": "amr",
}  # fmt: skip
_TEXT = {"txt": "plain", "csv": "csv", "html": "html", "htm": "html", "xml": "xml"}

_FAMILIES = {"application": _APPLICATION, "image": _IMAGE, "video": _VIDEO, "audio": _AUDIO, "text": _TEXT}

MIME_TYPES: Mapping[str, str] = {
    extension: f"{family}/{name}" for family, names in _FAMILIES.items() for extension, name in names.items()
}
"""Extension in lower case, without its dot -> media type."""

MEDIA_TYPES: Mapping[str, str] = {"image": "picture", "video": "video", "audio": "audio"}
"""Family of a media type -> what the newsroom calls it; anything else is a file."""


def file_name(path: str) -> str:
    """The last part of a path or address, without query and fragment."""
    return path.split("?", 1)[0].split("#", 1)[0].replace("\\", "/").rsplit("/", 1)[-1]


def mime_type(path: str) -> str | None:
    """The media type by the extension; None where it is unknown."""
    name = file_name(path)
    return MIME_TYPES.get(name.rsplit(".", 1)[1].lower()) if "." in name else None
