"""The one HTTP session factory: only the hosts named, bounded in time and size, repeated where that can help."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from migrator import __version__
from migrator.errors import AccessError

TIMEOUT_S = 30.0
LARGEST_BYTES = 64 * 1024 * 1024


class Session:
    """GET requests to named hosts (``host`` or ``host:port``), and to no other – not even by redirection."""

    def __init__(self, hosts: Collection[str], timeout_s: float = TIMEOUT_S) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._timeout_s = timeout_s
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["User-Agent"] = f"migrator/{__version__}"
        retry = Retry(total=3, backoff_factor=0.3, status_forcelist=(429, 502, 503, 504), allowed_methods=("GET",))
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def get(self, url: str, largest_bytes: int = LARGEST_BYTES) -> bytes:
        """The body. AccessError for another host, a status other than 200, or more bytes than allowed."""
        host = urlsplit(url).netloc.rpartition("@")[2].lower()
        if host not in self._hosts:
            raise AccessError(f"{host} is not one of the hosts of this project.", "Name it in migration.yaml.")
        try:
            with self._session.get(url, timeout=self._timeout_s, stream=True, allow_redirects=False) as answer:
                if answer.status_code != requests.codes.ok:
                    raise AccessError(f"{url} answers {answer.status_code}.", "Check the address.")
                body = bytearray()
                for chunk in answer.iter_content(65536):
                    body += chunk
                    if len(body) > largest_bytes:
                        raise AccessError(f"{url} gives more than {largest_bytes} bytes.", "Check the address.")
                return bytes(body)
        except requests.RequestException as error:
            raise AccessError(
                f"{url} cannot be fetched: {type(error).__name__}.", "Check that the site runs."
            ) from error

    def close(self) -> None:
        """Give connections back."""
        self._session.close()
