"""The files of WordPress' media library, as readers get them, under the digest their records say they have."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from migrator.model.platform import Service
from migrator.read.media import SourceFiles, SourceMedia
from migrator.read.wordpress.asking import Asking, Raw

ASSET = "asset"


class WordPressMedia(SourceMedia):
    """The MediaWitness port. Files of the library that the migration did not bring are nobody's concern here."""

    def __init__(self, service: Service, sources: Mapping[str, SourceFiles]) -> None:
        super().__init__(sources)
        self._entity = service.platform.entities[ASSET]
        self._asking = Asking(service)
        self._address: dict[str, str] = {}

    def target(self, sha256: str) -> Iterator[bytes] | None:
        """The file of a record that says this digest, or of a name :meth:`stored` gave."""
        address = self._address.get(sha256)
        if address is None:
            self._address |= {name: address for name, address in self._named() if name == sha256}
            address = self._address.get(sha256)
        data = self._asking.file(address) if address is not None else None
        return None if data is None else iter((data,))

    def stored(self) -> Iterator[tuple[str, int]]:
        """Every file of a record the migration brought. Of several with one digest each is read; the others must be alike."""
        for name, address in self._named():
            if name in self._address and self._address[name] != address:
                data = self._asking.file(address)
                if data is not None and hashlib.sha256(data).hexdigest() == name:
                    continue
                name = address
            size = self._asking.size_of(address)
            if size is not None:
                self._address[name] = address
                yield name, size

    def _named(self) -> Iterator[tuple[str, str]]:
        """The digest a record says, or the file's address where it says none, and the address."""
        for raw in self._asking.all(self._entity, "id,meta,source_url,media_details", migrator_any="migrator_key"):
            address = _original(raw)
            yield _said(raw) or address, address

    def close(self) -> None:
        """Give connections back."""
        self._asking.close()


def _said(raw: Raw) -> str:
    try:
        kept: Any = orjson.loads(raw["meta"]["migrator_kept"] or "{}")
    except orjson.JSONDecodeError:
        return ""
    return str(kept.get("sha256") or "") if isinstance(kept, dict) else ""


def _original(raw: Raw) -> str:
    """The address of the file as it was sent: WordPress may show a smaller or a turned copy instead."""
    address = str(raw["source_url"])
    details = raw.get("media_details")
    name = details.get("original_image") if isinstance(details, dict) else None
    return f"{address.rpartition('/')[0]}/{name}" if name else address
