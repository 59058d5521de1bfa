"""A real WordPress as the target of tests: its loader and reader, and records of every entity it can hold."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from itertools import groupby
from typing import Any, BinaryIO

from migrator.load.wordpress import WordPressLoader, WordPressRestorer
from migrator.model.content import ENTITIES, Kind
from migrator.model.platform import Service
from migrator.model.record import Record
from migrator.ports import Write, WriteResult
from migrator.project.platforms import read_platform
from migrator.read.wordpress import WordPressReader
from tests.wordpress_site import WordPress

BODY = (
    '<p style="color: red" onclick="x()">Gió mùa &amp; sóng &lt;lớn&gt; 🌊 \\ \'"</p>\n'
    '<iframe src="https://video.example/1"></iframe><p><a href="/r/web/article/2">bài 2</a></p>'
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100"
    "18dd8db00000000049454e44ae426082"
)


class Files:
    """The FileSource port over bytes in memory."""

    def __init__(self, *files: bytes) -> None:
        self._files = {hashlib.sha256(data).hexdigest(): data for data in files}

    def open(self, sha256: str) -> BinaryIO | None:
        data = self._files.get(sha256)
        return None if data is None else BytesIO(data)


def service_of(wordpress: WordPress, **changes: Any) -> Service:
    known = Service(read_platform("wordpress"), wordpress.url, wordpress.user, wordpress.password, {})
    return dataclasses.replace(known, **changes)


@dataclasses.dataclass
class Target:
    """What is written to, and what reads it back."""

    loader: WordPressLoader
    reader: WordPressReader
    wordpress: WordPress

    @property
    def restorer(self) -> WordPressRestorer:
        """What puts it back."""
        return WordPressRestorer(self.loader)

    def put(self, *records: Record) -> list[str]:
        """Write records in their order, those of one entity together; the errors."""
        found: list[WriteResult] = []
        for _, group in groupby(
            records, key=lambda each: (each.entity, each.fields.get("parent"), bool(each.fields.get("related")))
        ):
            found += self.loader.write([Write("put", each.key, each.entity, each) for each in group])
        return [answer.error for answer in found]

    def ids(self, entity: str) -> list[str]:
        return [target_id for target_id, key, _ in self.reader.enumerate(entity) if key is not None]


@contextmanager
def opened(wordpress: WordPress, *files: bytes, **changes: Any) -> Iterator[Target]:
    service = service_of(wordpress, **changes)
    loader, reader = WordPressLoader(service, [Files(*files)]), WordPressReader(service_of(wordpress))
    try:
        loader.prepare()
        yield Target(loader, reader, wordpress)
    finally:
        loader.close()
        reader.close()


def record(entity: str, number: object, **fields: Any) -> Record:
    """A record with nothing but what is said, and its required fields."""
    empty = {f.name: () if f.kind in {Kind.REFS, Kind.TEXTS} else None for f in ENTITIES[entity].fields}
    return Record(f"web:{entity}:{number}", entity, {**empty, **fields})


def article(number: object, **fields: Any) -> Record:
    given = {"headline": f"Bài {number}", "slug": f"bai-{number}", "status": "published", "body_html": "<p>…</p>"}
    return record("article", number, **{**given, "published_at": datetime(2019, 5, 17, 8, 30, tzinfo=UTC), **fields})


def section(number: object, **fields: Any) -> Record:
    return record("section", number, **{"name": f"Mục {number}", "slug": f"muc-{number}", **fields})


WHOLE = (
    section(1, name="Chính quyền & Nhân dân <mới>", description="Tin của thành phố.", position=3, is_active=True),
    section(2, parent="web:section:1", legacy_url="/thoi-su/"),
    record("topic", 1, name="Bão số 3", slug="bao-so-3", position=7),
    record("tag", 1, name="Hải Phòng", slug="Hải-Phòng", synonyms=("HP", "Thành phố Cảng")),
    record("tag", 2, name="100% sạch", slug=None),
    record("account", 9, username="ngoc.anh", display_name="Ngọc Anh", roles=("editor",), sections=("web:section:1",),
           is_active=False, email="a@example.test"),
    record("person", 5, name="Ngọc Ánh", slug="ngoc-anh", role="author", account="web:account:9",
           biography="Viết về biển"),
    record("person", 6, name="Hồng Hà", slug="hong-ha", role="photographer"),
    record("asset", "uploads/ảnh 1.PNG", path="uploads/ảnh 1.PNG", file_name="ảnh 1.PNG", media_type="picture",
           mime_type="image/png", size_bytes=len(PNG), width=1, height=1, sha256=hashlib.sha256(PNG).hexdigest(),
           file_state="stored", alt="Cảng <b>", caption="Tàu vào <em>cảng</em> & ra khơi",
           credit="Hồng Hà", photographer="web:person:6",
           created_at=datetime(2018, 1, 2, 3, 4, 5, 678900, tzinfo=UTC)),
    article(2),
    article(1, headline="Sóng to & gió lớn: 5 < 7  \"nguy\"", standfirst="Tóm tắt “bài”\ndòng hai", body_html=BODY,
            body_text="Gió mùa\nbài 2", word_count=2**60, slug="Song-To", genre="article", is_locked=False, language="vi",
            published_at=datetime(2012, 12, 31, 17, 0, 0, 123456, tzinfo=UTC), created_at=datetime(2012, 12, 30, tzinfo=UTC),
            byline="Ngọc Ánh – ảnh: Hồng Hà", contributions=("author: Ngọc Ánh",), source_credit="TTXVN",
            lead_asset="web:asset:uploads/ảnh 1.PNG", images=("web:asset:uploads/ảnh 1.PNG",), section="web:section:2",
            sections=("web:section:2", "web:section:1"), topic="web:topic:1", tags=("web:tag:2", "web:tag:1"),
            authors=("web:person:6", "web:person:5"), account="web:account:9", related=("web:article:2",),
            legacy_url="/news/song-to-1.html", legacy_body_sha256="ab" * 32),
    article(3, status="draft", published_at=None, slug=None, headline="Nháp"),
    article(4, status="archived", standfirst="", slug="", published_at=datetime(1999, 1, 1, tzinfo=UTC)),
    article(5, status="expired"),
    article(6, status="scheduled", published_at=datetime(2099, 1, 1, tzinfo=UTC)),
)  # fmt: skip
