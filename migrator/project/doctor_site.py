"""The doctor at a target with an API: is it there, may everything be done, and does it keep what it is given?"""

from __future__ import annotations

from collections.abc import Sequence

from migrator.doctor import sites
from migrator.doctor.diagnosis import Diagnosis, Level
from migrator.errors import MigratorError
from migrator.load.wordpress import WordPressLoader
from migrator.model.content import ENTITIES, Kind, Value
from migrator.model.record import Record
from migrator.ports import Reader, Write

SUBJECT = "target"
KEY = "migrator:article:doctor"
_BODY = """<p style="text-align: center">Gió mùa &amp; sóng &lt;lớn&gt; 🌊 \\ "nguy"</p>
<figure><img src="/r/x/asset/1" alt="Cảng" /><figcaption>Cảng. Ảnh: A</figcaption></figure>
<table><tbody><tr><td colspan="2">1</td></tr></tbody></table>
<iframe src="https://video.example/1" width="560"></iframe>"""


def site_diagnoses(loader: WordPressLoader, reader: Reader, *, is_busy: bool) -> tuple[list[Diagnosis], int | None]:
    """All of it, and the bytes that are free for files there. Nothing is tried while a run is at work."""
    try:
        loader.prepare()
        facts = loader.facts()
        found = [Diagnosis("access", SUBJECT, Level.OK, "reached"), *sites.site(SUBJECT, facts)]
        if not is_busy:
            found.append(sites.kept(SUBJECT, altered(loader, reader)))
    except MigratorError as error:
        said = {"message": error.message, "next_step": error.next_step}
        return [Diagnosis("access", SUBJECT, Level.FAULT, "refused", said)], None
    return found, facts.free_bytes


def altered(loader: WordPressLoader, reader: Reader) -> Sequence[str]:
    """Write a draft, read it back, delete it: the fields that came back otherwise. ``article`` where it was refused."""
    entity = ENTITIES["article"]
    empty: dict[str, Value] = {f.name: () if f.kind in {Kind.REFS, Kind.TEXTS} else None for f in entity.fields}
    words = {"headline": "Thử “ghi” & <đọc>", "standfirst": "Sa-pô\ndòng hai", "body_html": _BODY, "status": "draft"}
    record = Record(KEY, entity.name, {**empty, **words, "slug": "migrator-doctor", "byline": "Ngọc Ánh"})
    try:
        (answer,) = loader.write([Write("put", KEY, entity.name, record)])
        if answer.error:
            return [f"article ({answer.error})"]
        found = reader.read(entity.name, [KEY])
        if not found:
            return [entity.name]
        return [name for name, value in record.fields.items() if found[0].fields[name] != value]
    finally:
        loader.write([Write("withdraw", KEY, entity.name)])
